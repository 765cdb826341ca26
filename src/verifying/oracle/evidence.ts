import { type Day, dayOf, firstDayOf, lastDayOf, type MonthEnd, monthOf, plusMonths, readDay, yearOf } from './calendar.ts'
import { compare, figure, type Rational } from './rational.ts'
import type {
  Bounds,
  Filter,
  Kind,
  Kinds,
  RawFacts,
  RawRecord,
  SchemeTree,
  Selection,
  VocabularyTree,
  Where,
  Which,
  Window,
} from './trees.ts'

/*
 * What the registers said of one applicant, read up to the reference date (docs/scheme-language.md, Dates and Measures). `undefined` always
 * means missing: nobody has said anything.
 */

/** A record that exists; one without an end is open. A trait has no date and lies everywhere. */
export type Rec = { begins: Day; ends: Day; attributes: RawRecord }

export class Evidence {
  readonly reference: Day
  readonly monthEnd: MonthEnd
  private readonly scheme: SchemeTree
  private readonly kinds: Kinds
  private readonly facts: RawFacts

  constructor(scheme: SchemeTree, vocabulary: VocabularyTree, facts: RawFacts, asOf: string) {
    this.scheme = scheme
    this.kinds = { ...vocabulary.kinds, ...scheme.evidence }
    this.facts = facts
    this.reference = readDay(asOf)
    this.monthEnd = scheme.calendar?.monthEnd ?? 'last-day'
  }

  kind(name: string): Kind {
    return this.kinds[name] as Kind
  }

  byMonth(name: string): boolean {
    return this.kind(name).shape === 'span' && this.kind(name).grain === 'month'
  }

  attested(measure: string): string | string[] | undefined {
    return this.facts.attested?.find(record => record.measure === measure)?.value
  }

  /** The records that match and touch the window. Those that begin after the reference date do not exist yet. */
  records({ of, where = {}, window = {} }: Selection): Rec[] | undefined {
    const bounds = this.window(of, window)
    return (
      bounds &&
      this.everRecorded({ of, where })
        ?.filter(record => record.begins <= this.reference)
        .filter(record => Math.max(record.begins, bounds.from) <= Math.min(record.ends, bounds.until))
    )
  }

  /** The records that match, also those that begin after the reference date: the age alone may look further. */
  everRecorded({ of, where = {} }: Filter): Rec[] | undefined {
    return this.facts[of]?.map(record => this.read(of, record)).filter(record => matches(record.attributes, where))
  }

  /** A window, cut at the reference date. Of a kind by month a date stands for its whole month. */
  window(of: string, { from, until }: Window): { from: Day; until: Day } | undefined {
    const [first, last] = [
      from === undefined ? Number.NEGATIVE_INFINITY : this.date(from),
      until === undefined ? this.reference : this.date(until),
    ]
    if (first === undefined || last === undefined) return undefined
    return { from: this.firstDay(of, first), until: this.lastDay(of, Math.min(last, this.reference)) }
  }

  firstDay(of: string, day: Day): Day {
    return this.byMonth(of) && Number.isFinite(day) ? firstDayOf(monthOf(day)) : day
  }

  lastDay(of: string, day: Day): Day {
    return this.byMonth(of) && Number.isFinite(day) ? lastDayOf(monthOf(day)) : day
  }

  /** The day of a name or of a literal. */
  date(text: string): Day | undefined {
    if (text === 'reference') return this.reference
    if (/^\d/.test(text)) return readDay(text)
    const named = this.scheme.dates?.[text]
    if (!named) throw new Error(`no date "${text}"`)
    const start = 'of' in named ? this.begin(named.which, this.records(named), named.otherwise) : this.date(named.from)
    if (start === undefined) return undefined
    const { years = '0', months = '0', days = '0' } = named.shift ?? {}
    // Whatever monthEnd says, a date moves out of a longer month to the last day of the shorter one.
    const day = plusMonths(start, Number(years) * 12 + Number(months), 'last-day') + Number(days)
    switch (named.move) {
      case 'start-of-year':
        return dayOf({ year: yearOf(day), month: 1, day: 1 })
      case 'end-of-year':
        return dayOf({ year: yearOf(day), month: 12, day: 31 })
      case 'start-of-month':
        return firstDayOf(monthOf(day))
      case 'end-of-month':
        return lastDayOf(monthOf(day))
      default:
        return day
    }
  }

  /** The first or last day on which one of the records begins. If the register was asked and has none, `otherwise` holds. */
  begin(which: Which, records: Rec[] | undefined, otherwise?: string): Day | undefined {
    if (records?.length === 0) return otherwise === undefined ? undefined : this.date(otherwise)
    const days = records?.map(record => record.begins)
    return days && (which === 'first' ? Math.min(...days) : Math.max(...days))
  }

  private read(of: string, raw: RawRecord): Rec {
    const { shape, attributes: defined = {} } = this.kind(of)
    const attributes = { ...raw }
    for (const [name, { default: otherwise }] of Object.entries(defined)) if (otherwise !== undefined) attributes[name] ??= otherwise
    const at = (field: string) => (raw[field] === undefined ? undefined : readDay(raw[field] as string))
    switch (shape) {
      case 'event':
        return { begins: at('date') as Day, ends: at('date') as Day, attributes }
      case 'certificate':
        return { begins: at('issued') as Day, ends: at('expires') ?? Number.POSITIVE_INFINITY, attributes }
      case 'trait':
        return { begins: Number.NEGATIVE_INFINITY, ends: Number.POSITIVE_INFINITY, attributes }
      case 'span': {
        const [from, to] = [at('from') as Day, at('to') ?? Number.POSITIVE_INFINITY]
        return { begins: this.firstDay(of, from), ends: this.lastDay(of, to), attributes }
      }
    }
  }
}

export function matches(record: RawRecord, where: Where): boolean {
  return Object.entries(where).every(([attribute, wanted]) => {
    const value = record[attribute]
    if (typeof value !== 'string') throw new Error(`a record does not say "${attribute}"`)
    if (typeof wanted === 'string') return value === wanted
    if (Array.isArray(wanted)) return wanted.includes(value)
    if ('not' in wanted) return !(Array.isArray(wanted.not) ? wanted.not : [wanted.not]).includes(value)
    return within(figure(value), wanted)
  })
}

export function within(value: Rational, { atLeast, above, atMost, below, equals }: Bounds): boolean {
  return (
    (atLeast === undefined || compare(value, figure(atLeast)) >= 0) &&
    (above === undefined || compare(value, figure(above)) > 0) &&
    (atMost === undefined || compare(value, figure(atMost)) <= 0) &&
    (below === undefined || compare(value, figure(below)) < 0) &&
    (equals === undefined || compare(value, figure(equals)) === 0)
  )
}
