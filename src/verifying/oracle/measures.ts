import { completed, type Day, lastDayOf, monthOf, plusMonths, readDay, type Stretch, stretchesOf, yearOf } from './calendar.ts'
import type { Evidence, Rec } from './evidence.ts'
import { compare, figure, floor, larger, minus, over, plus, type Rational, smaller, times, whole, zero } from './rational.ts'
import type { Measure, Months, SchemeTree, Selection, Whole } from './trees.ts'

/*
 * Measures (docs/scheme-language.md, Measures). `undefined` means missing. Spans are laid out day by day (or month by month) in sets, so that
 * a union, an overlap and an exception are what their names say.
 */

type Of<Kind extends string> = Extract<Measure, { [kind in Kind]: unknown }>[Kind]

export type Value = { number: Rational } | { codes: string[] } | { yes: boolean } | { date: Day }

export class Measures {
  private readonly scheme: SchemeTree
  private readonly evidence: Evidence
  private readonly known = new Map<string, Value | undefined>()

  constructor(scheme: SchemeTree, evidence: Evidence) {
    this.scheme = scheme
    this.evidence = evidence
  }

  /** What a register attested wins over what the evidence gives. Of a trait there is one code; none or several leave it missing. */
  value(name: string): Value | undefined {
    if (!this.known.has(name)) {
      const value = this.evidence.attested(name) === undefined ? this.computed(name) : this.attested(name)
      this.known.set(name, value && 'codes' in value && this.isOfTrait(name) && value.codes.length !== 1 ? undefined : value)
    }
    return this.known.get(name)
  }

  private isOfTrait(name: string): boolean {
    const measure = this.scheme.measures[name]
    return measure !== undefined && 'codes' in measure && this.evidence.kind(measure.codes.of).shape === 'trait'
  }

  attested(name: string): Value | undefined {
    const text = this.evidence.attested(name)
    if (text === undefined) return undefined
    if (Array.isArray(text)) return { codes: [...new Set(text)] }
    if (text === 'yes' || text === 'no') return { yes: text === 'yes' }
    return /^\d+-/.test(text) ? { date: readDay(text) } : { number: figure(text) }
  }

  computed(name: string): Value | undefined {
    const measure = this.scheme.measures[name]
    if (!measure) throw new Error(`no measure "${name}"`)
    if ('codes' in measure) return named('codes', this.codes(measure.codes))
    if ('covers' in measure) return named('yes', this.covers(measure.covers))
    if ('earliest' in measure)
      return named('date', this.evidence.begin('first', this.evidence.records(measure.earliest), measure.earliest.otherwise))
    if ('latest' in measure)
      return named('date', this.evidence.begin('last', this.evidence.records(measure.latest), measure.latest.otherwise))
    return named('number', this.number(measure))
  }

  private number(measure: Measure): Rational | undefined {
    if ('age' in measure) return this.age(measure.age)
    if ('months' in measure) return optional(this.months(measure.months), whole)
    if ('overlap' in measure) return optional(this.overlap(measure.overlap), whole)
    if ('wholeYears' in measure) return optional(this.figureOf(measure.wholeYears.of), months => floor(over(months, whole(12))))
    if ('least' in measure) return this.ofAll(measure.least, smaller)
    if ('greatest' in measure) return this.ofAll(measure.greatest, larger)
    if ('added' in measure) return this.ofAll(measure.added, plus)
    if ('difference' in measure)
      return optional(this.ofAll([measure.difference.of, measure.difference.less], minus), rest => larger(rest, zero))
    if ('count' in measure) return this.count(measure.count)
    if ('sum' in measure) return this.sum(measure.sum)
    if ('amount' in measure) return this.amount(measure.amount)
    if ('yearsWith' in measure) return this.yearsWith(measure.yearsWith)
    throw new Error('no such kind of measure')
  }

  /** A figure as it stands, or the number of a measure. */
  private figureOf(text: string): Rational | undefined {
    if (/^[\d-]/.test(text)) return figure(text)
    const value = this.value(text)
    return value && 'number' in value ? value.number : undefined
  }

  private ofAll(parts: string[], join: (a: Rational, b: Rational) => Rational): Rational | undefined {
    const figures = parts.map(part => this.figureOf(part)).filter(part => part !== undefined)
    return figures.length < parts.length ? undefined : figures.reduce(join)
  }

  private age({ on = 'reference', which, in: unit = 'years', count = 'whole', otherwise, ...filter }: Of<'age'>): Rational | undefined {
    const date = this.evidence.date(on)
    if (date === undefined) return undefined
    const events = this.evidence.everRecorded(filter)?.filter(record => record.begins <= date)
    if (events?.length === 0) return otherwise === undefined ? undefined : figure(otherwise)
    // Records that give different dates contradict each other, unless the scheme says which of them counts.
    if (which === undefined && new Set(events?.map(record => record.begins)).size !== 1) return undefined
    const event = this.evidence.begin(which ?? 'first', events)
    if (event === undefined) return undefined
    const step = unit === 'years' ? 12 : 1
    const full = completed(event, date, step, this.evidence.monthEnd)
    const oneUnderWay = plusMonths(event, step * full, this.evidence.monthEnd) < date
    return whole(count === 'begun' && oneUnderWay ? full + 1 : full)
  }

  /** In the order of the six steps of the text. */
  private months({ continuous, tolerate, except, single, ...selection }: Months): number | undefined {
    const counted = this.laidOut(selection)
    const excepted = except ? this.laidOut(except) : new Set<number>()
    if (!counted || !excepted) return undefined
    if (single) return this.single(selection, single)
    if (tolerate) {
      const tolerated = this.laidOut({ ...selection, where: { ...selection.where, ...tolerate.where } }) ?? new Set()
      if (tolerated.size <= Number(tolerate.upTo)) for (const month of tolerated) counted.add(month)
    }
    const left = (stretches: Stretch[]) =>
      this.length(selection.of, excepted.size === 0 ? stretches : stretchesOf(without(spread(stretches), excepted)))
    if (!continuous) return left(stretchesOf(counted))
    const end = continuous.endingOn === undefined ? undefined : this.evidence.date(continuous.endingOn)
    if (end === undefined && continuous.endingOn !== undefined) return undefined
    const chains = this.chains(selection.of, counted, end, Number(continuous.gap)).map(chain =>
      left(continuous.gaps === 'counted' ? [{ from: (chain[0] as Stretch).from, to: (chain.at(-1) as Stretch).to }] : chain),
    )
    return Math.max(0, ...chains)
  }

  /** Without a union: the record with the most months, or the one that begins last, of several the one with the most. */
  private single(selection: Selection, which: 'longest' | 'last' | 'current'): number | undefined {
    const records = this.evidence.records(selection)
    const until = this.evidence.window(selection.of, selection.window ?? {})?.until ?? Number.POSITIVE_INFINITY
    const last = which === 'last' ? this.evidence.begin('last', records) : undefined
    const lengths = records
      ?.filter(record => (last === undefined || record.begins === last) && (which !== 'current' || record.ends >= until))
      .map(record => this.length(selection.of, stretchesOf(this.units(selection, [record]))))
    return lengths && Math.max(0, ...lengths)
  }

  /** Stretches that are joined over short gaps, cut at the end if there is one: then only the chain that reaches it. */
  private chains(of: string, parts: Set<number>, end: Day | undefined, gap: number): Stretch[][] {
    const last = end === undefined ? Number.POSITIVE_INFINITY : this.evidence.byMonth(of) ? monthOf(end) : end
    const chains: Stretch[][] = []
    for (const stretch of stretchesOf(new Set([...parts].filter(part => part <= last)))) {
      const before = chains.at(-1)?.at(-1)
      if (before && this.isBridged(of, before.to, stretch.from, gap)) chains.at(-1)?.push(stretch)
      else chains.push([stretch])
    }
    if (end === undefined) return chains
    return chains.slice(-1).filter(chain => this.isBridged(of, (chain.at(-1) as Stretch).to, last + 1, gap))
  }

  /** Whether at most so many months lie between the end of a stretch and the start of the next (or the date that must be reached). */
  private isBridged(of: string, end: number, next: number, months: number): boolean {
    if (this.evidence.byMonth(of)) return next - end - 1 <= months
    return next <= plusMonths(end + 1, months, this.evidence.monthEnd)
  }

  private overlap({ with: others, ...selection }: Of<'overlap'>): number | undefined {
    if (!this.evidence.window(selection.of, selection.window ?? {})) return undefined
    const window = selection.window ?? {}
    const selections: Selection[] = [selection, ...[others].flat().map(other => ({ ...other, window }))]
    const byMonth = selections.every(({ of }) => this.evidence.byMonth(of))
    const all = selections.map(each => (byMonth ? this.laidOut(each) : this.days(each)))
    if (all.some(one => one?.size === 0)) return 0 // even if another is missing
    const known = all.filter(one => one !== undefined)
    if (known.length < all.length) return undefined
    const shared = stretchesOf(known.reduce(common))
    return byMonth ? lengthOf(shared) : this.completedMonths(shared)
  }

  private count({ perYear, ...selection }: Of<'count'>): Rational | undefined {
    const records = this.evidence.records(selection)
    if (!records || !perYear) return records && whole(records.length)
    return [...byYear(records).values()].map(year => smaller(whole(year.length), figure(perYear.atMost))).reduce(plus, zero)
  }

  private sum({ amount, perRecord = {}, perYear = {}, ...selection }: Of<'sum'>): Rational | undefined {
    const records = this.evidence.records(selection)
    if (!records) return undefined
    const years = [...byYear(records).values()]
    return years
      .map(year => year.map(record => broughtDown(amountOf(record, amount), perRecord)).reduce(plus, zero))
      .map(sum => broughtDown(sum, perYear))
      .reduce(plus, zero)
  }

  private amount({ amount, take, ...selection }: Of<'amount'>): Rational | undefined {
    const records = this.evidence.records(selection)
    if (!records) return undefined
    const day = take === 'first' || take === 'last' ? this.evidence.begin(take, records) : undefined
    const amounts = records.filter(record => day === undefined || record.begins === day).map(record => amountOf(record, amount))
    return amounts.length === 0 ? zero : amounts.reduce(take === 'lowest' ? smaller : larger)
  }

  private yearsWith({ amount, atLeast, ...selection }: Of<'yearsWith'>): Rational | undefined {
    const reaches = (sum: Rational) => compare(sum, figure(atLeast)) >= 0
    if (amount !== undefined) {
      const records = this.evidence.records(selection)
      if (!records) return undefined
      const sums = [...byYear(records).values()].map(year => year.map(record => amountOf(record, amount)).reduce(plus))
      return whole(sums.filter(reaches).length)
    }
    const parts = this.laidOut(selection)
    if (!parts) return undefined
    const years = new Map<number, Set<number>>()
    for (const part of parts) {
      const year = this.evidence.byMonth(selection.of) ? Math.floor(part / 12) : yearOf(part)
      years.set(year, (years.get(year) ?? new Set()).add(part))
    }
    return whole([...years.values()].filter(year => reaches(whole(this.length(selection.of, stretchesOf(year))))).length)
  }

  private codes({ code, on = 'reference', ...selection }: Of<'codes'>): string[] | undefined {
    const date = this.evidence.date(on)
    const records = this.evidence.records(selection)
    if (date === undefined || !records) return undefined
    const { shape } = this.evidence.kind(selection.of)
    const held = records.filter(record => (shape === 'event' ? record.begins <= date : lies(this.evidence, selection.of, record, date)))
    return [...new Set(held.map(record => record.attributes[code] as string))]
  }

  private covers({ on = 'reference', ...selection }: Of<'covers'>): boolean | undefined {
    const date = this.evidence.date(on)
    return date === undefined
      ? undefined
      : this.evidence.records(selection)?.some(record => lies(this.evidence, selection.of, record, date))
  }

  /** The months, or of a kind by day the days, that the records cover in the window, each once. */
  private laidOut(selection: Selection): Set<number> | undefined {
    return optional(this.evidence.records(selection), records => this.units(selection, records))
  }

  private units(selection: Selection, records: Rec[]): Set<number> {
    const stretches = this.cut(selection, records)
    if (!this.evidence.byMonth(selection.of)) return spread(stretches)
    return spread(stretches.map(({ from, to }) => ({ from: monthOf(from), to: monthOf(to) })))
  }

  private days(selection: Selection): Set<number> | undefined {
    return optional(this.evidence.records(selection), records => spread(this.cut(selection, records)))
  }

  /** Records from day to day, cut to the window, and so at the reference date. */
  private cut({ of, window = {} }: Selection, records: Rec[]): Stretch[] {
    const bounds = this.evidence.window(of, window) as { from: Day; until: Day }
    return records.map(({ begins, ends }) => ({ from: Math.max(begins, bounds.from), to: Math.min(ends, bounds.until) }))
  }

  private length(of: string, stretches: Stretch[]): number {
    return this.evidence.byMonth(of) ? lengthOf(stretches) : this.completedMonths(stretches)
  }

  private completedMonths(stretches: Stretch[]): number {
    return stretches.reduce((n, { from, to }) => n + completed(from, to + 1, 1, this.evidence.monthEnd), 0)
  }
}

const lengthOf = (stretches: Stretch[]) => stretches.reduce((n, { from, to }) => n + to - from + 1, 0)

/** Whether a record covers a date; of a kind by month, its month. */
function lies(evidence: Evidence, of: string, { begins, ends }: Rec, date: Day): boolean {
  if (!evidence.byMonth(of)) return begins <= date && date <= ends
  return begins <= lastDayOf(monthOf(date)) && lastDayOf(monthOf(date)) <= ends
}

function spread(stretches: Stretch[]): Set<number> {
  const all = new Set<number>()
  for (const { from, to } of stretches) for (let n = from; n <= to; n++) all.add(n)
  return all
}

const without = (one: Set<number>, two: Set<number>) => new Set([...one].filter(n => !two.has(n)))
const common = (one: Set<number>, two: Set<number>) => new Set([...one].filter(n => two.has(n)))

/** The records by the calendar year in which they begin. */
export function byYear<R extends { begins: Day }>(records: R[]): Map<number, R[]> {
  return Map.groupBy(records, record => yearOf(record.begins))
}

/** Down to a whole multiple of the unit, then to the most that counts. */
function broughtDown(amount: Rational, { unit, atMost }: Whole): Rational {
  const multiple = unit === undefined ? amount : times(floor(over(amount, figure(unit))), figure(unit))
  return atMost === undefined ? multiple : smaller(multiple, figure(atMost))
}

const amountOf = (record: Rec, attribute: string) => figure(record.attributes[attribute] as string)

function named<N extends string, V>(name: N, value: V | undefined) {
  return value === undefined ? undefined : ({ [name]: value } as Extract<Value, { [n in N]: unknown }>)
}

const optional = <A, B>(value: A | undefined, use: (value: A) => B) => (value === undefined ? undefined : use(value))

/** By how much two values of one unit differ. */
export function difference(one: Value, two: Value): Rational {
  if ('number' in one && 'number' in two) return larger(minus(one.number, two.number), minus(two.number, one.number))
  if ('date' in one && 'date' in two) return whole(Math.abs(one.date - two.date))
  if ('yes' in one && 'yes' in two) return whole(one.yes === two.yes ? 0 : 1)
  if ('codes' in one && 'codes' in two)
    return whole(one.codes.filter(code => !two.codes.includes(code)).length + two.codes.filter(code => !one.codes.includes(code)).length)
  throw new Error('values of different units')
}
