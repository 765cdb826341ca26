import type { DayNumber } from '../values/civil-date.ts'
import { formatDecimal, OutOfRange } from '../values/decimal.ts'
import { Refusal } from '../values/refusal.ts'
import type { Facts } from './evidence/facts.ts'
import { type Evaluation, type Measure, type MeasureValue, take } from './measures/measure.ts'
import type { Measures, Outcomes } from './points/program.ts'
import { Walk } from './reach.ts'
import type { Scheme } from './scheme/scheme.ts'
import { attestedKind } from './vocabulary.ts'

/** Why an applicant is not eligible, not known to be, or has only a lower bound. */
export type Reason =
  | { code: 'gate-failed' | 'gate-missing'; gate: string }
  | { code: 'frozen' | 'freeze-missing'; freeze: string }
  | { code: 'deduction-missing' | 'gain-missing'; item: string }
  | { code: 'scheme-incomplete' }

/** What somebody should look at, though no point depends on it. */
export type Notice = { code: 'measures-differ'; check: string } | { code: 'attested-differs'; measure: string }

/** How far a figure is known: all of it, the least of what missing evidence leaves open, or not at all. */
export type Known = 'exact' | 'lower-bound' | 'undetermined'

/** Points as an integer at their declared scale; null when a missing deduction check leaves them open. */
export type Points = { points: number | null; known: Known }

export type Eligible = 'yes' | 'no' | 'undetermined'

/** One applicant's result. `items`, `totals` and `eligibleFor` stand in the scheme's order. */
export type Score = {
  /** For the first total. */
  eligible: Eligible
  /** By total. */
  eligibleFor: Eligible[]
  items: Points[]
  totals: Points[]
  /** Kinds of evidence that were asked for and are missing. */
  missing: string[]
  /** Kinds, and attested measures as `attested/<measure>`, that the facts give and the scheme does not use. */
  unused: string[]
  reasons: Reason[]
  notices: Notice[]
  /** The value of any measure of the scheme, for order keys. */
  measure(name: string): MeasureValue | undefined
}

/**
 * Scores facts by a scheme as of a date. Pure: the same three always give the same score. Facts with amounts so large that points would
 * not be exact are refused with `out-of-range`.
 */
export type Scorer = {
  scheme: Scheme
  asOf: DayNumber
  score(facts: Facts): Score
  /** The points of measures that are known already, by name; undefined where one is so large that `score` must check every step. */
  points(measures: Measures): Outcomes | undefined
  evaluation(facts: Facts): Walk
  /** The same from measures that are known already. */
  evaluationOf(measures: Measures): Walk
}

/** Binds a scheme to a reference date. */
export function scorer(scheme: Scheme, asOf: DayNumber): Scorer {
  const dates = scheme.dates(asOf)
  const evaluation = (facts: Facts, before?: Walk) => new Walk(scheme, before?.dates ?? scheme.datesOf(dates, facts), facts, { before })
  const given = (measures: Measures) => new Walk(scheme, dates, nothing, { measures })
  return {
    scheme,
    asOf,
    evaluation,
    evaluationOf: given,
    score: facts => withinRange(() => score(scheme, facts, evaluation)),
    points: measures => scheme.program.ofMeasures(measures, () => given(measures)),
  }
}
const nothing: Facts = { kinds: new Map(), attested: new Map() }

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

function score(scheme: Scheme, facts: Facts, evaluation: (facts: Facts, before?: Walk) => Walk): Score {
  const taken = evaluation(facts)
  for (const measure of scheme.program.measures) take(measure, taken)
  const outcomes = scheme.program.ofValues(taken.values as (MeasureValue | undefined)[], taken)
  // Where evidence is missing, what was asked for is told apart from what no branch came to: so the steps are walked one by one.
  let walk: Walk | undefined
  const walked = (): Walk => {
    walk ??= evaluation(facts, taken)
    return walk
  }
  const missing = new Set<string>()
  const reasons: Reason[] = []

  const note = (measures: readonly Measure[], lacking: readonly string[]): void => {
    lack(measures, walked(), missing)
    for (const kind of lacking) missing.add(kind)
  }
  const conditions = (
    parts: readonly { condition: Scheme['gates'][number]['condition'] }[],
    answers: readonly number[] | undefined,
    tell: (index: number, holds: boolean | undefined) => void,
  ): (boolean | undefined)[] =>
    parts.map(({ condition }, i) => {
      const answer = answers?.[i]
      if (answer !== undefined && answer >= 0) {
        tell(i, answer === 1)
        return answer === 1
      }
      const { result: holds, lacking } = walked().noting(() => condition.holds(walked()))
      if (holds === undefined) note(condition.measures, lacking)
      tell(i, holds)
      return holds
    })
  const gates = conditions(scheme.gates, outcomes?.gates, (i, holds) => {
    const { gate } = scheme.gates[i] as Scheme['gates'][number]
    if (holds !== true) reasons.push({ code: holds === false ? 'gate-failed' : 'gate-missing', gate })
  })
  const freezes = conditions(scheme.freezes, outcomes?.freezes, (i, holds) => {
    const { freeze } = scheme.freezes[i] as Scheme['freezes'][number]
    if (holds !== false) reasons.push({ code: holds ? 'frozen' : 'freeze-missing', freeze })
  })

  const items = scheme.items.map((item, i): Points => {
    if (outcomes && !outcomes.openItems?.[i]) return { points: outcomes.items[i] as number, known: 'exact' }
    const points = walked().item(i)
    if (points.known === 'exact') return { points: points.points, known: 'exact' }
    note(item.node.measures, points.lacking)
    reasons.push({ code: points.known === 'undetermined' ? 'deduction-missing' : 'gain-missing', item: item.item })
    return { points: points.points, known: points.known }
  })
  const incomplete = scheme.status === 'incomplete'
  if (incomplete) reasons.push({ code: 'scheme-incomplete' })
  const totals = scheme.totals.map((total, i): Points => {
    if (outcomes && !outcomes.openTotals?.[i]) return { points: outcomes.totals[i] as number, known: incomplete ? 'lower-bound' : 'exact' }
    const { points, known, lacking } = walked().total(i)
    if (known !== 'exact') note(total.node.measures, lacking)
    return { points, known }
  })

  const eligibleFor = scheme.totals.map((total, i): Eligible => {
    if (total.gates.some(i => gates[i] === false) || total.freezes.some(i => freezes[i] === true)) return 'no'
    const open =
      incomplete ||
      totals[i]?.known === 'undetermined' ||
      total.gates.some(i => gates[i] === undefined) ||
      total.freezes.some(i => freezes[i] === undefined) ||
      total.items.some(i => items[i]?.known === 'undetermined')
    return open ? 'undetermined' : 'yes'
  })
  return {
    eligible: eligibleFor[0] as Eligible,
    eligibleFor,
    items,
    totals,
    missing: [...missing].sort(),
    unused: unused(scheme, facts),
    reasons,
    notices: notices(scheme, facts, taken),
    measure(name) {
      const measure = scheme.measures.find(one => one.name === name)
      return measure && take(measure, taken)
    },
  }
}

/** Adds the kinds of evidence that a part asked for and that the facts do not give, or that give no date where one is needed. */
function lack(measures: readonly Measure[], evaluation: Walk, missing: Set<string>): void {
  for (const measure of measures) {
    if (evaluation.values[measure.index] !== undefined) continue
    // A measure made of others lacks what those lack: one of them may be attested, and then its evidence is not asked for.
    if (measure.parts) {
      for (const part of measure.parts) take(part, evaluation)
      lack(measure.parts, evaluation, missing)
      continue
    }
    const absent = measure.kinds.filter(kind => !evaluation.facts.kinds.has(kind) || evaluation.givesNoDate(kind))
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

/** Measures that should agree and do not, and attested values that the evidence contradicts. */
function notices(scheme: Scheme, facts: Facts, taken: Evaluation): Notice[] {
  const found: Notice[] = []
  for (const { check, same, within } of scheme.checks) {
    const [a, b] = same.map(measure => take(measure, taken)) as [number | undefined, number | undefined]
    if (a !== undefined && b !== undefined && Math.abs(a - b) > within) found.push({ code: 'measures-differ', check })
  }
  for (const [name, attested] of facts.attested) {
    const measure = scheme.measures.find(one => one.name === name)
    const computed = measure?.compute(taken)
    if (measure && computed !== undefined && !same(computed, attested.value)) found.push({ code: 'attested-differs', measure: name })
  }
  return found
}

function same(a: MeasureValue, b: MeasureValue): boolean {
  return typeof a === 'number' || typeof b === 'number' ? a === b : a.length === b.length && a.every(code => b.includes(code))
}

/** A score as the texts that go out: points with all digits of their scale, by item id. The first total is `total`. */
export type ScoreTexts = {
  eligible: Eligible
  eligibleFor: { [total: string]: Eligible }
  total: string | null
  totalIs: Known
  totals: { [total: string]: string | null }
  items: { [item: string]: string | null }
  missing: string[]
  unused: string[]
  reasons: Reason[]
  notices: Notice[]
}

export function scoreTexts(scheme: Scheme, score: Score): ScoreTexts {
  const text = (points: Points | undefined, scale: number) => (points?.points == null ? null : formatDecimal(points.points, scale))
  const totals = Object.fromEntries(scheme.totals.map((total, i) => [total.total, text(score.totals[i], total.scale)]))
  return {
    eligible: score.eligible,
    eligibleFor: Object.fromEntries(scheme.totals.map((total, i) => [total.total, score.eligibleFor[i] as Eligible])),
    total: text(score.totals[0], scheme.totals[0]?.scale ?? 0),
    totalIs: score.totals[0]?.known ?? 'undetermined',
    totals,
    items: Object.fromEntries(scheme.items.map((item, i) => [item.item, text(score.items[i], item.scale)])),
    missing: score.missing,
    unused: score.unused,
    reasons: score.reasons,
    notices: score.notices,
  }
}
