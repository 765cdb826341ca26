import { collectFindings, type Report } from './findings.ts'
import { createHouseholdsPass } from './households-pass.ts'
import { createInputPass } from './input-pass.ts'
import { checkLottery } from './lottery.ts'
import { createNumbersPass, createPersonsPass } from './narrow-passes.ts'
import { createRankPass } from './rank-pass.ts'
import { createRecomputePass } from './recompute-pass.ts'
import type { EligibleRow, InputRow, MemberRow, NumberRow, PersonRow, RankedRow, VerifyContext } from './stored.ts'

/** What the recomputation wants, one stream after the other: a stream that is null is not needed. */
export type RecomputeStreams = {
  /** The eligible entries that name a household, in the order of households. */
  members: ((row: MemberRow) => void) | null
  /** The eligible entries, best chain first. */
  survey: ((row: EligibleRow) => void) | null
  /** The same once more. */
  eligible(row: EligibleRow): void
}

/**
 * Checks a stored run by all its properties, R1 to R16 of docs/ranking.md. The rows come in streams of their own orders, which each pass tells; when they
 * are through, `end` gives what was found.
 */
export function startVerification(context: VerifyContext): {
  input(row: InputRow): void
  number(row: NumberRow): void
  person(row: PersonRow): void
  ranked(row: RankedRow): void
  recompute: RecomputeStreams
  end(): Report
} {
  const isDivisible = context.hasPools && context.secondRound === null
  const { find, report } = collectFindings(isDivisible ? context.pools.map(({ pool }) => pool) : [])
  const inputs = createInputPass(context, find)
  const numbers = createNumbersPass(context, find)
  const persons = createPersonsPass(find)
  const ranks = createRankPass(context, find)
  const households = createHouseholdsPass(context, find)
  const recomputed = createRecomputePass(context, households.represented, find)
  checkLottery(context, find)
  return {
    input: inputs.row,
    number: numbers.row,
    person: persons.row,
    ranked: ranks.row,
    recompute: {
      members: context.unit === 'applicants' ? null : households.row,
      survey: context.secondRound === null ? null : recomputed.survey,
      eligible: recomputed.row,
    },
    end() {
      const checked = inputs.end()
      numbers.end()
      recomputed.end()
      const { seed, size } = context.sample
      return report({ seed: Buffer.from(seed).toString('hex'), size, checked })
    },
  }
}
