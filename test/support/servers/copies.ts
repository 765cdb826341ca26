import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Test } from './folder.ts'
import { ask, type Server, startServer } from './postgres.ts'

const run = promisify(execFile)

/**
 * Copies the folder of a running server between pg_backup_start and pg_backup_stop, as docs/deployment.md says for where there is no pg_basebackup. The
 * WAL since then is not in it: it comes from the archive or by streaming.
 */
export async function physicalCopy(server: Server, target: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    await client.query("select pg_backup_start('copy', fast => true)")
    await mkdir(target, { mode: 0o700 })
    await copyFolder(server.dataDir, target, '')
    // The same session must end what it began.
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(wait_for_archive => false)')
    await writeFile(join(target, 'backup_label'), (rows[0] as { labelfile: string }).labelfile, { mode: 0o600 })
  } finally {
    await client.end()
  }
  await handOver(server, target)
}

/** Gives a folder to the user that runs the server, who must own all of it and alone may enter. */
export async function handOver({ launcher: { account } }: Server, folder: string): Promise<void> {
  await chmod(folder, 0o700)
  if (account) await run('chown', ['-R', `${account.uid}:${account.gid}`, folder])
}

/** What belongs to the running process, or is written anew by the copy's own start. */
const left = /^(postmaster\.(pid|opts)|(standby|recovery)\.signal|pgsql_tmp.*|pg_internal\.init)$/
/** Folders that must be there and whose content must not. */
const emptied = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'])

async function copyFolder(from: string, to: string, path: string): Promise<void> {
  for (const entry of await readdir(join(from, path), { withFileTypes: true })) {
    const name = join(path, entry.name)
    if (left.test(entry.name)) continue
    if (entry.isDirectory()) {
      await mkdir(join(to, name), { mode: 0o700 })
      if (!emptied.has(name)) await copyFolder(from, to, name)
    } else {
      // A table that is dropped meanwhile takes its files away; the WAL says so to the copy.
      await cp(join(from, name), join(to, name)).catch(error => {
        if (error.code !== 'ENOENT') throw error
      })
    }
  }
}

/** A streaming replica of a server, which answers reads. */
export async function replicaOf(t: Test, server: Server, dataDir: string, more: Record<string, string> = {}): Promise<Server> {
  await physicalCopy(server, dataDir)
  await writeFile(join(dataDir, 'standby.signal'), '')
  await handOver(server, dataDir)
  return startServer(t, server.programs, dataDir, { ...more, primary_conninfo: `host=127.0.0.1 port=${server.port} user=postgres` })
}

/** Waits until a replica has replayed all that the server has written until now. */
export async function caughtUp(server: Server, replica: Server): Promise<void> {
  const [now] = await ask<{ lsn: string }>(server.url, 'select pg_current_wal_lsn()::text as lsn')
  for (let i = 0; ; i++) {
    const [at] = await ask<{ there: boolean }>(replica.url, `select coalesce(pg_last_wal_replay_lsn() >= '${now?.lsn}', false) as there`)
    if (at?.there) return
    if (i > 3000) throw new Error('the replica does not catch up')
    await sleep(10)
  }
}
