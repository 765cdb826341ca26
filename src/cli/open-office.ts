import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Config, migrationsFolder } from '../config.ts'
import type { Office } from '../round/office.ts'
import { connect } from '../store/connect.ts'
import { createDatabase, dropDatabase } from '../store/embedded/databases.ts'
import { startEmbedded } from '../store/embedded/start.ts'
import { type generateKeys, parseKeys } from '../store/encryption.ts'
import { keysFromFile } from '../store/key-file.ts'
import { migrate } from '../store/migrate.ts'
import { vocabularies } from './vocabularies.ts'

export type OpenOffice = { office: Office; close(): Promise<void> }

/** The database of the demo and of `npm start` in the embedded server. */
const database = 'settlement_points'

/**
 * Opens the store that the configuration names, for a command or the service. The embedded server brings its database up to date by itself; another one
 * is migrated by `points migrate` alone.
 */
export async function openOffice(config: Config): Promise<OpenOffice> {
  if (config.databaseUrl === undefined) return openEmbedded(config)
  const keys = parseKeys(config.keys as string)
  const store = connect(config.databaseUrl)
  return { office: officeOn(store, keys), close: store.close }
}

/** Opens the embedded store; with `fresh` whatever is in its database is thrown away first. */
export async function openEmbedded(config: Config, { fresh = false }: { fresh?: boolean } = {}): Promise<OpenOffice> {
  const embedded = await startEmbedded({ dataDir: join(config.home, 'postgres') })
  try {
    const keys = config.keys === undefined ? await keysFromFile(join(config.home, 'keys'), randomBytes) : parseKeys(config.keys)
    if (fresh) await dropDatabase(embedded.url, database)
    const store = connect(await createDatabase(embedded.url, database))
    await migrate(store.pool, migrationsFolder)
    return {
      office: officeOn(store, keys),
      async close() {
        await store.close()
        await embedded.stop()
      },
    }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

/** Opens the office, does the work and closes it, come what may. */
export async function withOffice<T>(config: Config, work: (office: Office) => Promise<T>): Promise<T> {
  const { office, close } = await openOffice(config)
  try {
    return await work(office)
  } finally {
    await close()
  }
}

function officeOn(store: ReturnType<typeof connect>, keys: ReturnType<typeof generateKeys>): Office {
  const { of, newest } = vocabularies()
  return { db: store.db, pool: store.pool, keys, now: () => new Date().toISOString(), randomBytes, vocabularyOf: of, vocabulary: newest }
}
