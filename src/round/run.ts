import { readLotSeed } from '../ranking/lot.ts'
import { engine } from '../scoring/engine.ts'
import { countApplications } from '../store/applications.ts'
import { entryWriter } from '../store/entries.ts'
import { frozenInputsOfRound } from '../store/frozen-inputs.ts'
import { rankRun } from '../store/ranking.ts'
import { withReader } from '../store/reader.ts'
import { lockRound, type StoredRound, setOnRound, stepRound } from '../store/rounds.ts'
import { failRun, getRun, insertRun, type Run, setOnRun } from '../store/runs.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import type { Report } from '../verifying/findings.ts'
import { type Frozen, freezeRound } from './freeze.ts'
import type { Actor, Office } from './office.ts'
import type { Progress } from './progress.ts'
import { isCommitted, judgeOf, theRound } from './rounds.ts'
import type { Judge } from './standing.ts'
import { verifyRun } from './verify.ts'

/** What a finished run came to. `seconds` by stage; `frozen` is what the freeze found, null if the round was frozen before. */
export type RunResult = { run: Run; report: Report; seconds: { [stage: string]: number }; frozen: Frozen | null }

/**
 * Runs a round: freezes it if it is only closed, then scores, ranks and verifies. Each stage is one transaction that takes the round's lock, so a
 * killed run leaves its last finished stage, and the same call again begins a new run from the frozen inputs. A ranked round can be run again until its
 * notice is out. A run that does not hold is kept as failed and cannot be published.
 * @throws Refusal `round-state`; `round-busy`; `lot-seed-missing`, `lot-seed-wrong`, `invalid-lot-seed`; `round-altered`
 */
export async function runRound(
  office: Office,
  actor: Actor,
  name: string,
  { lotSeed: seedText, progress, seconds: clock }: { lotSeed?: string | undefined; progress: Progress; seconds: () => number },
): Promise<RunResult> {
  const seconds: { [stage: string]: number } = {}
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const started = clock()
    const result = await work()
    seconds[stage] = Math.round((clock() - started) * 1000) / 1000
    return result
  }
  const before = await theRound(office, actor.authority, name)
  const judge = await judgeOf(office, before)
  const lotSeed = seedFor(before, judge, seedText)
  const frozen = before.state === 'closed' ? await timed('freeze', () => freezeRound(office, actor, name, progress)) : undefined

  const run = await timed('score', () => scoreStage(office, actor, name, judge, lotSeed, progress))
  const key = { authority: actor.authority, round: name, run }
  await timed('rank', () => rankStage(office, actor, name, run, judge, lotSeed, progress))
  const report = await timed('verify', () => verifyStage(office, actor, name, run, judge, progress))
  await setOnRun(office.db, key, { seconds, finished_at: office.now() })
  return { run: (await getRun(office.db, key)) as Run, report, seconds, frozen: frozen ?? null }
}

function seedFor(round: StoredRound, judge: Judge, text: string | undefined): Buffer | undefined {
  if (judge.rules.line !== 'lot') {
    if (text !== undefined)
      throw new Refusal('lot-seed-wrong', `Round ${round.round} draws no lots (line: ${judge.rules.line}): leave the seed out.`)
    return undefined
  }
  if (text === undefined)
    throw new Refusal('lot-seed-missing', `Round ${round.round} draws lots at the line: give the seed that was committed.`)
  const seed = readLotSeed(text)
  if (!isCommitted(round, seed)) throw new Refusal('lot-seed-wrong', `This is not the seed that round ${round.round} committed.`)
  return seed
}

/** A round that can be run: frozen, or ranked before and not yet made public. */
async function lockForRun(db: Parameters<typeof lockRound>[0], authority: string, name: string): Promise<StoredRound> {
  const round = await lockRound(db, authority, name)
  if (round.state !== 'frozen' && round.state !== 'ranked')
    throw new Refusal(
      'round-state',
      round.state === 'draft' || round.state === 'open'
        ? `Round ${name} is ${round.state}: close it first, then it can be run.`
        : `Round ${name} is ${round.state}: its list is public, so it cannot be run again.`,
    )
  return round
}

async function scoreStage(
  office: Office,
  { authority }: Actor,
  name: string,
  judge: Judge,
  lotSeed: Buffer | undefined,
  progress: Progress,
): Promise<number> {
  return inTransaction(office.pool, async ({ db, client }) => {
    const round = await lockForRun(db, authority, name)
    const total = await countApplications(db, authority, name)
    const run = await insertRun(db, {
      authority,
      round: name,
      state: 'scored',
      engine,
      scheme_digest: round.scheme_digest,
      rules_digest: round.rules_digest,
      inputs_digest: round.inputs_digest as string,
      applicants: total,
      lot_seed: lotSeed?.toString('hex') ?? null,
      seconds: {},
      started_at: office.now(),
    })
    const writer = entryWriter(client, { authority, round: name, run })
    let done = 0
    try {
      await withReader(office.readers, async reader => {
        for await (const batch of frozenInputsOfRound(reader, authority, name)) {
          for (const [application, , document] of batch) {
            const { eligible, total, items, reasons, missing, chain } = judge.judge(document as string)
            const behind = writer.write({
              application: Number(application),
              eligible,
              total,
              items,
              reasons: JSON.stringify(reasons),
              missing,
              chain,
            })
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
    progress({ stage: 'score', done, total })
    return run
  })
}

async function rankStage(
  office: Office,
  { authority }: Actor,
  name: string,
  run: number,
  judge: Judge,
  lotSeed: Buffer | undefined,
  progress: Progress,
): Promise<void> {
  await inTransaction(office.pool, async ({ db }) => {
    await lockForRun(db, authority, name)
    const key = { authority, round: name, run }
    const total = (await theRunIn(db, key, 'scored')).applicants
    progress({ stage: 'rank', done: 0, total })
    const { line, places, order } = judge.rules
    const result = await rankRun(db, {
      ...key,
      order: order.map(({ direction }) => direction),
      quota: places,
      ...(line === 'lot' ? { line, lotSeed: lotSeed as Buffer } : { line }),
    })
    await setOnRun(db, key, {
      state: 'ranked',
      eligible: result.eligible,
      admitted: result.admitted,
      cut_off: result.cutOff,
      at_line: result.atLine,
    })
    progress({ stage: 'rank', done: total, total })
  })
}

async function verifyStage(
  office: Office,
  { authority, client: takenBy }: Actor,
  name: string,
  run: number,
  judge: Judge,
  progress: Progress,
): Promise<Report> {
  return inTransaction(office.pool, async ({ db }) => {
    const round = await lockForRun(db, authority, name)
    const key = { authority, round: name, run }
    const stored = await theRunIn(db, key, 'ranked')
    const report = await verifyRun(office, round, stored, judge, progress)
    if (!report.holds) {
      await failRun(db, key, { report, at: office.now() })
      return report
    }
    await setOnRun(db, key, { state: 'verified', findings: report })
    await setOnRound(db, authority, name, { verified_run: run })
    if (round.state === 'frozen')
      await stepRound(db, { authority, round: name, from: 'frozen', to: 'ranked', takenBy, takenAt: office.now() })
    return report
  })
}

/** The run as an earlier stage of this very call left it. */
async function theRunIn(
  db: Parameters<typeof getRun>[0],
  key: { authority: string; round: string; run: number },
  state: Run['state'],
): Promise<Run> {
  const run = await getRun(db, key)
  if (run?.state !== state) throw new Error(`run ${key.run} of round ${key.round} is ${run?.state ?? 'gone'}, not ${state}`)
  return run
}
