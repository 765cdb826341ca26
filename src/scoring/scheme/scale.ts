import { times } from '../../values/decimal.ts'
import type { Rational } from '../../values/rational.ts'
import { type RoundingMode, roundQuotient } from '../../values/rounding.ts'

/** How a value is brought to a declared number of decimals. */
export type Scale = { scale: number; rounding: RoundingMode | 'none' }

/** num/den as an integer at a scale, rounded as declared. With `none` it is exact there: a scheme in which it might not be is refused. */
export function quotientToScale(num: number, den: number, { scale, rounding }: Scale): number {
  const scaled = times(num, 10 ** scale)
  if (rounding !== 'none') return roundQuotient(scaled, den, rounding)
  if (scaled % den !== 0) throw new RangeError('a value without declared rounding does not end at its scale')
  return scaled / den
}

export function toScale(value: Rational, scale: Scale): number {
  return quotientToScale(value.num, value.den, scale)
}
