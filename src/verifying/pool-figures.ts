import { type Find, wholeRun } from './findings.ts'
import type { Recomputation } from './recomputation.ts'
import { type EligibleRow, type PoolFigures, sameNumbers, type Values, type VerifyContext } from './stored.ts'

type Round = { heads: number; weight: number; cutOff: readonly number[] | null }

/**
 * R11: the figures of each pool and of the second round are those of the stored entries, and those of the run are the sums of its pools. Takes every
 * eligible entry, best first. The numbers at a line come from the recomputation; without one they are not compared.
 */
export function createFigures(
  context: VerifyContext,
  find: Find,
): { add(pool: number, row: EligibleRow, chain: readonly number[] | null): void; end(recomputation: Recomputation | null): void } {
  const { run, pools, unit } = context
  const isScoreLine = context.decides === 'score-line'
  const empty = (): Round => ({ heads: 0, weight: 0, cutOff: null })
  const counted = pools.map(() => ({ eligible: 0, first: empty(), second: empty() }))
  const second = empty()

  const tell = (pool: string | null, what: string, stored: number | null | undefined, right: number | null) => {
    if (stored === right) return
    const whose = pool === null ? 'the run' : pool === '' ? 'the round' : `the pool ${pool}`
    find(
      'R11',
      pool === null ? wholeRun : { pools: [pool] },
      `${whose} gives ${stored ?? 'no'} ${what}, its entries give ${right ?? 'none'}`,
    )
  }
  const tellCutOff = (pool: string | null, stored: Values, right: readonly number[] | null, round: string) => {
    if (!sameNumbers(stored, right))
      find('R11', pool === null ? wholeRun : { pools: [pool] }, `the cut-off is not the chain of the worst admitted in the ${round} round`)
  }

  const endPool = (i: number, stored: PoolFigures, recomputation: Recomputation | null) => {
    const { pool, places } = pools[i] as VerifyContext['pools'][number]
    const { eligible, first, second } = counted[i] as (typeof counted)[number]
    // A run from before claims were kept did not record them.
    const hasPlaces = context.hasClaims || stored.places !== null || stored.unused !== null
    if (hasPlaces) tell(pool, 'places', stored.places, isScoreLine ? null : places)
    tell(pool, 'eligible', stored.eligible, eligible)
    tell(pool, 'admitted', stored.admitted, first.heads)
    tell(pool, 'admitted in the second round', stored.admittedSecond, second.heads)
    if (hasPlaces) tell(pool, 'unused', stored.unused, isScoreLine ? null : Math.max(0, places - first.weight))
    tellCutOff(pool, stored.cutOff, isScoreLine ? null : first.cutOff, 'first')
    if (recomputation !== null) tell(pool, 'at the line', stored.atLine, recomputation.atLine(i))
  }
  const endSecond = (recomputation: Recomputation | null) => {
    if (context.secondRound === null) {
      if (run.secondRound !== null) find('R11', wholeRun, 'the run has figures of a second round, the rules have none')
      return
    }
    const left = pools.reduce((sum, pool) => sum + pool.places, 0) - counted.reduce((sum, { first }) => sum + first.weight, 0)
    tell(null, 'places of a second round', run.secondRound?.places, Math.max(0, left))
    tellCutOff(null, run.secondRound?.cutOff ?? null, second.cutOff, 'second')
    if (recomputation !== null) tell(null, 'at the line of the second round', run.secondRound?.atLine, recomputation.atSecondLine)
  }
  return {
    add(pool, { standing, persons }, chain) {
      const ofPool = counted[pool] as (typeof counted)[number]
      ofPool.eligible++
      const weight = unit === 'persons' ? (persons ?? 1) : 1
      const rounds = standing?.outcome === 'first' ? [ofPool.first] : standing?.outcome === 'second' ? [ofPool.second, second] : []
      for (const round of rounds) {
        round.heads++
        round.weight += weight
        round.cutOff = chain ?? round.cutOff
      }
    },
    end(recomputation) {
      const known = new Set(pools.map(({ pool }) => pool))
      for (const { pool } of run.pools)
        if (!known.has(pool)) find('R11', wholeRun, 'the run has figures of a pool that the rules do not have')
      for (const [i, { pool }] of pools.entries()) {
        const stored = run.pools.filter(one => one.pool === pool)
        if (stored.length === 1) endPool(i, stored[0] as PoolFigures, recomputation)
        else find('R11', { pools: [pool] }, `the run has ${stored.length} sets of figures of a pool`)
      }
      endSecond(recomputation)
      const sum = (of: (pool: PoolFigures) => number) => run.pools.reduce((all, pool) => all + of(pool), 0)
      tellSum(
        find,
        'eligible',
        run.eligible,
        sum(pool => pool.eligible ?? 0),
      )
      tellSum(
        find,
        'admitted',
        run.admitted,
        sum(pool => (pool.admitted ?? 0) + (pool.admittedSecond ?? 0)),
      )
    },
  }
}

function tellSum(find: Find, what: string, stored: number | null, right: number): void {
  if (stored !== right) find('R11', wholeRun, `the run counts ${stored ?? 'no'} ${what}, its pools together ${right}`)
}
