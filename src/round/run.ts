import type { Lottery } from '../ranking/lot.ts'
import { engine } from '../scoring/engine.ts'
import { countApplications } from '../store/applications.ts'
import { entryWriter } from '../store/entries.ts'
import { frozenInputsOfRound } from '../store/frozen-inputs.ts'
import { withReader } from '../store/reader.ts'
import { lockRound, type StoredRound, setOnRound, stepRound } from '../store/rounds.ts'
import { setPoolsAside } from '../store/run-pools.ts'
import { failRun, getRun, insertRun, listRuns, type Run, type RunKey, removeUnfinished, setOnRun } from '../store/runs.ts'
import { analyze, indexStandings } from '../store/statistics.ts'
import { inTransaction, type Work } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import type { Report } from '../verifying/findings.ts'
import { notCancelled } from './cancel.ts'
import { chainBounds } from './chain-bounds.ts'
import { type Frozen, freezeRound } from './freeze.ts'
import { committedSecret, lotteryOfRound, needsDraw, sealedSecret } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import type { Progress } from './progress.ts'
import { rankRun } from './rank-stage.ts'
import { receiptDigester } from './receipt-digest.ts'
import { cannotBeRun, judgeOf, theRound } from './rounds.ts'
import type { Judge } from './standing.ts'
import { isRefused } from './taken.ts'
import { verifyRun } from './verify.ts'

/** What a finished run came to. `seconds` by stage, those of earlier calls too; `frozen` is what the freeze found, null if the round was frozen before. */
export type RunResult = { run: Run; report: Report; seconds: { [stage: string]: number }; frozen: Frozen | null }

export type RunOptions = {
  /** The committed secret in hexadecimal, where the rules draw lots. */
  lotSecret?: string | undefined
  progress: Progress
  /** A clock that only goes forward. */
  seconds: () => number
  /** Cancels the run at its next piece of work. */
  signal?: AbortSignal | undefined
  /** Whether the verifier scores every entry a second time, and not only a sample. */
  full?: boolean | undefined
}

/**
 * Runs a round: freezes it if it is only closed, then scores, ranks and verifies. Each stage is one transaction that takes the round's lock, so a
 * killed run leaves its last finished stage, and the same call again goes on from there. A ranked round can be run again until its
 * notice is out. A run that does not hold is kept as failed and cannot be published. A cancelled run leaves nothing behind; a freeze that was finished stays.
 * @throws Refusal `round-state`; `round-busy`; `run-cancelled`; `lot-secret-missing`, `lot-secret-wrong`, `invalid-lot-secret`; `draw-missing`;
 * `lot-without-draw`; `round-altered`
 */
export async function runRound(office: Office, actor: Actor, name: string, options: RunOptions): Promise<RunResult> {
  const { progress, seconds: clock, signal } = options
  // Each stage writes what it took in its own transaction, so that the figures of a run that another call goes on with are whole.
  const timed = <T>(work: (took: Took) => Promise<T>): Promise<T> => {
    notCancelled(signal)
    const started = clock()
    return work(() => Math.round((clock() - started) * 1000) / 1000)
  }
  const before = await theRound(office, actor.authority, name)
  const judge = await judgeOf(office, before)
  needsDraw(before, judge.rules)
  const secret = committedSecret(before, judge.rules, options.lotSecret)
  const seconds: { freeze?: number } = {}
  const frozen =
    before.state === 'closed'
      ? await timed(async took => {
          const found = await freezeRound(office, actor, name, progress, signal)
          seconds.freeze = took()
          return found
        })
      : null
  const stages: Stages = { office, actor, name, judge, options }
  const { lottery, unfinished } = await begin(stages, secret)
  let run = unfinished?.run
  try {
    run ??= await timed(async took => {
      const scored = await scoreStage(stages, lottery, seconds, took)
      // Whoever reads new rows first notes in them that they are committed, which for a million costs as much as a third of their ranking.
      await analyze(office.db, 'entries')
      await setOnRun(office.db, { authority: actor.authority, round: name, run: scored }, { seconds: { score: took() } })
      return scored
    })
    const key = { authority: actor.authority, round: name, run }
    if (unfinished?.state !== 'ranked') await timed(took => rankStage(stages, key, lottery, took))
    const report = await timed(async took => {
      // What reads a run from here on joins its entries to its standings; a planner without their sizes does so one by one.
      await analyze(office.db, 'standings')
      await indexStandings(office.db)
      return verifyStage(stages, key, took)
    })
    const finished = (await getRun(office.db, key)) as Run
    return { run: finished, report, seconds: finished.seconds, frozen }
  } catch (error) {
    if (run !== undefined && isRefused(error, 'run-cancelled')) await forget(stages, run)
    throw error
  }
}

/** The seconds since a stage began. */
type Took = () => number
type Stages = { office: Office; actor: Actor; name: string; judge: Judge; options: RunOptions }

/** A round that can be run: frozen, or ranked before and not yet made public. */
async function lockForRun(db: Work['db'], authority: string, name: string): Promise<StoredRound> {
  const round = await lockRound(db, authority, name)
  if (round.state !== 'frozen' && round.state !== 'ranked') throw cannotBeRun(round)
  return round
}

/** What a run of a round is made with, beside the committed secret. Two runs of the same are the same. */
function madeWith(round: StoredRound, lottery: Lottery | null) {
  return {
    engine,
    scheme_digest: round.scheme_digest,
    rules_digest: round.rules_digest,
    inputs_digest: round.inputs_digest as string,
    draw: lottery?.draw ?? null,
  }
}

/** Finds the run that an earlier call left unfinished, if it was made with all that this one would be made with, and removes all others. */
async function begin(
  { office, actor, name, judge }: Stages,
  secret: Buffer | undefined,
): Promise<{ lottery: Lottery | null; unfinished: Run | undefined }> {
  return inTransaction(office.pool, async ({ db }) => {
    const round = await lockForRun(db, actor.authority, name)
    const lottery = await lotteryOfRound(db, round, judge.rules, secret)
    const wanted = Object.entries(madeWith(round, lottery)) as [keyof Run, unknown][]
    const left = (await listRuns(db, actor.authority, name)).filter(({ state }) => state === 'scored' || state === 'ranked')
    const unfinished = left.findLast(run => wanted.every(([field, value]) => run[field] === value))
    for (const run of left) if (run !== unfinished) await removeUnfinished(db, run)
    return { lottery, unfinished }
  })
}

/** Removes what a cancelled run has left. */
async function forget({ office, actor, name }: Stages, run: number): Promise<void> {
  await inTransaction(office.pool, async ({ db }) => {
    await lockRound(db, actor.authority, name)
    await removeUnfinished(db, { authority: actor.authority, round: name, run })
  })
}

async function scoreStage(
  { office, actor: { authority }, name, judge, options }: Stages,
  lottery: Lottery | null,
  before: { freeze?: number },
  took: Took,
): Promise<number> {
  const { progress, signal } = options
  return inTransaction(office.pool, async ({ db, client }) => {
    const round = await lockForRun(db, authority, name)
    const total = await countApplications(db, authority, name)
    const secret = lottery && sealedSecret(office, round, lottery.secret)
    const made = { ...madeWith(round, lottery), lot_secret_encrypted: secret, applicants: total, seconds: {}, started_at: office.now() }
    const run = await insertRun(db, { authority, round: name, state: 'scored', ...made })
    const receiptDigest = receiptDigester(engine, round)
    const writer = entryWriter(client, { authority, round: name, run })
    const bounds = chainBounds()
    let done = 0
    try {
      await withReader(office.readers, async reader => {
        for await (const batch of frozenInputsOfRound(reader, authority, name)) {
          notCancelled(signal)
          for (const { application, document, claim, digest } of batch) {
            const standing = judge.judge(document, claim)
            if (standing.chain !== null) bounds.add(standing.chain)
            const behind = writer.write(application, standing, receiptDigest(digest, standing))
            if (behind) await behind
            done++
          }
          progress({ stage: 'score', done, total })
        }
      })
    } catch (error) {
      await writer.destroy(error as Error)
      throw error
    }
    await writer.end()
    await setOnRun(db, { authority, round: name, run }, { ...bounds.found(), seconds: { ...before, score: took() } })
    progress({ stage: 'score', done, total })
    return run
  })
}

async function rankStage({ office, actor, name, judge, options }: Stages, key: RunKey, lottery: Lottery | null, took: Took): Promise<void> {
  const { progress, signal } = options
  await inTransaction(office.pool, async work => {
    await lockForRun(work.db, actor.authority, name)
    const run = await theRunIn(work.db, key, 'scored')
    const total = run.applicants
    progress({ stage: 'rank', done: 0, total })
    await rankRun(work, run, judge.rules, lottery, () => notCancelled(signal))
    await setOnRun(work.db, key, { state: 'ranked', seconds: { rank: took() } })
    progress({ stage: 'rank', done: total, total })
  })
}

async function verifyStage({ office, actor, name, judge, options }: Stages, key: RunKey, took: Took): Promise<Report> {
  const { authority, client: takenBy } = actor
  const { progress, signal, full } = options
  return inTransaction(office.pool, async ({ db }) => {
    const round = await lockForRun(db, authority, name)
    const stored = await theRunIn(db, key, 'ranked')
    const report = await verifyRun(office, round, stored, judge, { progress, signal, full })
    await setOnRun(db, key, { seconds: { verify: took() }, finished_at: office.now() })
    if (!report.holds) {
      await failRun(db, key, { report, at: office.now() })
      return report
    }
    await setPoolsAside(db, key, new Map(report.setAside.map(({ pool, ...found }) => [pool, found])))
    await setOnRun(db, key, { state: 'verified', findings: report })
    await setOnRound(db, authority, name, { verified_run: key.run })
    if (round.state === 'frozen')
      await stepRound(db, { authority, round: name, from: 'frozen', to: 'ranked', takenBy, takenAt: office.now() })
    return report
  })
}

/** The run as an earlier stage of this very call left it. @throws Refusal `round-busy` when another call has taken it on meanwhile */
async function theRunIn(db: Work['db'], key: RunKey, state: Run['state']): Promise<Run> {
  const run = await getRun(db, key)
  if (run?.state !== state)
    throw new Refusal('round-busy', `Another process has gone on with run ${key.run} of round ${key.round}; wait until it has finished.`)
  return run
}
