import type { EditionEntry } from '../publishing/edition.ts'
import type { PublishedEdition } from '../publishing/verify-edition.ts'
import {
  editionDigest,
  getEdition,
  listEditionEntries,
  listEditions,
  type Edition as StoredEdition,
  type EditionEntry as StoredEntry,
} from '../store/editions.ts'
import type { Json } from '../values/canonical-json.ts'
import { digestOf, digestOfText } from '../values/digest.ts'
import { Refusal } from '../values/refusal.ts'
import type { Office } from './office.ts'

/** The editions of a round without their documents, oldest first. What is listed here is public. */
export async function editionsOf(office: Office, authority: string, round: string): Promise<Omit<StoredEdition, 'document'>[]> {
  return listEditions(office.reads, authority, round)
}

/**
 * A sealed edition with its document.
 * @throws Refusal `unknown-edition`; `round-altered` when the document is not the one that was sealed
 */
export async function editionOf(office: Office, authority: string, round: string, edition: number): Promise<StoredEdition> {
  const found = await getEdition(office.reads, authority, round, edition)
  if (!found) throw new Refusal('unknown-edition', `Round ${round} has no edition ${edition}.`)
  if (!isAsSealed(found))
    throw new Refusal('round-altered', `Edition ${edition} of round ${round} is not what was sealed; restore it from the backup.`)
  return found
}

/**
 * Editions that were found to have their digest, by the bytes they had. Reading and writing out 6000 entries anew takes 17 ms and hashing their text
 * 0.8 ms (2026-11-24), so the first is done once in a process. There are as many as published lists.
 */
const foundSealed = new Set<string>()

/** Whether a stored document is the one that was sealed, under its own number. */
export function isAsSealed({ authority, round, edition, digest, document }: StoredEdition): boolean {
  const key = `${authority}/${round}/${edition} ${digest} ${digestOfText(document)}`
  if (foundSealed.has(key)) return true
  const { digest: own, ...content } = readSealed(document)
  const isSound =
    content.authority === authority &&
    content.round === round &&
    content.edition === edition &&
    own === digest &&
    digestOf(content as Json) === digest
  if (isSound) foundSealed.add(key)
  return isSound
}

function readSealed(document: string): { [field: string]: unknown } {
  try {
    return Object(JSON.parse(document))
  } catch {
    return {}
  }
}

/**
 * A page of a published list, behind a position.
 * @throws Refusal `round-altered` when the list is not that of the sealed document
 */
export async function editionEntries(
  office: Office,
  page: { authority: string; round: string; edition: number; after?: number | undefined; limit: number },
): Promise<StoredEntry[]> {
  await listIsAsSealed({ db: office.reads, reads: office.reads }, page)
  return listEditionEntries(office.reads, page)
}

/** Of each database the editions of which the list was found to be that of the sealed document. */
const foundListed = new WeakMap<Office['reads'], Set<string>>()

/**
 * Compares the list of an edition, as it lies there to be read in parts, with its sealed document, once in a process. Of an edition that is not there nothing
 * is said.
 * @throws Refusal `round-altered`
 */
export async function listIsAsSealed(
  { db, reads }: Pick<Office, 'db' | 'reads'>,
  of: { authority: string; round: string; edition: number },
): Promise<void> {
  const { authority, round, edition } = of
  const digest = await editionDigest(db, of)
  const key = `${authority}/${round}/${edition} ${digest}`
  const found = foundListed.get(reads) ?? new Set()
  foundListed.set(reads, found)
  if (digest === undefined || found.has(key)) return
  const stored = await getEdition(db, authority, round, edition)
  if (stored && isAsSealed(stored)) {
    const { entries } = JSON.parse(stored.document) as Pick<PublishedEdition, 'entries'>
    const listed = await listEditionEntries(db, { authority, round, edition, limit: entries.length + 1 })
    if (listed.length === entries.length && entries.every((entry, i) => isEntry(listed[i] as StoredEntry, entry, i + 1))) {
      found.add(key)
      return
    }
  }
  throw new Refusal('round-altered', `The list of edition ${edition} of round ${round} is not what was sealed; restore it from the backup.`)
}

function isEntry(stored: StoredEntry, { rank, publicNumber, name, total, pool, through }: EditionEntry, position: number): boolean {
  return (
    stored.position === position &&
    stored.rank === rank &&
    stored.public_number === publicNumber &&
    stored.name_masked === name &&
    stored.total === total &&
    stored.pool === (pool ?? null) &&
    stored.through === (through ?? null)
  )
}
