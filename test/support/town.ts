/*
 * A small scheme that names a unit, kinds of evidence and measures itself, with a case, and a round by it: a new indicator that no scheme had.
 */

type Town = { version?: string; points?: string; expected?: string; codes?: string }

export const townCases = 'language.yaml'

/** B1 gives five points and B2 ten, unless said otherwise; `expected` is what the case of somebody with B2 expects. */
export function town({ version = '2026', points = '10', expected = points, codes = 'b2: {zh-CN: 中高级, en: B2}' }: Town = {}): {
  source: string
  cases: { name: string; text: string }[]
} {
  const source = `scheme: town
version: "${version}"
vocabulary: "1"
title: {zh-CN: 镇, en: town}
status: complete
sources: {s: {title: a source, mark: OWN}}
calendar: {monthEnd: last-day, assumption: for the test}
units: {litres: {title: {zh-CN: 升, en: litres}, scale: 1}}
evidence:
  languageTest:
    title: {zh-CN: 语言考试, en: language test}
    shape: event
    attributes: {band: {title: {zh-CN: 等级, en: band}, codes: {b1: {zh-CN: 中级, en: B1}, ${codes}}}}
  rain:
    title: {zh-CN: 集雨, en: rain collected}
    shape: span
    grain: month
    attributes: {amount: {title: {zh-CN: 数量, en: amount}, unit: litres}}
measures:
  languageBands: {title: {zh-CN: 语言等级, en: language bands}, codes: {of: languageTest, code: band}, source: {ref: s, article: "1"}}
  monthsOfRain: {title: {zh-CN: 集雨月数, en: months of rain}, months: {of: rain}, source: {ref: s, article: "1"}}
gates: {}
items:
  language:
    title: {zh-CN: 语言, en: language}
    source: {ref: s, article: "1"}
    scale: 2
    rounding: none
    value: {choice: {of: languageBands, rows: [{row: b1, holds: [b1], points: 5}, {row: b2, holds: [b2], points: ${points}}], otherwise: 0}}
  rain:
    title: {zh-CN: 集雨, en: rain}
    source: {ref: s, article: "1"}
    scale: 2
    rounding: none
    value: {rate: {of: monthsOfRain, points: 1, per: 1, count: exact}}
totals:
  settlement: {title: {zh-CN: 总分, en: total}, scale: 2, rounding: none}
`
  const text = `source: worked out by hand
asOf: 2026-12-31
base: {languageTest: [{date: 2025-05-05, band: b2}], rain: [{from: 2026-01, to: 2026-03, amount: "1.5"}]}
cases:
  - {case: B2 and three months, expect: {eligible: "yes", total: ${Number(expected) + 3}.00, totalIs: exact, items: {language: ${expected}.00}}}
  - {case: no language test, facts: {languageTest: []}, expect: {eligible: "yes", total: 3.00, totalIs: exact}}
`
  return { source, cases: [{ name: townCases, text }] }
}

export function townRules(version = '2026'): string {
  return `rules: town/${version}
scheme: {scheme: town, version: "${version}"}
asOf: 2026-12-31
sources: {s: {title: a source, where: here, mark: OWN}}
total: settlement
order:
  - {key: total, direction: desc, source: {ref: s, article: "1"}}
quota:
  places: 1
  unit: applicants
  decision: {number: "1", body: {zh-CN: 镇政府, en: the town}}
  capacityBasis: {zh-CN: 未测算, en: not measured}
  source: {ref: s, article: "1"}
line: {rule: admit-all, source: {ref: s, article: "1"}}
`
}
