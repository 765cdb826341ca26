import { createHash } from 'node:crypto'
import type { Json } from '../values/canonical-json.ts'
import { digestOf } from '../values/digest.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { shapeCheck } from '../values/shape.ts'
import type { SealedEdition } from './edition.ts'
import { SealedEditionSchema } from './edition-schema.ts'

const check = shapeCheck(SealedEditionSchema)

/**
 * Checks a published edition by itself, as anybody can who has the file: its digest, its counts, and that ranks, order, quota and cut-off fit each
 * other as far as a public list shows them. Gives every fault; none means that it holds.
 * @throws Refusal `no-edition` when the file is no JSON or has not the shape of an edition
 */
export function verifyEdition(text: string): { edition: SealedEdition; faults: Fault[] } {
  const value = parse(text)
  const shape = check(value)
  if (shape.length > 0) throw new Refusal('no-edition', shape)
  const edition = value as SealedEdition
  return { edition, faults: [...digestFaults(edition), ...rankFaults(edition), ...quotaFaults(edition), ...lotFaults(edition)] }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('no-edition', 'The file is not JSON; give the edition file as it was published.')
  }
}

function digestFaults({ digest, ...edition }: SealedEdition): Fault[] {
  let found: string
  try {
    found = digestOf(edition as unknown as Json)
  } catch {
    return [{ code: 'wrong-digest', pointer: '/digest', message: 'the edition has a value that no sealed edition can have' }]
  }
  return found === digest
    ? []
    : [{ code: 'wrong-digest', pointer: '/digest', message: `the content has the digest ${found}: it is not what was sealed` }]
}

/** Ranks are 1-2-2-4 over the admitted, public numbers differ and stand in byte order within a rank, and totals fall where the total decides first. */
function rankFaults({ entries, order, cutOff }: SealedEdition): Fault[] {
  const faults: Fault[] = []
  const fault = (i: number, field: string, message: string) =>
    faults.push({ code: 'wrong-order', pointer: `/entries/${i}/${field}`, message })
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
    faults.push({
      code: 'wrong-cut-off',
      pointer: '/cutOff',
      message: 'the cut-off is the chain of the last admitted, and none if nobody is',
    })
  else if (cutOff && last && first?.key === 'total' && cutOff[0] !== last.total)
    faults.push({ code: 'wrong-cut-off', pointer: '/cutOff/0', message: `the last admitted has ${last.total}` })
  return faults
}

function quotaFaults({ entries, counts, quota, line }: SealedEdition): Fault[] {
  const faults: Fault[] = []
  const fault = (pointer: string, message: string) => faults.push({ code: 'wrong-count', pointer, message })
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
  return faults
}

function lotFaults({ line, counts }: SealedEdition): Fault[] {
  if (line.rule !== 'lot') return []
  if (line.lotSeedDigest === null)
    return [{ code: 'wrong-lot', pointer: '/line/lotSeedDigest', message: 'a lot needs a seed that was committed beforehand' }]
  if (line.lotSeed === null)
    return counts.atLine === 0
      ? []
      : [{ code: 'wrong-lot', pointer: '/line/lotSeed', message: 'a lot was drawn, so its seed must be revealed' }]
  return seedDigest(line.lotSeed) === line.lotSeedDigest
    ? []
    : [{ code: 'wrong-lot', pointer: '/line/lotSeed', message: 'this is not the seed that was committed' }]
}

/** What commits a lot seed: SHA-256 of its bytes (docs/ranking.md, Digests and lots). */
function seedDigest(hex: string): string {
  return `sha256:${createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')}`
}

/** Decimal texts compared exactly, at any length. */
function compareDecimals(a: string, b: string): number {
  const scale = Math.max(fraction(a).length, fraction(b).length)
  const difference = scaled(a, scale) - scaled(b, scale)
  return difference === 0n ? 0 : difference > 0n ? 1 : -1
}

const fraction = (text: string) => text.split('.')[1] ?? ''
const scaled = (text: string, scale: number) => BigInt(text.replace('.', '') + '0'.repeat(scale - fraction(text).length))
