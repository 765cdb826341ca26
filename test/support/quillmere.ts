/*
 * An invented town whose second year brings what no scheme and no vocabulary has: a kind of evidence with a unit, codes, a measure and an item of
 * its own. The cap of the old item falls as well, and the direction of the tie key is reversed.
 */

type Year = '2026' | '2027'

/** Every name that only this town has. */
export const newNames = [
  'duckKeeping',
  'plumage',
  'tealwing',
  'shelduck',
  'hatched',
  'ducklings',
  'ducklingsRaised',
  'wetland',
  'quillmere',
]

const revision = {
  evidence: `
units: {ducklings: {title: {zh-CN: 只, en: ducklings}, scale: 0}}
evidence:
  duckKeeping:
    title: {zh-CN: 养鸭, en: ducks kept}
    shape: event
    attributes:
      plumage: {title: {zh-CN: 羽色, en: plumage}, codes: {tealwing: {zh-CN: 绿翅, en: tealwing}, shelduck: {zh-CN: 翘鼻, en: shelduck}}}
      hatched: {title: {zh-CN: 孵化数, en: hatched}, unit: ducklings}`,
  measure: `
  ducklingsRaised: {title: {zh-CN: 育雏数, en: ducklings raised}, sum: {of: duckKeeping, where: {plumage: tealwing}, amount: hatched}, source: {ref: s, article: "4"}}`,
  item: `
  wetland:
    title: {zh-CN: 湿地, en: wetland}
    source: {ref: s, article: "4"}
    scale: 2
    rounding: none
    value: {limit: {of: {rate: {of: ducklingsRaised, points: 2, per: 1, count: exact}}, atMost: 8}}`,
}

export function quillmere(version: Year): { source: string; cases: { name: string; text: string }[] } {
  const { evidence, measure, item } = version === '2027' ? revision : { evidence: '', measure: '', item: '' }
  const source = `scheme: quillmere
version: "${version}"
vocabulary: "1"
title: {zh-CN: 羽镇, en: Quillmere}
status: complete
sources: {s: {title: an invented rule, mark: OWN}}
calendar: {monthEnd: last-day, assumption: for the test}${evidence}
measures:
  age: {age: {of: birth}, source: {ref: s, article: "1"}}
  monthsInsured: {months: {of: insurance, where: {insurance: pension}}, source: {ref: s, article: "2"}}${measure}
gates: {}
items:
  work:
    title: {zh-CN: 工作, en: work}
    source: {ref: s, article: "3"}
    scale: 2
    rounding: none
    value: {limit: {of: {rate: {of: monthsInsured, points: 1, per: 12, count: whole}}, atMost: ${version === '2027' ? 4 : 10}}}${item}
totals:
  settlement: {title: {zh-CN: 总分, en: total}, scale: 2, rounding: none}
`
  return { source, cases: [{ name: 'points.yaml', text: cases[version] }] }
}

const base = 'birth: [{date: 1980-07-01}], insurance: [{insurance: pension, payment: on-time, from: 2021-07, to: 2026-06}]'
const long = 'insurance: [{insurance: pension, payment: on-time, from: 2010-01, to: 2026-06}]'
const cases = {
  '2026': `source: worked out by hand
asOf: 2026-06-30
base: {${base}}
cases:
  - {case: five years, expect: {eligible: "yes", total: 5.00, totalIs: exact}}
  - {case: more than ten years, facts: {${long}}, expect: {eligible: "yes", total: 10.00, totalIs: exact}}
`,
  '2027': `source: worked out by hand
asOf: 2027-06-30
base: {${base}, duckKeeping: [{date: 2027-04-01, plumage: tealwing, hatched: 3}, {date: 2027-05-01, plumage: shelduck, hatched: 9}]}
cases:
  - {case: the cap of work, expect: {eligible: "yes", total: 10.00, totalIs: exact, items: {work: 4.00, wetland: 6.00}}}
  - {case: the cap of wetland, facts: {duckKeeping: [{date: 2027-04-01, plumage: tealwing, hatched: 5}]}, expect: {eligible: "yes", total: 12.00, totalIs: exact, items: {wetland: 8.00}}}
`,
}

/** Two places. Of equal totals the older came first in 2026, and the younger comes first in 2027. */
export function quillmereRules(version: Year): string {
  return `rules: quillmere/${version}
scheme: {scheme: quillmere, version: "${version}"}
asOf: ${version}-06-30
sources: {s: {title: an invented rule, where: here, mark: OWN}}
total: settlement
order:
  - {key: total, direction: desc, source: {ref: s, article: "5"}}
  - {key: measure, of: age, direction: ${version === '2027' ? 'asc' : 'desc'}, source: {ref: s, article: "5"}}
quota:
  places: 2
  unit: applicants
  decision: {number: "1", body: {zh-CN: 镇政府, en: the town}}
  capacityBasis: {zh-CN: 未测算, en: not measured}
  source: {ref: s, article: "6"}
line: {rule: admit-all, source: {ref: s, article: "6"}}
`
}
