import { readdirSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import root from 'tap'
import { connect, type Store } from '../../src/store/connect.ts'
import { processIsAlive } from '../../src/store/embedded/processes.ts'
import { startEmbedded } from '../../src/store/embedded/start.ts'
import { migrate } from '../../src/store/migrate.ts'

export const migrations = join(import.meta.dirname, '../../migrations')

/** Settings under which a server forgets on a power cut, and is faster for it. */
export const forgetful = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', shared_buffers: '64MB' }

type Server = { url: string; template: string; stop(): Promise<void> }
type Test = { teardown(done: () => Promise<void>): unknown }

const names = `points_${process.pid}_${Date.now().toString(36)}`
let databases = 0
let server: Promise<Server> | undefined

root.teardown(async () => (await server)?.stop())

/** A migrated database of its own for a test, dropped when the test ends. One server serves all tests of a process. */
export async function throwAwayDatabase(t: Test): Promise<Store & { url: string }> {
  const { url, template } = await theServer()
  const name = `${names}_${++databases}`
  await onServer(url, `create database ${name} template ${template}`)
  return opened(t, url, name)
}

/** The same without any table, for tests of the migrations themselves. */
export async function emptyDatabase(t: Test): Promise<Store & { url: string }> {
  const { url } = await theServer()
  const name = `${names}_${++databases}`
  await onServer(url, `create database ${name} template template0`)
  return opened(t, url, name)
}

function opened(t: Test, serverUrl: string, name: string): Store & { url: string } {
  const url = urlOf(serverUrl, name)
  const store = connect(url)
  t.teardown(async () => {
    if (!store.pool.ended) await store.close()
    await onServer(serverUrl, `drop database ${name} with (force)`)
  })
  return { ...store, url }
}

function theServer(): Promise<Server> {
  server ??= startServer()
  return server
}

async function startServer(): Promise<Server> {
  const outside = process.env.TEST_DATABASE_URL
  const own = outside ? undefined : await ownServer()
  const url = outside ?? (own as Server).url
  const template = `${names}_template`
  await onServer(url, `create database ${template} template template0`)
  const store = connect(urlOf(url, template))
  await migrate(store.pool, migrations)
  await store.close()
  return {
    url,
    template,
    async stop() {
      if (own) await own.stop()
      else await onServer(url, `drop database ${template}`)
    },
  }
}

async function ownServer(): Promise<Omit<Server, 'template'>> {
  removeAbandoned()
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  await chmod(folder, 0o755) // without setpriv, PostgreSQL's user must be able to pass
  const embedded = await startEmbedded({ dataDir: join(folder, 'pg'), settings: forgetful })
  return {
    url: embedded.url,
    async stop() {
      await embedded.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const prefix = 'settlement-points-test-'

/** A killed test process leaves 40 MB behind; the next one clears it. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix) || processIsAlive(Number(name.slice(prefix.length).split('-')[0]))) continue
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
    } catch {} // another user's
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
