import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnded, jobOf, orderRun } from '../../../src/round/jobs.ts'
import { formatKeys } from '../../../src/store/encryption.ts'
import { openQueue } from '../../../src/store/jobs.ts'
import { project } from '../office.ts'
import { inOffice, type Round } from './round.ts'

/** A process of `points` over the database of a round; `said` is the end of what it has written. */
export function points({ url, keys }: Round, args: string[]): ChildProcess & { said: string } {
  const child = spawn(process.execPath, ['--no-warnings', join(project, 'src/cli/points.mjs'), ...args], {
    env: { ...process.env, DATABASE_URL: url, SETTLEMENT_KEYS: formatKeys(keys) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = Object.assign(child, { said: '' })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', piece => {
      said.said = `${said.said}${piece}`.slice(-2000)
    })
  return said
}

export function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

export async function exit(child: ChildProcess): Promise<void> {
  if (isAlive(child)) await once(child, 'exit')
}

export async function succeeds(child: ChildProcess & { said: string }): Promise<void> {
  await exit(child)
  if (child.exitCode !== 0) throw new Error(`points ended with ${child.exitCode ?? child.signalCode}:\n${child.said}`)
}

/** Orders the run as the API does. */
export async function order(round: Round): Promise<void> {
  await inOffice(round, async office => {
    const queue = openQueue(office.pool, { works: false, onError: () => {} })
    await orderRun(office, queue, round.actor, round.round, {})
    await queue.stop(0)
  })
}

/** Waits until a run that was ordered is done; throws when it has failed, or the worker has ended. */
export async function jobIsDone(round: Round, worker: ChildProcess & { said: string }): Promise<void> {
  const job = await inOffice(round, async office => {
    for (let i = 0; ; i++) {
      const job = await jobOf(office, round.actor, round.round)
      if (job && hasEnded(job)) return job
      if (i > 1200 || !isAlive(worker)) throw new Error(`the job does not end: ${JSON.stringify(job)}\n${worker.said}`)
      await sleep(100)
    }
  })
  if (job.state !== 'done') throw new Error(`the job has ${job.state}: ${JSON.stringify(job.problem)}`)
}

/** The same, and ends the worker. */
export async function jobEnds(round: Round, worker: ChildProcess & { said: string }): Promise<void> {
  await jobIsDone(round, worker)
  worker.kill('SIGKILL')
  await exit(worker)
}
