/*
 * The calendar by plain arithmetic. A day is its number, 1 for 1 January of the year 1; a month is its number, 12 to a year. Nothing is
 * divided by 365: months and years are stepped.
 */

export type Day = number
export type MonthEnd = 'last-day' | 'next-day'
export type Date = { year: number; month: number; day: number }
/** From the first to the last, both included: of days, or of months. */
export type Stretch = { from: number; to: number }

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

export function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

export function dayOf({ year, month, day }: Date): Day {
  const past = year - 1
  let days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + day
  for (let m = 1; m < month; m++) days += lengthOfMonth(year, m)
  return days
}

export function dateOf(day: Day): Date {
  let year = Math.max(1, Math.floor(day / 366))
  while (dayOf({ year: year + 1, month: 1, day: 1 }) <= day) year++
  let month = 1
  while (month < 12 && dayOf({ year, month: month + 1, day: 1 }) <= day) month++
  return { year, month, day: day - dayOf({ year, month, day: 1 }) + 1 }
}

/** "2019-12-31"; of a month, "2019-12", its first day. */
export function readDay(text: string): Day {
  const [year, month, day = 1] = text.split('-').map(Number) as [number, number, number?]
  return dayOf({ year, month, day })
}

export const yearOf = (day: Day) => dateOf(day).year
export function monthOf(day: Day): number {
  const { year, month } = dateOf(day)
  return year * 12 + month - 1
}
export const firstDayOf = (month: number) => dayOf({ year: Math.floor(month / 12), month: (month % 12) + 1, day: 1 })
export const lastDayOf = (month: number) => firstDayOf(month + 1) - 1

/** The same day of a later or earlier month. If that month is too short: its last day, or the first of the month after it. */
export function plusMonths(day: Day, months: number, monthEnd: MonthEnd): Day {
  const target = monthOf(day) + months
  const sameDay = firstDayOf(target) + dateOf(day).day - 1
  if (sameDay <= lastDayOf(target)) return sameDay
  return monthEnd === 'last-day' ? lastDayOf(target) : lastDayOf(target) + 1
}

/** How often so many months fit between a day and a later one, which is no longer part of them: a month from the 5th is full on the next 5th. */
export function completed(from: Day, until: Day, months: number, monthEnd: MonthEnd): number {
  let n = 0
  while (plusMonths(from, months * (n + 1), monthEnd) <= until) n++
  return n
}

/** The stretches without a hole in a set of days, or of months. */
export function stretchesOf(numbers: ReadonlySet<number>): Stretch[] {
  const stretches: Stretch[] = []
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = stretches.at(-1)
    if (last?.to === n - 1) last.to = n
    else stretches.push({ from: n, to: n })
  }
  return stretches
}
