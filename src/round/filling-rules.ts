import type { RoundRules } from '../ranking/rules.ts'
import type { FillingRules } from '../verifying/stored.ts'

/** The rules by which places are filled, in the words of the verifier. What a key names does not matter to the filling. */
export function fillingRules({ order, pools, line, straddle, secondRound, reserve }: RoundRules): FillingRules {
  return {
    order: order.map(({ direction }) => ({ names: 'measure', direction })),
    pools,
    line: line ?? 'admit-all',
    straddle,
    secondRound,
    reserve,
  }
}
