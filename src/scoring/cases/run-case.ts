import { parseDate } from '../../values/civil-date.ts'
import { formatDecimal, parseDecimal } from '../../values/decimal.ts'
import { readFacts } from '../evidence/read-facts.ts'
import { explain } from '../explain.ts'
import type { Explanation } from '../explanation.ts'
import { formatMeasure } from '../measures/format.ts'
import type { Scheme } from '../scheme/scheme.ts'
import { type Score, type ScoreTexts, scorer, scoreTexts } from '../score.ts'
import type { Case } from './read-cases.ts'

/** What a score says, cut down to what a case is about. */
export type Outcome = {
  eligible: string
  total: string | null
  totalIs: string
  items: { [item: string]: string | null }
  totals: { [total: string]: string | null }
  eligibleFor: { [total: string]: string }
  /** Values of measures, such as the order keys of a round; codes with commas between them. */
  measures: { [measure: string]: string | null }
  missing: string[]
  unused: string[]
  reasons: string[]
  notices: string[]
}

/** One figure or word that came out otherwise. `field` is its place in the expectation, such as `total` or `items.work`. */
export type Difference = { field: string; wanted: string | null | string[]; got: string | null | string[] }

/**
 * Scores a case as `readCases` gave it, and compares. `missing`, `unused`, `reasons` and `notices` are always compared, in any order: a case that
 * leaves them out says that there are none.
 * @throws Refusal `out-of-range` when its amounts are too large to be scored
 */
export function runCase(
  scheme: Scheme,
  one: Pick<Case, 'asOf' | 'facts' | 'expect'>,
): { got: Outcome; wanted: Outcome; differences: Difference[]; explanation: Explanation } {
  const { score, explanation } = explain(scorer(scheme, parseDate(one.asOf) as number), readFacts(scheme.vocabulary, one.facts))
  const wanted = wantedOf(scheme, one.expect)
  const got = gotOf(scoreTexts(scheme, score), wanted, name => measureText(scheme, score, name))
  return { got, wanted, differences: differencesOf(wanted, got), explanation }
}

/** A reason or notice as a case writes it: its code and what it speaks of. */
export function codeAndName({ code, ...about }: { code: string }): string {
  return [code, ...Object.values(about)].join(' ')
}

function wantedOf(scheme: Scheme, expect: Case['expect']): Outcome {
  const items = new Map(scheme.items.map(({ item, scale }) => [item, scale]))
  const totals = new Map(scheme.totals.map(({ total, scale }) => [total, scale]))
  const all = (points: { [name: string]: string } = {}, scales: ReadonlyMap<string, number>) =>
    Object.fromEntries(Object.entries(points).map(([name, text]) => [name, pointsAt(text, scales.get(name) as number)]))
  return {
    eligible: expect.eligible,
    total: pointsAt(expect.total, scheme.totals[0]?.scale as number),
    totalIs: expect.totalIs,
    items: all(expect.items, items),
    totals: all(expect.totals, totals),
    eligibleFor: expect.eligibleFor ?? {},
    measures: Object.fromEntries(Object.entries(expect.measures ?? {}).map(([name, text]) => [name, text === 'null' ? null : text])),
    missing: [...(expect.missing ?? [])].sort(),
    unused: [...(expect.unused ?? [])].sort(),
    reasons: [...(expect.reasons ?? [])].sort(),
    notices: [...(expect.notices ?? [])].sort(),
  }
}

/** Points with all digits of their scale, so that 25 and 25.00 are the same; `null` says that there are none. */
function pointsAt(text: string, scale: number): string | null {
  if (text === 'null') return null
  const points = parseDecimal(text, scale)
  return points === undefined ? text : formatDecimal(points, scale)
}

function measureText(scheme: Scheme, score: Score, name: string): string | null {
  const measure = scheme.measures.find(one => one.name === name)
  const value = score.measure(name)
  return measure && value !== undefined ? [formatMeasure(measure, value)].flat().join(',') : null
}

function gotOf(texts: ScoreTexts, wanted: Outcome, measure: (name: string) => string | null): Outcome {
  const only = <T>(map: { [name: string]: T }, names: object) => Object.fromEntries(Object.keys(names).map(name => [name, map[name] as T]))
  return {
    eligible: texts.eligible,
    total: texts.total,
    totalIs: texts.totalIs,
    items: only(texts.items, wanted.items),
    totals: only(texts.totals, wanted.totals),
    eligibleFor: only(texts.eligibleFor, wanted.eligibleFor),
    measures: Object.fromEntries(Object.keys(wanted.measures).map(name => [name, measure(name)])),
    missing: [...texts.missing].sort(),
    unused: [...texts.unused].sort(),
    reasons: texts.reasons.map(codeAndName).sort(),
    notices: texts.notices.map(codeAndName).sort(),
  }
}

function differencesOf(wanted: Outcome, got: Outcome): Difference[] {
  return Object.entries(wanted).flatMap(([field, want]) => {
    const have = got[field as keyof Outcome]
    if (want === null || typeof want === 'string' || Array.isArray(want))
      return JSON.stringify(want) === JSON.stringify(have) ? [] : [{ field, wanted: want, got: have as Difference['got'] }]
    return Object.entries(want as Outcome['items']).flatMap(([name, one]) => {
      const other = (have as Outcome['items'])[name] as string | null
      return one === other ? [] : [{ field: `${field}.${name}`, wanted: one, got: other }]
    })
  })
}
