import { addMonths, type DayNumber, firstDayOf, lastDayOf, type MonthEnd, monthOf, parseDate, yearOf } from '../../values/civil-date.ts'
import type { Origin } from '../document-parts.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from './compilation.ts'

type DateSource = {
  from: string
  shift?: { years?: string; months?: string; days?: string }
  move?: 'start-of-year' | 'end-of-year' | 'start-of-month' | 'end-of-month'
} & Origin

/**
 * Compiles the named dates, all derived from the reference date, and tells the compilation their names in order. A date may rest on one
 * above it. A shift by months out of a longer month ends on the last day of the shorter one.
 */
export function compileDates(
  sources: { [name: string]: DateSource },
  place: Place,
  compilation: Compilation,
): (reference: DayNumber) => DayNumber[] {
  const monthEnd: MonthEnd = 'last-day'
  const steps: ((dates: DayNumber[]) => DayNumber)[] = []
  for (const [name, source] of Object.entries(sources)) {
    const here = compilation.origin(inside(place, name), source)
    if (here.origin === undefined) compilation.error('figure-without-source', here.pointer, 'a date needs a source or an assumption')
    if (name === 'reference') compilation.error('reserved-name', here.pointer, '"reference" is the round\'s as-of date')
    const literal = parseDate(source.from)
    const base = compilation.dateNames.indexOf(source.from)
    if (literal === undefined && base < 0)
      compilation.error(
        'unknown-name',
        inside(here, 'from').pointer,
        `there is no date "${source.from}" above; known: ${compilation.dateNames.join(', ')}`,
      )
    const months = Number(source.shift?.years ?? 0) * 12 + Number(source.shift?.months ?? 0)
    const days = Number(source.shift?.days ?? 0)
    steps.push(dates => {
      const from = literal ?? (dates[base] as DayNumber)
      return moved(addMonths(from, months, monthEnd) + days, source.move)
    })
    compilation.dateNames.push(name)
  }
  return reference => {
    const dates = [reference]
    for (const step of steps) dates.push(step(dates))
    return dates
  }
}

function moved(date: DayNumber, move: DateSource['move']): DayNumber {
  switch (move) {
    case undefined:
      return date
    case 'start-of-year':
      return firstDayOf(yearOf(date) * 12)
    case 'end-of-year':
      return lastDayOf(yearOf(date) * 12 + 11)
    case 'start-of-month':
      return firstDayOf(monthOf(date))
    case 'end-of-month':
      return lastDayOf(monthOf(date))
  }
}
