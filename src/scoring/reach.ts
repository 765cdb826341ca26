import type { DayNumber, MonthEnd } from '../values/civil-date.ts'
import { formatDecimal } from '../values/decimal.ts'
import { formatRational, type Rational, reduce } from '../values/rational.ts'
import type { EvidenceRecord, Facts } from './evidence/facts.ts'
import { type Evaluation, type MeasureValue, notTaken, type Outcome } from './measures/measure.ts'
import type { Explained, Node } from './points/node.ts'
import type { Measures } from './points/program.ts'
import type { DatesKnown } from './scheme/dates.ts'
import { type Scale, toScale } from './scheme/scale.ts'
import type { Scheme } from './scheme/scheme.ts'

/** The rounded points of an item or total, as far as they are known, and the steps to them. */
export type Reached = Outcome & { explained: Explained; lacking: readonly string[] }

/** An evaluation whose items and totals can be looked at with their steps. They are walked when somebody asks, each once. */
export class Walk implements Evaluation {
  readonly facts: Facts
  readonly dates: readonly (DayNumber | undefined)[]
  readonly monthEnd: MonthEnd
  readonly values: (MeasureValue | undefined | typeof notTaken)[]
  record?: EvidenceRecord
  readonly computed?: Evaluation['values']
  /** Only values of measures are known, no evidence. */
  readonly measuresOnly: boolean
  private missed = new Set<string>()
  private readonly scheme: Scheme
  private readonly items: Reached[] = []
  private readonly totals: Reached[] = []

  /** Of values that are known already: `measures` stand in the place of evidence, `before` is a walk over the same facts and dates. */
  constructor(scheme: Scheme, dates: DatesKnown, facts: Facts, { measures, before }: { measures?: Measures; before?: Walk | undefined }) {
    this.scheme = scheme
    this.dates = dates
    this.facts = facts
    this.monthEnd = scheme.monthEnd
    this.measuresOnly = measures !== undefined
    if (before) this.computed = before.values
    this.values = measures ? scheme.program.valuesOf(measures) : new Array(scheme.measures.length).fill(notTaken)
  }

  item(index: number): Reached {
    const known = this.items[index]
    if (known) return known
    return this.know(index, walked(this, this.scheme.items[index] as Scheme['items'][number]))
  }

  total(index: number): Reached {
    const total = this.scheme.totals[index] as Scheme['totals'][number]
    this.totals[index] ??= atLeast(walked(this, total, total.floor), this.scheme.status)
    return this.totals[index] as Reached
  }

  /** Says what an item comes to. */
  know(index: number, reached: Reached): Reached {
    this.items[index] = reached
    return reached
  }

  /** Whether a kind of evidence should give a date of the scheme and does not. */
  givesNoDate(kind: string): boolean {
    return this.dates.some((date, i) => date === undefined && this.scheme.kindsOfDates[i]?.includes(kind))
  }

  /** Notes kinds of evidence that a node or condition asked for itself and did not find. */
  lacks(kinds: readonly string[]): void {
    for (const kind of kinds) if (!this.facts.kinds.has(kind) || this.givesNoDate(kind)) this.missed.add(kind)
  }

  /** Does work, and gives with its result the kinds that it noted. */
  noting<Result>(work: () => Result): { result: Result; lacking: string[] } {
    const outer = this.missed
    this.missed = new Set()
    const result = work()
    const lacking = [...this.missed]
    this.missed = outer
    return { result, lacking }
  }
}

/** What an incomplete scheme lacks may give more points to anybody. */
function atLeast(reached: Reached, status: Scheme['status']): Reached {
  if (status === 'complete') return reached
  const { missing, known } = reached
  return { ...reached, high: undefined, missing: { ...missing, gain: true }, known: known === 'exact' ? 'lower-bound' : known }
}

function walked(walk: Walk, part: Scale & { node: Node }, floor = Number.NEGATIVE_INFINITY): Reached {
  const { result: explained, lacking } = walk.noting(() => part.node.explain(walk))
  if (explained.low && explained.low === explained.high && !explained.missing.gain && !explained.missing.loss) {
    const points = Math.max(floor, toScale(explained.low, part))
    const value = reduce(points, 10 ** part.scale)
    return { explained, lacking, low: value, high: value, missing: explained.missing, points, known: 'exact' }
  }
  const rounded = (end: Rational | undefined) => (end === undefined ? undefined : Math.max(floor, toScale(end, part)))
  const den = 10 ** part.scale
  const ofInteger = (value: number | undefined) => (value === undefined ? undefined : reduce(value, den))
  const low = explained.low === undefined && Number.isFinite(floor) ? floor : rounded(explained.low)
  const high = rounded(explained.high)
  // Both ends may meet in rounding or at the floor: then nothing is open.
  const meets = low !== undefined && low === high
  const missing = meets ? { gain: false, loss: false } : explained.missing
  const undetermined = missing.loss || low === undefined
  return {
    explained,
    lacking,
    low: ofInteger(low),
    high: ofInteger(high),
    missing,
    points: undetermined ? null : low,
    known: undetermined ? 'undetermined' : missing.gain ? 'lower-bound' : 'exact',
  }
}

/** How a value was rounded; null where no rounding is declared or it is not known. */
export function roundingOf(
  { scale, rounding }: Scale,
  { explained, points }: Reached,
): { mode: string; scale: number; before: string } | null {
  return rounding === 'none' || points === null || !explained.low ? null : { mode: rounding, scale, before: formatRational(explained.low) }
}

/** Points with all digits of their scale; null where they are not known. */
export function pointsText(points: number | null | undefined, scale: number): string | null {
  return points == null ? null : formatDecimal(points, scale)
}
