import { addMonths, type DayNumber, type MonthNumber, monthOf } from '../../values/civil-date.ts'
import type { Sex } from './citizen-number.ts'
import { type Random, weighted } from './random.ts'

/** The bare course of one applicant's life, from which the registers' records follow. */
export type Life = {
  asOf: DayNumber
  sex: Sex
  birth: DayNumber
  /** Completed years on the reference date. */
  age: number
  /** The month in which the applicant came to the city to work. */
  arrival: MonthNumber
}

/** Applicants of each age from 18 to 62, of about a thousand: few below 24, most from 28 to 40, few past 50. Assumed. */
const ages = weighted(
  [
    2, 3, 5, 8, 11, 15, 19, 24, 29, 34, 39, 43, 46, 48, 49, 50, 50, 49, 48, 47, 45, 43, 41, 36, 33, 30, 28, 25, 23, 21, 19, 17, 14, 12, 10,
    9, 7, 6, 5, 4, 3, 3, 2, 2, 1,
  ].map((weight, i) => [18 + i, weight]),
)

/** Whole years since the arrival, 0 to 20. Permit holders who apply have mostly been there for some years. Assumed. */
const yearsSinceArrival = weighted([2, 5, 9, 11, 12, 12, 11, 9, 8, 6, 5, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1].map((weight, i) => [i, weight]))

/** Men of a hundred: migrants who work are men somewhat more often. Assumed from yearly surveys, which find about 65. */
const men = 62

const workingAge = 16

export function lifeOf(random: Random, asOf: DayNumber): Life {
  const sex: Sex = random.below(100) < men ? 'male' : 'female'
  const age = random.pick(ages)
  const birth = addMonths(asOf, -12 * age, 'last-day') - random.below(365)
  const earliest = monthOf(birth) + 12 * workingAge
  const wanted = monthOf(asOf) - 12 * random.pick(yearsSinceArrival) - random.below(12)
  const spread = random.below(24) // who would have come as a child came in the first two working years
  const arrival = wanted >= earliest ? wanted : Math.min(earliest + spread, monthOf(asOf))
  return { asOf, sex, birth, age, arrival }
}
