import type { DayNumber, MonthEnd } from '../../values/civil-date.ts'
import type { Localized, Origin } from '../document-parts.ts'
import type { Facts } from '../evidence/facts.ts'
import type { Measure } from '../measures/measure.ts'
import type { Condition } from '../points/condition.ts'
import type { Branch, Node } from '../points/node.ts'
import type { Program } from '../points/program.ts'
import type { Vocabulary } from '../vocabulary.ts'
import type { Turn } from './compilation.ts'
import type { DatesKnown } from './dates.ts'
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
  /** The vocabulary that it names, with what it names itself. */
  vocabulary: Vocabulary
  sources: { readonly [name: string]: { title: string; where?: string; mark: string } }
  monthEnd: MonthEnd
  /** By date: the kinds of evidence that give it. */
  kindsOfDates: readonly (readonly string[])[]
  /** The scheme's dates for a reference date, the reference date first; those that evidence gives are not known yet. */
  dates(reference: DayNumber): DatesKnown
  /** The same with what an applicant's evidence gives. */
  datesOf(dates: DatesKnown, facts: Facts): DatesKnown
  measures: readonly Measure[]
  checks: readonly Check[]
  gates: readonly Gate[]
  freezes: readonly Freeze[]
  items: readonly Item[]
  totals: readonly Total[]
  /** Kinds of evidence that some used measure or node rests on. */
  kinds: ReadonlySet<string>
  /** Every way that a node, gate or freeze can go. */
  branches: readonly Branch[]
  program: Program
}

/** Two measures that should agree within so many steps of their unit. */
export type Check = { check: string; title: Localized; rule: Origin; same: readonly [Measure, Measure]; within: number }

export type Gate = { gate: string; title: Localized; rule: Origin; condition: Condition }

export type Freeze = { freeze: string; title: Localized; rule: Origin; condition: Condition }

/** `possible` is the most that anybody can get; `turns` says at which values of which measures the points may change their course. */
export type Item = Scale & {
  item: string
  title: Localized
  rule: Origin
  node: Node
  possible: number | undefined
  turns: readonly Turn[]
}

/**
 * `sumOf` are the items of a total that does nothing but add them; undefined where it has a value of its own. `floor` is an integer in units of the total's scale; `gates` and `freezes` are indexes of those that stand before it, `items` those of
 * the items that it uses, directly or through others.
 */
export type Total = Scale & {
  total: string
  title: Localized
  node: Node
  sumOf: readonly number[] | undefined
  floor: number | undefined
  possible: number | undefined
  gates: readonly number[]
  freezes: readonly number[]
  items: readonly number[]
}
