import { better, equal } from './chains.ts'
import { fill, weightOf } from './filling.ts'
import { headsOf, householdOf } from './heads.ts'
import { lotOf } from './lots.ts'
import { placesOf, type Ranking, rankHeads } from './ranking.ts'
import type { Application, Chain, Head, Lottery, OracleRules } from './rules.ts'

/* docs/ranking.md, After the list is out: call-ups and late corrections of a round with places. */

/** What stands now. Households are named as `householdOf` does. */
export type AfterTheList = {
  /** As last corrected. */
  applications: Application[]
  /** How many places each pool has to give. */
  allotments: Map<string, number>
  /** Who holds a place: admitted, corrected into the list or called up, and neither lapsed nor struck off. */
  holding: Set<string>
  /** Who is on the reserve list, with the number. */
  reserve: Map<string, number>
  /** Whose place has lapsed. */
  lapsed: Set<string>
  /** Who was corrected into the list, called up or struck off, and so is no candidate of a call-up any more. */
  passed: Set<string>
}

export function afterTheRun(applications: Application[], rules: OracleRules, lottery: Lottery | null): AfterTheList {
  const ranking = rankHeads(headsOf(applications, rules), rules, lottery)
  const allotments = rules.pools.map((pool): [string, number] => {
    if (!rules.secondRound) return [pool.pool, placesOf(pool)]
    const first = weightOf(ranking.first.get(pool.pool)?.placed ?? [])
    const second = weightOf(ranking.second?.placed.filter(head => head.pool === pool.pool) ?? [])
    return [pool.pool, Math.min(placesOf(pool), first) + second]
  })
  return {
    applications,
    allotments: new Map(allotments),
    holding: new Set(ranking.admitted.map(head => head.household)),
    reserve: new Map(
      ranking.heads.flatMap(head => {
        const number = ranking.reserve(head)
        return number === null ? [] : [[head.household, number]]
      }),
    ),
    lapsed: new Set(),
    passed: new Set(),
  }
}

/** How many places of a pool are free, who can be called up, and who is. */
export function callUp(
  { applications, allotments, holding, reserve, passed }: AfterTheList,
  pool: string,
  rules: OracleRules,
  lottery: Lottery | null,
): { free: number; candidates: Head[]; calledUp: Head[] } {
  const heads = headsOf(applications, rules).filter(head => head.pool === pool)
  const free = Math.max(0, (allotments.get(pool) as number) - weightOf(heads.filter(head => holding.has(head.household))))
  const candidates = heads.filter(head => reserve.has(head.household) && !passed.has(head.household))
  const { order, line, straddle } = rules
  const lot = (head: Head) => lotOf(lottery as Lottery, head.publicNumber)
  const { placed } = fill(candidates, free, new Map(), lot, { order, line, straddle, atRoom: null })
  return { free, candidates, calledUp: placed }
}

export type Corrected = {
  /** Those of the household's head; null if no application of it is eligible any more. */
  head: { publicNumber: string; chain: Chain; rank: number; reserve: number | null } | null
  /** Whether the household holds a place after the correction. */
  holds: boolean
  change: 'admitted' | 'struck-off' | null
}

/** Corrects one application: `corrected` stands in the place of the one with its public number. */
export function correct(
  { applications, holding, lapsed }: AfterTheList,
  corrected: Application,
  rules: OracleRules,
  lottery: Lottery | null,
): Corrected {
  const { order, line } = rules
  const household = householdOf(corrected)
  const headIn = (ranking: Ranking) => ranking.heads.find(head => head.household === household)
  const before = rankHeads(headsOf(applications, rules), rules, lottery)
  const chainBefore = headIn(before)?.chain
  const now = rankHeads(headsOf(replaced(applications, corrected), rules), rules, lottery)
  const head = headIn(now)

  const held = holding.has(household)
  const admitted =
    head !== undefined &&
    !lapsed.has(household) &&
    (now.admitted.includes(head) ||
      now.heads.some(
        other =>
          other.household !== household &&
          other.pool === head.pool &&
          other.weight >= head.weight &&
          holding.has(other.household) &&
          (better(head.chain, other.chain, order) || (line !== 'lot' && equal(head.chain, other.chain))),
      ))
  const worse = chainBefore !== undefined && head !== undefined && better(chainBefore, head.chain, order)
  const struckOff = held && (worse || head === undefined) && !admitted
  const holds = (held && !struckOff) || admitted
  return {
    head: head ? { publicNumber: head.publicNumber, chain: head.chain, rank: now.rank(head), reserve: now.reserve(head) } : null,
    holds,
    change: struckOff ? 'struck-off' : admitted && !held ? 'admitted' : null,
  }
}

/** Enters that places have lapsed. */
export function lapse(after: AfterTheList, households: string[]): AfterTheList {
  return { ...after, holding: without(after.holding, households), lapsed: withAlso(after.lapsed, households) }
}

export function afterCallUp(after: AfterTheList, heads: Head[]): AfterTheList {
  const called = heads.map(head => head.household)
  return { ...after, holding: withAlso(after.holding, called), passed: withAlso(after.passed, called) }
}

export function afterCorrection(after: AfterTheList, corrected: Application, { head, holds, change }: Corrected): AfterTheList {
  const own = [householdOf(corrected)]
  const others = [...after.reserve].filter(([household]) => !own.includes(household))
  const reserve = head?.reserve ?? null
  return {
    ...after,
    applications: replaced(after.applications, corrected),
    holding: holds ? withAlso(after.holding, own) : without(after.holding, own),
    reserve: new Map([...others, ...own.flatMap((household): [string, number][] => (reserve === null ? [] : [[household, reserve]]))]),
    passed: change === null ? after.passed : withAlso(after.passed, own),
  }
}

const withAlso = (set: Set<string>, more: string[]) => new Set([...set, ...more])
const without = (set: Set<string>, less: string[]) => new Set([...set].filter(one => !less.includes(one)))
const replaced = (applications: Application[], by: Application) =>
  applications.map(one => (one.publicNumber === by.publicNumber ? by : one))
