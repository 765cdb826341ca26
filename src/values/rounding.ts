/** half-up rounds a tie away from zero, half-even to the even digit, floor toward −∞, ceiling toward +∞. */
export type RoundingMode = 'half-up' | 'half-even' | 'floor' | 'ceiling'

export const roundingModes: readonly RoundingMode[] = ['half-up', 'half-even', 'floor', 'ceiling']

/** The integer that num/den rounds to. `den` is positive. Every step stays within the safe integers, up to their edge. */
export function roundQuotient(num: number, den: number, mode: RoundingMode): number {
  const signed = num % den // exact, with the sign of num
  const quotient = (num - signed) / den
  const floor = signed < 0 ? quotient - 1 : quotient
  if (signed === 0) return floor === 0 ? 0 : floor
  return roundUp(floor, signed < 0 ? signed + den : signed, den, num, mode) ? floor + 1 : floor
}

function roundUp(floor: number, remainder: number, den: number, num: number, mode: RoundingMode): boolean {
  const half = remainder - (den - remainder) // sign tells below, at or above the half, without doubling the remainder
  switch (mode) {
    case 'floor':
      return false
    case 'ceiling':
      return true
    case 'half-up':
      return half > 0 || (half === 0 && num > 0)
    case 'half-even':
      return half > 0 || (half === 0 && floor % 2 !== 0)
  }
}
