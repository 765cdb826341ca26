import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Config, migrationsFolder } from '../config.ts'
import type { Office } from '../round/office.ts'
import { listAuthorities } from '../store/authorities.ts'
import { connect } from '../store/connect.ts'
import { createDatabase, dropDatabase, findDatabase } from '../store/embedded/databases.ts'
import { startEmbedded } from '../store/embedded/start.ts'
import { type generateKeys, parseKeys } from '../store/encryption.ts'
import { sqlState } from '../store/errors.ts'
import { keysFromFile } from '../store/key-file.ts'
import { keysFit } from '../store/keys-fit.ts'
import { migrate } from '../store/migrate.ts'
import { Refusal } from '../values/refusal.ts'
import { databaseMistake, homeMistake } from './operator-mistakes.ts'
import { vocabularies } from './vocabularies.ts'

export type OpenOffice = {
  office: Office
  /** Waits for what is at work, then ends the connections and our own server. */
  close(): Promise<void>
}

export type EmbeddedOffice = OpenOffice & {
  /** Ends our own server at once; what is at work fails. */
  stopNow(): Promise<void>
  /** Comes only when our own server ends though nobody stopped it: how. */
  died: Promise<string>
}

/** SQLSTATE of a table that is not there. */
const undefinedTable = '42P01'
/** The database of the demo and of `npm start` in the embedded server. */
const database = 'settlement_points'

/**
 * Opens the store that the configuration names, for a command or the service. The embedded server brings its database up to date by itself; another one
 * is migrated by `points migrate` alone.
 */
export async function openOffice(config: Config): Promise<OpenOffice | EmbeddedOffice> {
  if (config.databaseUrl === undefined) return openEmbedded(config)
  const keys = parseKeys(config.keys as string)
  const store = connect(config.databaseUrl, { readUrl: config.readUrl })
  const office = officeOn(store, keys)
  try {
    await refuseOtherKeys(office)
  } catch (error) {
    await store.close()
    throw error
  }
  return { office, close: store.close }
}

/** What a database says that is away, or not up to date, is for whoever works on it. @throws Refusal `wrong-configuration` */
async function refuseOtherKeys({ db, keys }: Office): Promise<void> {
  if (await keysFit(db, keys).catch(() => true)) return
  throw new Refusal(
    'wrong-configuration',
    'SETTLEMENT_KEYS are not the keys with which the personal data in this database was encrypted: nobody in it would be known again. Give the right ones.',
  )
}

/**
 * Opens the embedded store. With `throwAway` whatever is in its database is thrown away first, unless `throwAway` refuses when it sees the
 * authorities in it.
 * @throws Refusal `home-unusable`; as `startEmbedded`
 */
export async function openEmbedded(config: Config, throwAway?: (authorities: string[]) => void): Promise<EmbeddedOffice> {
  try {
    const embedded = await startEmbedded({ dataDir: join(config.home, 'postgres') })
    try {
      const keys = config.keys === undefined ? await keysFromFile(join(config.home, 'keys'), randomBytes) : parseKeys(config.keys)
      if (throwAway) {
        throwAway(await authoritiesIn(await findDatabase(embedded.url, database)))
        await dropDatabase(embedded.url, database)
      }
      const store = connect(await createDatabase(embedded.url, database))
      await migrate(store.pool, migrationsFolder)
      const office = officeOn(store, keys)
      await refuseOtherKeys(office)
      return {
        office,
        async close() {
          await store.close()
          await embedded.stop()
        },
        stopNow: embedded.stop,
        died: embedded.died,
      }
    } catch (error) {
      await embedded.stop()
      throw error
    }
  } catch (error) {
    throw homeMistake(error, config.home) ?? error
  }
}

async function authoritiesIn(url: string | undefined): Promise<string[]> {
  if (url === undefined) return []
  const store = connect(url)
  try {
    return (await listAuthorities(store.db)).map(({ authority }) => authority)
  } catch (error) {
    if (sqlState(error) === undefinedTable) return [] // killed before its first migration
    throw error
  } finally {
    await store.close()
  }
}

/**
 * Opens the office, does the work and closes it, come what may.
 * @throws Refusal `database-out-of-reach`, and whatever the work refuses
 */
export async function withOffice<T>(config: Config, work: (office: Office) => Promise<T>): Promise<T> {
  const { office, close } = await openOffice(config)
  try {
    return await work(office)
  } catch (error) {
    throw (config.databaseUrl && databaseMistake(error, config.databaseUrl)) || error
  } finally {
    await close()
  }
}

function officeOn({ close: _, ...store }: ReturnType<typeof connect>, keys: ReturnType<typeof generateKeys>): Office {
  const { of, newest } = vocabularies()
  return {
    ...store,
    keys,
    now: () => new Date().toISOString(),
    randomBytes,
    vocabularyOf: of,
    vocabulary: newest,
  }
}
