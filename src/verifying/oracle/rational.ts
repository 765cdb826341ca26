/*
 * Exact figures: a fraction of two whole numbers, in lowest terms, the lower one above 0.
 */

export type Rational = { readonly num: bigint; readonly den: bigint }
export type Mode = 'half-up' | 'half-even' | 'floor' | 'ceiling'

export function fraction(num: bigint, den = 1n): Rational {
  const divisor = commonDivisor(num < 0n ? -num : num, den < 0n ? -den : den) * (den < 0n ? -1n : 1n)
  return { num: num / divisor, den: den / divisor }
}

export const whole = (n: number) => fraction(BigInt(n))
export const zero = whole(0)

/** "-12.50" is -1250/100. */
export function figure(text: string): Rational {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!parts) throw new Error(`"${text}" is no figure`)
  const [, sign, units = '', decimals = ''] = parts
  return fraction(BigInt(`${sign}${units}${decimals}`), 10n ** BigInt(decimals.length))
}

export const plus = (a: Rational, b: Rational) => fraction(a.num * b.den + b.num * a.den, a.den * b.den)
export const negative = (a: Rational) => fraction(-a.num, a.den)
export const minus = (a: Rational, b: Rational) => plus(a, negative(b))
export const times = (a: Rational, b: Rational) => fraction(a.num * b.num, a.den * b.den)
export const over = (a: Rational, b: Rational) => fraction(a.num * b.den, a.den * b.num)
/** Below 0, 0 or above 0, as a is less than, equal to or more than b. */
export const compare = (a: Rational, b: Rational) => Number(a.num * b.den > b.num * a.den) - Number(a.num * b.den < b.num * a.den)
export const smaller = (a: Rational, b: Rational) => (compare(a, b) <= 0 ? a : b)
export const larger = (a: Rational, b: Rational) => (compare(a, b) >= 0 ? a : b)

/** The whole number at or below. */
export const floor = (a: Rational) => fraction(a.num / a.den - (a.num < 0n && a.num % a.den !== 0n ? 1n : 0n))
export const ceiling = (a: Rational) => negative(floor(negative(a)))

export function rounded(a: Rational, scale: number, mode: Mode): Rational {
  const one = fraction(1n, 10n ** BigInt(scale))
  return times(wholeBy(over(a, one), mode), one)
}

function wholeBy(a: Rational, mode: Mode): Rational {
  const below = floor(a)
  const half = compare(minus(a, below), fraction(1n, 2n))
  switch (mode) {
    case 'floor':
      return below
    case 'ceiling':
      return ceiling(a)
    case 'half-up': // a tie goes away from zero
      return half > 0 || (half === 0 && a.num > 0n) ? plus(below, whole(1)) : below
    case 'half-even': // a tie goes to the even neighbour
      return half > 0 || (half === 0 && below.num % 2n !== 0n) ? plus(below, whole(1)) : below
  }
}

/** The figure in whole units of so many decimals; one that needs more is an error, never rounded here. */
export function unitsOf(a: Rational, scale: number): number {
  return Number(decimal(a, scale).replace('.', ''))
}

/** The figure with so many decimals; one that needs more is an error, never rounded here. */
export function decimal(a: Rational, scale: number): string {
  const units = times(a, fraction(10n ** BigInt(scale)))
  if (units.den !== 1n) throw new Error(`${a.num}/${a.den} has more than ${scale} decimals`)
  const digits = String(units.num < 0n ? -units.num : units.num).padStart(scale + 1, '0')
  const cut = digits.length - scale
  return `${units.num < 0n ? '-' : ''}${digits.slice(0, cut)}${scale > 0 ? '.' : ''}${digits.slice(cut)}`
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b)
}
