import { withReader } from '../store/reader.ts'
import type { StoredRound } from '../store/rounds.ts'
import { inputsAndEntries, rankedEntries } from '../store/run-rows.ts'
import type { Run } from '../store/runs.ts'
import { Refusal } from '../values/refusal.ts'
import { joinReports, type Report } from '../verifying/findings.ts'
import { createInputPass } from '../verifying/input-pass.ts'
import { createRankPass } from '../verifying/rank-pass.ts'
import type { VerifyContext } from '../verifying/stored.ts'
import type { Office } from './office.ts'
import type { Progress } from './progress.ts'
import type { Judge } from './standing.ts'

/**
 * Checks a stored run against docs/ranking.md, in two passes over what lies in the database. Reads only what is committed, or what the
 * transaction of a `snapshot` sees.
 * @throws Refusal `round-altered` when the run was made by another scheme or other rules than the round is bound to
 */
export async function verifyRun(
  office: Office,
  round: StoredRound,
  run: Run,
  judge: Judge,
  progress: Progress,
  snapshot?: string,
): Promise<Report> {
  if (run.scheme_digest !== round.scheme_digest || run.rules_digest !== round.rules_digest)
    throw new Refusal(
      'round-altered',
      `Run ${run.run} of round ${round.round} was made by another scheme or other rules than the round is bound to; run it again.`,
    )
  const context = contextOf(round, run, judge)
  const key = { authority: round.authority, round: round.round, run: run.run }
  return withReader(
    office.readers,
    async reader => {
      const inputPass = createInputPass(context)
      let done = 0
      for await (const batch of inputsAndEntries(reader, key)) {
        for (const row of batch) inputPass.row(row)
        done += batch.length
        progress({ stage: 'verify', done: Math.min(done, run.applicants), total: run.applicants })
      }
      const rankPass = createRankPass(context)
      for await (const batch of rankedEntries(reader, key)) for (const row of batch) rankPass.row(row)
      progress({ stage: 'verify', done: run.applicants, total: run.applicants })
      return joinReports(inputPass.end(), rankPass.end())
    },
    snapshot,
  )
}

function contextOf(round: StoredRound, run: Run, judge: Judge): VerifyContext {
  const { scheme, rules } = judge
  const total = scheme.totals[judge.total] as (typeof scheme.totals)[number]
  return {
    items: scheme.items.map(({ item, scale }) => ({ id: item, scale })),
    total: { items: total.sumOf ?? null, scale: total.scale, rounding: total.rounding, floor: total.floor ?? null },
    gateAtLeast: judge.gateAtLeast,
    order: rules.order.map(key => ({
      names:
        key.key === 'total' ? 'total' : key.key === 'item' ? { item: scheme.items.findIndex(({ item }) => item === key.of) } : 'measure',
      direction: key.direction,
    })),
    places: rules.places,
    line: rules.line,
    inputsDigest: round.inputs_digest,
    lotSeedDigest: round.lot_seed_digest,
    run: {
      applicants: run.applicants,
      eligible: run.eligible,
      admitted: run.admitted,
      cutOff: run.cut_off,
      atLine: run.at_line,
      inputsDigest: run.inputs_digest,
      lotSeed: run.lot_seed,
    },
    rescore: document => judge.judge(document),
  }
}
