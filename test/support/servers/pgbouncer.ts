import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tailOf } from '../../../src/store/embedded/tail.ts'
import type { Test } from './folder.ts'
import { ask, databaseOf, freePort, type Server } from './postgres.ts'

export type Bouncer = {
  /** The address of a database behind it. */
  behind(database: string): string
  /** How many transactions of a database went through it. */
  transactions(database: string): Promise<number>
}

/** A pgbouncer in transaction mode before a server, with few connections to it. */
export async function bounce(t: Test, program: string, server: Server, folder: string, connections: number): Promise<Bouncer> {
  const port = await freePort()
  await mkdir(folder)
  await writeFile(join(folder, 'users.txt'), '"postgres" ""\n')
  const ini = join(folder, 'pgbouncer.ini')
  await writeFile(
    ini,
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
stats_users = postgres
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
max_client_conn = 200
default_pool_size = ${connections}
ignore_startup_parameters = extra_float_digits
logfile =
pidfile =
`,
  )
  // It refuses to run as root, as PostgreSQL does.
  const child = server.launcher.launch(program, ['-q', ini])
  const tail = tailOf(child)
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`pgbouncer did not start:\n${tail()}`)
    if (await ask(url, 'select 1').catch(() => undefined)) break
    await sleep(20)
  }
  return {
    behind: database => databaseOf(url, database),
    async transactions(database) {
      const rows = await ask<{ database: string; xact_count: string }>(databaseOf(url, 'pgbouncer'), 'show stats_totals')
      return Number(rows.find(row => row.database === database)?.xact_count ?? 0)
    },
  }
}
