import { type MonthEnd, wholeMonthsBetween, yearOf } from '../../values/civil-date.ts'
import type { EvidenceRecord } from '../evidence/facts.ts'
import { type KindDefinition, ofMonths } from '../vocabulary.ts'
import type { Interval } from './intervals.ts'

/** Months in stretches of days: the completed months of each by calendar. What is left of one stretch is not added to the next. */
export function completedMonths(stretches: readonly Interval[], monthEnd: MonthEnd): number {
  let sum = 0
  for (const stretch of stretches) sum += wholeMonthsBetween(stretch.from, stretch.to + 1, monthEnd)
  return sum
}

/** The calendar year in which a record begins. */
export function yearBegun(kind: KindDefinition, { from }: EvidenceRecord): number {
  return ofMonths(kind) ? Math.floor(from / 12) : yearOf(from)
}
