import { formatDecimal } from '../values/decimal.ts'
import { formatRational, type Rational, reduce } from '../values/rational.ts'
import type { Facts } from './evidence/facts.ts'
import { type Evaluation, notTaken, type Outcome } from './measures/measure.ts'
import type { Explained, Node } from './points/node.ts'
import type { DatesKnown } from './scheme/dates.ts'
import { type Scale, toScale } from './scheme/scale.ts'
import type { Scheme } from './scheme/scheme.ts'

/** The rounded points of an item or total, as far as they are known, and the steps to them. */
export type Reached = Outcome & { explained: Explained }

/** An evaluation whose items and totals can be looked at with their steps. */
export type Walk = Omit<Evaluation, 'item' | 'total'> & {
  item(index: number): Reached
  total(index: number): Reached
  /** Says what an item comes to, where that was worked out before. */
  know(index: number, reached: Reached): void
  /** Only values of measures are known, no evidence. */
  measuresOnly: boolean
}

/** What is known while one applicant is scored. Items and totals are walked when somebody asks, each once. */
export function evaluationOf(scheme: Scheme, dates: DatesKnown, facts: Facts, measuresOnly = false): Walk {
  const items: Reached[] = []
  const totals: Reached[] = []
  const once = (kept: Reached[], parts: readonly (Scale & { node: Node; floor?: number | undefined })[], index: number): Reached => {
    const part = parts[index] as (typeof parts)[number]
    kept[index] ??= reached(part.node.explain(evaluation), part, part.floor)
    return kept[index] as Reached
  }
  const evaluation: Walk = {
    facts,
    dates,
    monthEnd: scheme.monthEnd,
    values: new Array(scheme.measures.length).fill(notTaken),
    lacking: new Set<string>(),
    item: (index: number) => once(items, scheme.items, index),
    total: (index: number) => once(totals, scheme.totals, index),
    know(index, reached) {
      items[index] = reached
    },
    measuresOnly,
  }
  return evaluation
}

function reached(explained: Explained, scale: Scale, floor = Number.NEGATIVE_INFINITY): Reached {
  const rounded = (end: Rational | undefined) => (end === undefined ? undefined : Math.max(floor, toScale(end, scale)))
  const den = 10 ** scale.scale
  const ofInteger = (value: number | undefined) => (value === undefined ? undefined : reduce(value, den))
  const low = explained.low === undefined && Number.isFinite(floor) ? floor : rounded(explained.low)
  const high = rounded(explained.high)
  // Both ends may meet in rounding or at the floor: then nothing is open.
  const meets = low !== undefined && low === high
  const missing = meets ? { gain: false, loss: false } : explained.missing
  const undetermined = missing.loss || low === undefined
  return {
    explained,
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
