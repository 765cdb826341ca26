import { type EditionEntry, type EditionKind, listDigest, type SealedEdition, sealEdition } from '../publishing/edition.ts'
import { type PublishedEdition, verifyEdition } from '../publishing/verify-edition.ts'
import { getEdition, insertEdition, lastEdition } from '../store/editions.ts'
import { overWholeRound } from '../store/places.ts'
import { canonicalJson, type Json } from '../values/canonical-json.ts'
import { Refusal } from '../values/refusal.ts'
import { contentOf, type Published } from './edition-content.ts'
import { isAsSealed } from './editions.ts'
import type { Actor, Office } from './office.ts'

/** A sealed edition, and the digest of its list alone. */
export type Sealed = { edition: SealedEdition; listDigest: string }

/** The last edition of a round, read from its sealed document, and under which number the next one goes. */
export type Before = { last: PublishedEdition | undefined; next: number }

/**
 * Reads what was published last, in the transaction that will publish next.
 * @throws Refusal `round-altered` when its document is not the one that was sealed
 */
export async function publishedBefore(db: Office['db'], authority: string, round: string): Promise<Before> {
  const number = await lastEdition(db, authority, round)
  if (number === undefined) return { last: undefined, next: 1 }
  const stored = await getEdition(db, authority, round, number)
  if (!stored || !isAsSealed(stored))
    throw new Refusal('round-altered', `Edition ${number} of round ${round} is not what was sealed; restore it from the backup.`)
  return { last: JSON.parse(stored.document), next: number + 1 }
}

/**
 * Seals the list as it stands in this transaction under the next number. It is checked first as a citizen would check the file, and against the
 * edition before: outside of what this edition amends nothing that was published changes.
 * @throws Refusal `list-changed`
 */
export async function sealNext(
  office: Office,
  actor: Actor,
  db: Office['db'],
  published: Published,
  { last, next }: Before,
  { kind, reason }: { kind: EditionKind; reason: string },
): Promise<Sealed> {
  const edition = sealEdition({
    ...(await overWholeRound(db, () => contentOf(office, db, published))),
    kind,
    edition: next,
    supersedes: last?.digest ?? null,
    reason,
    sealedAt: office.now(),
    sealedBy: actor.client,
  })
  const document = canonicalJson(edition as unknown as Json)
  const [fault] = verifyEdition(document).faults
  if (fault) throw new Error(`the edition does not hold: ${fault.pointer} ${fault.message}`)
  if (last && !continues(last, edition))
    throw new Refusal(
      'list-changed',
      `The list is not that of edition ${last.edition}; what was published does not change. Restore the database from its backup.`,
    )
  const { authority, round, digest, supersedes, sealedAt, sealedBy, entries } = edition
  await insertEdition(
    db,
    {
      authority,
      round,
      edition: next,
      kind,
      run: published.run.run,
      document,
      digest,
      supersedes,
      reason,
      sealed_by: sealedBy,
      sealed_at: sealedAt,
    },
    entries.map(({ rank, publicNumber, name, total, pool, through }) => ({
      rank,
      public_number: publicNumber,
      name_masked: name,
      total,
      pool: pool ?? null,
      through: through ?? null,
    })),
  )
  return { edition, listDigest: listDigest(edition) }
}

/** Whether an edition says the same as the one before, but for what it amends and for pools that were set aside before. */
function continues(last: PublishedEdition, edition: SealedEdition): boolean {
  const amended = edition.amendments?.filter(one => one.edition === edition.edition) ?? []
  const removed = new Set(amended.flatMap(one => one.removed))
  const added = new Set(amended.flatMap(one => one.added))
  const changed = new Set(amended.flatMap(one => one.changed))
  const pools = last.format === 2 ? last.pools : undefined
  const known = pools && new Set(pools.map(one => one.pool))
  const isKnown = (entry: EditionEntry) => known === undefined || known.has(entry.pool as string)

  const textOf = (value: unknown) => canonicalJson(value as Json)
  const cutOffs = new Map(edition.pools?.map(one => [one.pool, textOf(one.cutOff)]))
  if (textOf(last.cutOff ?? null) !== textOf(edition.cutOff ?? null)) return false
  if (pools?.some(one => cutOffs.get(one.pool) !== textOf(one.cutOff))) return false

  const now = new Map(edition.entries.map(entry => [entry.publicNumber, entry]))
  for (const before of last.entries) {
    const after = now.get(before.publicNumber)
    if ((after === undefined) !== removed.has(before.publicNumber)) return false
    if (after && !changed.has(before.publicNumber) && textOf(after) !== textOf(before)) return false
  }
  const listed = new Set(last.entries.map(entry => entry.publicNumber))
  return edition.entries.every(entry => listed.has(entry.publicNumber) !== added.has(entry.publicNumber) || !isKnown(entry))
}
