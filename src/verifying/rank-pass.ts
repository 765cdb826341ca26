import { type Report, startReport } from './findings.ts'
import { rankProperties } from './properties/all.ts'
import type { Standing } from './property.ts'
import { type RankedRow, sameNumbers, type VerifyContext, wholeChain } from './stored.ts'

/**
 * The second pass (R6 to R10, cut-off and line of R11): takes every entry that has a rank, in the order of ranks. `end` gives the report.
 * @throws Error when the rows come in another order: then the caller is at fault, not the run
 */
export function createRankPass(context: VerifyContext): { row(row: RankedRow): void; end(): Report } {
  const { find, report } = startReport()
  const properties = rankProperties.map(property => property(context, find))
  let standing: Standing = { position: 1, chain: null, rows: [] }
  let lastRank = Number.NEGATIVE_INFINITY

  const close = () => {
    if (standing.rows.length > 0) for (const property of properties) property.standing(standing)
  }
  return {
    row(row) {
      if (row.rank === null) return
      if (row.rank < lastRank) throw new Error('the rows are not in the order of ranks')
      lastRank = row.rank
      const chain = wholeChain(row.chain, context.order.length)
      if (standing.rows.length > 0 && chain !== null && sameNumbers(chain, standing.chain)) {
        standing.rows.push(row)
        return
      }
      close()
      standing = { position: standing.position + standing.rows.length, chain, rows: [row] }
    },
    end() {
      close()
      for (const property of properties) property.end()
      return report()
    },
  }
}
