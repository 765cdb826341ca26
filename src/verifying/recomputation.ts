import { type Candidate, Filling, type FillingTerms, weightOf } from './filling.ts'
import type { FillingRules, Pool, SecondRound } from './stored.ts'

/** What the rules make of a head. `lot` is null for whoever must not carry one. */
export type Decision<Head> = {
  head: Head
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

  survey(group: readonly Candidate[]): void {
    for (const [pool, heads] of byPool(group)) {
      const { placed } = (this.surveyed[pool] as Filling).group(heads)
      this.taken[pool] = (this.taken[pool] as number) + weightOf([...placed])
    }
  }

  decide<Head extends Candidate>(group: readonly Head[]): Decision<Head>[] {
    const decisions = new Map<Head, Decision<Head>>()
    const carries = new Set<Head>()
    for (const [pool, heads] of byPool(group)) {
      const going = this.pools[pool] as Going
      const { placed, cut } = going.filling.group(heads)
      for (const head of cut) carries.add(head)
      for (const head of heads)
        decisions.set(head, { head, rank: going.heads + 1, outcome: placed.has(head) ? 'first' : 'none', reserve: null, lot: null })
      going.heads += heads.length
    }
    const notAdmitted = () => group.filter(head => decisions.get(head)?.outcome === 'none')
    const rest = notAdmitted()
    if (this.rules.secondRound !== null && rest.length > 0) {
      const { placed, cut } = this.secondRound(this.rules.secondRound).group(rest)
      for (const head of cut) carries.add(head)
      for (const head of placed) (decisions.get(head) as Decision<Head>).outcome = 'second'
    }
    for (const [pool, heads] of byPool(notAdmitted())) this.reserve(this.pools[pool] as Going, heads, decisions, carries)
    if (this.rules.line === 'lot') for (const head of carries) (decisions.get(head) as Decision<Head>).lot = head.lot()
    return [...decisions.values()]
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
  private reserve<Head extends Candidate>(
    going: Going,
    heads: readonly Head[],
    decisions: ReadonlyMap<Head, Decision<Head>>,
    carries: Set<Head>,
  ): void {
    const most = this.rules.reserve
    const before = going.waiting
    going.waiting += heads.length
    if (most === null || before >= most) return
    const number = (head: Head, reserve: number) => {
      if (reserve <= most) (decisions.get(head) as Decision<Head>).reserve = reserve
    }
    if (this.rules.line !== 'lot') {
      for (const head of heads) number(head, before + 1)
      return
    }
    const drawn = heads.map(head => ({ head, lot: head.lot() })).sort((a, b) => a.lot.compare(b.lot))
    for (const [i, { head }] of drawn.entries()) {
      carries.add(head)
      number(head, before + 1 + i)
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
const byPool = <C extends Candidate>(group: readonly C[]) => Map.groupBy(group, candidate => candidate.pool)
