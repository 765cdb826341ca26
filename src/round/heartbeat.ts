import { beat, type Held, type JobAt } from '../store/jobs.ts'
import type { Office } from './office.ts'

const millisecondsBetweenBeats = 500
/** Less than the ten seconds of silence after which the queue gives the job to another worker. */
const mostMillisecondsOfSilence = 6000

export type Heartbeat = {
  /** Aborted when somebody has asked to cancel the job. */
  cancel: AbortSignal
  /** Why this worker must let go of the job; undefined while it holds it. */
  lost(): string | undefined
  /** How far the work is. */
  tell(at: JobAt): void
  /** What was told last. */
  at(): JobAt
  end(): Promise<void>
}

/**
 * Tells twice a second how far the work on a job is, and learns whether to cancel it. A beat that fails, for whatever reason, is made good by the next one. When
 * none has come through for six seconds the job is lost: who cannot be told to cancel must not go on.
 */
export function startHeartbeat({ jobs }: Office, held: Held, cancelAsked: boolean): Heartbeat {
  const cancel = new AbortController()
  if (cancelAsked) cancel.abort()
  const stopped = new AbortController()
  let at: JobAt = { stage: null, done: 0, total: 0 }
  let told = at
  let taken = false
  let heardAt = performance.now()
  let wake = () => {}
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      told = at
      const answer = await beat(jobs.db, held, told).catch(() => 'failed' as const)
      if (answer === undefined) taken = true
      else if (answer !== 'failed') {
        heardAt = performance.now()
        if (answer.cancelAsked) cancel.abort()
      }
      const pause = Promise.withResolvers<void>()
      wake = pause.resolve
      const timer = setTimeout(wake, millisecondsBetweenBeats)
      await pause.promise
      clearTimeout(timer)
    }
  })()
  return {
    cancel: cancel.signal,
    lost() {
      if (taken) return 'another worker has this job'
      return performance.now() - heardAt > mostMillisecondsOfSilence ? 'no sign of life of this worker came through' : undefined
    },
    tell(progress) {
      at = progress
      if (at.stage !== told.stage) wake()
    },
    at: () => at,
    async end() {
      stopped.abort()
      wake()
      await loop
    },
  }
}
