import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findBinaries } from '../../../src/store/embedded/binaries.ts'

/** PostgreSQL's programs of one version; `dump` and `restore` only where the version brings them. */
export type Programs = { postgres: string; initdb: string; dump?: string; restore?: string }

export type Version = 15 | 18
type Tap = import('tap').Test

/** What a test needs from outside: it is there, or a test says why it is skipped. */
export type Found<T> = { found: T; missing: false } | { found: undefined; missing: string }

/** The versions that tests run on: the one that npm brings, and the oldest one that is supported, as Debian 12 installs it. */
export const versions: { version: Version; programs: Found<Programs> }[] = [
  { version: 18, programs: await embedded() },
  { version: 15, programs: debian('/usr/lib/postgresql/15/bin') },
]

/** pgbouncer on the PATH or where Debian puts it. */
export const pgbouncer: Found<string> = executable('pgbouncer')

async function embedded(): Promise<Found<Programs>> {
  return findBinaries().then(
    found => ({ found, missing: false }),
    error => ({ found: undefined, missing: (error as Error).message }),
  )
}

function debian(folder: string): Found<Programs> {
  const [postgres, initdb, dump, restore] = ['postgres', 'initdb', 'pg_dump', 'pg_restore'].map(name => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ]
  const found = { postgres, initdb, dump, restore }
  return Object.values(found).every(isExecutable) ? { found, missing: false } : { found: undefined, missing: `no PostgreSQL in ${folder}` }
}

function executable(name: string): Found<string> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'].filter(folder => folder !== '')
  const found = folders.map(folder => join(folder, name)).find(isExecutable)
  return found === undefined ? { found, missing: `no ${name} on the PATH or in /usr/sbin` } : { found, missing: false }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// tap counts what is skipped and keeps the reason to itself.
for (const missing of [...versions.map(({ programs }) => programs.missing), pgbouncer.missing])
  if (missing) process.stderr.write(`not tested here: ${missing}\n`)

/** A test for each version that is there; of one that is not, a skip that says why. */
export function onEach(t: Tap, name: string, work: (t: Tap, version: Version, programs: Programs) => Promise<void>): void {
  for (const { version, programs } of versions)
    t.test(`${name} on PostgreSQL ${version}`, { skip: programs.missing }, t => work(t, version, programs.found as Programs))
}
