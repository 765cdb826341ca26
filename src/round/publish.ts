import type { EditionKind } from '../publishing/edition.ts'
import { lockRound, stepRound } from '../store/rounds.ts'
import { setPoolsAside } from '../store/run-pools.ts'
import { getRun } from '../store/runs.ts'
import { Refusal } from '../values/refusal.ts'
import { correctionsHold } from './corrections-hold.ts'
import { refuseWhileAtWork } from './jobs.ts'
import { revealSecret } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import type { Progress } from './progress.ts'
import { poolsMissing, publishedBefore } from './published-before.ts'
import { judgeOf } from './rounds.ts'
import { holdsStill, RunDoesNotHold, sealing } from './run-does-not-hold.ts'
import { type Sealed, sealNext } from './seal.ts'
import { touchRound } from './touch-round.ts'

/** What the office publishes by itself; corrections and call-ups have use cases of their own. */
export type PublishedKind = Extract<EditionKind, 'notice' | 'final'>

/** From which state each kind of edition is published. */
const published = { notice: 'ranked', final: 'notice' } as const

/**
 * Publishes the verified run of a round: first the notice (公示), then the final list. The run is verified once more, and what is sealed is read from
 * the very state that was verified; what does not hold is never sealed and is marked as failed. A pool that does not hold is left out with the reason; once it
 * holds, publishing the same kind again adds it by a new edition.
 * @throws Refusal `round-state`; `round-busy`; `round-altered`; `run-does-not-hold` with what was found; `list-changed`
 */
export async function publish(
  office: Office,
  actor: Actor,
  round: string,
  { kind, reason, progress }: { kind: PublishedKind; reason: string; progress: Progress },
): Promise<Sealed> {
  const { authority, client } = actor
  const seal = async ({ db }: { db: Office['db'] }) => {
    const stored = await lockRound(db, authority, round)
    await refuseWhileAtWork(db, authority, round)
    const before = await publishedBefore(db, authority, round)
    const missing = poolsMissing(before.last)
    const adds = stored.state === kind && missing.size > 0
    if (stored.state !== published[kind] && !adds)
      throw new Refusal(
        'round-state',
        `Round ${round} is ${stored.state}: a ${kind} edition is published when it is ${published[kind]}, and again to add pools that were set aside.`,
      )
    const key = { authority, round, run: stored.verified_run as number }
    const run = await getRun(db, key)
    if (run?.state !== 'verified') throw new Refusal('run-does-not-hold', `Round ${round} has no verified run; run it again.`)
    const judge = await judgeOf(office, stored)
    const report = await holdsStill(office, db, { round: stored, run, judge }, before.last, progress)
    const setAside = new Map(report.setAside.map(({ pool, counts }) => [pool, Object.keys(counts)]))
    const found = [...missing.keys()].filter(pool => !setAside.has(pool))
    // An edition that adds pools adds at least one.
    if (adds && found.length === 0) throw new RunDoesNotHold(run, report, false)
    if (!adds && found.length > 0)
      throw new Refusal(
        'round-state',
        `Of the pools that the notice lacks these hold now: ${found.join(', ')}. Nobody could object to them yet: publish the notice again first.`,
      )
    if (before.last) await correctionsHold(db, { round: stored, judge }, before.last)
    await setPoolsAside(db, key, new Map(report.setAside.map(({ pool, ...reason }) => [pool, reason])))
    const of = { round: stored, run: await revealSecret(office, db, run), judge, setAside }
    const sealed = await sealNext(office, actor, db, of, before, { kind, reason })
    if (adds) await touchRound(db, stored)
    else await stepRound(db, { authority, round, from: stored.state, to: kind, takenBy: client, takenAt: office.now() })
    return sealed
  }
  return sealing(office, actor, round, seal, progress)
}
