import { parseDate } from './civil-date.ts'

// GB 11643-1999: 17 digits (6 of the place, 8 of the birth date, 3 of the order) and a check character by ISO 7064 MOD 11-2.
const form = /^[1-9]\d{16}[\dX]$/
const checkCharacters = '10X98765432'

/** Normalises a citizen identity number (x → X) and checks form, birth date and check character; undefined if it is wrong. */
export function parseCitizenNumber(text: string): string | undefined {
  const number = text.trim().toUpperCase()
  if (!form.test(number)) return undefined
  if (parseDate(`${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`) === undefined) return undefined
  return checkCharacter(number.slice(0, 17)) === number[17] ? number : undefined
}

/** The check character of 17 digits: the sum of digit · 2^(17−i) modulo 11, looked up. */
export function checkCharacter(digits: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(digits[i]) * (2 ** (17 - i) % 11)
  return checkCharacters[sum % 11] as string
}
