import pg from 'pg'

/** A connection to a server beside the database of a url: it is in none of the databases that tests drop, copy and cut off. */
export async function besides(url: string): Promise<pg.Client> {
  const outside = new URL(url)
  outside.pathname = '/postgres'
  const client = new pg.Client({ connectionString: outside.href })
  await client.connect()
  return client
}

/** Does one statement there. */
export async function onServer(url: string, statement: string): Promise<void> {
  const client = await besides(url)
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
