import { type Find, named } from './findings.ts'
import { ChainOrder } from './groups.ts'
import { Hand, type Held } from './hand.ts'
import { lottery } from './lottery.ts'
import { createFigures } from './pool-figures.ts'
import { type Decision, Recomputation } from './recomputation.ts'
import { type EligibleRow, type VerifyContext, wholeChain } from './stored.ts'

/**
 * The ranking worked out anew (R8 to R11, R13, R15): takes every eligible entry with its standing in the order of chains, in a round with a second round twice, first
 * by `survey`. `represented` are the applications whose household another one leads.
 * @throws Error when the rows come in another order: then the caller is at fault, not the run
 */
export function createRecomputePass(
  context: VerifyContext,
  represented: ReadonlySet<number>,
  find: Find,
): { survey(row: EligibleRow): void; row(row: EligibleRow): void; end(): void } {
  const lotOf = lottery(context.run.lotSecret, context.run.draw)
  // Without a secret or a draw, which R10 tells, nobody can say whom a lot places.
  const isKnown = context.line !== 'lot' || lotOf !== null
  const recomputation = new Recomputation(context)
  const figures = createFigures(context, find)
  const indexes = new Map(context.pools.map(({ pool }, i) => [pool, i]))
  const indexOf = ({ pool }: EligibleRow) => indexes.get(pool ?? (context.hasPools ? '?' : ''))

  const isHead = ({ application }: EligibleRow) => !represented.has(application)
  const weightOf = ({ persons }: EligibleRow) => (context.unit === 'persons' ? (persons ?? 1) : 1)
  const byLot = context.line === 'lot' ? lotOf : null
  /** Takes the heads of one group after the other, and gives each group to `end`. */
  const groups = (end: (hand: Hand) => void) => {
    const order = new ChainOrder(context.order)
    const hand = new Hand(byLot)
    const finish = () => {
      end(hand)
      hand.clear()
    }
    const add = (chain: readonly number[], pool: number | undefined, row: EligibleRow) => {
      if (order.begins(chain)) finish()
      if (pool !== undefined && isHead(row)) hand.add(pool, weightOf(row), row)
    }
    return { add, finish }
  }
  const surveyed = groups(hand => recomputation.survey(hand.candidates, hand.lotAt))
  const decided = groups(hand => {
    const decisionAt = recomputation.decide(hand.candidates, hand.lotAt)
    for (const { held, candidate } of hand.heads()) compareHead(held, decisionAt(candidate), context, find)
  })
  return {
    survey(row) {
      const chain = wholeChain(row.chain, context.order.length)
      if (isKnown && chain !== null) surveyed.add(chain, indexOf(row), row)
    },
    row(row) {
      surveyed.finish()
      const pool = indexOf(row)
      const chain = wholeChain(row.chain, context.order.length)
      if (pool !== undefined) figures.add(pool, row, chain)
      if (chain === null || pool === undefined) return // R5 and R4 tell it
      if (context.decides === 'score-line') compareAtScoreLine(row, find)
      else {
        if (represented.has(row.application)) compareRepresented(row, find)
        if (isKnown) decided.add(chain, pool, row)
      }
    },
    end() {
      decided.finish()
      figures.end(isKnown ? recomputation : null)
    },
  }
}

type Concerned = { publicNumber: string; pool: string | null; standing: { pool: string | null; outcome: string | null } | null }
const concernOf = ({ publicNumber, pool, standing }: Concerned) => ({ application: publicNumber, pools: named(pool, standing?.pool) })
const isAdmitted = (outcome: string | null | undefined) => outcome === 'first' || outcome === 'second'

function compareHead(held: Held, { outcome, reserve, lot }: Decision, { line }: VerifyContext, find: Find): void {
  compareAdmission(held, outcome, find)
  const { standing } = held
  if (standing === null) return // R5 tells it
  const concern = concernOf(held)
  if (!standing.isRanked || standing.outcome === 'represented')
    find('R13', concern, 'the application is the head of its household and is not ranked as one')
  if (standing.reserve !== reserve)
    find('R15', concern, `the reserve number is ${standing.reserve ?? 'none'}, the rules give ${reserve ?? 'none'}`)
  if (lot === null) {
    if (standing.lot !== 'none') find('R10', concern, 'the standing carries a lot, but none is drawn for it')
  } else if (standing.lot === 'none') find('R10', concern, `the standing must carry a lot under ${line} and has none`)
  else if (standing.lot === 'wrong') find('R10', concern, 'the lot is not what the secret and the draw give')
}

function compareAdmission(row: Concerned, outcome: 'first' | 'second' | 'none', find: Find): void {
  const stored = row.standing?.outcome
  if (stored === outcome) return
  if (isAdmitted(outcome))
    find(
      'R8',
      concernOf(row),
      isAdmitted(stored)
        ? `the applicant is admitted in the ${stored} round, the rules admit in the ${outcome}`
        : 'the rules admit the applicant, who is not admitted',
    )
  else if (isAdmitted(stored)) find('R9', concernOf(row), 'the applicant is admitted, the rules do not admit')
}

function compareRepresented(row: EligibleRow, find: Find): void {
  const { standing } = row
  if (standing === null) return // R5 tells it
  compareAdmission(row, 'none', find)
  const { rank, lot, reserve, outcome } = standing
  if (rank !== null || lot !== null || reserve !== null || outcome !== 'represented')
    find('R13', concernOf(row), 'the applicant is represented by another of the household and has a rank, lot, reserve number or place')
}

function compareAtScoreLine(row: EligibleRow, find: Find): void {
  compareAdmission(row, 'first', find)
  if (row.standing?.outcome === 'represented') find('R13', concernOf(row), 'the applicant is represented, but a score line decides')
  if (row.standing && row.standing.reserve !== null)
    find('R15', concernOf(row), 'the applicant has a reserve number, but a score line decides')
  if (row.standing && row.standing.lot !== null) find('R10', concernOf(row), 'the standing carries a lot, but a score line decides')
}
