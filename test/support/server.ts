import pg from 'pg'

/** Does one statement on a server beside the database of a url: it connects to none of the databases that tests drop and copy. */
export async function onServer(url: string, statement: string): Promise<void> {
  const outside = new URL(url)
  outside.pathname = '/postgres'
  const client = new pg.Client({ connectionString: outside.href })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
