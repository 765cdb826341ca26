import { type Candidates, Filling, type FillingTerms, headsOf, poolsIn, weightOf } from './filling.ts'
import { type LotAt, LotSheet } from './lot-sheet.ts'
import type { FillingRules, Pool, SecondRound } from './stored.ts'

/** What the rules make of a head, or of each of several that are alike. `lot` is null for whoever must not carry one. */
export type Decision = {
  rank: number
  outcome: 'first' | 'second' | 'none'
  reserve: number | null
  lot: Buffer | null
}

/** The state of one pool on the way down the groups. */
type Going = { filling: Filling; heads: number; waiting: number }

/**
 * The ranking of a round, worked out anew from docs/ranking.md (Filling places). Takes all heads of all pools in groups of equal chains, best group first.
 * With a second round `survey` must have seen every group before the first `decide`; without one it is not needed. Keeps no head.
 */
export class Recomputation {
  private readonly rules: FillingRules
  private readonly terms: FillingTerms
  private readonly pools: Going[]
  private readonly surveyed: Filling[]
  /** Of each pool, the weights admitted in its first round. */
  private readonly taken: number[]
  private second: Filling | null = null

  constructor(rules: FillingRules) {
    this.rules = rules
    this.terms = { line: rules.line, straddle: rules.straddle, atRoom: rules.secondRound?.atRoom ?? 'admit-none' }
    this.pools = rules.pools.map(pool => ({ filling: this.firstRound(pool), heads: 0, waiting: 0 }))
    this.surveyed = rules.pools.map(pool => this.firstRound(pool))
    this.taken = rules.pools.map(() => 0)
  }

  survey(group: Candidates, lotAt: LotAt): void {
    const lots = new LotSheet(group.length, lotAt)
    for (const [pool, heads] of poolsIn(group, everybody(group))) {
      const { placed } = (this.surveyed[pool] as Filling).group(group, heads, lots)
      this.taken[pool] = (this.taken[pool] as number) + weightOf(group, placed)
    }
  }

  /** Gives the decision on whoever stands at a position of the group. */
  decide(group: Candidates, lotAt: LotAt): (position: number) => Decision {
    const lots = new LotSheet(group.length, lotAt)
    const round = new Uint8Array(group.length)
    const ranks = new Map<number, number>()
    const ofPools = poolsIn(group, everybody(group))
    for (const [pool, heads] of ofPools) {
      const going = this.pools[pool] as Going
      for (const i of going.filling.group(group, heads, lots).placed) round[i] = 1
      ranks.set(pool, going.heads + 1)
      going.heads += headsOf(group, heads)
    }
    if (this.rules.secondRound !== null) {
      const rest = everybody(group).filter(i => round[i] === 0)
      if (rest.length > 0) for (const i of this.secondRound(this.rules.secondRound).group(group, rest, lots).placed) round[i] = 2
    }
    const numbers = new Uint32Array(group.length)
    for (const [pool, heads] of ofPools) {
      const waiting = heads.filter(i => round[i] === 0)
      this.reserve(this.pools[pool] as Going, group, waiting, lots, numbers)
    }
    return position => ({
      rank: ranks.get(group.at(position)?.pool as number) as number,
      outcome: (['none', 'first', 'second'] as const)[round[position] as 0 | 1 | 2],
      reserve: numbers[position] || null,
      lot: lots.drawn(position),
    })
  }

  /** How many of a pool came to its line in the first round. */
  atLine(pool: number): number {
    return this.pools[pool]?.filling.atLine ?? 0
  }

  /** How many came to the line of the second round. */
  get atSecondLine(): number {
    return this.second?.atLine ?? 0
  }

  private firstRound({ places }: Pool): Filling {
    return new Filling(this.terms, places, null)
  }

  private secondRound(terms: SecondRound): Filling {
    if (this.second === null) {
      const places = sum(this.rules.pools.map(pool => pool.places))
      const rooms = this.rules.pools.map((pool, i) => Math.max(0, pool.places + over(pool, terms) - (this.taken[i] as number)))
      this.second = new Filling(this.terms, Math.max(0, places - sum(this.taken)), rooms)
    }
    return this.second
  }

  /** Numbers those of a pool who have one and the same chain and are not admitted. */
  private reserve(going: Going, group: Candidates, waiting: Uint32Array, lots: LotSheet, numbers: Uint32Array): void {
    const most = this.rules.reserve
    const before = going.waiting
    going.waiting += headsOf(group, waiting)
    if (most === null || before >= most) return
    if (this.rules.line !== 'lot') for (const i of waiting) numbers[i] = before + 1
    else
      for (const [smaller, i] of lots.draw(waiting).entries()) {
        if (before + smaller >= most) break
        numbers[i] = before + 1 + smaller
      }
  }
}

/** The percentage of a pool's own places that a second round may put over them, as a whole number. */
function over({ own }: Pool, { percent, rounding }: SecondRound): number {
  const [whole = '', decimals = ''] = percent.split('.')
  const parts = BigInt(own) * BigInt(whole + decimals)
  const hundred = 100n * 10n ** BigInt(decimals.length)
  return Number(rounding === 'down' ? parts / hundred : (parts + hundred - 1n) / hundred)
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
function everybody(group: Candidates): Uint32Array {
  const positions = new Uint32Array(group.length)
  for (let i = 0; i < group.length; i++) positions[i] = i
  return positions
}
