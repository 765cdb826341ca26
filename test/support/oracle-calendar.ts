import type { RawFacts } from './random-facts.ts'

/*
 * The calendar of the oracles: slow, obvious, and shared with nothing in src. A day is its number since 1970-01-01 by Date.UTC; spans are
 * marked day by day (or month by month) in a row of flags, and months are counted by stepping. It knows only the rule "a month from the
 * 31st ends on the last day of a shorter one", which both shipped schemes declare.
 */

export type Rec = RawFacts[string][number]

export const dayOf = (text: string) =>
  Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10))) / 86_400_000
export const monthOf = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1
export const textOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)

export function plusMonths(day: number, months: number): number {
  const date = new Date(day * 86_400_000)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) / 86_400_000
}

/** Full months from one day until another, which is no longer part of them. */
export function fullMonths(from: number, until: number): number {
  let n = 0
  while (plusMonths(from, n + 1) <= until) n++
  return n
}

export function fullYears(from: number, on: number): number {
  let n = 0
  while (plusMonths(from, 12 * (n + 1)) <= on) n++
  return n
}

const firstDay = dayOf('1990-01-01')
const firstMonth = monthOf('1990-01')

/** Marks what the spans cover, from `least` to `most`, and gives the stretches that are marked. */
export function coveredDays(records: readonly Rec[], most: number): { from: number; to: number }[] {
  const flags = new Uint8Array(most - firstDay + 2)
  for (const { from, to } of records)
    flags.fill(
      1,
      Math.max(0, dayOf(from as string) - firstDay),
      Math.max(0, Math.min(most, to ? dayOf(to as string) : most) - firstDay + 1),
    )
  const stretches: { from: number; to: number }[] = []
  for (let i = 0, start = -1; i < flags.length; i++) {
    if (flags[i] === 1 && start < 0) start = i
    if (flags[i] === 0 && start >= 0) {
      stretches.push({ from: firstDay + start, to: firstDay + i - 1 })
      start = -1
    }
  }
  return stretches
}

/** The months that the spans cover, each once, from `least` to `most`. */
export function coveredMonths(records: readonly Rec[], least: string, most: string): Set<number> {
  const months = new Set<number>()
  for (const { from, to } of records)
    for (
      let m = Math.max(monthOf(from as string), monthOf(least), firstMonth);
      m <= Math.min(to ? monthOf(to as string) : Number.POSITIVE_INFINITY, monthOf(most));
      m++
    )
      months.add(m)
  return months
}

/** The answers of the facts, where a kind that is not there is missing. */
export class Answers {
  readonly facts: RawFacts
  /** The reference date. */
  readonly on: string

  constructor(facts: RawFacts, on: string) {
    this.facts = facts
    this.on = on
  }

  /** What a register attested, or else what the records of a kind give, or undefined where the kind is missing. */
  number(measure: string, kind: string, count: (records: readonly Rec[]) => number | undefined, scale = 0): number | undefined {
    const value = this.attested(measure)
    if (value !== undefined) return tenfold(value as string, scale)
    const records = this.facts[kind]
    return records && count(records)
  }

  codes(measure: string, kind: string, attribute: string): string[] | undefined {
    const value = this.attested(measure)
    if (value !== undefined) return value as string[]
    return this.facts[kind]?.filter(record => this.holds(record)).map(record => record[attribute] as string)
  }

  /** Everybody has exactly one; anything else does not say which. */
  trait(measure: string, kind: string, attribute: string): string[] | undefined {
    const held = this.codes(measure, kind, attribute)
    const different = held && [...new Set(held)]
    return different?.length === 1 ? different : undefined
  }

  yes(measure: string, kind: string, answer: (records: readonly Rec[]) => boolean): boolean | undefined {
    const value = this.attested(measure)
    if (value !== undefined) return value === 'yes'
    const records = this.facts[kind]
    return records && answer(records)
  }

  attested(measure: string): string | string[] | undefined {
    return this.facts.attested?.find(record => record.measure === measure)?.value
  }

  /** Completed years on a date, of the one birthday given. */
  age(measure: string, on: string): number | undefined {
    return this.number(measure, 'birth', records => {
      const births = new Set(records.map(record => record.date as string))
      const [birth] = births
      return births.size !== 1 || birth === undefined || dayOf(birth) > dayOf(on) ? undefined : fullYears(dayOf(birth), dayOf(on))
    })
  }

  private holds({ issued, expires, date }: Rec): boolean {
    const begun = (issued ?? date) as string | undefined
    return (begun === undefined || dayOf(begun) <= dayOf(this.on)) && (expires === undefined || dayOf(expires as string) >= dayOf(this.on))
  }
}

/** "12.3" with one decimal is 123. */
export function tenfold(text: string, scale: number): number {
  const [whole = '', fraction = ''] = text.split('.')
  return Number(whole + fraction.padEnd(scale, '0'))
}

/** The events from one day to another, both included. */
export function between(records: readonly Rec[], from: string, to: string): Rec[] {
  return records.filter(record => dayOf(record.date as string) >= dayOf(from) && dayOf(record.date as string) <= dayOf(to))
}

/** A yes of all, of any, and an open answer where it matters. */
export const all = (...answers: (boolean | undefined)[]) =>
  answers.includes(false) ? false : answers.includes(undefined) ? undefined : true
export const any = (...answers: (boolean | undefined)[]) =>
  answers.includes(true) ? true : answers.includes(undefined) ? undefined : false

/** An item: hundredths of a point, whether that is all, or null when it is open. */
export type Item = { is: bigint; whole: boolean } | null
export const exact = (is: bigint): Item => ({ is, whole: true })
/** Points that are only gained: what is missing counts nothing. */
export const gained = (...parts: (bigint | undefined)[]): Item => ({
  is: parts.reduce<bigint>((sum, part) => sum + (part ?? 0n), 0n),
  whole: !parts.includes(undefined),
})

export type Outcome = {
  eligible: string
  items: { [item: string]: string | null }
  total: string | null
  totalIs: string
}

/**
 * `most` is the most that missing evidence could add to the items that are not whole, and that those which are open (null) can come to, all
 * together: a total that stays below its floor even so is the floor.
 */
export function outcome(gates: (boolean | undefined)[], items: { [item: string]: Item }, floor?: bigint, most = 0n): Outcome {
  const list = Object.values(items)
  const open = list.includes(null)
  const sum = list.reduce((total, item) => total + (item?.is ?? 0n), 0n)
  const isFloor = floor !== undefined && sum + most <= floor
  const known = !open || isFloor
  return {
    eligible: gates.includes(false) ? 'no' : gates.includes(undefined) || open ? 'undetermined' : 'yes',
    items: Object.fromEntries(Object.entries(items).map(([name, item]) => [name, item && hundredths(item.is)])),
    total: !known ? null : hundredths(isFloor || (floor !== undefined && sum < floor) ? (floor as bigint) : sum),
    totalIs: !known ? 'undetermined' : isFloor || list.every(item => item?.whole) ? 'exact' : 'lower-bound',
  }
}

function hundredths(n: bigint): string {
  const digits = String(n < 0n ? -n : n).padStart(3, '0')
  return `${n < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** num/den to the nearest integer, a tie away from zero; neither is negative. */
export const halfUp = (num: bigint, den: bigint) => (2n * num + den) / (2n * den)
export const smaller = (a: bigint, b: bigint) => (a < b ? a : b)
