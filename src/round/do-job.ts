import { setTimeout as after } from 'node:timers/promises'
import type { JobState } from '../store/database.ts'
import { decrypt } from '../store/encryption.ts'
import { isUnavailable } from '../store/errors.ts'
import { endJob, giveBackJob, type Job, takeJob } from '../store/jobs.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import { startHeartbeat } from './heartbeat.ts'
import { placeOfSecret } from './jobs.ts'
import type { Office } from './office.ts'
import type { Progress } from './progress.ts'
import { type RunOptions, type RunResult, runRound } from './run.ts'
import { isRefused } from './taken.ts'
import { forgetUnfinished } from './unfinished.ts'

/** Workers may vanish under a job so often; then the job is at fault. One that stops in order, or whose database is away, has not vanished. */
const mostBreakdowns = 10
const millisecondsUntilFree = 2000
const triesOfDatabase = 40
const millisecondsBetweenTries = 500

/** What came of a job. `run` null of one that is done: the round was frozen and waits for its draw. With `error`: why it failed. */
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

/** The keys of this process do not open the secret of a job. The job was given back, for a worker that has the right ones. */
export class WrongKeys extends Error {
  override name = 'WrongKeys'
}

/**
 * Does the work of a job that the queue has brought. Gives null if there is nothing to do any more. With `leave` aborted the work ends with its next
 * progress, and the job goes to another worker, which goes on from the last finished stage.
 * @throws Left; WrongKeys; an error of a database that does not answer: in each case the queue brings the job to a worker again
 */
export async function doJob(
  office: Office,
  job: string,
  { worker, leave, seconds }: { worker: string; leave: AbortSignal; seconds: () => number },
): Promise<Outcome | null> {
  const taken = await takeJob(office.jobs.db, job, worker)
  if (!taken) return null
  const { authority, round, attempt } = taken
  const held = { job, attempt }
  const heartbeat = startHeartbeat(office, held, taken.cancel_asked_by !== null)
  const progress: Progress = at => {
    const lost = leave.aborted ? 'this worker stops' : heartbeat.lost()
    if (lost !== undefined) throw new Left(lost)
    heartbeat.tell(at)
  }
  const end = async (state: Outcome['state'] & ('done' | 'failed' | 'cancelled'), more: Partial<Outcome>, refusal?: Refusal) => {
    await heartbeat.end()
    const problem = refusal ? { code: refusal.code, faults: [...refusal.faults] } : null
    const run = more.run ?? null
    const at = heartbeat.at()
    if (!(await insisting(leave, () => endJob(office.jobs.db, held, { state, at, run, problem }))))
      throw new Left('another worker has this job')
    return { authority, round, job, state, seconds: {}, ...more, run }
  }
  try {
    if (taken.broke_off >= mostBreakdowns)
      throw new Refusal('run-broke-off', `Workers broke down under this run ${mostBreakdowns} times; their logs and the system's say why.`)
    const options = { lotSecret: lotSecretOf(office, taken), progress, seconds, signal: heartbeat.cancel }
    const { run, report, seconds: spent } = await whenFree(leave, () => runOrTidy(office, taken, options))
    if (report.holds) return await end('done', { run: run.run, seconds: spent })
    const refusal = new Refusal('run-does-not-hold', `Run ${run.run} does not hold; its findings say why.`)
    return await end('failed', { run: run.run, seconds: spent, error: refusal }, refusal)
  } catch (error) {
    await heartbeat.end()
    if (error instanceof Left || error instanceof WrongKeys || isUnavailable(error)) {
      await insisting(leave, () => giveBackJob(office.jobs.db, held))
      throw error
    }
    if (isRefused(error, 'run-cancelled')) return await end('cancelled', {})
    // What a round with lots can come to before its draw: it is frozen now.
    if (isRefused(error, 'draw-missing')) return await end('done', {})
    const refusal =
      error instanceof Refusal
        ? error
        : new Refusal('internal-error', `This is a fault of the service. Tell its operator the job ${job}; the log has it.`)
    return await end('failed', { error }, refusal)
  }
}

/** Runs the round. One that was made public meanwhile cannot be run any more, so what is left of an unfinished run goes. */
async function runOrTidy(office: Office, { authority, round, ordered_by: client }: Job, options: RunOptions): Promise<RunResult> {
  try {
    return await runRound(office, { authority, client }, round, options)
  } catch (error) {
    if (isRefused(error, 'round-state')) await inTransaction(office.pool, ({ db }) => forgetUnfinished(db, authority, round))
    throw error
  }
}

function lotSecretOf({ keys }: Office, job: Job): string | undefined {
  if (job.lot_secret_encrypted === null) return undefined
  try {
    return decrypt(keys, job.lot_secret_encrypted, placeOfSecret(job))
  } catch (error) {
    if (isRefused(error, 'encrypted-value-damaged') || isRefused(error, 'encryption-key-missing'))
      throw new WrongKeys('the keys of this process do not open the secret of the job')
    throw error
  }
}

/** Does a run as soon as nobody else has the round. After a worker was killed, its statement may still be at work on the server for a while. */
async function whenFree<T>(leave: AbortSignal, run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!isRefused(error, 'round-busy')) throw error
    }
    await after(millisecondsUntilFree, undefined, { signal: leave }).catch(() => {
      throw new Left('this worker stops')
    })
  }
}

/** Writes what became of a job also when the database is away for some seconds; else the work would be done again, or count as broken down. */
async function insisting<T>(leave: AbortSignal, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write()
    } catch (error) {
      if (!isUnavailable(error) || tries === triesOfDatabase || leave.aborted) throw error
    }
    await after(millisecondsBetweenTries)
  }
}
