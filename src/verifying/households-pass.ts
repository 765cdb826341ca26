import { type Find, named } from './findings.ts'
import { isBetter, type MemberRow, type VerifyContext, wholeChain } from './stored.ts'

/**
 * Finds who is represented: takes every eligible entry that names a household, in the order of households. Of each household the one with the best chain
 * is the head, among equal chains the one with the smallest public number by its UTF-8 bytes. Keeps the applications that are represented. A household
 * in two pools is found (R13).
 * @throws Error when the rows come in another order: then the caller is at fault, not the run
 */
export function createHouseholdsPass(
  { order }: VerifyContext,
  find: Find,
): { row(row: MemberRow): void; represented: ReadonlySet<number> } {
  const represented = new Set<number>()
  let head: { row: MemberRow; chain: readonly number[] } | null = null
  return {
    represented,
    row(row) {
      const chain = wholeChain(row.chain, order.length)
      if (chain === null) return // R5 tells it
      const household = Buffer.from(row.household)
      const step = head === null ? 1 : household.compare(head.row.household)
      if (step < 0) throw new Error('the rows are not in the order of households')
      if (head === null || step > 0) {
        head = { row, chain }
        return
      }
      if (row.pool !== head.row.pool)
        find('R13', { application: row.publicNumber, pools: named(row.pool, head.row.pool) }, 'the household stands in two pools')
      const isHead =
        isBetter(chain, head.chain, order) ||
        (!isBetter(head.chain, chain, order) && Buffer.from(row.publicNumber).compare(Buffer.from(head.row.publicNumber)) < 0)
      represented.add(isHead ? head.row.application : row.application)
      if (isHead) head = { row, chain }
    },
  }
}
