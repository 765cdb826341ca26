import type { Insertable, Kysely, Selectable } from 'kysely'
import type { ClientsTable, Database } from './database.ts'
import { refusing } from './errors.ts'

export type Client = Selectable<ClientsTable>

/** Refuses: `client-exists`, `unknown-authority`. */
export async function addClient(db: Kysely<Database>, client: Insertable<ClientsTable>): Promise<void> {
  await refusing(db.insertInto('clients').values(client).execute())
}

/** The client whose key has this SHA-256 digest, unless it is revoked. */
export async function findClient(db: Kysely<Database>, keyDigest: Buffer): Promise<Client | undefined> {
  return db.selectFrom('clients').selectAll().where('key_digest', '=', keyDigest).where('revoked_at', 'is', null).executeTakeFirst()
}

/** Whether there was such a client that was not revoked yet. */
export async function revokeClient(db: Kysely<Database>, authority: string, client: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('clients')
    .set({ revoked_at: at })
    .where('authority', '=', authority)
    .where('client', '=', client)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
