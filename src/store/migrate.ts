import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { digestOfText } from '../values/digest.ts'
import { Refusal } from '../values/refusal.ts'

type Migration = { name: string; sql: string; checksum: string }

const form = /^\d{4}-[a-z0-9-]+\.sql$/
/** Any number, the same in every process: two that migrate at once take turns. */
const lock = 7305001

/**
 * Brings a database forward by the plain SQL files `NNNN-name.sql` of a folder, in the order of their names, each in its own
 * transaction together with its record in table `migrations`. Gives the names applied now. Refuses (`migration-edited`,
 * `migration-missing`, `migration-out-of-order`) a folder that does not continue what was applied: a migration is frozen once it has run.
 */
export async function migrate(pool: pg.Pool, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = await pool.connect()
  const done: string[] = []
  try {
    for (;;) {
      const name = await inOwnTransaction(client, () => applyNext(client, migrations))
      if (name === undefined) return done
      done.push(name)
    }
  } finally {
    client.release()
  }
}

/** The names of the migrations that a database still lacks; for a readiness check. Refuses as `migrate` does. */
export async function pendingMigrations(pool: pg.Pool, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const { rows } = await pool.query<{ there: boolean }>("select to_regclass('migrations') is not null as there")
  const applied = rows[0]?.there ? await appliedIn(pool) : []
  return pendingOf(migrations, applied).map(migration => migration.name)
}

async function applyNext(client: pg.PoolClient, migrations: Migration[]): Promise<string | undefined> {
  await client.query(`select pg_advisory_xact_lock(${lock})`)
  await client.query(
    'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
  )
  const next = pendingOf(migrations, await appliedIn(client))[0]
  if (next === undefined) return undefined
  await client.query(next.sql)
  await client.query('insert into migrations (name, checksum) values ($1, $2)', [next.name, next.checksum])
  return next.name
}

async function appliedIn(client: pg.PoolClient | pg.Pool): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from migrations order by name collate "C"')
  return rows
}

function pendingOf(migrations: Migration[], applied: { name: string; checksum: string }[]): Migration[] {
  const byName = new Map(migrations.map(migration => [migration.name, migration]))
  for (const { name, checksum } of applied) {
    const file = byName.get(name)
    if (file === undefined)
      throw new Refusal('migration-missing', `Migration ${name} was applied to this database, but the file is gone. Put it back.`)
    if (file.checksum !== checksum)
      throw new Refusal(
        'migration-edited',
        `Migration ${name} was changed after it had been applied. Restore it and write the change as a new migration.`,
      )
  }
  const pending = migrations.slice(applied.length)
  const last = applied.at(-1)
  const early = migrations.find(({ name }) => last !== undefined && name < last.name && !applied.some(a => a.name === name))
  if (early !== undefined)
    throw new Refusal(
      'migration-out-of-order',
      `Migration ${early.name} sorts before ${last?.name}, which was applied. Give it a later number.`,
    )
  return pending
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  const odd = names.find(name => !form.test(name))
  if (odd !== undefined) throw new Refusal('migration-name', `${odd} is no name of a migration. Write it like 0002-what-it-adds.sql.`)
  return Promise.all(
    names.map(async name => {
      const sql = await readFile(join(folder, name), 'utf8')
      return { name, sql, checksum: digestOfText(sql) }
    }),
  )
}

async function inOwnTransaction<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}
