/**
 * Decimals as scaled integers: the value 97.13 at scale 2 is the integer 9713. All integers are safe (|n| ≤ 2^53 − 1), and a value
 * that would not be is refused, never rounded.
 */

const decimal = /^(-?)(\d{1,15})(?:\.(\d{1,9}))?$/

/** Reads a decimal text at a scale. Returns undefined if it is no plain decimal, has more digits than the scale, or is too large. */
export function parseDecimal(text: string, scale: number): number | undefined {
  const parts = decimal.exec(text)
  if (!parts) return undefined
  const [, sign, whole, fraction = ''] = parts
  if (fraction.length > scale && /[1-9]/.test(fraction.slice(scale))) return undefined
  const digits = Number(whole + fraction.slice(0, scale).padEnd(scale, '0'))
  if (!Number.isSafeInteger(digits)) return undefined
  return sign === '-' && digits !== 0 ? -digits : digits
}

/** Writes a scaled integer with all digits of its scale: (9713, 2) → "97.13", (-5, 1) → "-0.5". */
export function formatDecimal(value: number, scale: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`)
  if (scale === 0) return String(value)
  let digits = String(Math.abs(value))
  if (digits.length <= scale) digits = digits.padStart(scale + 1, '0')
  const point = digits.length - scale
  const text = `${digits.slice(0, point)}.${digits.slice(point)}`
  return value < 0 ? `-${text}` : text
}

/** A figure that would leave the safe integers, where it could no longer be exact. */
export class OutOfRange extends RangeError {
  constructor() {
    super('a figure leaves the range in which integers are exact')
    this.name = 'OutOfRange'
  }
}

/** The product, or OutOfRange when it leaves the safe integers. */
export function times(a: number, b: number): number {
  return safe(a * b)
}

/** The sum, or OutOfRange when it leaves the safe integers. */
export function plus(a: number, b: number): number {
  return safe(a + b)
}

function safe(n: number): number {
  if (!Number.isSafeInteger(n)) throw new OutOfRange()
  return n === 0 ? 0 : n // -0 is no value of ours
}
