import { addMonths, type DayNumber } from '../values/civil-date.ts'
import type { Settlement, Term } from './rules.ts'

/**
 * The last day on which a household can settle; its place can be entered as lapsed from the day after.
 * @param from the day, in the rules' zone, of the first final edition that admits it, or of the edition that called it up
 */
export function lastDayToSettle(settlement: Settlement, from: DayNumber, calledUp: boolean): DayNumber {
  if ('within' in settlement) return endOf(settlement.within, from)
  return calledUp && settlement.calledUp !== null ? endOf(settlement.calledUp, from) : settlement.until
}

/** The day from which a term runs is not counted. */
function endOf(term: Term, from: DayNumber): DayNumber {
  return 'days' in term ? from + term.days : addMonths(from, term.months, 'last-day')
}
