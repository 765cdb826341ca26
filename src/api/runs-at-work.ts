import { hostname } from 'node:os'
import { setTimeout as after } from 'node:timers/promises'
import { doJob, Left, WrongKeys } from '../round/do-job.ts'
import type { Office } from '../round/office.ts'
import { isUnavailable } from '../store/errors.ts'
import type { Queue } from '../store/jobs.ts'

/** What a worker tells of its work; a log of pino fits. */
export type WorkLog = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type Worker = {
  /**
   * Takes no more jobs, and waits at most so long for those at work. What is still at work is then left at its next step and goes to another worker;
   * its finished stages are kept.
   */
  stop(milliseconds: number): Promise<void>
}

const secondsBetweenTries = 2
const triesBetweenLines = 30
/** How long a job may take to its next step once it is to be left. */
const millisecondsToLeave = 5000

/** Does the runs that the queue brings, so many of different rounds side by side. Waits for a database that is away or not migrated yet. */
export function startWorker(office: Office, queue: Queue, { atOnce, log }: { atOnce: number; log: WorkLog }): Worker {
  const worker = `${hostname()}:${process.pid}`
  const leave = new AbortController()
  const stopped = new AbortController()
  const begun = begin()

  async function begin(): Promise<void> {
    for (let tries = 0; !stopped.signal.aborted; tries++) {
      try {
        await queue.work(atOnce, work)
        return log.info({ worker, atOnce }, 'worker takes runs')
      } catch (err) {
        // Whoever started the process has told the first time; from then on once a minute.
        if (tries % triesBetweenLines === 1) log.warn({ err }, 'worker waits for the database')
      }
      await after(secondsBetweenTries * 1000, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }

  async function work(job: string): Promise<void> {
    try {
      const outcome = await doJob(office, job, { worker, leave: leave.signal, seconds: () => performance.now() / 1000 })
      if (!outcome) return
      const { error, ...told } = outcome
      if (outcome.state === 'done' && outcome.run === null) log.info({ worker, ...told }, 'round is frozen and waits for its draw')
      else if (error === undefined) log.info({ worker, ...told }, 'run ended')
      else log.error({ worker, ...told, err: error }, 'run failed')
    } catch (err) {
      if (err instanceof Left) log.warn({ worker, job }, 'run left to another worker; its finished stages are kept')
      else if (err instanceof WrongKeys) {
        log.error({ worker, job, err }, 'worker takes no more runs: start it with the SETTLEMENT_KEYS of the service that ordered this one')
        await queue.rest()
      } else log[isUnavailable(err) ? 'warn' : 'error']({ worker, job, err }, 'run broke off; it is begun again')
      throw err
    }
  }

  return {
    async stop(milliseconds) {
      stopped.abort()
      await begun
      const timer = setTimeout(() => leave.abort(), milliseconds)
      await queue.stop(milliseconds + millisecondsToLeave)
      clearTimeout(timer)
    },
  }
}
