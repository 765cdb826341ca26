import type { DayNumber, MonthEnd } from '../../values/civil-date.ts'
import type { Localized, Origin } from '../document-parts.ts'
import type { Measure } from '../measures/measure.ts'
import type { Condition } from '../points/condition.ts'
import type { Node } from '../points/node.ts'
import type { Vocabulary } from '../vocabulary.ts'
import type { Scale } from './scale.ts'

/** A scheme that was read without errors, compiled to integer arithmetic. */
export type Scheme = {
  scheme: string
  version: string
  /** SHA-256 of the canonical parsed content. */
  digest: string
  title: Localized
  /** An incomplete scheme lacks known parts: it only gives estimates, as lower bounds. */
  status: 'complete' | 'incomplete'
  absent: readonly Localized[]
  text: string
  vocabulary: Vocabulary
  sources: { readonly [name: string]: { title: string; where?: string; mark: string } }
  monthEnd: MonthEnd
  /** The scheme's dates for a reference date; the first is the reference date itself. */
  dates(reference: DayNumber): DayNumber[]
  measures: readonly Measure[]
  gates: readonly Gate[]
  items: readonly Item[]
  totals: readonly Total[]
  /** Kinds of evidence that some used measure rests on. */
  kinds: ReadonlySet<string>
}

export type Gate = { gate: string; title: Localized; rule: Origin; condition: Condition }

export type Item = Scale & { item: string; title: Localized; rule: Origin; node: Node; possible: number | undefined }

/** `items` are indexes into the scheme's items; `atLeast` is an integer in units of the total's scale. */
export type Total = Scale & {
  total: string
  title: Localized
  items: readonly number[]
  atLeast: number | undefined
  possible: number | undefined
}
