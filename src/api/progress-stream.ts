import { Readable } from 'node:stream'
import { setTimeout as after } from 'node:timers/promises'
import { hasEnded } from '../round/jobs.ts'
import type { Actor } from '../round/office.ts'
import type { JobState } from '../store/database.ts'
import { Refusal } from '../values/refusal.ts'

/** Under a second, so that a busy process still tells each second. */
const millisecondsBetweenEvents = 800
/** A key that was taken back reads on for so long at most. */
const millisecondsOfStream = 10 * 60_000
const mostOfClient = 10
const mostOfProcess = 200

/** The streams of progress that are open in this process. Each asks the database once a second, so a client has few of them. */
export function progressStreams({ closing }: { closing: AbortSignal }) {
  const open = new Map<string, number>()
  let all = 0

  return {
    /**
     * Gives the events from `first` on until the job has ended.
     * @throws Refusal `too-many-streams`
     */
    open<T extends { state: JobState }>({ authority, client }: Actor, first: T | null, ask: () => Promise<T | null>): Readable {
      const key = `${authority}/${client}`
      const own = open.get(key) ?? 0
      if (own >= mostOfClient || all >= mostOfProcess)
        throw new Refusal(
          'too-many-streams',
          `A client has at most ${mostOfClient} streams at once, and a process of the service ${mostOfProcess}; close one, or ask for the runs of the round instead.`,
        )
      open.set(key, own + 1)
      all++
      // Comes at the end, and also when the caller has gone away.
      return Readable.from(events(first, ask, closing)).once('close', () => {
        all--
        const left = (open.get(key) as number) - 1
        if (left === 0) open.delete(key)
        else open.set(key, left)
      })
    },
  }
}

async function* events<T extends { state: JobState }>(
  first: T | null,
  ask: () => Promise<T | null>,
  closing: AbortSignal,
): AsyncGenerator<string> {
  const until = performance.now() + millisecondsOfStream
  for (let job = first; ; job = await ask()) {
    if (job === null || hasEnded(job)) return yield event('end', job)
    yield event('progress', job)
    if (performance.now() >= until) return
    const waited = await after(millisecondsBetweenEvents, true, { signal: closing }).catch(() => false)
    if (!waited) return
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
