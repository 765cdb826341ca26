import type { EditionKind } from '../publishing/edition.ts'
import type { PublishedEdition } from '../publishing/verify-edition.ts'
import { snapshotOf } from '../store/reader.ts'
import { lockRound, type StoredRound, stepRound } from '../store/rounds.ts'
import { setPoolsAside } from '../store/run-pools.ts'
import { failRun, getRun, type Run, setOnRun } from '../store/runs.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import type { Finding, Report } from '../verifying/findings.ts'
import { revealSecret } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import type { Progress } from './progress.ts'
import { judgeOf } from './rounds.ts'
import { publishedBefore, type Sealed, sealNext } from './seal.ts'
import { verifyRun } from './verify.ts'

/** What the office publishes by itself; corrections and call-ups have use cases of their own. */
export type PublishedKind = Extract<EditionKind, 'notice' | 'final'>

/** From which state each kind of edition is published. */
const published = { notice: 'ranked', final: 'notice' } as const

/** A run that was verified once and does not hold now: somebody altered the database. */
class RunDoesNotHold extends Refusal {
  readonly run: Run
  readonly report: Report
  /** Whether it held before, so that the failure goes on record. */
  readonly isNew: boolean

  constructor(run: Run, report: Report, isNew: boolean) {
    const pools = report.setAside.flatMap(({ pool, findings }) => findings.map(finding => ({ pool, finding })))
    super('run-does-not-hold', [
      ...report.findings.map(finding => faultOf(finding)),
      ...pools.map(({ pool, finding }) => faultOf(finding, `pool ${pool}, `)),
    ])
    this.run = run
    this.report = report
    this.isNew = isNew
  }
}

function faultOf({ code, application, message }: Finding, where = '') {
  return {
    code,
    pointer: '',
    message: application ? `${where}${code}, application ${application}: ${message}` : `${where}${code}: ${message}`,
  }
}

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
  try {
    return await inTransaction(
      office.pool,
      async ({ db }) => {
        const stored = await lockRound(db, actor.authority, round)
        const before = await publishedBefore(db, actor.authority, round)
        const missing = poolsMissing(before.last)
        const adds = stored.state === kind && missing.size > 0
        if (stored.state !== published[kind] && !adds)
          throw new Refusal(
            'round-state',
            `Round ${round} is ${stored.state}: a ${kind} edition is published when it is ${published[kind]}, and again to add pools that were set aside.`,
          )
        const key = { authority: actor.authority, round, run: stored.verified_run as number }
        const run = await getRun(db, key)
        // A run that failed here before is checked again: what was altered may have been put back.
        if (run?.state !== 'verified' && run?.state !== 'failed')
          throw new Refusal('run-does-not-hold', `Round ${round} has no verified run; run it again.`)
        const judge = await judgeOf(office, stored)
        const report = await verifyRun(office, stored, run, judge, { progress, snapshot: await snapshotOf(db) })
        const isFirst = before.last === undefined
        const aside = report.setAside.map(one => one.pool)
        // What was published of a pool must hold for ever; and an edition that adds pools adds at least one.
        const isLost = !report.holds || (!isFirst && aside.some(pool => !missing.has(pool)))
        if (isLost || (adds && aside.length === missing.size)) throw new RunDoesNotHold(run, report, isLost)
        if (run.state === 'failed') await setOnRun(db, key, { state: 'verified', findings: report })
        await setPoolsAside(db, key, new Map(report.setAside.map(({ pool, ...reason }) => [pool, reason])))
        const setAside = new Map(report.setAside.map(({ pool, counts }) => [pool, Object.keys(counts)]))
        const sealed = await sealNext(
          office,
          actor,
          db,
          { round: stored, run: await revealSecret(office, db, run), judge, setAside },
          before,
          { kind, reason },
        )
        if (!adds) await moveOn(office, actor, db, stored, kind)
        return sealed
      },
      { oneState: true },
    )
  } catch (error) {
    // The sealing transaction is undone; the failure itself must stay on record.
    if (error instanceof RunDoesNotHold && error.isNew)
      await failRun(office.db, { authority: actor.authority, round, run: error.run.run }, { report: error.report, at: office.now() })
    throw error
  }
}

/** The pools that the last edition lacks. */
export function poolsMissing(last: PublishedEdition | undefined): Map<string, string[]> {
  const setAside = last?.format === 2 ? (last.setAside ?? []) : []
  return new Map(setAside.map(({ pool, reason }) => [pool, reason]))
}

async function moveOn(
  office: Office,
  { authority, client }: Actor,
  db: Office['db'],
  round: StoredRound,
  to: PublishedKind,
): Promise<void> {
  await stepRound(db, { authority, round: round.round, from: round.state, to, takenBy: client, takenAt: office.now() })
}
