import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { Refusal } from '../../values/refusal.ts'

const run = promisify(execFile)

/** The user a PostgreSQL program runs as; none when that is simply ourselves. */
export type Account = { uid: number; gid: number } | undefined

/** Starts a program as the account that fits the data folder, so that it ends when we do. */
export type Launcher = { account: Account; launch(program: string, args: string[]): ChildProcess }

/**
 * PostgreSQL refuses to run as root. Then it runs as the owner of the data folder if that is not root, else as `nobody` or
 * `postgres`, whichever there is (a uid without a name is refused by initdb).
 */
export async function launcherFor(dataDir: string): Promise<Launcher> {
  const account = process.getuid?.() === 0 ? ((await ownerOf(dataDir)) ?? (await firstAccount(['nobody', 'postgres']))) : undefined
  const prefix = (await hasSetpriv()) ? setprivFor(account) : undefined
  return {
    account,
    launch(program, args) {
      const [command = program, ...rest] = prefix ? [...prefix, program, ...args] : [program, ...args]
      // Its own session: Ctrl-C on the terminal reaches us alone, and we stop it in order.
      const options = { detached: true, stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'], env: plainEnvironment }
      return spawn(command, rest, prefix || !account ? options : { ...options, ...account })
    },
  }
}

// Nothing of ours is for PostgreSQL: a PGPORT or an LC_ALL around us must not change the server.
const plainEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/**
 * `--pdeathsig INT` stops PostgreSQL when we are killed with -9; without it the server lives on and holds its lock. The capability
 * lets the account pass through folders that only root may enter (a checkout below /root, say).
 */
function setprivFor(account: Account): string[] {
  const as = account && [
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ]
  return ['setpriv', ...(as ?? []), '--pdeathsig', 'INT', '--']
}

async function hasSetpriv(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const help = await run('setpriv', ['--help']).catch(() => ({ stdout: '' }))
  return help.stdout.includes('--pdeathsig') // busybox has a setpriv without it
}

async function ownerOf(dataDir: string): Promise<Account> {
  const found = await stat(dataDir).catch(() => undefined)
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

async function firstAccount(names: string[]): Promise<Account> {
  for (const name of names) {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)])
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Refusal('no-unprivileged-user', 'PostgreSQL does not run as root, and there is no user "nobody" or "postgres" to run it as.')
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number | undefined> {
  const found = await run('id', [flag, name]).catch(() => undefined)
  return found && Number(found.stdout.trim())
}
