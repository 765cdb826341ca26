import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { Database, SchemesTable } from './database.ts'
import { refusing } from './errors.ts'

export type StoredScheme = Selectable<SchemesTable>
/** A scheme without its documents. */
export type SchemeHead = Omit<StoredScheme, 'source' | 'vocabulary'>
export type SchemeKey = { scheme: string; version: string }

const head = ['digest', 'scheme', 'version', 'status', 'stored_at'] as const

/** Stores a scheme; false when this very one is stored already. Refuses: `scheme-version-exists`. */
export async function insertScheme(db: Kysely<Database>, scheme: Insertable<SchemesTable>): Promise<boolean> {
  const statement = db.insertInto('schemes').values(scheme)
  const stored = await refusing(
    statement
      .onConflict(c => c.column('digest').doNothing())
      .returning('digest')
      .executeTakeFirst(),
  )
  return stored !== undefined
}

export async function getScheme(db: Kysely<Database>, digest: string): Promise<StoredScheme | undefined> {
  return db.selectFrom('schemes').selectAll().where('digest', '=', digest).executeTakeFirst()
}

export async function findScheme(db: Kysely<Database>, { scheme, version }: SchemeKey): Promise<StoredScheme | undefined> {
  return db.selectFrom('schemes').selectAll().where('scheme', '=', scheme).where('version', '=', version).executeTakeFirst()
}

/** At most `limit` of them by scheme and version, behind the one given. */
export async function listSchemes(db: Kysely<Database>, page: { after?: SchemeKey | undefined; limit: number }): Promise<SchemeHead[]> {
  let query = db.selectFrom('schemes').select(head).orderBy('scheme').orderBy('version').limit(page.limit)
  if (page.after) query = query.where(sql<boolean>`(scheme, version) > (${page.after.scheme}, ${page.after.version})`)
  return query.execute()
}
