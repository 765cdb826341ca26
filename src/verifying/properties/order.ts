import type { Find } from '../findings.ts'
import type { RankProperty } from '../property.ts'
import type { VerifyContext } from '../stored.ts'

/** R6: going down the ranks, no chain is better than the one before. R7: each rank is one more than the number of better chains. */
export function order(context: VerifyContext, find: Find): RankProperty {
  let before: readonly number[] | null = null
  return {
    standing({ position, chain, rows }) {
      const first = rows[0]?.publicNumber ?? null
      if (chain === null) find('R6', first, 'the entry has a rank but no whole chain to compare')
      else {
        if (before !== null && isBetter(chain, before, context)) find('R6', first, 'the chain is better than the one ranked before it')
        before = chain
      }
      for (const { publicNumber, rank } of rows) {
        if (rank !== position) find('R7', publicNumber, `the rank is ${rank}, but ${position - 1} are ranked better`)
      }
    },
    end() {},
  }
}

function isBetter(a: readonly number[], b: readonly number[], context: VerifyContext): boolean {
  const first = context.order.findIndex((_, i) => a[i] !== b[i])
  if (first < 0) return false
  const [x, y] = [a[first] as number, b[first] as number]
  return context.order[first]?.direction === 'desc' ? x > y : x < y
}
