import { withReader } from '../store/reader.ts'
import type { StoredRound } from '../store/rounds.ts'
import {
  eligibleEntries,
  type FreezeAndDraw,
  freezeAndDraw,
  householdMembers,
  inputsAndEntries,
  type PoolRow,
  personDigests,
  poolsOfRun,
  publicNumbers,
  rankedStandings,
} from '../store/run-rows.ts'
import type { Run } from '../store/runs.ts'
import { Refusal } from '../values/refusal.ts'
import type { Report } from '../verifying/findings.ts'
import type { VerifyContext } from '../verifying/stored.ts'
import { startVerification } from '../verifying/verification.ts'
import { notCancelled } from './cancel.ts'
import { needsDraw, secretOfRun } from './lottery.ts'
import type { Office } from './office.ts'
import type { Progress } from './progress.ts'
import type { Judge } from './standing.ts'
import { isRefused } from './taken.ts'
import { verifierRules } from './verifier-rules.ts'

/** How many entries the second program for the scheme language is asked about. */
const usualSample = 500

/** `full` asks the second program about every entry; `snapshot` is the state that a transaction sees; `signal` stops the passes. */
export type VerifyOptions = {
  progress: Progress
  snapshot?: string | undefined
  full?: boolean | undefined
  sampleSize?: number | undefined
  signal?: AbortSignal | undefined
}

/**
 * Checks a stored run against docs/ranking.md, in passes over what lies in the database. Reads only what is committed, or what the
 * transaction of a `snapshot` sees.
 * @throws Refusal `round-altered` when the run was made by another scheme or other rules than the round is bound to; `lot-without-draw`; `run-cancelled`
 */
export async function verifyRun(
  office: Office,
  round: StoredRound,
  run: Run,
  judge: Judge,
  { progress, snapshot, full = false, sampleSize = usualSample, signal }: VerifyOptions,
): Promise<Report> {
  if (run.scheme_digest !== round.scheme_digest || run.rules_digest !== round.rules_digest)
    throw new Refusal(
      'round-altered',
      `Run ${run.run} of round ${round.round} was made by another scheme or other rules than the round is bound to; run it again.`,
    )
  needsDraw(round, judge.rules)
  const key = { authority: round.authority, round: round.round, run: run.run }
  const lotSecret = openedSecret(office, run)
  const sample = { seed: office.randomBytes(16), size: full ? run.applicants : sampleSize }
  return withReader(
    office.readers,
    async reader => {
      const facts = { ...(await freezeAndDraw(reader, key)), pools: await poolsOfRun(reader, key) }
      const verification = startVerification({ ...contextOf(round, run, judge, lotSecret, facts), sample })
      const tell = (done: number) => progress({ stage: 'verify', done, total: run.applicants })
      const pass = async <Row>(batches: AsyncIterable<Row[]>, take: (row: Row) => void, told: (done: number) => void = () => {}) => {
        let done = 0
        for await (const batch of batches) {
          notCancelled(signal)
          for (const row of batch) take(row)
          done += batch.length
          told(Math.min(done, run.applicants))
        }
      }
      await pass(inputsAndEntries(reader, key), verification.input, tell)
      await pass(publicNumbers(reader, key), verification.number)
      await pass(personDigests(reader, key), verification.person)
      await pass(rankedStandings(reader, key), verification.ranked)
      const { recompute } = verification
      if (recompute.members) await pass(householdMembers(reader, key), recompute.members)
      const directions = judge.rules.order.map(({ direction }) => direction)
      if (recompute.survey) await pass(eligibleEntries(reader, key, directions), recompute.survey)
      await pass(eligibleEntries(reader, key, directions), recompute.eligible)
      tell(run.applicants)
      return verification.end()
    },
    snapshot,
  )
}

/** The lot secret of a run. One that was altered and does not open is no secret (R10). */
function openedSecret(office: Office, run: Run): string | null {
  try {
    return secretOfRun(office, run)
  } catch (error) {
    if (!isRefused(error, 'encrypted-value-damaged')) throw error
    return ''
  }
}

/** What the database says beside round and run. */
type StoredFacts = FreezeAndDraw & { pools: PoolRow[] }

function contextOf(
  round: StoredRound,
  run: Run,
  judge: Judge,
  lotSecret: string | null,
  { frozenAt, draw, hasClaims, pools }: StoredFacts,
): Omit<VerifyContext, 'sample'> {
  return {
    ...verifierRules(judge, round.as_of),
    schemeDigest: round.scheme_digest,
    rulesDigest: round.rules_digest,
    asOf: round.as_of,
    inputsDigest: round.inputs_digest,
    lotSecretDigest: round.lot_secret_digest,
    hasClaims,
    frozenAt,
    enteredDraw: draw,
    run: {
      applicants: run.applicants,
      eligible: run.eligible,
      admitted: run.admitted,
      pools,
      secondRound: run.second_round,
      inputsDigest: run.inputs_digest,
      lotSecret,
      draw: run.draw,
      engine: run.engine,
    },
    rescore: (document, claim) => judge.judge(document, claim),
  }
}
