import { setTimeout as after } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Actor, Office } from '../round/office.ts'
import type { Stage } from '../round/progress.ts'
import { type RunResult, runRound } from '../round/run.ts'
import { Refusal } from '../values/refusal.ts'
import { problemOf } from './error-to-problem.ts'
import type { Problem } from './schemas/problem.ts'

/** The last run of a round that this process was asked for. `failed` says why: an error, or a run that does not hold. */
export type RunAtWork = {
  state: 'working' | 'done' | 'failed'
  startedAt: string
  stage: Stage | null
  done: number
  total: number
  run: number | null
  problem: Problem | null
}

export type RunsAtWork = ReturnType<typeof runsAtWork>

/** The runs that go on in this process, beside the requests that asked for them. */
export function runsAtWork(office: Office, log: FastifyBaseLogger) {
  const rounds = new Map<string, RunAtWork>()
  const working = new Set<Promise<void>>()
  const keyOf = (authority: string, round: string) => `${authority}/${round}`

  return {
    of: (authority: string, round: string): RunAtWork | null => rounds.get(keyOf(authority, round)) ?? null,

    /**
     * Starts a run and returns when its work has begun. What is refused before (state, seed, another at work) is thrown to the caller; what goes
     * wrong after is told by `of` and logged.
     */
    async start(actor: Actor, round: string, lotSeed: string | undefined): Promise<RunAtWork> {
      const key = keyOf(actor.authority, round)
      const before = rounds.get(key)
      if (before?.state === 'working') throw new Refusal('round-busy', `A run of round ${round} is at work; wait until it has finished.`)
      const view: RunAtWork = { state: 'working', startedAt: office.now(), stage: null, done: 0, total: 0, run: null, problem: null }
      rounds.set(key, view)

      const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
      const progress = (at: { stage: Stage; done: number; total: number }) => {
        Object.assign(view, at)
        begin()
      }
      const work = runRound(office, actor, round, { lotSeed, progress, seconds: () => performance.now() / 1000 })
      try {
        await Promise.race([begun, work])
      } catch (error) {
        if (before) rounds.set(key, before)
        else rounds.delete(key)
        throw error
      }
      const finished = finish(work, view, log.child({ authority: actor.authority, round }))
      working.add(finished)
      void finished.then(() => working.delete(finished))
      return view
    },

    /** Waits for the runs at work, at most so long; false if one is still at work. Its finished stages are kept in any case. */
    async end(milliseconds: number): Promise<boolean> {
      const abort = new AbortController()
      const limit = after(milliseconds, false, { signal: abort.signal, ref: false }).catch(() => false)
      const ended = await Promise.race([Promise.all(working).then(() => true), limit])
      abort.abort()
      return ended
    },
  }
}

async function finish(work: Promise<RunResult>, view: RunAtWork, log: FastifyBaseLogger): Promise<void> {
  try {
    const { run, report, seconds } = await work
    view.run = run.run
    view.state = report.holds ? 'done' : 'failed'
    if (!report.holds)
      view.problem = problemOf(new Refusal('run-does-not-hold', `Run ${run.run} does not hold; its findings say why.`)).problem
    log[report.holds ? 'info' : 'error']({ run: run.run, holds: report.holds, seconds }, 'run finished')
  } catch (error) {
    view.state = 'failed'
    view.problem = problemOf(error).problem
    log.error({ err: error }, 'run broke off')
  }
}
