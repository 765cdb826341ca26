import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Database } from './database.ts'

/** One transaction, seen as Kysely (`db`) and as the driver's client (`client`, for COPY). Do not begin another inside. */
export type Work = { db: Kysely<Database>; client: pg.PoolClient }

/**
 * Does `work` in one transaction on one connection and commits; rolls back and throws on when it throws. Kysely's own transactions
 * hide their connection, so that COPY could not take part in them. With `oneState` all its reads see the database as it was at the first of them.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (work: Work) => Promise<T>,
  { oneState = false }: { oneState?: boolean } = {},
): Promise<T> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query(oneState ? 'begin isolation level repeatable read' : 'begin')
    try {
      const result = await work({ db: queriesOn(client), client })
      // COMMIT of an aborted transaction is answered by ROLLBACK, without an error.
      const { command } = await client.query('commit')
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back: an earlier statement in it had failed')
      return result
    } catch (error) {
      await client.query('rollback').catch(() => {
        broken = true
      })
      throw error
    }
  } finally {
    client.release(broken)
  }
}

/** Kysely's queries on one given connection, for as long as the caller holds it. */
function queriesOn(client: pg.PoolClient): Kysely<Database> {
  const oneConnection = { options: {}, connect: async () => lent(client), end: async () => {} }
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: oneConnection as never }) })
}

/** The same client, which Kysely may give back as often as it likes. */
function lent(client: pg.PoolClient): pg.PoolClient {
  return new Proxy(client, {
    get(target, name) {
      if (name === 'release') return () => {}
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
