import type { DayNumber, MonthNumber } from '../../values/civil-date.ts'

/** Whether a register has confirmed a record. Rejected evidence never reaches the scoring. */
export type EvidenceState = 'declared' | 'verified'

/**
 * One record of evidence, ready for calendar work. A span of month grain has month numbers in `from` and `to`, one of day grain day
 * numbers; both ends belong to it, and `to` is Infinity while it goes on. A certificate is valid from `from` (issued) to `to` (expires), an event
 * happened on `from` = `to`, a trait holds always.
 */
export type EvidenceRecord = {
  from: DayNumber | MonthNumber
  to: DayNumber | MonthNumber
  /** Attribute → code. */
  codes: { [attribute: string]: string }
  /** Attribute → amount, an integer in the attribute's unit. */
  amounts: { [attribute: string]: number }
  source: string
  state: EvidenceState
}

/** A measure that its source gives directly. Codes are a list, everything else an integer in the measure's unit (dates: day numbers; yes/no: 1 or 0). */
export type AttestedMeasure = { value: number | readonly string[]; source: string; state: EvidenceState }

/** All that is known of one applicant. A kind that is not there is missing; a kind with no records was asked for and has none. */
export type Facts = {
  kinds: ReadonlyMap<string, readonly EvidenceRecord[]>
  attested: ReadonlyMap<string, AttestedMeasure>
}
