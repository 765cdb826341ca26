import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { randomFrom } from './random-facts.ts'
import { ask, type Server } from './servers/postgres.ts'
import { exit, isAlive, jobEnds, order, points, succeeds } from './servers/processes.ts'
import { closedRoundIn, copyOf, publishedDigest, type Round } from './servers/round.ts'

/*
 * A round is run by a process of its own: by the terminal's `points round run`, or by a worker to whom it was ordered. In the middle of it the process or
 * PostgreSQL is killed with -9, and the same is begun again. Each time is another copy of one closed round. Stages and victims take turns; the moment
 * within the stage is random.
 */

type Victim = 'process' | 'postgres' | 'worker' | 'postgres under a worker'
const stages = ['freeze', 'score', 'rank', 'verify'] as const
type Stage = (typeof stages)[number]
type At = Stage | 'before' | 'after'

type Tap = import('tap').Test

/**
 * `hit` is the stage in which it was just before the kill, `left` the states of round and runs that were found in the database afterwards. `isKilled`: the
 * process ended by this signal, or another postmaster answers.
 */
type Kill = { hit: At; left: string; digest: string; isKilled: boolean }

type Killing = {
  /** The digest of the run that nobody disturbs. */
  undisturbed: string
  /** How long each of its stages took, in ms. */
  spans: Record<Stage, number>
  /** Waits for the stage, and then for a random moment within this share of its time. */
  kill(victim: Victim, stage: Stage, share: number): Promise<Kill>
}

/**
 * Kills so many times, and tells of each what it hit. A killed worker is found out after ten seconds, so only each fifth time one is killed, or its server.
 */
export async function killAgainAndAgain(
  t: Tap,
  server: Server,
  options: { kills: number; applicants: number; seed: number },
): Promise<void> {
  const { undisturbed, spans, kill } = await killing(server, options.applicants, randomFrom(options.seed))
  t.comment(`seed ${options.seed}; ${stages.map(stage => `${stage} ${Math.round(spans[stage])} ms`).join(', ')}`)
  const hits = new Map<At, number>()
  let killed = 0
  for (let i = 0; i < options.kills; i++) {
    const workers = i % 10 < 5 ? 'worker' : 'postgres under a worker'
    const victim = (['process', 'postgres', 'process', 'postgres', workers] as const)[i % 5] as Victim
    const stage = stages[i % 4] as Stage
    // The first of each stage early, so that no stage is missed.
    const { hit, left, digest, isKilled } = await kill(victim, stage, i < 4 ? 0.1 : 0.9)
    hits.set(hit, (hits.get(hit) ?? 0) + 1)
    if (isKilled) killed++
    else t.equal(left, done, `${victim} had ended by itself`)
    t.equal(digest, undisturbed, `${victim} killed, aimed at ${stage}, hit ${hit}, which left: ${left}`)
  }
  t.comment(`hit: ${[...hits].map(([at, times]) => `${at} ${times}`).join(', ')}`)
  for (const stage of stages) t.ok(hits.get(stage), `a kill hit ${stage}`)
  // Now and then a process ends by itself in the moment before.
  t.ok(killed >= options.kills * 0.8, `${killed} of ${options.kills} kills met somebody`)
}

/** Makes the round on a server and runs it once without a kill. */
async function killing(server: Server, applicants: number, random: ReturnType<typeof randomFrom>): Promise<Killing> {
  const closed = await closedRoundIn(server, 'closed', applicants)
  const first = await copyOf(server, closed, 'undisturbed')
  const spans = await spansOf(first)
  const undisturbed = await publishedDigest(first)
  let copies = 0
  return {
    undisturbed,
    spans,
    async kill(victim, stage, share) {
      const round = await copyOf(server, closed, `killed_${++copies}`)
      const byWorker = victim.endsWith('worker')
      if (byWorker) await order(round)
      const begin = () => points(round, byWorker ? ['worker'] : ['round', 'run', round.round])
      let child = begin()
      const watch = await watchOf(round.url)
      while ((await watch.at()) !== stage && isAlive(child));
      await sleep((random.below(1000) / 1000) * share * spans[stage])
      const startedAt = async () => (await ask<{ at: string }>(server.url, 'select pg_postmaster_start_time()::text as at'))[0]?.at
      const before = await startedAt()
      const hit = await watch.at()
      await watch.end()

      const isServer = victim.startsWith('postgres')
      if (isServer) {
        await server.kill()
        await server.start()
      } else child.kill('SIGKILL')
      // A worker outlives its server and goes on with the next one; the terminal's command ends with it.
      if (victim !== 'postgres under a worker') await exit(child)
      const isKilled = isServer ? (await startedAt()) !== before : child.signalCode === 'SIGKILL'
      const left = await whatIsLeft(round)
      if (child.exitCode === 0 && left !== done) throw new Error(`the command says that it has worked, and left ${left}`)

      if (!isAlive(child) && (byWorker || left !== done)) child = begin()
      if (byWorker) await jobEnds(round, child)
      else if (left !== done) await succeeds(child)
      const digest = await publishedDigest(round)
      await ask(server.url, `drop database ${new URL(round.url).pathname.slice(1)} with (force)`)
      return { hit, left, digest, isKilled }
    },
  }
}

const done = 'ranked verified'

/** Runs a round undisturbed, and gives how long it was in each stage. */
async function spansOf(round: Round): Promise<Killing['spans']> {
  const spans = { before: 0, freeze: 0, score: 0, rank: 0, verify: 0, after: 0 }
  const watch = await watchOf(round.url)
  const child = points(round, ['round', 'run', round.round])
  for (let since = performance.now(); isAlive(child); ) {
    const at = await watch.at()
    const now = performance.now()
    spans[at] += now - since
    since = now
  }
  await watch.end()
  await succeeds(child)
  return spans
}

const states = `select (select state from rounds) as round, coalesce((select string_agg(state, ' ' order by run) from runs), '') as runs`

/** Watches from a connection of its own which stage a run is in. */
async function watchOf(url: string): Promise<{ at(): Promise<At>; end(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const freezing = `exists (select from pg_locks where relation = 'frozen_inputs'::regclass and mode = 'RowExclusiveLock')`
  return {
    async at() {
      await sleep(2) // it shares the processors with what it watches
      const { rows } = await client.query(`${states}, ${freezing} as freezing`)
      const { round, runs, freezing: isFreezing } = rows[0]
      if (round === 'closed') return isFreezing ? 'freeze' : 'before'
      if (round !== 'frozen') return 'after'
      if (/ranked$/.test(runs)) return 'verify'
      return /scored$/.test(runs) ? 'rank' : 'score'
    },
    end: () => client.end(),
  }
}

async function whatIsLeft({ url }: Round): Promise<string> {
  const [found] = await ask<{ round: string; runs: string }>(url, states)
  return `${found?.round} ${found?.runs}`.trim()
}
