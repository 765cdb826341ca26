import type { PublishedEdition } from '../publishing/verify-edition.ts'
import { snapshotOf } from '../store/reader.ts'
import { getRound, lockRound, type StoredRound } from '../store/rounds.ts'
import { failRun, getRun, type Run, setOnRun } from '../store/runs.ts'
import { inTransaction, type Work } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import type { Finding, Report } from '../verifying/findings.ts'
import type { Actor, Office } from './office.ts'
import { noProgress, type Progress } from './progress.ts'
import { poolsMissing, publishedBefore } from './published-before.ts'
import { judgeOf } from './rounds.ts'
import type { Judge } from './standing.ts'
import { touchRound } from './touch-round.ts'
import { verifyRun } from './verify.ts'

/** A run that was verified once and does not hold now: somebody altered the database. */
export class RunDoesNotHold extends Refusal {
  readonly run: Run
  readonly report: Report
  /** Whether something is lost that was published or would have been, so that the failure goes on record. */
  readonly isLost: boolean

  constructor(run: Run, report: Report, isLost: boolean) {
    const pools = report.setAside.flatMap(({ pool, findings }) => findings.map(finding => ({ pool, finding })))
    super('run-does-not-hold', [
      ...report.findings.map(finding => faultOf(finding)),
      ...pools.map(({ pool, finding }) => faultOf(finding, `pool ${pool}, `)),
    ])
    this.run = run
    this.report = report
    this.isLost = isLost
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
 * Verifies a run once more, as the transaction sees it, before something of it is sealed. What was published of a pool must hold for ever: only pools that
 * the last edition lacks may be set aside.
 * @throws RunDoesNotHold
 */
export async function holdsStill(
  office: Office,
  db: Office['db'],
  { round, run, judge }: { round: StoredRound; run: Run; judge: Judge },
  last: PublishedEdition | undefined,
  progress: Progress = noProgress,
): Promise<Report> {
  const report = await verifyRun(office, round, run, judge, { progress, snapshot: await snapshotOf(db) })
  const missing = poolsMissing(last)
  if (!report.holds || (last !== undefined && report.setAside.some(({ pool }) => !missing.has(pool))))
    throw new RunDoesNotHold(run, report, true)
  return report
}

/**
 * Does a work that seals a list, in one transaction that sees one state. What was found of the run stays on record though the transaction is undone:
 * a run that does not hold is marked as failed, and one that was is verified again, as soon as it holds, whether or not something comes to be sealed.
 */
export async function sealing<T>(
  office: Office,
  actor: Actor,
  round: string,
  work: (work: Work) => Promise<T>,
  progress: Progress = noProgress,
): Promise<T> {
  try {
    await takeFailureBack(office, actor, round, progress)
    return await inTransaction(office.pool, work, { oneState: true })
  } catch (error) {
    if (error instanceof RunDoesNotHold && error.isLost) await failRun(office.db, error.run, { report: error.report, at: office.now() })
    throw error
  }
}

/**
 * Verifies the run of a round again if it was found not to hold: what was altered may have been put back.
 * @throws RunDoesNotHold; Refusal `round-busy`, `round-altered`
 */
export async function takeFailureBack(office: Office, { authority }: Actor, name: string, progress: Progress = noProgress): Promise<void> {
  const known = await getRound(office.db, authority, name)
  if (known === undefined || (await failedRun(office.db, known)) === undefined) return
  await inTransaction(
    office.pool,
    async ({ db }) => {
      const round = await lockRound(db, authority, name)
      const run = await failedRun(db, round)
      if (run === undefined) return
      await touchRound(db, round)
      const { last } = await publishedBefore(db, authority, name)
      const report = await holdsStill(office, db, { round, run, judge: await judgeOf(office, round) }, last, progress)
      await setOnRun(db, run, { state: 'verified', findings: report })
    },
    { oneState: true },
  )
}

async function failedRun(db: Office['db'], { authority, round, verified_run: run }: StoredRound): Promise<Run | undefined> {
  const found = run === null ? undefined : await getRun(db, { authority, round, run })
  return found?.state === 'failed' ? found : undefined
}
