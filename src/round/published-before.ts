import type { PublishedEdition } from '../publishing/verify-edition.ts'
import { getEdition, hasPartsFrom, lastEdition } from '../store/editions.ts'
import { Refusal } from '../values/refusal.ts'
import { isAsSealed } from './editions.ts'
import type { Office } from './office.ts'

/** The last edition of a round, read from its sealed document, and under which number the next one goes. */
export type Before = { last: PublishedEdition | undefined; next: number }

/**
 * Reads what was published last, in the transaction that will publish next.
 * @throws Refusal `round-altered` when its document is not the one that was sealed, or when parts of an edition to come are stored already
 */
export async function publishedBefore(db: Office['db'], authority: string, round: string): Promise<Before> {
  const number = await lastEdition(db, authority, round)
  const next = (number ?? 0) + 1
  if (await hasPartsFrom(db, { authority, round, edition: next }))
    throw new Refusal(
      'round-altered',
      `Parts of edition ${next} of round ${round} or of a later one are stored, and it was never sealed; restore the database from its backup.`,
    )
  return { last: number === undefined ? undefined : await sealedDocument(db, authority, round, number), next }
}

/**
 * All editions of a round from their sealed documents, oldest first, one at a time. Each must supersede the one before.
 * @throws Refusal `round-altered`
 */
export async function* sealedDocuments(db: Office['db'], authority: string, round: string): AsyncGenerator<PublishedEdition> {
  const number = (await lastEdition(db, authority, round)) ?? 0
  let before: string | null = null
  for (let i = 1; i <= number; i++) {
    const edition = await sealedDocument(db, authority, round, i)
    if (edition.supersedes !== before) throw notAsSealed(round, i)
    yield edition
    before = edition.digest
  }
}

/** The pools that the last edition lacks, with the codes of what was found. */
export function poolsMissing(last: PublishedEdition | undefined): Map<string, string[]> {
  const setAside = last?.format === 2 ? (last.setAside ?? []) : []
  return new Map(setAside.map(({ pool, reason }) => [pool, reason]))
}

async function sealedDocument(db: Office['db'], authority: string, round: string, number: number): Promise<PublishedEdition> {
  const stored = await getEdition(db, authority, round, number)
  if (!stored || !isAsSealed(stored)) throw notAsSealed(round, number)
  return JSON.parse(stored.document)
}

function notAsSealed(round: string, number: number): Refusal {
  return new Refusal('round-altered', `Edition ${number} of round ${round} is not what was sealed; restore it from the backup.`)
}
