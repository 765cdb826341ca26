import { formatDecimal, plus, times } from './decimal.ts'

/** An exact fraction in lowest terms; `den` is positive. Both are safe integers. */
export type Rational = { num: number; den: number }

export const rationalZero: Rational = { num: 0, den: 1 }

const figure = /^-?\d{1,15}(?:\.\d{1,9})?$/

/** Reads a decimal figure such as "3.5" as a fraction; undefined if it is none. */
export function parseFigure(text: string): Rational | undefined {
  if (!figure.test(text)) return undefined
  const fraction = text.split('.')[1] ?? ''
  const num = Number(text.replace('.', ''))
  if (!Number.isSafeInteger(num)) return undefined
  return reduce(num, 10 ** fraction.length)
}

export function gcd(a: number, b: number): number {
  let x = Math.abs(a)
  let y = Math.abs(b)
  while (y !== 0) [x, y] = [y, x % y]
  return x
}

export function lcm(a: number, b: number): number {
  if (a === b || b === 1) return a
  if (a === 1) return b
  return times(a / gcd(a, b), b)
}

export function reduce(num: number, den: number): Rational {
  if (den === 1) return { num: num === 0 ? 0 : num, den }
  if (den === 0) throw new RangeError('a figure is divided by zero')
  const divisor = gcd(num, den) * (den < 0 ? -1 : 1)
  return { num: num === 0 ? 0 : num / divisor, den: num === 0 ? 1 : den / divisor }
}

export function multiply(a: Rational, b: Rational): Rational {
  const x = reduce(a.num, b.den)
  const y = reduce(b.num, a.den)
  return { num: times(x.num, y.num), den: times(x.den, y.den) }
}

export function divide(a: Rational, b: Rational): Rational {
  return multiply(a, b.num < 0 ? { num: -b.den, den: -b.num } : { num: b.den, den: b.num })
}

export function add(a: Rational, b: Rational): Rational {
  const den = lcm(a.den, b.den)
  return reduce(plus(times(a.num, den / a.den), times(b.num, den / b.den)), den)
}

export function negate(a: Rational): Rational {
  return { num: a.num === 0 ? 0 : -a.num, den: a.den }
}

/** Negative, zero or positive as a is less than, equal to or greater than b. */
export function compare(a: Rational, b: Rational): number {
  if (a.den === b.den) return a.num - b.num
  const den = lcm(a.den, b.den)
  return times(a.num, den / a.den) - times(b.num, den / b.den)
}

/** The number of decimals that write it exactly, or undefined if it does not terminate. */
export function decimalsOf(a: Rational): number | undefined {
  let den = a.den
  let twos = 0
  let fives = 0
  while (den % 2 === 0) {
    den /= 2
    twos++
  }
  while (den % 5 === 0) {
    den /= 5
    fives++
  }
  return den === 1 ? Math.max(twos, fives) : undefined
}

/** As a decimal if it terminates within nine decimals ("24.5"), else as a fraction ("49/24"). */
export function formatRational(a: Rational): string {
  if (a.den === 1) return String(a.num)
  const decimals = decimalsOf(a)
  if (decimals === undefined || decimals > 9) return `${a.num}/${a.den}`
  const plain = a.num * (10 ** decimals / a.den)
  if (Number.isSafeInteger(plain)) return formatDecimal(plain, decimals)
  const scaled = (BigInt(a.num) * 10n ** BigInt(decimals)) / BigInt(a.den)
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(decimals + 1, '0')
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return scaled < 0n ? `-${text}` : text
}
