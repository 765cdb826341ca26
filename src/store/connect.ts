import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { columnTypes } from './column-types.ts'
import type { Database } from './database.ts'

export type Store = {
  db: Kysely<Database>
  /** For COPY and for what spans more than one statement of a kind that Kysely has not: see `inTransaction`. */
  pool: pg.Pool
  /** Ends every connection; waits for those in use. */
  close(): Promise<void>
}

/**
 * Connects to a PostgreSQL from 15 on. Nothing is sent until the first query. At most `max` connections (10: on two cores more
 * than that lose throughput). Sessions are in UTC, and column types are those of `column-types.ts`.
 */
export function connect(url: string, { max = 10 }: { max?: number } = {}): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: columnTypes(),
    application_name: 'settlement-points',
    connectionTimeoutMillis: 10_000,
    onConnect: inUtc,
  })
  // An idle connection that the server drops is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => {})
  // The same of a connection in use while it waits for us, as the one that holds a round's lock does while another reads: its next query fails anyway.
  pool.on('connect', client => client.on('error', () => {}))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => pool.end() }
}

/** A time stamp's text, and a cast of it to a date, would otherwise follow the server's own time zone. */
async function inUtc(client: pg.ClientBase): Promise<void> {
  await client.query("set time zone 'UTC'")
}
