import { parseDecimal } from '../values/decimal.ts'
import { Refusal } from '../values/refusal.ts'
import type { RoundRules } from './rules.ts'

/**
 * The least total that may be ranked, or that a score line asks for, in units of the total's scale; null without such a gate.
 * @throws Refusal `invalid-rules` when it has more decimals than the total
 */
export function gateInUnits({ gateAtLeast, decides }: Pick<RoundRules, 'gateAtLeast' | 'decides'>, totalScale: number): number | null {
  if (gateAtLeast === null) return null
  const least = parseDecimal(gateAtLeast, totalScale)
  if (least !== undefined) return least
  const pointer = decides === 'score-line' ? '/scoreLine/atLeast' : '/gate/atLeast'
  const message = `"${gateAtLeast}" cannot be compared with a total of ${totalScale} decimals; write it with as many at most`
  throw new Refusal('invalid-rules', [{ code: 'gate-beyond-scale', pointer, message }])
}
