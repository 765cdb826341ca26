import type { Candidate } from './filling.ts'
import { type Find, named } from './findings.ts'
import { Groups } from './groups.ts'
import { lottery } from './lottery.ts'
import { createFigures } from './pool-figures.ts'
import { type Decision, Recomputation } from './recomputation.ts'
import { type EligibleRow, type VerifyContext, wholeChain } from './stored.ts'

type Head = Candidate & { row: EligibleRow }

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

  const headsOf = (rows: readonly EligibleRow[]): Head[] =>
    rows.flatMap(row => {
      const pool = indexOf(row)
      if (pool === undefined || represented.has(row.application)) return []
      let lot: Buffer | null = null
      return {
        row,
        pool,
        weight: context.unit === 'persons' ? (row.persons ?? 1) : 1,
        lot() {
          lot ??= lotOf?.(row.publicNumber) ?? Buffer.alloc(0)
          return lot
        },
      }
    })
  const surveyed = new Groups<EligibleRow>(context.order, ({ rows }) => recomputation.survey(headsOf(rows)))
  const decided = new Groups<EligibleRow>(context.order, ({ rows }) => {
    if (!isKnown) return
    for (const decision of recomputation.decide(headsOf(rows))) compareHead(decision, context, find)
  })
  return {
    survey(row) {
      const chain = wholeChain(row.chain, context.order.length)
      if (isKnown && chain !== null) surveyed.add(chain, row)
    },
    row(row) {
      surveyed.end()
      const pool = indexOf(row)
      const chain = wholeChain(row.chain, context.order.length)
      if (pool !== undefined) figures.add(pool, row, chain)
      if (chain === null || pool === undefined) return // R5 and R4 tell it
      if (context.decides === 'score-line') compareAtScoreLine(row, find)
      else {
        if (represented.has(row.application)) compareRepresented(row, find)
        decided.add(chain, row)
      }
    },
    end() {
      decided.end()
      figures.end(isKnown ? recomputation : null)
    },
  }
}

const concernOf = ({ publicNumber, pool, standing }: EligibleRow) => ({ application: publicNumber, pools: named(pool, standing?.pool) })
const isAdmitted = (outcome: string | null | undefined) => outcome === 'first' || outcome === 'second'

function compareHead({ head: { row }, outcome, reserve, lot }: Decision<Head>, { line }: VerifyContext, find: Find): void {
  const { standing } = row
  const concern = concernOf(row)
  compareAdmission(row, outcome, find)
  if (standing === null) return // R5 tells it
  if (standing.rank === null || standing.outcome === 'represented')
    find('R13', concern, 'the application is the head of its household and is not ranked as one')
  if (standing.reserve !== reserve)
    find('R15', concern, `the reserve number is ${standing.reserve ?? 'none'}, the rules give ${reserve ?? 'none'}`)
  if (lot === null) {
    if (standing.lot !== null) find('R10', concern, 'the standing carries a lot, but none is drawn for it')
  } else if (standing.lot === null) find('R10', concern, `the standing must carry a lot under ${line} and has none`)
  else if (!lot.equals(standing.lot)) find('R10', concern, 'the lot is not what the secret and the draw give')
}

function compareAdmission(row: EligibleRow, outcome: 'first' | 'second' | 'none', find: Find): void {
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
