import Type from 'typebox'
import { times } from '../../values/decimal.ts'
import { gcd, type Rational, reduce } from '../../values/rational.ts'
import { type RoundingMode, roundingModes, roundQuotient } from '../../values/rounding.ts'
import type { Code, Emitted } from './code.ts'

/*
 * Bringing points to a declared number of decimals.
 */

export const Mode = Type.Unsafe<RoundingMode>({ type: 'string', enum: [...roundingModes] })

/** No rounding step has more decimals. */
export const mostDecimals = 9

/** A fraction rounded to so many decimals. */
export function roundRational(value: Rational, scale: number, mode: RoundingMode): Rational {
  const unit = 10 ** scale
  return reduce(roundQuotient(times(value.num, unit), value.den, mode), unit)
}

/** The source that brings an integer over `den` to an integer with so many decimals. */
export function emitRounded(code: Code, value: Emitted, den: number, scale: number, mode: RoundingMode): Emitted {
  const unit = 10 ** scale
  const common = gcd(unit, den)
  return code.quotient(code.times(value, unit / common), den / common, mode)
}
