import { randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { JobState } from '../store/database.ts'
import { decrypt, encrypt, type Place } from '../store/encryption.ts'
import { isUnavailable } from '../store/errors.ts'
import {
  askToCancelJob,
  beat,
  cancelQueuedJob,
  endJob,
  getJob,
  giveBackJob,
  insertJob,
  type Job,
  lockJob,
  type Queue,
  takeJob,
} from '../store/jobs.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import { committedSecret, lotteryOfRound, needsDraw } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import type { Progress, Stage } from './progress.ts'
import { judgeOf, theRound } from './rounds.ts'
import { runRound } from './run.ts'

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
  cancelAsked: boolean
  run: number | null
  /** Why it failed. */
  problem: { code: string; faults: { code: string; pointer: string; message: string }[] } | null
  finishedAt: string | null
}

/** A worker may break down under a job so often; then the job is at fault. */
const mostAttempts = 10
const millisecondsBetweenBeats = 500
const millisecondsUntilFree = 2000

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
  if (round.state !== 'closed' && round.state !== 'frozen' && round.state !== 'ranked')
    throw new Refusal(
      'round-state',
      round.state === 'draft' || round.state === 'open'
        ? `Round ${name} is ${round.state}: close it first, then it can be run.`
        : `Round ${name} is ${round.state}: its list is public, so it cannot be run again.`,
    )
  const { rules } = await judgeOf(office, round)
  needsDraw(round, rules)
  // A wrong secret is told to the one who gives it, not to whoever asks for the job later.
  const committed = committedSecret(round, rules, lotSecret)
  if (round.state !== 'closed') await lotteryOfRound(office.db, round, rules, committed)
  const job = randomUUID()
  const secret = lotSecret === undefined ? null : encrypt(office.keys, lotSecret, placeOfSecret({ authority, job }), office.randomBytes)
  await inTransaction(office.pool, async ({ db, client }) => {
    if (!(await insertJob(db, { authority, round: name, job, ordered_by: orderedBy, lot_secret_encrypted: secret })))
      throw busy(name, await getJob(db, authority, name))
    await queue.send(client, job)
  })
  return theJob(office, authority, name)
}

/**
 * Cancels the job of a round. One that waits has then ended; a worker that is at it, on whatever machine, stops within seconds and leaves nothing of
 * the unfinished run behind.
 * @throws Refusal `unknown-round`; `nothing-at-work`
 */
export async function cancelRun(office: Office, queue: Queue, { authority, client: askedBy }: Actor, name: string): Promise<JobView> {
  await theRound(office, authority, name)
  await inTransaction(office.pool, async ({ db, client }) => {
    const found = await lockJob(db, authority, name)
    if (!found || found.finished_at !== null) throw new Refusal('nothing-at-work', `Round ${name} has no run that waits or is at work.`)
    // A job that was given back may have left an unfinished run: only a worker can put that away.
    if (found.state === 'working' || found.attempt > 0) return askToCancelJob(db, found.job, askedBy)
    await cancelQueuedJob(db, found.job, askedBy)
    await queue.remove(client, found.job)
  })
  return theJob(office, authority, name)
}

/** The last job of a round; null if none was ever ordered. @throws Refusal `unknown-round` */
export async function jobOf(office: Office, { authority }: Actor, name: string): Promise<JobView | null> {
  await theRound(office, authority, name)
  const found = await getJob(office.db, authority, name)
  return found ? viewOf(found) : null
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
    cancelAsked: job.cancel_asked_by !== null,
    run: job.run,
    problem: job.problem,
    finishedAt: job.finished_at,
  }
}

function busy(round: string, job: Job | undefined): Refusal {
  const which = job ? `job ${job.job}, ordered by ${job.ordered_by}, ${job.state}` : 'another job'
  return new Refusal('round-busy', `Round ${round} has a run already (${which}); wait until it has ended, or cancel it.`)
}

/** What came of a job. With `error`: why it failed. */
export type Outcome = {
  authority: string
  round: string
  job: string
  state: JobState
  run: number | null
  seconds: object
  error?: unknown
}

/** The work on a job was left; another worker goes on with it. */
export class Left extends Error {
  override name = 'Left'
}

/**
 * Does the work of a job that the queue has brought. Gives null if there is nothing to do any more. With `leave` aborted the work ends with its next
 * progress, and the job goes to another worker, which goes on from the last finished stage.
 * @throws Left; an error of a database that does not answer: in both cases the queue brings the job to a worker again
 */
export async function doJob(
  office: Office,
  job: string,
  { worker, leave, seconds }: { worker: string; leave: AbortSignal; seconds: () => number },
): Promise<Outcome | null> {
  const taken = await takeJob(office.db, job, worker)
  if (!taken) return null
  const { authority, round, attempt } = taken
  const held = { job, attempt }
  const beats = beating(office, held, taken.cancel_asked_by !== null)
  const progress: Progress = at => {
    if (leave.aborted || beats.lost()) throw new Left('the worker has left this job to another one')
    beats.tell(at)
  }
  const end = async (state: Outcome['state'] & ('done' | 'failed' | 'cancelled'), more: Partial<Outcome>, refusal?: Refusal) => {
    const problem = refusal ? { code: refusal.code, faults: [...refusal.faults] } : null
    const run = more.run ?? null
    if (!(await endJob(office.db, held, { state, run, problem }))) throw new Left('another worker has this job')
    return { authority, round, job, state, seconds: {}, ...more, run }
  }
  try {
    if (attempt > mostAttempts)
      throw new Refusal('run-broke-off', `Workers broke down under this run ${mostAttempts} times; their logs and the system's say why.`)
    const sealed = taken.lot_secret_encrypted
    const lotSecret = sealed === null ? undefined : decrypt(office.keys, sealed, placeOfSecret(taken))
    const actor = { authority, client: taken.ordered_by }
    const options = { lotSecret, progress, seconds, signal: beats.cancel }
    const { run, report, seconds: spent } = await whenFree(leave, () => runRound(office, actor, round, options))
    await beats.end()
    if (report.holds) return await end('done', { run: run.run, seconds: spent })
    const refusal = new Refusal('run-does-not-hold', `Run ${run.run} does not hold; its findings say why.`)
    return await end('failed', { run: run.run, seconds: spent, error: refusal }, refusal)
  } catch (error) {
    await beats.end()
    if (error instanceof Left) {
      await giveBackJob(office.db, held)
      throw error
    }
    if (isUnavailable(error)) throw error
    if (error instanceof Refusal && error.code === 'run-cancelled') return await end('cancelled', {})
    const refusal = error instanceof Refusal ? error : new Refusal('internal-error', '')
    return await end('failed', { error }, refusal)
  }
}

/** Does a run as soon as nobody else has the round. After a worker was killed, its statement may still be at work on the server for a while. */
async function whenFree<T>(leave: AbortSignal, run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'round-busy') throw error
    }
    await after(millisecondsUntilFree, undefined, { signal: leave }).catch(() => {
      throw new Left('the worker has left this job to another one')
    })
  }
}

/** Tells twice a second how far the work is, and learns whether to cancel it. A beat that fails is made good by the next one. */
function beating(office: Office, held: { job: string; attempt: number }, cancelAsked: boolean) {
  const cancel = new AbortController()
  if (cancelAsked) cancel.abort()
  const stopped = new AbortController()
  let at: { stage: Stage | null; done: number; total: number } = { stage: null, done: 0, total: 0 }
  let told = at
  let lost = false
  let wake = () => {}
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      told = at
      try {
        const answer = await beat(office.db, held, told)
        if (!answer) lost = true
        else if (answer.cancelAsked) cancel.abort()
      } catch (error) {
        if (!isUnavailable(error)) throw error
      }
      const pause = Promise.withResolvers<void>()
      wake = pause.resolve
      const timer = setTimeout(wake, millisecondsBetweenBeats)
      await pause.promise
      clearTimeout(timer)
    }
  })()
  // An error of the loop is thrown by `end`.
  loop.catch(() => {})
  return {
    cancel: cancel.signal,
    lost: () => lost,
    tell(progress: { stage: Stage; done: number; total: number }) {
      at = progress
      if (at.stage !== told.stage) wake()
    },
    async end() {
      stopped.abort()
      wake()
      await loop
    },
  }
}

function placeOfSecret({ authority, job }: { authority: string; job: string }): Place {
  return { authority, row: 0, column: `lot_secret of ${job}` }
}
