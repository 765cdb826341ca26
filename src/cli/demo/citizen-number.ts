import { checkCharacter } from '../../values/citizen-number.ts'
import { type DayNumber, formatDate } from '../../values/civil-date.ts'

export type Sex = 'female' | 'male'

/** Order codes that one sex has in one place on one day: the odd or the even ones of 000 to 999. */
const orders = 500
const firstPlace = 990_000
const places = 10_000

/** More applicants cannot be told apart by place and order code. */
export const mostApplicants = orders * places

/**
 * A citizen number that nobody has: the check character is right, but the places 990000 to 999999 belong to no province (GB/T 2260
 * knows none that begins with 9), so it passes every check of form and is no real person's. Place and order code come from the
 * index alone, so no two applicants share a number. The 17th digit is odd for men.
 */
export function syntheticCitizenNumber(index: number, birth: DayNumber, sex: Sex): string {
  const place = firstPlace + Math.floor(index / orders)
  const order = 2 * (index % orders) + (sex === 'male' ? 1 : 0)
  const digits = `${place}${formatDate(birth).replaceAll('-', '')}${String(order).padStart(3, '0')}`
  return digits + checkCharacter(digits)
}
