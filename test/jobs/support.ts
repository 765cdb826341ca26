import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { population } from '../../src/cli/demo/population.ts'
import { takeApplicants } from '../../src/round/bulk-intake.ts'
import { enterAuthority } from '../../src/round/clients.ts'
import { doJob, type Outcome } from '../../src/round/do-job.ts'
import { hasEnded, type JobView, jobOf } from '../../src/round/jobs.ts'
import type { Actor, Office } from '../../src/round/office.ts'
import { createRound, moveRound } from '../../src/round/rounds.ts'
import { formatKeys } from '../../src/store/encryption.ts'
import { openQueue, type Queue } from '../../src/store/jobs.ts'
import { project } from '../support/office.ts'
import { asOf, closedRound, modelRules, type Year } from '../support/year.ts'

type Test = Parameters<typeof closedRound>[0]

/** A queue of this process that only sends. */
export function sender(t: Test, office: Office): Queue {
  const queue = openQueue(office.jobs.pool, {
    works: false,
    onError: error => {
      throw error
    },
  })
  // A test's connections are ended before its teardown.
  t.teardown(() => queue.stop(0))
  return queue
}

/** One closed round in each of so many offices of one database. */
export async function closedRounds(t: Test, count: number, applicants: number): Promise<(Year & { actor: Actor })[]> {
  const first = await closedRound(t, { applicants })
  const years = [first]
  for (let i = 1; i < count; i++) {
    const actor = { authority: `office-${i}`, client: 'test' }
    const round = '2017'
    await enterAuthority(first.office, actor.authority, { 'zh-CN': '另一机关', en: 'another office' })
    await createRound(first.office, actor, { round, rules: modelRules })
    await moveRound(first.office, actor, round, 'open')
    await takeApplicants(first.office, actor, round, population({ seed: `${i}`, applicants, asOf }))
    await moveRound(first.office, actor, round, 'closed')
    years.push({ ...first, actor, round })
  }
  return years
}

/** A process of `points worker` over a year's database; killed when the test ends. */
export function worker(t: Test, { office, url }: Year, concurrency = 1): ChildProcess & { log(): string } {
  const child = spawn(
    process.execPath,
    ['--no-warnings', join(project, 'src/cli/points.mjs'), 'worker', '--concurrency', String(concurrency)],
    {
      env: { ...process.env, DATABASE_URL: url, SETTLEMENT_KEYS: formatKeys(office.keys) },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let text = ''
  child.stdout.on('data', piece => {
    text += piece
  })
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return Object.assign(child, { log: () => text })
}

/** Does what a worker does with a job, in this process. */
export function work(office: Office, { job }: Pick<JobView, 'job'>, leave = new AbortController().signal): Promise<Outcome | null> {
  const worked = doJob(office, job, { worker: 'test', leave, seconds: () => 0 })
  // A test that lets it go on asks a moment later how it ended.
  worked.catch(() => {})
  return worked
}

export async function untilJob(
  { office, actor, round }: Year,
  fits: (job: JobView) => boolean,
  { seconds = 60, every = 20 } = {},
): Promise<JobView> {
  for (const end = performance.now() + seconds * 1000; ; ) {
    const job = await jobOf(office, actor, round)
    if (job && fits(job)) return job
    if (performance.now() > end) throw new Error(`the job did not come so far: ${JSON.stringify(job)}`)
    await sleep(every)
  }
}

export const untilEnded = (year: Year): Promise<JobView> => untilJob(year, hasEnded)

/** Holds whoever wants to write entries, so that a run stays in its stage of scoring, until it is let go. */
export async function holdScoring(t: Test, { url }: Year): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('begin')
  await client.query('lock table entries in share mode')
  let ended: Promise<void> | undefined
  const letGo = () => {
    ended ??= client.end()
    return ended
  }
  // What fails in the test must not leave a run that waits for ever.
  t.teardown(letGo)
  return letGo
}

/** The digest of what the verified run of a round decided. Without the number of the run, and without the receipts, which hold the salts of the freeze. */
export async function decided({ office, actor, round }: Year): Promise<object> {
  const found: { [table: string]: unknown } = {}
  for (const table of ['entries', 'standings']) {
    const { rows } = await office.pool.query(
      `select count(*), md5(string_agg((to_jsonb(x) - 'run' - 'receipt')::text, '\n' order by application)) as digest
       from ${table} x join rounds using (authority, round) where authority = $1 and round = $2 and run = verified_run`,
      [actor.authority, round],
    )
    found[table] = rows[0]
  }
  return found
}

/** What a round has of runs. */
export async function leftOf({ office, actor, round }: Year): Promise<object> {
  const found: { [table: string]: number } = {}
  for (const table of ['runs', 'entries', 'standings']) {
    const { rows } = await office.pool.query(`select count(*) from ${table} where authority = $1 and round = $2`, [actor.authority, round])
    found[table] = rows[0].count
  }
  return found
}
