import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running server writes into its data folder: its process and its port. */
export type Postmaster = { pid: number; port: number }

/** Whether there is a process with this id. A stranger's process counts: we may not signal it, but it is there. */
export function processIsAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * The server that runs on a data folder now, or none. A lock file whose process is gone, or whose number another program has got
 * since (common after a container restarts), is stale: it says nothing, and PostgreSQL would yet refuse to start for the second kind.
 */
export function livePostmaster(dataDir: string): { live?: Postmaster; stale: boolean } {
  const text = readOr(join(dataDir, 'postmaster.pid'), '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (text === '' || !Number.isSafeInteger(pid) || pid <= 0) return { stale: text !== '' }
  if (!processIsAlive(pid) || !isServerOf(pid, dataDir)) return { stale: true }
  return { live: { pid, port: Number(lines[3]) }, stale: false }
}

// Servers are started with `-D <data folder>`, and that stays readable as their command line.
function isServerOf(pid: number, dataDir: string): boolean {
  if (process.platform === 'linux') {
    const args = readOr(`/proc/${pid}/cmdline`, undefined)?.split('\0')
    return args === undefined || args[args.indexOf('-D') + 1] === dataDir
  }
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(`-D ${dataDir}`)
  } catch {
    return false
  }
}

function readOr<T>(path: string, otherwise: T): string | T {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}
