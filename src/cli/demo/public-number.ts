import { bytes } from './random.ts'

// Crockford's base 32: no I, L, O or U, which people take for other characters.
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The public number of an applicant of the demo: 12 characters, 60 bits, which say nothing about the person. Two of 200,000 fall
 * together once in some sixty million seeds; the store would refuse the second.
 */
export function publicNumber(seed: string, index: number): string {
  let number = ''
  for (const byte of bytes(seed, 'public number', index, 12)) number += digits[byte & 31]
  return number
}
