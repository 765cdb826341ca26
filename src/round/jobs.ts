import { randomUUID } from 'node:crypto'
import type { JobState } from '../store/database.ts'
import { encrypt, type Place } from '../store/encryption.ts'
import { askToCancelJob, cancelQueuedJob, getJob, insertJob, type Job, lockJob, type Queue } from '../store/jobs.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import { committedSecret, lotteryOfRound, needsDraw } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import type { Stage } from './progress.ts'
import { cannotBeRun, judgeOf, theRound } from './rounds.ts'
import { isRefused } from './taken.ts'
import { forgetUnfinished } from './unfinished.ts'

/** The last job of a round, as those see it who may read the round. */
export type JobView = {
  job: string
  state: JobState
  orderedBy: string
  orderedAt: string
  stage: Stage | null
  /** Applicants of this stage. */
  done: number
  total: number
  /** Applicants a second, and seconds until this stage ends at that pace; null before there is a pace. */
  perSecond: number | null
  secondsLeft: number | null
  /** When the worker was last heard of. */
  heartbeatAt: string | null
  /** Whether a worker that has the job was not heard of for three seconds. */
  silent: boolean
  cancelAsked: boolean
  run: number | null
  /** What a job that is done without a run waits for: it has frozen a round whose lots are drawn by a draw to come. */
  waitsFor: 'draw' | null
  /** Why it failed. */
  problem: { code: string; faults: { code: string; pointer: string; message: string }[] } | null
  finishedAt: string | null
}

/**
 * Orders a run of a round; some worker does it. What can be refused beforehand is refused here.
 * @throws Refusal `unknown-round`; `round-state`; `round-busy`, which names the job that has not ended; `round-altered`; `lot-secret-missing`,
 * `lot-secret-wrong`, `invalid-lot-secret`; `draw-missing`; `lot-without-draw`
 */
export async function orderRun(
  office: Office,
  queue: Queue,
  { authority, client: orderedBy }: Actor,
  name: string,
  { lotSecret }: { lotSecret?: string | undefined },
): Promise<JobView> {
  const round = await theRound(office, authority, name)
  if (round.state !== 'closed' && round.state !== 'frozen' && round.state !== 'ranked') throw cannotBeRun(round)
  const { rules } = await judgeOf(office, round)
  needsDraw(round, rules)
  // A wrong secret is told to the one who gives it, not to whoever asks for the job later.
  const committed = committedSecret(round, rules, lotSecret)
  if (round.state !== 'closed') await lotteryOfRound(office.db, round, rules, committed)
  const job = randomUUID()
  const secret = lotSecret === undefined ? null : encrypt(office.keys, lotSecret, placeOfSecret({ authority, job }), office.randomBytes)
  await queue.ready()
  await inTransaction(office.pool, async ({ db, client }) => {
    if (!(await insertJob(db, { authority, round: name, job, ordered_by: orderedBy, lot_secret_encrypted: secret })))
      throw busy(name, await getJob(db, authority, name))
    await queue.send(client, job)
  })
  return theJob(office, authority, name)
}

/**
 * Cancels the job of a round. One that waits has then ended, and nothing is left of a run that its last worker has not finished; a worker that is at it, on
 * whatever machine, stops within seconds and leaves nothing of the unfinished run behind.
 * @throws Refusal `unknown-round`; `nothing-at-work`
 */
export async function cancelRun(office: Office, queue: Queue, { authority, client: askedBy }: Actor, name: string): Promise<JobView> {
  await theRound(office, authority, name)
  await queue.ready()
  const cancel = (atOnce: boolean) =>
    inTransaction(office.pool, async ({ db, client }) => {
      const found = await lockJob(db, authority, name)
      if (!found || found.finished_at !== null) throw new Refusal('nothing-at-work', `Round ${name} has no run that waits or is at work.`)
      if (found.state === 'working' || !atOnce) return askToCancelJob(db, found.job, askedBy)
      if (found.attempt > 0) await forgetUnfinished(db, authority, name)
      await cancelQueuedJob(db, found.job, askedBy)
      await queue.remove(client, found.job)
    })
  await cancel(true).catch(error => {
    // A statement of the worker that was killed may still have the round: the next worker puts away what is left.
    if (isRefused(error, 'round-busy')) return cancel(false)
    throw error
  })
  return theJob(office, authority, name)
}

/** The last job of a round; null if none was ever ordered. @throws Refusal `unknown-round` */
export async function jobOf(office: Office, { authority }: Actor, name: string): Promise<JobView | null> {
  const found = await getJob(office.db, authority, name)
  if (found) return viewOf(found)
  await theRound(office, authority, name)
  return null
}

/**
 * Refuses what must not come between the stages of a run: publishing, or a run in the terminal.
 * @throws Refusal `round-busy`, which names the job
 */
export async function refuseWhileAtWork(db: Office['db'], authority: string, round: string): Promise<void> {
  const job = await getJob(db, authority, round)
  if (job && !hasEnded(job)) throw busy(round, job)
}

/** Whether a job has come to its end. */
export function hasEnded({ state }: Pick<JobView, 'state'>): boolean {
  return state !== 'queued' && state !== 'working'
}

async function theJob(office: Office, authority: string, name: string): Promise<JobView> {
  return viewOf((await getJob(office.db, authority, name)) as Job)
}

function viewOf(job: Job): JobView {
  const { done, total, stage_started_at: since, heartbeat_at: until } = job
  const seconds = since === null || until === null ? 0 : (Date.parse(until) - Date.parse(since)) / 1000
  const perSecond = job.state === 'working' && done > 0 && seconds >= 1 ? done / seconds : null
  return {
    job: job.job,
    state: job.state,
    orderedBy: job.ordered_by,
    orderedAt: job.ordered_at,
    stage: job.stage as Stage | null,
    done,
    total,
    perSecond: perSecond && Math.round(perSecond * 10) / 10,
    secondsLeft: perSecond && Math.ceil((total - done) / perSecond),
    heartbeatAt: until,
    silent: job.silent,
    cancelAsked: job.cancel_asked_by !== null,
    run: job.run,
    waitsFor: job.state === 'done' && job.run === null ? 'draw' : null,
    problem: job.problem,
    finishedAt: job.finished_at,
  }
}

function busy(round: string, job: Job | undefined): Refusal {
  const which = job ? `job ${job.job}, ordered by ${job.ordered_by}, ${job.state}` : 'another job'
  return new Refusal(
    'round-busy',
    `Round ${round} has a run already (${which}); wait until it has ended, or cancel it (points round cancel ${round}).`,
  )
}

/** Where the secret of a job is sealed to. */
export function placeOfSecret({ authority, job }: { authority: string; job: string }): Place {
  return { authority, row: 0, column: `lot_secret of ${job}` }
}
