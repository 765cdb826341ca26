import type { Localized, Origin } from './document-parts.ts'
import type { DescribedRecord } from './evidence/describe.ts'

/** Version of the shape below. Texts for people are made from the tree, never stored instead of it. */
export const explanationFormat = 2

/** How one score came about, from the evidence to the total. All figures are exact decimal texts, or fractions where a decimal does not end. */
export type Explanation = {
  format: typeof explanationFormat
  scheme: { scheme: string; version: string; digest: string }
  asOf: string
  gates: GateExplanation[]
  freezes: FreezeExplanation[]
  items: ItemExplanation[]
  totals: TotalExplanation[]
  /** Every measure that was used, by name. */
  measures: { [name: string]: MeasureExplanation }
}

export type Answer = 'yes' | 'no' | 'missing'

export type GateExplanation = { gate: string; title: Localized; rule: Origin; passed: Answer; require: ConditionExplanation }

export type FreezeExplanation = { freeze: string; title: Localized; rule: Origin; holds: Answer; when: ConditionExplanation }

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
  rounding: { mode: string; scale: number; before: string } | null
  steps: NodeExplanation
  raisedTo: string | null
}

export type NodeExplanation = {
  /** The kind of node: rate, bands, choice, … */
  node: string
  /** JSON pointer into the scheme. */
  at: string
  /** The way that it went, such as `row/2`, `otherwise` or `cap`; `missing` where evidence is missing and none was taken. */
  branch: string
  /** null when evidence is missing. */
  points: string | null
  title?: Localized
  rule?: Origin
  /** What this kind of node did: the measure used, the row chosen, the cap applied, the rounding step. */
  how: { [name: string]: string | number | boolean | null | string[] }
  /** Of `each`: the records, in the order of the parts. */
  evidence?: DescribedRecord[]
  parts?: NodeExplanation[]
  condition?: ConditionExplanation
}

export type ConditionExplanation = {
  answer: Answer
  measure?: string
  /** A named date that is looked at. */
  date?: string
  /** The value of the measure, or the points of the node. */
  value?: string | string[] | null
  test: string
  /** How the points came about that are looked at. */
  steps?: NodeExplanation
  parts?: ConditionExplanation[]
}

export type MeasureExplanation = {
  title: Localized
  unit: string
  /** null when missing. */
  value: string | string[] | null
  rule: Origin
  attested: { source: string; state: string } | null
  evidence: DescribedRecord[]
  /** Records of the same kinds that were given and that this measure does not look at: of another sort, or outside its window. */
  leftOut: DescribedRecord[]
}
