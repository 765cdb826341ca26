import type { Localized, Origin } from './document-parts.ts'

/** Version of the shape below. Texts for people are made from the tree, never stored instead of it. */
export const explanationFormat = 1

/** How one score came about, from the evidence to the total. All figures are exact decimal texts, or fractions where a decimal does not end. */
export type Explanation = {
  format: typeof explanationFormat
  scheme: { scheme: string; version: string; digest: string }
  asOf: string
  gates: GateExplanation[]
  items: ItemExplanation[]
  totals: TotalExplanation[]
  /** Every measure that was used, by name. */
  measures: { [name: string]: MeasureExplanation }
}

export type Answer = 'yes' | 'no' | 'missing'

export type GateExplanation = { gate: string; title: Localized; rule: Origin; passed: Answer; require: ConditionExplanation }

export type ItemExplanation = {
  item: string
  title: Localized
  rule: Origin
  /** null when a missing deduction check leaves it open. */
  points: string | null
  /** The most that anybody can get; null if there is no limit. */
  possible: string | null
  /** Whether the points are all there are, or the least of what missing evidence leaves open. */
  known: 'exact' | 'lower-bound' | 'undetermined'
  rounding: { mode: string; scale: number; before: string } | null
  steps: NodeExplanation
}

export type TotalExplanation = {
  total: string
  title: Localized
  points: string | null
  possible: string | null
  known: 'exact' | 'lower-bound' | 'undetermined'
  items: string[]
  rounding: { mode: string; scale: number; before: string } | null
  raisedTo: string | null
}

export type NodeExplanation = {
  /** The kind of node: rate, bands, choice, … */
  node: string
  /** JSON pointer into the scheme. */
  at: string
  /** null when evidence is missing. */
  points: string | null
  title?: Localized
  rule?: Origin
  /** What this kind of node did: the measure used, the row chosen, the cap applied, the rounding step. */
  how: { [name: string]: string | number | boolean | null | string[] }
  parts?: NodeExplanation[]
  condition?: ConditionExplanation
}

export type ConditionExplanation = {
  answer: Answer
  measure?: string
  value?: string | string[] | null
  test: string
  parts?: ConditionExplanation[]
}

export type MeasureExplanation = {
  title: Localized
  unit: string
  /** null when missing. */
  value: string | string[] | null
  rule: Origin
  attested: { source: string; state: string } | null
  evidence: { kind: string; source: string; state: string; from: string | null; to: string | null; [attribute: string]: string | null }[]
}
