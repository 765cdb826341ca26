import type pg from 'pg'

/** Lends a second connection, to read a COPY from it while another transaction writes. It sees only what is committed. */
export async function withReader<T>(pool: pg.Pool, read: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failed = true
  try {
    const result = await read(client)
    failed = false
    return result
  } finally {
    client.release(failed)
  }
}
