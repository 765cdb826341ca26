import { type DayNumber, firstDayOf } from '../../values/civil-date.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import { ofMonths } from '../vocabulary.ts'
import type { Seen, Selection } from './selection.ts'

/** The date on which the first or last record begins, of a month its first day; undefined if there is no record or the kind is missing. */
export function beginning(selection: Selection, which: 'first' | 'last', seen: Seen): DayNumber | undefined {
  const records = selection.records(seen)
  let moment: number | undefined
  for (const { from } of records ?? []) if (moment === undefined || (which === 'first' ? from < moment : from > moment)) moment = from
  return moment !== undefined && ofMonths(selection.kind) ? firstDayOf(moment) : moment
}

/** Whether records of a kind begin on a date; tells it if not. */
export function checkDated({ kind }: Selection, place: Place, compilation: Compilation): boolean {
  if (kind.shape === 'trait') compilation.error('unit-mismatch', inside(place, 'of').pointer, `${kind.name} is a trait and has no date`)
  return kind.shape !== 'trait'
}
