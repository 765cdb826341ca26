import { type EditionKind, listDigest, type SealedEdition, sealEdition } from '../publishing/edition.ts'
import { verifyEdition } from '../publishing/verify-edition.ts'
import { amendedBy } from '../store/amendments.ts'
import { insertEdition } from '../store/editions.ts'
import { canonicalJson, type Json } from '../values/canonical-json.ts'
import { Refusal } from '../values/refusal.ts'
import { continues } from './continues.ts'
import { type Content, contentOf, type Published } from './edition-content.ts'
import type { Actor, Office } from './office.ts'
import { type Before, poolsMissing } from './published-before.ts'

/** A sealed edition, and the digest of its list alone. */
export type Sealed = { edition: SealedEdition; listDigest: string }

/** Of which kind an edition is and why; and the households whose places it amends. */
export type Sealing = { kind: EditionKind; reason: string; units?: readonly Buffer[] }

/**
 * Seals the list as it stands in this transaction under the next number. It is checked first as a citizen would check the file, and against the
 * edition before: outside of the households that it amends nothing that was published changes.
 * @throws Refusal `list-changed`; `round-altered`
 */
export async function sealNext(
  office: Office,
  actor: Actor,
  db: Office['db'],
  published: Published,
  before: Before,
  { kind, reason, units = [] }: Sealing,
): Promise<Sealed> {
  const content = await contentOf(office, db, published)
  await followsLast(office, db, published, before, { units, content })
  const { last, next } = before
  const edition = sealEdition({
    ...content,
    kind,
    edition: next,
    supersedes: last?.digest ?? null,
    reason,
    sealedAt: office.now(),
    sealedBy: actor.client,
  })
  const document = canonicalJson(edition as unknown as Json)
  const [fault] = verifyEdition(document).faults
  if (fault)
    throw new Refusal(
      'round-altered',
      `What is stored of round ${edition.round} gives no list that holds (${fault.pointer}: ${fault.message}); restore the database from its backup.`,
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

/**
 * Checks that the list of a round, as it stands in this transaction, is that of the last edition but for the households that the next one amends.
 * @throws Refusal `list-changed`; `round-altered` when places of other households were amended
 */
export async function followsLast(
  office: Office,
  db: Office['db'],
  published: Published,
  { last, next }: Before,
  { units, content }: { units: readonly Buffer[]; content?: Content },
): Promise<void> {
  const { authority, round } = published.round
  const rows = await amendedBy(db, { authority, round, edition: next })
  const amended = new Set(rows.map(row => row.unit))
  const asked = units.map(unit => unit.toString('hex'))
  if (amended.size !== asked.length || !asked.every(unit => amended.has(unit)))
    throw new Refusal(
      'round-altered',
      `Places of round ${round} were amended that edition ${next} does not amend; restore the database from its backup.`,
    )
  if (last === undefined) return
  // The pools of the edition before: others are only added.
  const setAside = poolsMissing(last)
  const isSame = content !== undefined && canonicalJson([...setAside]) === canonicalJson([...published.setAside] as Json)
  const known = isSame ? content : await contentOf(office, db, { ...published, setAside })
  if (!continues(last, known, new Set(rows.flatMap(row => row.publicNumber ?? []))))
    throw new Refusal(
      'list-changed',
      `The list is not that of edition ${last.edition}; what was published does not change. Restore the database from its backup.`,
    )
}
