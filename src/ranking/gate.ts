import { parseDecimal } from '../values/decimal.ts'
import { Refusal } from '../values/refusal.ts'
import type { RoundRules } from './rules.ts'

/**
 * The least total that may be ranked, in units of the total's scale; null without such a gate.
 * @throws Refusal `invalid-rules` when the gate has more decimals than the total
 */
export function gateInUnits(rules: Pick<RoundRules, 'gateAtLeast'>, totalScale: number): number | null {
  if (rules.gateAtLeast === null) return null
  const least = parseDecimal(rules.gateAtLeast, totalScale)
  if (least !== undefined) return least
  const message = `"${rules.gateAtLeast}" cannot be compared with a total of ${totalScale} decimals; write it with as many at most`
  throw new Refusal('invalid-rules', [{ code: 'gate-beyond-scale', pointer: '/gate/atLeast', message }])
}
