import { monthOf } from '../../values/civil-date.ts'
import type { EvidenceRecord } from '../evidence/facts.ts'
import { ofMonths } from '../vocabulary.ts'
import type { Seen, Selection } from './selection.ts'

/** The records that lie on a date, of those that have begun by the reference date. Undefined if the kind, or the date, is missing. */
export function heldOn(selection: Selection, on: number, seen: Seen): readonly EvidenceRecord[] | undefined {
  const day = seen.dates[on]
  if (day === undefined) return undefined
  const now = ofMonths(selection.kind) ? monthOf(day) : day
  return selection.records(seen)?.filter(record => record.from <= now && record.to >= now)
}
