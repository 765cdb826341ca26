/*
 * The two documents as their reader gives them: every scalar is text. A scheme is known to be valid, so these types say what may stand in it.
 */

export type VocabularyTree = { kinds: Kinds }
export type Kinds = { [kind: string]: Kind }
export type Kind = {
  shape: 'event' | 'span' | 'certificate' | 'trait'
  grain?: 'month' | 'day'
  attributes?: { [name: string]: { codes?: object; unit?: string; default?: string } }
}

/** The facts of one applicant. */
export type RawFacts = { [kind: string]: RawRecord[] }
export type RawRecord = { [field: string]: string | string[] }

export type SchemeTree = {
  status: 'complete' | 'incomplete'
  calendar?: { monthEnd: 'last-day' | 'next-day' }
  evidence?: Kinds
  dates?: { [name: string]: NamedDate }
  measures: { [name: string]: Measure }
  checks?: { [name: string]: { same: [string, string]; within?: string } }
  gates?: { [name: string]: { require: Condition } }
  freezes?: { [name: string]: { when: Condition } }
  items: { [name: string]: Item }
  totals: { [name: string]: Total }
}

export type Item = { scale: string; rounding: Rounding; value: Node }
export type Total = {
  scale: string
  rounding: Rounding
  items?: string[]
  value?: Node
  floor?: string
  gates?: string[]
  freezes?: string[]
}
export type Rounding = RoundingMode | 'none'
export type RoundingMode = 'half-up' | 'half-even' | 'floor' | 'ceiling'

export type Where = { [attribute: string]: string | string[] | { not: string | string[] } | Bounds }
export type Bounds = { atLeast?: string; above?: string; atMost?: string; below?: string; equals?: string }
export type Window = { from?: string; until?: string }
export type Filter = { of: string; where?: Where }
export type Selection = Filter & { window?: Window }
export type Which = 'first' | 'last'

export type NamedDate = ({ from: string } | (Filter & { which: Which; otherwise?: string })) & {
  shift?: { years?: string; months?: string; days?: string }
  move?: 'start-of-year' | 'end-of-year' | 'start-of-month' | 'end-of-month'
}

export type Measure =
  | { age: Filter & { which?: Which; on?: string; in?: 'years' | 'months'; count?: 'whole' | 'begun'; otherwise?: string } }
  | { months: Months }
  | { overlap: Selection & { with: Filter | Filter[] } }
  | { wholeYears: { of: string } }
  | { least: string[] }
  | { greatest: string[] }
  | { added: string[] }
  | { difference: { of: string; less: string } }
  | { count: Selection & { perYear?: { atMost: string } } }
  | { sum: Selection & { amount: string; perRecord?: Whole; perYear?: Whole } }
  | { amount: Selection & { amount: string; take: 'highest' | 'lowest' | Which } }
  | { yearsWith: Selection & { amount?: string; atLeast: string } }
  | { codes: Selection & { code: string; on?: string } }
  | { covers: Filter & { on?: string } }
  | { earliest: Filter & { otherwise?: string } }
  | { latest: Filter & { otherwise?: string } }
export type Months = Selection & {
  continuous?: { endingOn?: string; gap: string; gaps?: 'left-out' | 'counted' }
  tolerate?: { where: Where; upTo: string }
  except?: Filter
  single?: 'longest' | 'last' | 'current'
}
export type Whole = { unit?: string; atMost?: string }

export type Node =
  | { points: string }
  | { rate: Rate }
  | { bands: Bands }
  | { table: Table }
  | { choice: Choice }
  | { sum: Node[] }
  | { highest: Node[] }
  | { lowest: Node[] }
  | { limit: { of: Node; atMost?: string; atLeast?: string } }
  | { round: { of: Node; scale: string; mode: RoundingMode } }
  | { percent: Percent }
  | { share: Share }
  | { deduct: Node }
  | { decide: Decide }
  | { each: Each }
  | { items: string[] }
  | { total: string }
export type Rate = { of: string; points: string; per: string; count: 'exact' | 'whole' | 'begun'; after?: string; upTo?: string }
export type Bands = { of: string; rows: { from?: string; below?: string; then: Node }[]; outside?: Node }
export type Axis = { of: string; from: string[] } | { of: string; codes: string[] }
export type Table = { down: Axis; across: Axis; points: string[][]; otherwise: string }
export type Choice = { of: string; rows: { row: string; holds: string[]; points: string }[]; otherwise: string }
export type Percent = { of: Node; percent: string }
export type Share = { of: Node; among: string; plus?: string; scale: string; mode: RoundingMode }
export type Decide = { rows: { if: Condition; then: Node }[]; otherwise: Node }
export type Each = Selection & { give: Node; perYear?: { atMost: string }; best?: string }

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { chosen: { item: string; row: string } }
  | ({ value: Node } & Bounds)
  | { date: string; from?: string; until?: string }
  | ({ measure: string; is?: string; holds?: string; from?: string; until?: string } & Bounds)
