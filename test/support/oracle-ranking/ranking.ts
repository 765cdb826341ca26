import { better, billionths, chainOf, equal, smallerNumber } from './chains.ts'
import { type Filling, type FillingRules, fill, weightOf } from './filling.ts'
import { headsOf } from './heads.ts'
import { lotOf } from './lots.ts'
import type { Application, Chain, Decided, Head, Lottery, OracleRules, Pool, RoundOutcome, Standing } from './rules.ts'

export type Ranking = {
  heads: Head[]
  first: Map<string, Filling>
  second: Filling | null
  secondPlaces: number
  admitted: Head[]
  /** The reserve number, null if it has none. */
  reserve(head: Head): number | null
  rank(head: Head): number
  /** The lot that it carries, null if it carries none. */
  lot(head: Head): string | null
}

export const placesOf = ({ places, carriedOver }: Pool) => carriedOver.reduce((sum, more) => sum + more, places)

/** Whatever a round with places decides of its heads. `lottery` is needed under the line rule `lot`. */
export function rankHeads(heads: Head[], rules: OracleRules, lottery: Lottery | null): Ranking {
  const { order, line, pools, secondRound } = rules
  const drawn = (head: Head) => lotOf(lottery as Lottery, head.publicNumber)
  const filling: FillingRules = { order, line, straddle: rules.straddle, atRoom: secondRound?.atRoom ?? null }
  const inPool = (pool: string) => heads.filter(head => head.pool === pool)

  const first = new Map(pools.map(pool => [pool.pool, fill(inPool(pool.pool), placesOf(pool), new Map(), drawn, filling)]))
  const admittedFirst = [...first.values()].flatMap(({ placed }) => placed)

  let second: Filling | null = null
  let secondPlaces = 0
  if (secondRound) {
    const total = pools.reduce((sum, pool) => sum + placesOf(pool), 0)
    secondPlaces = Math.max(0, total - weightOf(admittedFirst))
    const rooms = new Map(
      pools.map(pool => {
        const room = placesOf(pool) + share(pool.places, secondRound.percent, secondRound.rounding)
        return [pool.pool, Math.max(0, room - weightOf(first.get(pool.pool)?.placed as Head[]))]
      }),
    )
    const candidates = heads.filter(head => !admittedFirst.includes(head))
    second = fill(candidates, secondPlaces, rooms, drawn, filling)
  }
  const admitted = [...admittedFirst, ...(second?.placed ?? [])]

  const reserve = (head: Head) => {
    if (rules.reserve === null || admitted.includes(head)) return null
    const waiting = inPool(head.pool).filter(other => !admitted.includes(other))
    const before = waiting.filter(
      other => better(other.chain, head.chain, order) || (line === 'lot' && equal(other.chain, head.chain) && drawn(other) < drawn(head)),
    )
    const number = before.length + 1
    return number <= rules.reserve ? number : null
  }
  const carriesLot = (head: Head) => {
    if (line !== 'lot') return false
    if ([...first.values(), ...(second ? [second] : [])].some(({ atLine }) => atLine.includes(head))) return true
    return !admitted.includes(head) && inPool(head.pool).some(other => equal(other.chain, head.chain) && reserve(other) !== null)
  }
  return {
    heads,
    first,
    second,
    secondPlaces,
    admitted,
    reserve,
    rank: head => 1 + inPool(head.pool).filter(other => better(other.chain, head.chain, order)).length,
    lot: head => (carriesLot(head) ? drawn(head) : null),
  }
}

/** So many percent of a number, as a whole number. */
function share(number: number, percent: string, rounding: 'down' | 'up'): number {
  const hundred = 100n * 10n ** 9n
  const product = BigInt(number) * billionths(percent)
  const down = product / hundred
  return Number(rounding === 'up' && product % hundred > 0n ? down + 1n : down)
}

/** What the round decides of every application, and its figures. */
export function decide(
  applications: Application[],
  rules: OracleRules,
  lottery: Lottery | null,
): { outcome: RoundOutcome; ranking: Ranking | null; ways: string[] } {
  const inOrder = [...applications].sort((a, b) => (smallerNumber(a.publicNumber, b.publicNumber) ? -1 : 1))
  if (rules.scoreLine !== null) return { outcome: byScoreLine(inOrder, rules), ranking: null, ways: [] }

  const { order, pools, secondRound } = rules
  const ranking = rankHeads(headsOf(inOrder, rules), rules, lottery)
  const { heads, first, second, secondPlaces } = ranking
  const decided = inOrder.map((application): Decided => {
    const chain = chainOf(application, rules)
    const head = heads.find(one => one.publicNumber === application.publicNumber)
    const pool = application.pool ?? ''
    const { publicNumber } = application
    if (chain === null) return { publicNumber, chain, standing: null }
    if (!head) return { publicNumber, chain, standing: { pool, rank: null, outcome: 'represented', reserve: null, lot: null } }
    const outcome = first.get(pool)?.placed.includes(head) ? 'first' : second?.placed.includes(head) ? 'second' : 'none'
    const standing: Standing = { pool, rank: ranking.rank(head), outcome, reserve: ranking.reserve(head), lot: ranking.lot(head) }
    return { publicNumber, chain, standing }
  })
  const worst = (list: Head[]): Chain | null =>
    list.find(head => !list.some(other => better(head.chain, other.chain, order)))?.chain ?? null
  return {
    outcome: {
      applications: decided,
      pools: pools.map(pool => {
        const { placed, atLine } = first.get(pool.pool) as Filling
        return {
          pool: pool.pool,
          places: placesOf(pool),
          heads: heads.filter(head => head.pool === pool.pool).length,
          admitted: placed.length,
          admittedSecond: second?.placed.filter(head => head.pool === pool.pool).length ?? 0,
          unused: Math.max(0, placesOf(pool) - weightOf(placed)),
          cutOff: worst(placed),
          atLine: atLine.length,
        }
      }),
      secondRound: secondRound && { places: secondPlaces, cutOff: worst(second?.placed ?? []), atLine: second?.atLine.length ?? 0 },
    },
    ranking,
    ways: [
      ...[...first.values()].flatMap(({ ways }) => ways.map(way => `first ${way}`)),
      ...(second?.ways ?? []).map(way => `second ${way}`),
    ],
  }
}

function byScoreLine(applications: Application[], rules: OracleRules): RoundOutcome {
  const decided = applications.map((application): Decided => {
    const chain = chainOf(application, rules)
    const standing: Standing = { pool: '', rank: null, outcome: 'first', reserve: null, lot: null }
    return { publicNumber: application.publicNumber, chain, standing: chain && standing }
  })
  return { applications: decided, pools: [], secondRound: null }
}
