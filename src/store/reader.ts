import type pg from 'pg'

/**
 * Lends a second connection to read from by COPY while another transaction writes. All reads see one and the same committed state.
 * Nested loops are off: right after a bulk load the planner knows no table sizes, and joined 8,000 applicants one by one in 13 s
 * instead of 0.1 s (2026-11).
 */
export async function withReader<T>(pool: pg.Pool, read: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failed = true
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query('set local enable_nestloop = off')
    const result = await read(client)
    await client.query('commit')
    failed = false
    return result
  } finally {
    client.release(failed)
  }
}
