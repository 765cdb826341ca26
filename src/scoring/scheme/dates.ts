import { addMonths, type DayNumber, firstDayOf, lastDayOf, type MonthEnd, monthOf, parseDate, yearOf } from '../../values/civil-date.ts'
import type { Origin } from '../document-parts.ts'
import type { Facts } from '../evidence/facts.ts'
import { beginning, checkDated } from '../measures/beginning.ts'
import type { Evaluation } from '../measures/measure.ts'
import { compileSelection, type SelectionSource } from '../measures/selection.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from './compilation.ts'

type DateSource = {
  from?: string
  of?: string
  where?: SelectionSource['where']
  which?: 'first' | 'last'
  otherwise?: string
  shift?: { years?: string; months?: string; days?: string }
  move?: 'start-of-year' | 'end-of-year' | 'start-of-month' | 'end-of-month'
} & Origin

/** Every date by its index, the reference date first. One that the evidence does not give is undefined. */
export type DatesKnown = Evaluation['dates']

export type SchemeDates = {
  /** The dates for a reference date. Those that the applicant's evidence gives are not known yet. */
  dates(reference: DayNumber): DatesKnown
  /** The same with what an applicant's evidence gives. Without such dates in the scheme they are handed back as they are. */
  datesOf(dates: DatesKnown, facts: Facts): DatesKnown
}

/** One named date: where it begins, and the way from there. */
type Step = { index: number; kinds: readonly string[]; date(dates: DatesKnown, facts: Facts): DayNumber | undefined }

/**
 * Compiles the named dates and tells the compilation their names in order. A date may rest on one above it. A shift by months out of a longer
 * month ends on the last day of the shorter one.
 */
export function compileDates(sources: { [name: string]: DateSource }, place: Place, compilation: Compilation): SchemeDates {
  const steps: Step[] = []
  for (const [name, source] of Object.entries(sources)) {
    const here = compilation.origin(inside(place, name), source)
    if (here.origin === undefined) compilation.error('figure-without-source', here.pointer, 'a date needs a source or an assumption')
    if (name === 'reference') compilation.error('reserved-name', here.pointer, '"reference" is the round\'s as-of date')
    const { kinds, date } =
      source.of === undefined
        ? dateAbove(source.from as string, inside(here, 'from'), compilation)
        : fromEvidence(source, here, compilation)
    const months = Number(source.shift?.years ?? 0) * 12 + Number(source.shift?.months ?? 0)
    const days = Number(source.shift?.days ?? 0)
    steps.push({
      index: compilation.nameDate(name, kinds),
      kinds,
      date(dates, facts) {
        const base = date(dates, facts)
        return base === undefined ? undefined : moved(addMonths(base, months, monthEnd) + days, source.move)
      },
    })
  }
  const given = steps.filter(step => step.kinds.length > 0)
  const nothing: Facts = { kinds: new Map(), attested: new Map() }
  return {
    dates(reference) {
      const dates: (DayNumber | undefined)[] = [reference]
      for (const step of steps) dates.push(step.date(dates, nothing))
      return dates.concat(compilation.literalDates)
    },
    datesOf(dates, facts) {
      if (given.length === 0) return dates
      const all = [...dates]
      for (const step of given) all[step.index] = step.date(all, facts)
      return all
    },
  }
}
const monthEnd: MonthEnd = 'last-day'

type Base = Pick<Step, 'kinds' | 'date'>

/** A literal date, or one that is named above. */
function dateAbove(name: string, place: Place, compilation: Compilation): Base {
  const literal = parseDate(name)
  if (literal !== undefined) return { kinds: [], date: () => literal }
  const base = compilation.dateNames.indexOf(name)
  if (base >= 0) return { kinds: compilation.dateKinds(base), date: dates => dates[base] }
  compilation.error('unknown-name', place.pointer, `there is no date "${name}" above; known: ${compilation.dateNames.join(', ')}`)
  return { kinds: [], date: () => undefined }
}

/** The date on which the first or last record begins; if there is none, another. */
function fromEvidence(source: DateSource, place: Place, compilation: Compilation): Base {
  const { of, where, which = 'first' } = source
  const selection = compileSelection({ of: of as string, ...(where && { where }) }, place, compilation)
  const other = source.otherwise === undefined ? undefined : dateAbove(source.otherwise, inside(place, 'otherwise'), compilation)
  if (!selection || !checkDated(selection, place, compilation)) return { kinds: [], date: () => undefined }
  return {
    kinds: [...new Set([...selection.kinds, ...(other?.kinds ?? [])])],
    date(dates, facts) {
      const seen = { dates, facts }
      return selection.records(seen)?.length === 0 ? other?.date(dates, facts) : beginning(selection, which, seen)
    },
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
