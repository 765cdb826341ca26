import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { ensureCluster } from '../../../src/store/embedded/cluster.ts'
import { tailOf } from '../../../src/store/embedded/tail.ts'
import { type Launcher, launcherFor } from '../../../src/store/embedded/unprivileged.ts'
import type { Test } from './folder.ts'
import type { Programs } from './programs.ts'

/** A PostgreSQL whose process a test holds. Its address stays the same over kills and starts. */
export type Server = {
  programs: Programs
  dataDir: string
  port: number
  /** Of the database `postgres`, as its superuser. */
  url: string
  launcher: Launcher
  /** Ends the sessions and shuts down in order. */
  stop(): Promise<void>
  /** Kills the postmaster with -9. */
  kill(): Promise<void>
  /** Starts again on the same folder, by way of recovery after a kill; waits until it answers. */
  start(): Promise<void>
}

/**
 * No waiting for the disk: what a process has written outlives its kill, and only a power cut would show the difference. Commits are waited for, since
 * what is still in the memory of a killed server is lost.
 */
const settings = {
  fsync: 'off',
  shared_buffers: '128MB',
  work_mem: '32MB',
  max_wal_size: '1GB',
  wal_keep_size: '512MB',
  wal_retrieve_retry_interval: '200ms',
  jit: 'off',
  client_connection_check_interval: '1s',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}

/** Makes the data folder unless it is there, and starts a server on it that is stopped when the test ends. */
export async function startServer(t: Test, programs: Programs, dataDir: string, more: Record<string, string> = {}): Promise<Server> {
  const launcher = await launcherFor(dataDir)
  await ensureCluster(dataDir, programs.initdb, launcher)
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const options = Object.entries({ ...settings, ...more, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let running: { child: ChildProcess; ended: Promise<void> } | undefined
  const end = async (signal: NodeJS.Signals) => {
    running?.child.kill(signal)
    await running?.ended
    running = undefined
  }
  const server: Server = {
    programs,
    dataDir,
    port,
    url,
    launcher,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    async start() {
      // The last sessions of a killed server need a moment to see that it is gone, and hold its memory until then.
      for (let attempt = 0; running === undefined; attempt++) {
        const child = launcher.launch(programs.postgres, ['-D', dataDir, ...options])
        const tail = tailOf(child)
        const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
        if (await answers(url, child)) running = { child, ended }
        else if (attempt > 100) throw new Error(`PostgreSQL did not start:\n${tail()}`)
        else await sleep(100)
      }
    },
  }
  t.teardown(server.stop)
  await server.start()
  return server
}

/** Whether the server answers in the end; false when it has ended before. */
async function answers(url: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      await sleep(20)
    }
  }
  return false
}

/** The rows of one statement, on a connection of its own. */
export async function ask<T extends object>(url: string, statement: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<T>(statement)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

/** The same server's other database. */
export function databaseOf(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
