import type { DayNumber, MonthEnd } from '../../values/civil-date.ts'
import type { Rational } from '../../values/rational.ts'
import type { Origin } from '../document-parts.ts'
import type { EvidenceRecord, Facts } from '../evidence/facts.ts'
import type { MeasureDefinition } from '../vocabulary.ts'

/** A quantity, date or yes/no as an integer (see AttestedMeasure), or the codes held. */
export type MeasureValue = number | readonly string[]

/** What is known while one applicant is scored: the facts, the scheme's dates, and the measures taken so far. */
export type Evaluation = {
  readonly facts: Facts
  /** The scheme's dates by index; undefined where the evidence that gives one does not. */
  readonly dates: readonly (DayNumber | undefined)[]
  readonly monthEnd: MonthEnd
  /** By measure index; `notTaken` until a node asks. */
  readonly values: (MeasureValue | undefined | typeof notTaken)[]
  /** Values that another evaluation of the same facts has computed. */
  readonly computed?: Evaluation['values']
  /** The record that `each` looks at. */
  record?: EvidenceRecord
  /** Notes those of some kinds of evidence, which a node or condition asked for itself, that are missing or give no date. */
  lacks(kinds: readonly string[]): void
  /** The points of items and totals, as far as they are known. */
  item(index: number): Outcome
  total(index: number): Outcome
}

/** The rounded points of an item or total: a range, which is one value where nothing is missing. */
export type Outcome = {
  low: Rational | undefined
  high: Rational | undefined
  missing: { gain: boolean; loss: boolean }
  /** The points that are told, as an integer at the declared scale; null while they are open. */
  points: number | null
  known: 'exact' | 'lower-bound' | 'undetermined'
}
export const notTaken = Symbol('not taken')

/** The reference date is always the first of the dates. */
export const referenceDate = 0

/** The calendar work of one measure. `undefined` says that the evidence is missing; it never stands for zero. */
export type Computation = {
  /** Kinds of evidence it needs, directly or through other measures. */
  kinds: readonly string[]
  /** Of a measure of codes: those that it can give. */
  codes?: ReadonlySet<string>
  /** Everybody has a trait, and one only: no code, or codes that contradict each other, do not say which, so it is missing. */
  single?: boolean
  /** The measures that it is made of, if it is. */
  parts?: readonly Measure[]
  compute(evaluation: Evaluation): MeasureValue | undefined
  /** The records that it looks at, for the explanation. */
  records(evaluation: Evaluation): readonly { kind: string; record: EvidenceRecord }[]
}

/** `chain` counts the measures that rest on each other, down to one that rests on none. */
export type Measure = Computation & {
  name: string
  chain: number
  definition: MeasureDefinition
  index: number
  pointer: string
  rule: Origin
}

/** The value of a measure: attested if its source gave it directly, else computed, once for each applicant. */
export function take(measure: Measure, evaluation: Evaluation): MeasureValue | undefined {
  const known = evaluation.values[measure.index]
  if (known !== notTaken) return known
  const attested = evaluation.facts.attested.get(measure.name)
  const given = attested ? attested.value : (computedBefore(measure, evaluation) ?? measure.compute(evaluation))
  const value = measure.single && typeof given === 'object' && given.length !== 1 ? undefined : given
  evaluation.values[measure.index] = value
  return value
}

/** A measure that is made of others asks for them each time: which of them were asked for is told where one is missing. */
function computedBefore({ parts, index }: Measure, { computed }: Evaluation): MeasureValue | undefined {
  const value = parts ? undefined : computed?.[index]
  return value === notTaken ? undefined : value
}

/** The value of a measure that counts something. */
export function takeNumber(measure: Measure, evaluation: Evaluation): number | undefined {
  return take(measure, evaluation) as number | undefined
}
