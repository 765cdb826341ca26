import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { Database, EditionEntriesTable, EditionsTable } from './database.ts'
import { refusing } from './errors.ts'

export type Edition = Selectable<EditionsTable>
export type EditionEntry = Selectable<EditionEntriesTable>
export type NewEditionEntry = Pick<EditionEntry, 'rank' | 'public_number' | 'name_masked' | 'total'> &
  Partial<Pick<EditionEntry, 'pool' | 'through'>>

/** Stores a sealed edition and, before it, its entries in their order, positions from 1; in one transaction. Refuses `edition-exists`, `never-changes`. */
export async function insertEdition(
  db: Kysely<Database>,
  edition: Insertable<EditionsTable>,
  entries: readonly NewEditionEntry[],
): Promise<void> {
  const entriesFirst = sql`
    insert into edition_entries (authority, round, edition, position, rank, public_number, name_masked, total, pool, through)
    select ${edition.authority}, ${edition.round}, ${edition.edition}::int4, list.position, list.rank, list.public_number, list.name_masked, list.total,
      list.pool, list.through
    from unnest(
      ${entries.map(e => e.rank)}::int4[], ${entries.map(e => e.public_number)}::text[], ${entries.map(e => e.name_masked)}::text[],
      ${entries.map(e => e.total)}::text[], ${entries.map(e => e.pool ?? null)}::text[], ${entries.map(e => e.through ?? null)}::text[]
    ) with ordinality as list (rank, public_number, name_masked, total, pool, through, position)`.execute(db)
  await refusing(entriesFirst)
  await refusing(db.insertInto('editions').values(edition).execute())
}

export async function getEdition(db: Kysely<Database>, authority: string, round: string, edition: number): Promise<Edition | undefined> {
  const query = db.selectFrom('editions').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('edition', '=', edition).executeTakeFirst()
}

/** The editions of a round without their documents, oldest first; there are few. */
export async function listEditions(db: Kysely<Database>, authority: string, round: string): Promise<Omit<Edition, 'document'>[]> {
  return db
    .selectFrom('editions')
    .select(['authority', 'round', 'edition', 'kind', 'run', 'digest', 'supersedes', 'reason', 'sealed_by', 'sealed_at'])
    .where('authority', '=', authority)
    .where('round', '=', round)
    .orderBy('edition')
    .execute()
}

/** The last edition of a round by number; undefined if nothing is published. */
export async function lastEdition(db: Kysely<Database>, authority: string, round: string): Promise<number | undefined> {
  const query = db.selectFrom('editions').select('edition').where('authority', '=', authority).where('round', '=', round)
  return (await query.orderBy('edition', 'desc').limit(1).executeTakeFirst())?.edition
}

/** What an edition says of one public number; undefined if it does not name it. */
export async function editionEntryOf(
  db: Kysely<Database>,
  { authority, round, edition, publicNumber }: { authority: string; round: string; edition: number; publicNumber: string },
): Promise<EditionEntry | undefined> {
  const query = db.selectFrom('edition_entries').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('edition', '=', edition).where('public_number', '=', publicNumber).executeTakeFirst()
}

/** At most `limit` entries of an edition behind a position. */
export async function listEditionEntries(
  db: Kysely<Database>,
  page: { authority: string; round: string; edition: number; after?: number | undefined; limit: number },
): Promise<EditionEntry[]> {
  return db
    .selectFrom('edition_entries')
    .selectAll()
    .where('authority', '=', page.authority)
    .where('round', '=', page.round)
    .where('edition', '=', page.edition)
    .where('position', '>', page.after ?? 0)
    .orderBy('position')
    .limit(page.limit)
    .execute()
}

/** The digest under which an edition was sealed; undefined if there is none. */
export async function editionDigest(
  db: Kysely<Database>,
  { authority, round, edition }: { authority: string; round: string; edition: number },
): Promise<string | undefined> {
  const query = db.selectFrom('editions').select('digest').where('authority', '=', authority).where('round', '=', round)
  return (await query.where('edition', '=', edition).executeTakeFirst())?.digest
}

/** Whether something is stored as part of an edition of this number or a later one. */
export async function hasPartsFrom(
  db: Kysely<Database>,
  { authority, round, edition }: { authority: string; round: string; edition: number },
): Promise<boolean> {
  const parts = ['edition_entries', 'amendments', 'corrections'].map(
    table =>
      sql`exists (select from ${sql.table(table)} p where p.authority = ${authority} and p.round = ${round} and p.edition >= ${edition})`,
  )
  const { rows } = await sql<{ found: boolean }>`select ${sql.join(parts, sql` or `)} as found`.execute(db)
  return rows[0]?.found === true
}
