import { createHash } from 'node:crypto'
import type { Static } from 'typebox'
import { compareDecimals, type FaultList } from './faults.ts'
import type { FirstFormatSchema } from './first-format-schema.ts'

/** An edition of the first format: one pool, applicants alone, a lot by a seed. Such editions stay as they were sealed, and none is made any more. */
export type FirstFormat = Omit<Static<typeof FirstFormatSchema>, 'digest'>

/** What such a file shows: ranks, order, quota, line, lot and cut-off fit each other. */
export function firstFormatFaults(edition: FirstFormat, faults: FaultList): void {
  rankFaults(edition, faults)
  quotaFaults(edition, faults)
  lotFaults(edition, faults)
}

/** Ranks are 1-2-2-4 over the admitted, public numbers differ and stand in byte order within a rank, and totals fall where the total decides first. */
function rankFaults({ entries, order, cutOff }: FirstFormat, add: FaultList): void {
  const fault = (i: number, field: string, message: string) => add('wrong-order', `/entries/${i}/${field}`, message)
  const first = order[0]
  const seen = new Set<string>()
  for (const [i, entry] of entries.entries()) {
    const before = entries[i - 1]
    if (seen.has(entry.publicNumber)) fault(i, 'publicNumber', 'this public number stands in the list twice')
    seen.add(entry.publicNumber)
    if (entry.rank !== i + 1 && entry.rank !== before?.rank)
      fault(i, 'rank', `the rank is neither the place ${i + 1} nor shared with the one before`)
    if (!before) continue
    if (entry.rank === before.rank && entry.publicNumber <= before.publicNumber)
      fault(i, 'publicNumber', 'within a rank, entries stand by public number')
    if (first?.key !== 'total') continue
    const falls = compareDecimals(before.total, entry.total) * (first.direction === 'desc' ? 1 : -1)
    if (falls < 0) fault(i, 'total', 'this total is better than the one before it')
    if (entry.rank === before.rank && falls !== 0) fault(i, 'total', 'a rank is shared, but not the total')
    if (order.length === 1 && falls === 0 && entry.rank !== before.rank) fault(i, 'rank', 'equal totals share one rank')
  }
  const last = entries.at(-1)
  if ((cutOff === null) !== (last === undefined) || (cutOff && cutOff.length !== order.length))
    add('wrong-cut-off', '/cutOff', 'the cut-off is the chain of the last admitted, and none if nobody is')
  else if (cutOff && last && first?.key === 'total' && cutOff[0] !== last.total)
    add('wrong-cut-off', '/cutOff/0', `the last admitted has ${last.total}`)
}

function quotaFaults({ entries, counts, quota, line }: FirstFormat, add: FaultList): void {
  const fault = (pointer: string, message: string) => add('wrong-count', pointer, message)
  const { applicants, eligible, admitted, atLine } = counts
  if (admitted !== entries.length) fault('/counts/admitted', `the list has ${entries.length} entries`)
  if (eligible > applicants) fault('/counts/eligible', 'more are eligible than have applied')
  if (admitted > eligible) fault('/counts/admitted', 'more are admitted than are eligible')
  const wanted = Math.min(quota.places, eligible)
  const lastRank = entries.at(-1)?.rank
  const tied = entries.filter(entry => entry.rank === lastRank).length
  if (atLine === 0 || line.rule === 'lot') {
    if (admitted !== wanted) fault('/counts/admitted', `the quota admits ${wanted}`)
  } else if (line.rule === 'admit-all') {
    if (admitted <= quota.places || tied !== atLine || admitted - atLine >= quota.places)
      fault('/counts/atLine', 'the line does not cut through those who share the last rank')
  } else if (admitted >= quota.places || admitted + atLine <= quota.places) {
    fault('/counts/atLine', 'those who share the line and are not admitted do not reach over the quota')
  }
}

function lotFaults({ line, counts }: FirstFormat, add: FaultList): void {
  if (line.rule !== 'lot') return
  if (line.lotSeedDigest === null) add('wrong-lot', '/line/lotSeedDigest', 'a lot needs a seed that was committed beforehand')
  else if (line.lotSeed === null) {
    if (counts.atLine > 0) add('wrong-lot', '/line/lotSeed', 'a lot was drawn, so its seed must be revealed')
  } else if (seedDigest(line.lotSeed) !== line.lotSeedDigest) add('wrong-lot', '/line/lotSeed', 'this is not the seed that was committed')
}

/** What committed a seed: SHA-256 of its bytes. */
function seedDigest(hex: string): string {
  return `sha256:${createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')}`
}
