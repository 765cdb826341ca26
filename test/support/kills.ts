import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { formatKeys } from '../../src/store/encryption.ts'
import { project } from './office.ts'
import type { randomFrom } from './random-facts.ts'
import { ask, type Server } from './servers/postgres.ts'
import { closedRoundIn, copyOf, publishedDigest, type Round } from './servers/round.ts'

/*
 * A round is run by a process of its own, as an operator does; in the middle of it the process or its PostgreSQL is killed with -9, and the same command
 * is given again. Each time is another copy of one closed round. The stages take turns, and in its stage a kill falls at a random moment.
 */

export const stages = ['freeze', 'score', 'rank', 'verify'] as const
type Stage = (typeof stages)[number]
type At = Stage | 'start' | 'end'

export type Kill = { victim: 'process' | 'postgres'; hit: At; left: string; digest: string }

export type Killing = {
  /** The digest of the run that nobody disturbs. */
  undisturbed: string
  /** How long each of its stages took, in ms. */
  spans: Record<Stage, number>
  /** Kills once: `hit` is the stage in which it was just before, `left` what was found in the database afterwards. */
  kill(victim: Kill['victim'], stage: Stage): Promise<Kill>
}

/** Makes the round on a server and runs it once without a kill. */
export async function killing(server: Server, applicants: number, random: ReturnType<typeof randomFrom>): Promise<Killing> {
  const closed = await closedRoundIn(server, 'closed', applicants)
  const first = await copyOf(server, closed, 'undisturbed')
  const spans = { freeze: 0, score: 0, rank: 0, verify: 0 }
  const watch = await watchOf(first.url)
  const child = run(first)
  let [last, since] = [await watch.at(), performance.now()]
  while (child.exitCode === null) {
    const [at, now] = [await watch.at(), performance.now()]
    if (last !== 'start' && last !== 'end') spans[last] += now - since
    ;[last, since] = [at, now]
  }
  await watch.end()
  await ended(child)
  const undisturbed = await publishedDigest(first)
  let copies = 0
  return {
    undisturbed,
    spans,
    async kill(victim, stage) {
      const round = await copyOf(server, closed, `killed_${++copies}`)
      const watch = await watchOf(round.url)
      const child = run(round)
      let hit = await watch.at()
      while (hit !== stage && child.exitCode === null) hit = await watch.at()
      await sleep((random.below(1000) / 1000) * spans[stage])
      hit = await watch.at()
      if (victim === 'process') child.kill('SIGKILL')
      else await server.kill()
      const exited = await exit(child)
      if (victim === 'postgres') await server.start()
      await watch.end()
      const left = await whatIsLeft(round)
      if (hit !== 'end' && exited === 0 && left !== 'ranked verified')
        throw new Error(`the command says that it has worked, and left ${left}`)
      if (left !== 'ranked verified') await ended(run(round))
      const digest = await publishedDigest(round)
      await ask(server.url, `drop database ${new URL(round.url).pathname.slice(1)} with (force)`)
      return { victim, hit, left, digest }
    },
  }
}

/** `points round run`, as the terminal starts it. */
function run({ url, keys, round }: Round): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', join(project, 'src/cli/points.mjs'), 'round', 'run', round, '--json'], {
    env: { ...process.env, DATABASE_URL: url, SETTLEMENT_KEYS: formatKeys(keys) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

async function exit(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

/** Waits for a command that must succeed. */
async function ended(child: ChildProcess): Promise<void> {
  let told = ''
  child.stderr?.on('data', piece => {
    told += piece
  })
  const code = await exit(child)
  if (code !== 0) throw new Error(`points round run ended with ${code ?? child.signalCode}: ${told.slice(-1000)}`)
}

const states = `select (select state from rounds) as round, coalesce((select string_agg(state, ' ' order by run) from runs), '') as runs`
const others = `pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`

/** Watches from a connection of its own which stage a run is in. */
async function watchOf(url: string): Promise<{ at(): Promise<At>; end(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return {
    async at() {
      const { rows } = await client.query(`${states}, exists (select from ${others} and xact_start is not null) as working`)
      const { round, runs, working } = rows[0]
      if (round === 'closed') return working ? 'freeze' : 'start'
      if (round !== 'frozen') return 'end'
      if (/ranked$/.test(runs)) return 'verify'
      return /scored$/.test(runs) ? 'rank' : 'score'
    },
    end: () => client.end().catch(() => {}),
  }
}

/** The states of round and runs, once the server has seen that the killed process is gone. */
async function whatIsLeft({ url }: Round): Promise<string> {
  for (let i = 0; (await ask(url, `select from ${others} and (state <> 'idle' or state is null)`)).length > 0; i++) {
    if (i > 800) throw new Error('the server still works for a killed process')
    await sleep(25)
  }
  const [found] = await ask<{ round: string; runs: string }>(url, states)
  return `${found?.round} ${found?.runs}`.trim()
}
