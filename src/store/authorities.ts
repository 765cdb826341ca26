import type { Kysely, Selectable } from 'kysely'
import type { AuthoritiesTable, Database, Words } from './database.ts'
import { refusing } from './errors.ts'

export type Authority = Selectable<AuthoritiesTable>

/** Stores an authority or renames it. Refuses: `authority-name`. */
export async function putAuthority(db: Kysely<Database>, authority: string, name: Words): Promise<void> {
  const row = { authority, name: JSON.stringify(name) }
  const statement = db.insertInto('authorities').values(row)
  await refusing(statement.onConflict(c => c.column('authority').doUpdateSet({ name: row.name })).execute())
}

/** All of them, by name; an installation has a handful. */
export async function listAuthorities(db: Kysely<Database>): Promise<Authority[]> {
  return db.selectFrom('authorities').selectAll().orderBy('authority').execute()
}
