import { resolve } from 'node:path'
import { Refusal } from './values/refusal.ts'

/** How this installation runs. The only module that reads the environment. */
export type Config = {
  /** PostgreSQL from 15 on; undefined: our own embedded server. */
  databaseUrl: string | undefined
  /** A streaming replica of that server, which answers what portals and the public ask; undefined: the server itself does. */
  readUrl: string | undefined
  /** The keys of personal data, as `points keys` prints them; undefined with the embedded server: a local key file. */
  keys: string | undefined
  /** Where the embedded server and its key file live. */
  home: string
  host: string
  port: number
  logLevel: string
  /** How many runs `points serve` does side by side in its own process; with 0 it leaves them to `points worker`. */
  workers: number
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const project = resolve(import.meta.dirname, '..')

/** Folders of the project itself. */
export const migrationsFolder = resolve(project, 'migrations')
export const schemesFolder = resolve(project, 'schemes')

/**
 * Reads DATABASE_URL, DATABASE_READ_URL, SETTLEMENT_KEYS, SETTLEMENT_HOME, HOST, PORT, LOG_LEVEL and WORKERS.
 * @throws Refusal `wrong-configuration`, which names the variable and never quotes a secret
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const {
    DATABASE_URL: databaseUrl,
    DATABASE_READ_URL: readUrl,
    SETTLEMENT_KEYS: keys,
    SETTLEMENT_HOME: home,
    HOST: host,
    PORT: port = '8080',
    LOG_LEVEL: logLevel = 'info',
    WORKERS: workers = '1',
  } = environment
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw wrong('PORT is a port number from 0 to 65535.')
  if (!logLevels.includes(logLevel)) throw wrong(`LOG_LEVEL is one of: ${logLevels.join(', ')}.`)
  if (!/^[0-8]$/.test(workers)) throw wrong('WORKERS is how many runs this process does side by side, from 0 to 8.')
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl))
    throw wrong('DATABASE_URL begins with postgres:// or postgresql://.')
  if (readUrl !== undefined && !/^postgres(ql)?:\/\//.test(readUrl))
    throw wrong('DATABASE_READ_URL begins with postgres:// or postgresql://.')
  if (readUrl !== undefined && databaseUrl === undefined)
    throw wrong('DATABASE_READ_URL names a replica of the server in DATABASE_URL; set that too, or leave it out.')
  if (databaseUrl !== undefined && keys === undefined)
    throw wrong(
      'With DATABASE_URL the keys of personal data must be given too, in SETTLEMENT_KEYS. Make them once with: npm run -s points -- keys',
    )
  return {
    databaseUrl,
    readUrl,
    keys,
    home: home ? resolve(home) : resolve(project, '.settlement-points'),
    host: host || '127.0.0.1',
    port: Number(port),
    logLevel,
    workers: Number(workers),
  }
}

/**
 * The configuration of what always works on the embedded server, whatever else the environment names: DATABASE_URL is not read, and SETTLEMENT_KEYS
 * beside it are the keys of that database, not of ours.
 */
export function readEmbeddedConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const { DATABASE_URL: other, SETTLEMENT_KEYS: keys } = environment
  return readConfig({
    ...environment,
    DATABASE_URL: undefined,
    DATABASE_READ_URL: undefined,
    SETTLEMENT_KEYS: other === undefined ? keys : undefined,
  })
}

/** The process number of the npm that started us, as the scripts of package.json hand it on; undefined if none did. */
export function npmProcess(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const { NPM_PID: pid } = environment
  return pid !== undefined && /^\d+$/.test(pid) ? Number(pid) : undefined
}

function wrong(message: string): Refusal {
  return new Refusal('wrong-configuration', message)
}

/** What the terminal says of itself. */
export function terminalEnvironment(environment: NodeJS.ProcessEnv = process.env): {
  TERM?: string | undefined
  LC_ALL?: string | undefined
  LC_CTYPE?: string | undefined
  LANG?: string | undefined
} {
  const { TERM, LC_ALL, LC_CTYPE, LANG } = environment
  return { TERM, LC_ALL, LC_CTYPE, LANG }
}
