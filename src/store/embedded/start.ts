import type { ChildProcess } from 'node:child_process'
import { realpath, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Refusal } from '../../values/refusal.ts'
import { findBinaries } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { livePostmaster, type Postmaster, processIsAlive } from './processes.ts'
import { tailOf } from './tail.ts'
import { type Launcher, launcherFor } from './unprivileged.ts'

export type Embedded = {
  /** Connection URL, on 127.0.0.1 and a port that was free. */
  url: string
  /** Ends every session and shuts the server down in order. */
  stop(): Promise<void>
  /** Comes only when the server ends though nobody stopped it; says how, such as `SIGKILL` or `exit code 1`. */
  died: Promise<string>
}

export type EmbeddedOptions = {
  /** The folder of the database; made when it is not there. Its path may have spaces. */
  dataDir: string
  /** Gets the server's log, a line at a time. */
  log?: (line: string) => void
  /** PostgreSQL settings over our own, by name. */
  settings?: Record<string, string>
}

/** Sized for a laptop with two cores; the rest is PostgreSQL's default. */
const laptop: Record<string, string> = {
  shared_buffers: '256MB',
  work_mem: '64MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  max_connections: '50',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  client_connection_check_interval: '1s', // a session whose client was killed ends even in the middle of a long query
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}

const patienceMs = 15_000

/**
 * Starts our own PostgreSQL on a data folder. Whatever was killed with -9 before, this start goes through: an orphaned server is
 * stopped first, a stale lock is set aside. A server that another process is using is left alone and refused (`database-in-use`);
 * that process is known by its keeper, a session it holds open for as long as it lives.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { postgres, initdb } = await findBinaries()
  const wanted = resolve(options.dataDir)
  const launcher = await launcherFor(wanted)
  await ensureCluster(wanted, initdb, launcher)
  const dataDir = await realpath(wanted)

  const deadline = Date.now() + patienceMs
  for (;;) {
    await clearTheWay(dataDir, deadline)
    const started = await tryStart(postgres, dataDir, launcher, options)
    if ('url' in started) return started
    // Lost a race for the folder or the port, or the last backend of a killed server has not noticed yet: look again.
    if (!passing.test(started.failure) || Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${started.failure}`)
    await sleep(200)
  }
}

const passing = /lock file "postmaster.pid"|pre-existing shared memory block|Address already in use/

/**
 * Returns when no server runs on the folder any more. Looks more than once before it decides: a server that has just started has no
 * keeper yet, and the sessions of a killed process need up to a second to end.
 */
async function clearTheWay(dataDir: string, deadline: number): Promise<void> {
  let idle = 0
  let used = 0
  for (;;) {
    const { live, stale } = livePostmaster(dataDir)
    if (live === undefined) {
      if (stale) await rm(join(dataDir, 'postmaster.pid'), { force: true })
      return
    }
    const sessions = await sessionsOn(live) // unknown while it starts or stops
    if (sessions === 0) idle++
    if (sessions !== undefined && sessions > 0) used++
    if (used > 20 || Date.now() > deadline) throw inUse(dataDir, live.pid)
    if (idle === 4) signal(live.pid, 'SIGINT')
    await sleep(100)
  }
}

function inUse(dataDir: string, pid: number): Refusal {
  return new Refusal(
    'database-in-use',
    `The database in ${dataDir} is in use by another process, for example npm start or a demo (its PostgreSQL is process ${pid}). Stop that process first.`,
  )
}

/** How many sessions a server has beside questions like this one; none known when it does not answer. */
async function sessionsOn({ port }: Postmaster): Promise<number | undefined> {
  const client = clientOn(port, asking)
  try {
    await client.connect()
    const { rows } = await client.query<{ sessions: number }>(
      "select count(*)::int4 as sessions from pg_stat_activity where backend_type = 'client backend' and application_name <> $1",
      [asking],
    )
    return rows[0]?.sessions
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => {})
  }
}

async function tryStart(
  postgres: string,
  dataDir: string,
  launcher: Launcher,
  { log, settings }: EmbeddedOptions,
): Promise<Embedded | { failure: string }> {
  const port = await freePort()
  const parameters = Object.entries({ ...laptop, ...settings, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = launcher.launch(postgres, ['-D', dataDir, ...parameters])
  const tail = tailOf(child, log)
  const ended = new Promise<void>(resolve => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const died = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const keeper = await keeperOf(port, ended)
  if (keeper === undefined) return { failure: tail() }
  let stopping = false
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop() {
      stopping = true
      return stop(child, keeper, ended)
    },
    died: died.then(how => (stopping ? new Promise<never>(() => {}) : how)),
  }
}

/** Tries to connect until the server answers or has ended. Recovery after a crash may take long, so only its end ends the wait. */
async function keeperOf(port: number, ended: Promise<void>): Promise<pg.Client | undefined> {
  let running = true
  ended.then(() => {
    running = false
  })
  while (running) {
    const client = clientOn(port, keeping)
    try {
      await client.connect()
      return client
    } catch {
      await Promise.race([sleep(20), ended])
    }
  }
  return undefined
}

async function stop(child: ChildProcess, keeper: pg.Client, ended: Promise<void>): Promise<void> {
  await keeper.end().catch(() => {})
  child.kill('SIGINT')
  const late = setTimeout(() => child.kill('SIGQUIT'), patienceMs) // at once; the next start recovers
  await ended
  clearTimeout(late)
}

const asking = 'settlement-points: is it in use?'
const keeping = 'settlement-points: keeper'

function clientOn(port: number, application_name: string): pg.Client {
  const address = { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' }
  const client = new pg.Client({ ...address, application_name, connectionTimeoutMillis: 2000 })
  client.on('error', () => {}) // the server may go before us
  return client
}

function signal(pid: number, name: NodeJS.Signals): void {
  if (processIsAlive(pid)) process.kill(pid, name)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
