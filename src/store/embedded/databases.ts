import pg from 'pg'

/** The URL of a database on a server, or undefined if it is not there. */
export async function findDatabase(serverUrl: string, name: string): Promise<string | undefined> {
  const { rowCount } = await onServer(serverUrl, client => client.query('select from pg_database where datname = $1', [name]))
  return rowCount === 0 ? undefined : urlOf(serverUrl, name)
}

/** Makes a database on a server if it is not there, and gives its URL. */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const found = await findDatabase(serverUrl, name)
  if (found === undefined) await onServer(serverUrl, client => client.query(`create database ${pg.escapeIdentifier(name)}`))
  return found ?? urlOf(serverUrl, name)
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${encodeURIComponent(name)}`
  return url.href
}

/** Drops a database with all that is in it, if it is there. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, client => client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`))
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'settlement-points' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
