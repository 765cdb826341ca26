import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const project = resolve(import.meta.dirname, '../..')
const door = join(project, 'src/cli/points.mjs')

type Environment = { [name: string]: string }
export type Outcome = { code: number | null; out: string; err: string }
export type Running = {
  child: ChildProcess
  out(): string
  err(): string
  says(what: RegExp): Promise<RegExpExecArray>
  ended: Promise<Outcome>
}

/** Runs `points` to its end, in an environment that holds nothing but what is given. */
export function points(args: string[], env: Environment = {}, input: string | Buffer = ''): Promise<Outcome> {
  const { child, ended } = running(process.execPath, ['--no-warnings', door, ...args], env)
  child.stdin?.end(input)
  return ended
}

/** Starts `points` and lets it run. */
export function start(args: string[], env: Environment): Running {
  return running(process.execPath, ['--no-warnings', door, ...args], env)
}

/** Starts a script of package.json by npm, as a person does. */
export function startByNpm(args: string[], env: Environment): Running {
  return running('npm', args, { PATH: process.env.PATH as string, HOME: process.env.HOME ?? tmpdir(), ...env })
}

function running(program: string, args: string[], env: Environment): Running {
  const child = spawn(program, args, { cwd: project, env })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text
  })
  child.stdin.on('error', () => {}) // a program that refuses its arguments does not read on
  const ended = once(child, 'close').then(([code]): Outcome => ({ code, out, err }))
  return {
    child,
    out: () => out,
    err: () => err,
    ended,
    async says(what) {
      let gone = false
      ended.then(() => {
        gone = true
      })
      for (;;) {
        const found = what.exec(out + err)
        if (found) return found
        if (gone) throw new Error(`it ended without a word of ${what}:\n${out}${err}`)
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended])
      }
    },
  }
}

/** A folder of its own for a test, for SETTLEMENT_HOME. */
export async function home(t: { teardown(done: () => Promise<void>): unknown }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'points '))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }))
  return folder
}
