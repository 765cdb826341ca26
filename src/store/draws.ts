import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { Database, DrawsTable } from './database.ts'

export type Draw = Selectable<DrawsTable>

/** Adds the entry of a draw behind those of its round, which the caller has locked, and gives it. */
export async function insertDraw(db: Kysely<Database>, draw: Omit<Insertable<DrawsTable>, 'entry'>): Promise<Draw> {
  const { authority, round } = draw
  const entry = sql<number>`(select coalesce(max(entry), 0) + 1 from draws where authority = ${authority} and round = ${round})`
  return db
    .insertInto('draws')
    .values({ ...draw, entry })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The entries of a round's draw, in the order in which they were made; the last one counts. */
export async function listDraws(db: Kysely<Database>, authority: string, round: string): Promise<Draw[]> {
  return db.selectFrom('draws').selectAll().where('authority', '=', authority).where('round', '=', round).orderBy('entry').execute()
}
