import type { DayNumber } from '../values/civil-date.ts'
import { formatDecimal, OutOfRange, plus, times } from '../values/decimal.ts'
import { Refusal } from '../values/refusal.ts'
import type { Facts } from './evidence/facts.ts'
import { type Evaluation, type Measure, type MeasureValue, notTaken, take } from './measures/measure.ts'
import { quotientToScale, toScale } from './scheme/scale.ts'
import type { Item, Scheme, Total } from './scheme/scheme.ts'
import { attestedKind } from './vocabulary.ts'

/** Why an applicant is not eligible, not known to be, or has only a lower bound. */
export type Reason =
  | { code: 'gate-failed' | 'gate-missing'; gate: string }
  | { code: 'deduction-missing' | 'gain-missing'; item: string }
  | { code: 'scheme-incomplete' }

/** How far a figure is known: all of it, the least of what missing evidence leaves open, or not at all. */
export type Known = 'exact' | 'lower-bound' | 'undetermined'

/** Points as an integer at their declared scale; null when a missing deduction check leaves them open. */
export type Points = { points: number | null; known: Known }

/** One applicant's result. `items` and `totals` stand in the scheme's order. */
export type Score = {
  eligible: 'yes' | 'no' | 'undetermined'
  items: Points[]
  totals: Points[]
  /** Kinds of evidence that were asked for and are missing. */
  missing: string[]
  /** Kinds, and attested measures as `attested/<measure>`, that the facts give and the scheme does not use. */
  unused: string[]
  reasons: Reason[]
  /** The value of any measure of the scheme, for order keys. */
  measure(name: string): MeasureValue | undefined
}

/**
 * Scores facts by a scheme as of a date. Pure: the same three always give the same score. Facts with amounts so large that points would
 * not be exact are refused with `out-of-range`.
 */
export type Scorer = { scheme: Scheme; asOf: DayNumber; score(facts: Facts): Score; evaluation(facts: Facts): Evaluation }

/** Binds a scheme to a reference date. */
export function scorer(scheme: Scheme, asOf: DayNumber): Scorer {
  const dates = scheme.dates(asOf)
  const evaluation = (facts: Facts): Evaluation => ({
    facts,
    dates,
    monthEnd: scheme.monthEnd,
    values: new Array(scheme.measures.length).fill(notTaken),
  })
  return { scheme, asOf, evaluation, score: facts => withinRange(() => score(scheme, evaluation(facts))) }
}

/** Turns figures that leave the exact integers into a refusal of the facts. */
export function withinRange<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof OutOfRange)) throw error
    throw new Refusal(
      'out-of-range',
      'an amount in these facts is too large, or a figure of the scheme too fine, to be scored exactly; check the amounts, and round earlier in the scheme',
    )
  }
}

function score(scheme: Scheme, evaluation: Evaluation): Score {
  const missing = new Set<string>()
  const reasons: Reason[] = []
  let failed = false
  let open = false

  for (const { gate, condition } of scheme.gates) {
    const holds = condition.holds(evaluation)
    if (holds === true) continue
    if (holds === false) failed = true
    else {
      open = true
      addMissing(condition.measures, evaluation, missing)
    }
    reasons.push({ code: holds === false ? 'gate-failed' : 'gate-missing', gate })
  }

  const items: Points[] = []
  for (const item of scheme.items) {
    const points = itemPoints(item, evaluation)
    items.push(points)
    if (points.known === 'exact') continue
    addMissing(item.node.measures, evaluation, missing)
    if (points.known === 'undetermined') open = true
    reasons.push({ code: points.known === 'undetermined' ? 'deduction-missing' : 'gain-missing', item: item.item })
  }

  const incomplete = scheme.status === 'incomplete'
  if (incomplete) reasons.push({ code: 'scheme-incomplete' })
  return {
    eligible: failed ? 'no' : open || incomplete ? 'undetermined' : 'yes',
    items,
    totals: scheme.totals.map(total => totalPoints(scheme, total, items)),
    missing: [...missing].sort(),
    unused: unused(scheme, evaluation.facts),
    reasons,
    measure(name) {
      const measure = scheme.measures.find(one => one.name === name)
      return measure && take(measure, evaluation)
    },
  }
}

function itemPoints(item: Item, evaluation: Evaluation): Points {
  const value = item.node.value(evaluation)
  if (value !== undefined) return { points: quotientToScale(value, item.node.den, item), known: 'exact' }
  const { low, missing } = item.node.explain(evaluation)
  if (missing.loss || low === undefined) return { points: null, known: 'undetermined' }
  return { points: toScale(low, item), known: missing.gain ? 'lower-bound' : 'exact' }
}

function totalPoints(scheme: Scheme, total: Total, items: readonly Points[]): Points {
  const sum = sumOfItems(scheme, total, items)
  const known = total.items.some(i => items[i]?.known === 'lower-bound') || scheme.status === 'incomplete' ? 'lower-bound' : 'exact'
  return sum === null ? { points: null, known: 'undetermined' } : { points: raised(total, rounded(total, sum)), known }
}

/** The sum of a total's items as an integer over 10^6, which every item's scale divides; null if an item is open. */
export function sumOfItems(scheme: Scheme, total: Total, items: readonly Points[]): number | null {
  let sum = 0
  for (const i of total.items) {
    const points = items[i]?.points
    if (points === null || points === undefined) return null
    sum = plus(sum, times(points, 10 ** (finest - (scheme.items[i] as Item).scale)))
  }
  return sum
}
export const finest = 6

export function rounded(total: Total, sum: number): number {
  return quotientToScale(sum, 10 ** finest, total)
}

function raised(total: Total, points: number): number {
  return total.atLeast !== undefined && points < total.atLeast ? total.atLeast : points
}

/** Adds the kinds of evidence that a part asked for and that the facts do not give. */
function addMissing(measures: readonly Measure[], evaluation: Evaluation, missing: Set<string>): void {
  for (const measure of measures) {
    if (evaluation.values[measure.index] !== undefined) continue
    // A measure made of others lacks what those lack: one of them may be attested, and then its evidence is not asked for.
    if (measure.parts) {
      for (const part of measure.parts) take(part, evaluation)
      addMissing(measure.parts, evaluation, missing)
      continue
    }
    const absent = measure.kinds.filter(kind => !evaluation.facts.kinds.has(kind))
    for (const kind of absent.length > 0 ? absent : measure.kinds) missing.add(kind)
  }
}

function unused(scheme: Scheme, facts: Facts): string[] {
  const names: string[] = []
  for (const kind of facts.kinds.keys()) if (!scheme.kinds.has(kind)) names.push(kind)
  for (const name of facts.attested.keys())
    if (!scheme.measures.some(measure => measure.name === name)) names.push(`${attestedKind}/${name}`)
  return names.sort()
}

/** A score as the texts that go out: points with all digits of their scale, by item id. The first total is `total`. */
export type ScoreTexts = {
  eligible: Score['eligible']
  total: string | null
  totalIs: Known
  totals: { [total: string]: string | null }
  items: { [item: string]: string | null }
  missing: string[]
  unused: string[]
  reasons: Reason[]
}

export function scoreTexts(scheme: Scheme, score: Score): ScoreTexts {
  const text = (points: Points | undefined, scale: number) => (points?.points == null ? null : formatDecimal(points.points, scale))
  const totals = Object.fromEntries(scheme.totals.map((total, i) => [total.total, text(score.totals[i], total.scale)]))
  return {
    eligible: score.eligible,
    total: text(score.totals[0], scheme.totals[0]?.scale ?? 0),
    totalIs: score.totals[0]?.known ?? 'undetermined',
    totals,
    items: Object.fromEntries(scheme.items.map((item, i) => [item.item, text(score.items[i], item.scale)])),
    missing: score.missing,
    unused: score.unused,
    reasons: score.reasons,
  }
}
