import { type Kysely, type Selectable, sql } from 'kysely'
import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Database, JobState, RoundJobsTable } from './database.ts'

/** `silent`: nothing was heard of its worker for so long that it may have vanished. */
export type Job = Selectable<RoundJobsTable> & { silent: boolean }
/** How far a job is. */
export type JobAt = Pick<Job, 'stage' | 'done' | 'total'>
/** A job as one worker holds it. Another worker that takes the job has a greater attempt, and this one holds it no more. */
export type Held = { job: string; attempt: number }
export type JobProblem = NonNullable<Job['problem']>

/** The clock of the database, also within a transaction: jobs are written by several machines. */
const now = sql<string>`clock_timestamp()`
const nowhere: JobAt = { stage: null, done: 0, total: 0 }
const silent = sql<boolean>`state = 'working' and heartbeat_at < clock_timestamp() - interval '3 s'`.as('silent')
/** What a job that has ended keeps of its work. */
const ended = { lot_secret_encrypted: null, finished_at: now }

/** Makes this the job of its round; false if the round has one that has not ended. */
export async function insertJob(
  db: Kysely<Database>,
  values: Pick<Job, 'authority' | 'round' | 'job' | 'ordered_by' | 'lot_secret_encrypted'>,
): Promise<boolean> {
  const fresh = {
    ...values,
    state: 'queued' as const,
    ordered_at: now,
    attempt: 0,
    broke_off: 0,
    worker: null,
    ...nowhere,
    stage_started_at: null,
    heartbeat_at: null,
    cancel_asked_by: null,
    run: null,
    problem: null,
    finished_at: null,
  }
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('round_jobs')
    .values(fresh)
    .onConflict(conflict => conflict.columns(['authority', 'round']).doUpdateSet(fresh).where('round_jobs.finished_at', 'is not', null))
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The last job of a round. */
export async function getJob(db: Kysely<Database>, authority: string, round: string): Promise<Job | undefined> {
  return selectJob(db, authority, round).executeTakeFirst()
}

/** The last job of a round, held until the end of the transaction. */
export async function lockJob(db: Kysely<Database>, authority: string, round: string): Promise<Job | undefined> {
  return selectJob(db, authority, round).forUpdate().executeTakeFirst()
}

function selectJob(db: Kysely<Database>, authority: string, round: string) {
  return db.selectFrom('round_jobs').selectAll().select(silent).where('authority', '=', authority).where('round', '=', round)
}

/**
 * Takes a job that the queue has brought; undefined if it has ended, or the round has another one by now. One that is still `working` was left by a worker
 * that vanished, which is counted.
 */
export async function takeJob(db: Kysely<Database>, job: string, worker: string): Promise<Job | undefined> {
  return db
    .updateTable('round_jobs')
    .set({
      state: 'working',
      attempt: sql`attempt + 1`,
      broke_off: sql`broke_off + (state = 'working')::integer`,
      worker,
      ...nowhere,
      stage_started_at: null,
      heartbeat_at: now,
    })
    .where('job', '=', job)
    .where('finished_at', 'is', null)
    .returningAll()
    .returning(silent)
    .executeTakeFirst()
}

/** Tells that the worker lives and how far it is. Gives whether somebody asked to cancel; undefined if the worker holds the job no more. */
export async function beat(db: Kysely<Database>, held: Held, at: JobAt): Promise<{ cancelAsked: boolean } | undefined> {
  const row = await db
    .updateTable('round_jobs')
    .set({
      ...at,
      heartbeat_at: now,
      stage_started_at: sql`case when stage is distinct from ${at.stage} then clock_timestamp() else stage_started_at end`,
    })
    .where(isHeld(held))
    .returning('cancel_asked_by')
    .executeTakeFirst()
  return row && { cancelAsked: row.cancel_asked_by !== null }
}

/** Gives a job back unfinished, for another worker. */
export async function giveBackJob(db: Kysely<Database>, held: Held): Promise<void> {
  await db.updateTable('round_jobs').set({ state: 'queued', worker: null }).where(isHeld(held)).execute()
}

/** Ends a job where it is; false if the worker holds it no more. */
export async function endJob(
  db: Kysely<Database>,
  held: Held,
  {
    state,
    at,
    run,
    problem,
  }: { state: Exclude<JobState, 'queued' | 'working'>; at: JobAt; run: number | null; problem: JobProblem | null },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('round_jobs')
    .set({ ...ended, ...at, state, run, problem: problem && JSON.stringify(problem) })
    .where(isHeld(held))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Cancels a job that its caller has locked and that no worker has. */
export async function cancelQueuedJob(db: Kysely<Database>, job: string, askedBy: string): Promise<void> {
  await db
    .updateTable('round_jobs')
    .set({ ...ended, state: 'cancelled', cancel_asked_by: askedBy })
    .where('job', '=', job)
    .execute()
}

/** Asks the worker of a job to cancel it; it sees that with its next beat. */
export async function askToCancelJob(db: Kysely<Database>, job: string, askedBy: string): Promise<void> {
  await db.updateTable('round_jobs').set({ cancel_asked_by: askedBy }).where('job', '=', job).execute()
}

function isHeld({ job, attempt }: Held) {
  return sql<boolean>`job = ${job} and attempt = ${attempt} and state = 'working'`
}

/** Figures of all rounds of the installation, without any name. */
export async function jobFigures(db: Kysely<Database>): Promise<{
  jobs: { state: JobState; count: number }[]
  stages: { stage: string; seconds: number }[]
  runs: { finished: number; applicants: number; lastFinished: number | null }
}> {
  const jobs = await db
    .selectFrom('round_jobs')
    .select(['state', sql<number>`count(*)`.as('count')])
    .groupBy('state')
    .execute()
  const { rows: stages } = await sql<{ stage: string; seconds: number }>`
    select key as stage, sum(value::float8) as seconds from runs, jsonb_each_text(seconds) where finished_at is not null group by key`.execute(
    db,
  )
  const { rows } = await sql<{ finished: number; applicants: number; lastFinished: number | null }>`
    select count(*) as finished, coalesce(sum(applicants), 0)::int8 as applicants, extract(epoch from max(finished_at))::float8 as "lastFinished"
    from runs where finished_at is not null`.execute(db)
  return { jobs, stages, runs: rows[0] as (typeof rows)[0] }
}

/** Brings jobs to workers, on any number of machines. What it holds of a job is its number alone. */
export type Queue = {
  /** Asks the database for what sending and removing need. Wait for it before the transaction: within one it would ask for a second connection. */
  ready(): Promise<void>
  /** Puts a job in, in the transaction of its client. */
  send(client: pg.PoolClient, job: string): Promise<void>
  /** Takes a job out that no worker has, in the transaction of its client. */
  remove(client: pg.PoolClient, job: string): Promise<void>
  /** Does jobs, so many at once, until `stop`. A job whose work throws, or whose process falls silent for ten seconds, is brought to a worker again. */
  work(atOnce: number, work: (job: string) => Promise<void>): Promise<void>
  /** Takes no more jobs; those at work go on, and jobs can still be sent. */
  rest(): Promise<void>
  /** Takes no more jobs and waits for those at work, at most so long; then gives them back. */
  stop(milliseconds: number): Promise<void>
}

const queue = 'runs'
const millisecondsBetweenErrors = 60_000

/**
 * The queue in the schema `jobs`, which a migration makes. Nothing is asked of the database before the first call; if that fails, the next one tries
 * again. `works` says whether this process takes jobs or only sends them. The queue needs no session of its own, so it also works through a pooler that gives out connections by the transaction.
 * A database that is away is asked twice a second: `onError` is told the first error, and then one a minute.
 */
export function openQueue(pool: pg.Pool, { works, onError }: { works: boolean; onError: (error: Error) => void }): Queue {
  let started: Promise<PgBoss> | undefined
  let quietUntil = 0
  const start = async () => {
    const boss = new PgBoss({
      db: runsOn(pool),
      schema: 'jobs',
      migrate: false,
      schedule: false,
      registerInstance: false,
      // Every two seconds one of the workers looks for jobs of silent ones, and for old ones to delete.
      supervise: works,
      superviseIntervalSeconds: 2,
      monitorIntervalSeconds: 2,
    })
    boss.on('error', error => {
      if (performance.now() < quietUntil) return
      quietUntil = performance.now() + millisecondsBetweenErrors
      onError(error)
    })
    return boss.start()
  }
  const theBoss = () => {
    started ??= start().catch(error => {
      started = undefined
      throw error
    })
    return started
  }
  return {
    async ready() {
      await theBoss()
    },
    async send(client, job) {
      const boss = await theBoss()
      if ((await boss.send(queue, { job }, { id: job, db: runsOn(client) })) === null)
        throw new Error(`the queue has not taken the job ${job}`)
    },
    async remove(client, job) {
      const boss = await theBoss()
      await boss.cancel(queue, job, { db: runsOn(client) })
    },
    async work(atOnce, work) {
      const boss = await theBoss()
      const options = { localConcurrency: atOnce, batchSize: 1, pollingIntervalSeconds: 0.5, heartbeatRefreshSeconds: 2 }
      await boss.work<{ job: string }>(queue, options, async jobs => {
        for (const { data } of jobs) await work(data.job)
      })
    },
    async rest() {
      const boss = await theBoss()
      await boss.offWork(queue, { wait: false })
    },
    async stop(milliseconds) {
      const boss = await started?.catch(() => undefined)
      await boss?.stop({ graceful: true, timeout: milliseconds })
    },
  }
}

function runsOn(connection: pg.Pool | pg.PoolClient) {
  return { executeSql: (text: string, values?: unknown[]) => connection.query(text, values) }
}
