import { parseFigure, type Rational } from '../values/rational.ts'
import { type Competitor, createFilling, type Fate, type Filling } from './filling.ts'
import type { Chain } from './order-keys.ts'
import type { Pool, RoundRules, SecondRound } from './rules.ts'

export type { Competitor } from './filling.ts'

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

/** Ranks and places heads group by group (docs/ranking.md, Ranks and Filling places). It keeps figures of pools and no head. */
export type Placement = {
  /** With a second round: takes every group once before the first is placed, since the second round fills what the first left. */
  survey(group: readonly Competitor[]): void
  /** Takes the next group, best first: all heads of all pools with this chain. What is given is in the order of the group. */
  place(chain: Chain, group: readonly Competitor[]): Placed[]
  summary(): PlacementSummary
}

export function createPlacement(rules: PlacementRules): Placement {
  const { pools, line, secondRound, reserve } = rules
  const surveyed = secondRound === null ? null : createFirstRound(rules)
  const first = createFirstRound(rules)
  const tallies = pools.map(() => ({ heads: 0, admitted: 0, admittedSecond: 0, notAdmitted: 0, cutOff: null as Chain | null }))
  const tallyOf = ({ pool }: Competitor) => tallies[pool] as (typeof tallies)[number]
  let secondCutOff: Chain | null = null
  let unplaced = 0
  let second: { places: number; filling: Filling } | null = null
  /** Begins when all that the first round admits is known. */
  const secondFilling = () => {
    if (surveyed === null || secondRound === null) return null
    second ??= createSecondRound(rules, secondRound, surveyed.weights)
    return second
  }

  /** Numbers the heads of a group that were not admitted, and gives them their lots where lots order the list. */
  const reserveFor = (group: readonly Competitor[], placed: Placed[], size: number) => {
    const waiting = group
      .map((head, i) => ({ head, placed: placed[i] as Placed }))
      .filter(({ head, placed: { outcome } }) => outcome === 'none' && tallyOf(head).notAdmitted < size)
    if (line === 'lot') {
      for (const { head, placed } of waiting) placed.lot ??= head.lot()
      waiting.sort((a, b) => (a.placed.lot as Buffer).compare(b.placed.lot as Buffer))
    }
    const before = new Map<number, number>()
    for (const { head, placed } of waiting) {
      const smaller = before.get(head.pool) ?? 0
      const number = tallyOf(head).notAdmitted + 1 + (line === 'lot' ? smaller : 0)
      if (number <= size) placed.reserve = number
      before.set(head.pool, smaller + 1)
    }
  }

  return {
    survey(group) {
      surveyed?.fill(group)
      unplaced += group.length
    },

    place(chain, group) {
      unplaced -= group.length
      if (surveyed !== null && unplaced < 0) throw new Error('a second round is placed only when every group was surveyed')
      const placed = first.fill(group).map((fate, i): Placed => {
        const { heads } = tallyOf(group[i] as Competitor)
        return { rank: heads + 1, outcome: fate.placed ? 'first' : 'none', reserve: null, lot: fate.lot }
      })
      const filling = secondFilling()?.filling
      if (filling !== undefined) {
        const candidates = placed.map((_, i) => i).filter(i => placed[i]?.outcome === 'none')
        if (candidates.length > 0)
          filling.fill(candidates.map(i => group[i] as Competitor)).forEach((fate, n) => {
            const head = placed[candidates[n] as number] as Placed
            if (fate.placed) head.outcome = 'second'
            head.lot ??= fate.lot
          })
      }
      if (reserve !== null) reserveFor(group, placed, reserve)

      for (const [i, { outcome }] of placed.entries()) {
        const tally = tallyOf(group[i] as Competitor)
        tally.heads++
        if (outcome === 'first') {
          tally.admitted++
          tally.cutOff = chain
        } else if (outcome === 'second') {
          tally.admittedSecond++
          secondCutOff = chain
        } else tally.notAdmitted++
      }
      return placed
    },

    summary() {
      const filled = secondFilling()
      return {
        pools: pools.map(({ pool, places }, i) => {
          const { heads, admitted, admittedSecond, cutOff } = tallies[i] as (typeof tallies)[number]
          const unused = Math.max(0, places - (first.weights[i] as number))
          return { pool, places, heads, admitted, admittedSecond, unused, cutOff, atLine: first.atLine(i) }
        }),
        secondRound: filled && { places: filled.places, cutOff: secondCutOff, atLine: filled.filling.atLine() },
      }
    },
  }
}

/** The first round: each pool fills its own places, room is unlimited. `weights` are those admitted so far, by pool. */
function createFirstRound({ pools, line, straddle }: PlacementRules) {
  const fillings = pools.map(({ places }) => createFilling({ line, straddle }, places))
  const weights = pools.map(() => 0)
  const fillPool = (pool: number, group: readonly Competitor[]): Fate[] => {
    const fates = (fillings[pool] as Filling).fill(group)
    for (const [i, { placed }] of fates.entries()) if (placed) weights[pool] = (weights[pool] as number) + (group[i] as Competitor).weight
    return fates
  }
  return {
    weights: weights as readonly number[],
    atLine: (pool: number) => (fillings[pool] as Filling).atLine(),
    fill(group: readonly Competitor[]): Fate[] {
      const [one] = group
      if (one === undefined) return []
      if (group.every(({ pool }) => pool === one.pool)) return fillPool(one.pool, group)
      const fates: Fate[] = []
      for (const [pool, members] of Map.groupBy(group.keys(), i => (group[i] as Competitor).pool)) {
        const filled = fillPool(
          pool,
          members.map(i => group[i] as Competitor),
        )
        for (const [n, i] of members.entries()) fates[i] = filled[n] as Fate
      }
      return fates
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
