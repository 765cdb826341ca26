import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { columnTypes } from './column-types.ts'
import type { Database } from './database.ts'

export type Store = {
  db: Kysely<Database>
  /** For COPY and for what spans more than one statement of a kind that Kysely has not: see `inTransaction`. */
  pool: pg.Pool
  /**
   * The second connection of a stage, which reads while the first one writes: see `withReader`. From a pool of its own, since as many stages at work as
   * the pool has connections would each wait for a second one for ever.
   */
  readers: pg.Pool
  /**
   * Two connections for jobs alone: the queue, and the signs of life of those at work. From a pool of its own, since a worker whose pool is all in use
   * would fall silent and lose its jobs; and quick to fail, since a sign of life that comes late is none.
   */
  jobs: { db: Kysely<Database>; pool: pg.Pool }
  /** For what may be a moment old: a streaming replica where there is one, else the same as `db`. Never written to. */
  reads: Kysely<Database>
  /** The connections of `reads` to a replica; null where there is none. */
  replica: pg.Pool | null
  /** Ends every connection; waits for those in use. */
  close(): Promise<void>
}

/**
 * Connects to a PostgreSQL from 15 on. Nothing is sent until the first query. At most `max` connections (10: on two cores more
 * than that lose throughput), as many readers, and two for jobs. Nothing is set on a session, so that a pooler may stand in between and lend each transaction another one.
 * With `readUrl` as many more to that replica. Column types are those of `column-types.ts`.
 */
export function connect(url: string, { max = 10, readUrl }: { max?: number; readUrl?: string | undefined } = {}): Store {
  const pool = poolOf(url, max)
  const readers = poolOf(url, max)
  const jobs = poolOf(url, 2, 3000)
  const db = queriesOn(pool)
  const replica = readUrl === undefined ? null : poolOf(readUrl, max)
  return {
    db,
    pool,
    readers,
    jobs: { db: queriesOn(jobs), pool: jobs },
    reads: replica === null ? db : queriesOn(replica),
    replica,
    async close() {
      await Promise.all([pool.end(), readers.end(), jobs.end(), replica?.end()])
    },
  }
}

function queriesOn(pool: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}

function poolOf(url: string, max: number, connectionTimeoutMillis = 10_000): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: columnTypes(),
    application_name: 'settlement-points',
    connectionTimeoutMillis,
  })
  // An idle connection that the server drops is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => {})
  // The same of a connection in use while it waits for us, as the one that holds a round's lock does while another reads: its next query fails anyway.
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}
