import { parseFigure, type Rational } from '../values/rational.ts'
import { createFilling, type Filling } from './filling.ts'
import { byPool, countAt, everyPosition, type Group, headAt, Lots, type Positions } from './group.ts'
import type { Chain } from './order-keys.ts'
import type { Pool, RoundRules, SecondRound } from './rules.ts'

export type { Competitor, Group } from './group.ts'

/** What the rules made of a head. */
export type Placed = {
  /** One more than the number of heads of its pool with a better chain. */
  rank: number
  /** The round in which it is admitted, if it is. */
  outcome: 'first' | 'second' | 'none'
  /** Its number on the reserve list of its pool, if it stands there. */
  reserve: number | null
  /** Its lot, if it has to carry one. */
  lot: Buffer | null
}

export type PlacementRules = Pick<RoundRules, 'pools' | 'secondRound' | 'line' | 'straddle' | 'reserve'>

/** The figures of a pool. */
export type PoolSummary = {
  pool: string
  places: number
  heads: number
  /** How many heads are admitted in the first round, and in the second. */
  admitted: number
  admittedSecond: number
  /** The places that the first round left. */
  unused: number
  /** The chain of the worst head admitted in the first round, null if nobody is. */
  cutOff: Chain | null
  /** How many heads were in groups that the line cut through in the first round. */
  atLine: number
}

export type PlacementSummary = {
  pools: PoolSummary[]
  secondRound: { places: number; cutOff: Chain | null; atLine: number } | null
}

/** What the rules made of a group, by position in it; of competitors with a count, of each of them. */
export type PlacedGroup = { readonly length: number; at(index: number): Placed | undefined }

/** Ranks and places heads group by group (docs/ranking.md, Ranks and Filling places). It keeps figures of pools and no head. */
export type Placement = {
  /** With a second round: takes every group once before the first is placed, since the second round fills what the first left. */
  survey(group: Group): void
  /** Takes the next group, best first: all heads of all pools with this chain. What is given holds until the group is changed. */
  place(chain: Chain, group: Group): PlacedGroup
  summary(): PlacementSummary
}

const outcomes = ['none', 'first', 'second'] as const
const [none, first, second] = [0, 1, 2]

export function createPlacement(rules: PlacementRules): Placement {
  const { pools, line, secondRound, reserve } = rules
  const surveyed = secondRound === null ? null : createFirstRound(rules)
  const firstRound = createFirstRound(rules)
  const tallies = pools.map(() => ({ heads: 0, admitted: 0, admittedSecond: 0, notAdmitted: 0, cutOff: null as Chain | null }))
  const tallyOf = (pool: number) => tallies[pool] as (typeof tallies)[number]
  let secondCutOff: Chain | null = null
  let unplaced = 0
  let begun: { places: number; filling: Filling } | null = null
  /** Begins when all that the first round admits is known. */
  const secondFilling = () => {
    if (surveyed === null || secondRound === null) return null
    begun ??= createSecondRound(rules, secondRound, surveyed.weights)
    return begun
  }

  /** Numbers those of one pool in a group who are not admitted, 0 where the list is full. Only where lots order it have equals different numbers. */
  const numberReserve = (pool: number, waiting: Positions, lots: Lots, numbers: Int32Array) => {
    const before = tallyOf(pool).notAdmitted
    if (reserve === null || before >= reserve) return
    if (line !== 'lot') for (const i of waiting) numbers[i] = before + 1
    else for (const [n, i] of lots.sorted(waiting).entries()) numbers[i] = before + 1 + n <= reserve ? before + 1 + n : 0
  }

  return {
    survey(group) {
      if (surveyed === null) return
      const lots = new Lots(group)
      for (const [pool, heads] of byPool(group)) surveyed.fill(pool, group, heads, lots)
      unplaced += headsIn(group)
    },

    place(chain, group) {
      unplaced -= headsIn(group)
      if (surveyed !== null && unplaced < 0) throw new Error('a second round is placed only when every group was surveyed')
      const lots = new Lots(group)
      const ofPools = byPool(group)
      const outcomeAt = new Uint8Array(group.length)
      for (const [pool, heads] of ofPools) for (const i of firstRound.fill(pool, group, heads, lots)) outcomeAt[i] = first
      const filling = secondFilling()?.filling
      if (filling !== undefined) {
        const candidates = everyPosition(group).filter(i => outcomeAt[i] === none)
        if (candidates.length > 0) for (const i of filling.fill(group, candidates, lots)) outcomeAt[i] = second
      }

      const ranks = new Map<number, number>()
      const numbers = new Int32Array(reserve === null ? 0 : group.length)
      for (const [pool, heads] of ofPools) {
        const tally = tallyOf(pool)
        ranks.set(pool, tally.heads + 1)
        if (reserve !== null) {
          const waiting = heads.filter(i => outcomeAt[i] === none)
          numberReserve(pool, waiting, lots, numbers)
        }
        for (const i of heads) {
          const count = countAt(group, i)
          tally.heads += count
          if (outcomeAt[i] === first) {
            tally.admitted += count
            tally.cutOff = chain
          } else if (outcomeAt[i] === second) {
            tally.admittedSecond += count
            secondCutOff = chain
          } else tally.notAdmitted += count
        }
      }
      return {
        length: group.length,
        at(index) {
          const outcome = outcomes[outcomeAt[index] as number]
          if (outcome === undefined) return undefined
          const rank = ranks.get(headAt(group, index).pool) as number
          return { rank, outcome, reserve: numbers[index] || null, lot: lots.shown(index) }
        },
      }
    },

    summary() {
      const filled = secondFilling()
      return {
        pools: pools.map(({ pool, places }, i) => {
          const { heads, admitted, admittedSecond, cutOff } = tallies[i] as (typeof tallies)[number]
          const unused = Math.max(0, places - (firstRound.weights[i] as number))
          return { pool, places, heads, admitted, admittedSecond, unused, cutOff, atLine: firstRound.atLine(i) }
        }),
        secondRound: filled && { places: filled.places, cutOff: secondCutOff, atLine: filled.filling.atLine() },
      }
    },
  }
}

function headsIn(group: Group): number {
  let heads = 0
  for (let i = 0; i < group.length; i++) heads += countAt(group, i)
  return heads
}

/** The first round: each pool fills its own places, room is unlimited. `weights` are those admitted so far, by pool. */
function createFirstRound({ pools, line, straddle }: PlacementRules) {
  const fillings = pools.map(({ places }) => createFilling({ line, straddle }, places))
  const weights = pools.map(() => 0)
  return {
    weights: weights as readonly number[],
    atLine: (pool: number) => (fillings[pool] as Filling).atLine(),
    /** Takes the heads of a pool at these positions of the group, and gives the positions of those who are placed. */
    fill(pool: number, group: Group, heads: Positions, lots: Lots): Positions {
      const placed = (fillings[pool] as Filling).fill(group, heads, lots)
      for (const i of placed) weights[pool] = (weights[pool] as number) + headAt(group, i).weight * countAt(group, i)
      return placed
    },
  }
}

/** The second round: the places of all pools that the first left, to all who are left, as far as each pool has room. */
function createSecondRound({ pools, line, straddle }: PlacementRules, secondRound: SecondRound, admitted: readonly number[]) {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
  const places = Math.max(0, sum(pools.map(pool => pool.places)) - sum(admitted))
  const rooms = pools.map((pool, i) => Math.max(0, pool.places + overOf(pool, secondRound) - (admitted[i] as number)))
  return { places, filling: createFilling({ line, straddle, atRoom: secondRound.atRoom }, places, rooms) }
}

/** How far a pool may go over its places: so many percent of its own, rounded to a whole number. */
function overOf({ own }: Pool, { percent, rounding }: SecondRound): number {
  const { num, den } = parseFigure(percent) as Rational
  const hundredths = BigInt(own) * BigInt(num)
  const unit = 100n * BigInt(den)
  return Number((rounding === 'down' ? hundredths : hundredths + unit - 1n) / unit)
}
