import type { SealedEdition } from '../edition.ts'
import { compareDecimals, type FaultList, isBehind } from '../faults.ts'
import { type PoolView, poolsOf } from './pools.ts'

/**
 * Public numbers differ; entries stand by pool, rank and public number, or by public number where a score line decides. Of a list that nothing has
 * amended, ranks are 1-2-2-4 over the admitted (a household that was too large may be passed over), totals fall where the total decides first, and the cut-off is that of the last admitted.
 */
export function rankFaults(edition: SealedEdition, add: FaultList): void {
  const { entries, pools, scoreLine } = edition
  const fault = (pointer: string, message: string) => add('wrong-order', pointer, message)
  const seen = new Set<string>()
  const place = new Map(pools?.map((one, i) => [one.pool, i]))
  for (const [i, entry] of entries.entries()) {
    if (seen.has(entry.publicNumber)) fault(`/entries/${i}/publicNumber`, 'this public number stands in the list twice')
    seen.add(entry.publicNumber)
    const before = entries[i - 1]
    if (before && pools && (place.get(entry.pool as string) as number) < (place.get(before.pool as string) as number))
      fault(`/entries/${i}/pool`, 'entries stand in the order of the pools')
    if (scoreLine === undefined) continue
    if (before && !isBehind(entry.publicNumber, before.publicNumber)) fault(`/entries/${i}/publicNumber`, 'entries stand by public number')
    if (compareDecimals(entry.total, scoreLine) < 0) fault(`/entries/${i}/total`, 'this total does not reach the score line')
  }
  if (scoreLine === undefined)
    for (const pool of poolsOf(edition)) {
      orderFaults(edition, pool, fault)
      cutOffFaults(edition, pool, add)
    }
}

function orderFaults(edition: SealedEdition, { entries }: PoolView, fault: (pointer: string, message: string) => void): void {
  const order = edition.order as NonNullable<SealedEdition['order']>
  const first = order[0]
  const isAmended = edition.amendments !== undefined
  const mayPassOver = edition.straddle !== undefined
  entries.forEach(({ entry, pointer }, i) => {
    const before = entries[i - 1]?.entry
    const isShared = entry.rank === before?.rank
    if (before && entry.rank < before.rank) fault(`${pointer}/rank`, 'ranks do not rise')
    if (!isAmended && (mayPassOver ? entry.rank < i + 1 && !isShared : entry.rank !== i + 1 && !isShared))
      fault(`${pointer}/rank`, `the rank is neither the place ${i + 1} nor shared with the one before`)
    if (!before) return
    if (isShared && !isBehind(entry.publicNumber, before.publicNumber))
      fault(`${pointer}/publicNumber`, 'within a rank, entries stand by public number')
    if (isAmended || first?.key !== 'total') return
    const falls = compareDecimals(before.total, entry.total) * (first.direction === 'desc' ? 1 : -1)
    if (falls < 0) fault(`${pointer}/total`, 'this total is better than the one before it')
    if (isShared && falls !== 0) fault(`${pointer}/total`, 'a rank is shared, but not the total')
    if (order.length === 1 && falls === 0 && !isShared) fault(`${pointer}/rank`, 'equal totals share one rank')
  })
}

function cutOffFaults(edition: SealedEdition, { cutOff, admitted, entries, pointer }: PoolView, add: FaultList): void {
  const order = edition.order as NonNullable<SealedEdition['order']>
  const message = 'the cut-off is the chain of the last admitted in the first round, and none if nobody is'
  if ((cutOff === null) !== (admitted === 0) || (cutOff && cutOff.length !== order.length))
    add('wrong-cut-off', `${pointer}/cutOff`, message)
  else if (cutOff && order[0]?.key === 'total' && edition.amendments === undefined) {
    const last = entries.findLast(({ entry }) => entry.through === undefined)?.entry
    if (last && cutOff[0] !== last.total) add('wrong-cut-off', `${pointer}/cutOff/0`, `the last admitted has ${last.total}`)
  }
}
