import { compare, type Rational } from '../../values/rational.ts'

/*
 * Arithmetic of ranges whose ends may be open. `undefined` is minus infinity as a low end and plus infinity as a high end.
 */

type End = Rational | undefined

export function smallestLow(ends: readonly End[]): End {
  return ends.reduce((a, b) => (a === undefined || b === undefined ? undefined : compare(a, b) <= 0 ? a : b))
}

export function largestHigh(ends: readonly End[]): End {
  return ends.reduce((a, b) => (a === undefined || b === undefined ? undefined : compare(a, b) >= 0 ? a : b))
}

/** The larger of two low ends: minus infinity gives way. */
export function largerLow(a: End, b: End): End {
  return a === undefined ? b : b === undefined ? a : compare(a, b) >= 0 ? a : b
}

/** The smaller of two high ends: plus infinity gives way. */
export function smallerHigh(a: End, b: End): End {
  return a === undefined ? b : b === undefined ? a : compare(a, b) <= 0 ? a : b
}

export function sumOf(ends: readonly End[], add: (a: Rational, b: Rational) => Rational, zero: Rational): End {
  return ends.reduce<End>((a, b) => (a === undefined || b === undefined ? undefined : add(a, b)), zero)
}
