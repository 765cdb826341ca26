import { type Find, named } from './findings.ts'
import { isBetter, type RankedRow, sameNumbers, type VerifyContext, wholeChain } from './stored.ts'

/**
 * R6: going down the ranks of a pool, no chain is better than the one before. R7: each rank is one more than the number of heads with better chains.
 * Takes every standing that has a rank, pool by pool, in the order of ranks.
 * @throws Error when the rows come in another order: then the caller is at fault, not the run
 */
export function createRankPass(context: VerifyContext, find: Find): { row(row: RankedRow): void } {
  const { order } = context
  let pool: string | null | undefined
  const finished = new Set<string | null>()
  let rows = 0
  let lastRank = Number.NEGATIVE_INFINITY
  /** The chain of the row before, and how many rows stand before the first that has it. */
  let equal: { chain: readonly number[] | null; before: number } = { chain: null, before: 0 }
  /** The last whole chain. */
  let last: readonly number[] | null = null

  return {
    row(row) {
      if (row.pool !== pool) {
        if (pool !== undefined) finished.add(pool)
        if (finished.has(row.pool)) throw new Error('the rows are not in the order of pools')
        pool = row.pool
        rows = 0
        lastRank = Number.NEGATIVE_INFINITY
        last = null
      }
      if (row.rank < lastRank) throw new Error('the rows are not in the order of ranks')
      lastRank = row.rank
      const concern = { application: row.publicNumber, pools: named(row.pool) }
      if (context.decides === 'score-line') {
        find('R7', concern, 'the application has a rank, but a score line decides')
        return
      }
      const chain = wholeChain(row.chain, order.length)
      if (rows === 0 || chain === null || !sameNumbers(chain, equal.chain)) {
        equal = { chain, before: rows }
        if (chain === null) find('R6', concern, 'the application has a rank but no whole chain to compare')
        else if (last !== null && isBetter(chain, last, order)) find('R6', concern, 'the chain is better than the one ranked before it')
        last = chain ?? last
      }
      if (row.rank !== equal.before + 1) find('R7', concern, `the rank is ${row.rank}, but ${equal.before} are ranked better`)
      rows++
    },
  }
}
