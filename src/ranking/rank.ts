import { compareBytes } from './byte-order.ts'
import { type Lottery, lotOf } from './lot.ts'
import { type Chain, compareChains, type Direction } from './order-keys.ts'
import { createPlacement, type Placed, type PlacementRules, type PlacementSummary } from './placement.ts'
import type { Unit } from './rules.ts'

/** An eligible application. `id` is the public number, a well-formed text; ids differ. A household stands in one pool. */
export type Entry = {
  id: string
  chain: Chain
  /** Its pool, in a round with pools. */
  pool?: string | undefined
  /** What is the same in all applications of one household; without it the application is a household by itself. */
  household?: string | undefined
  /** How many settle with it; 1 if it is not said. */
  persons?: number | undefined
}

export type RankRules = PlacementRules & { unit: Unit; order: readonly { direction: Direction }[] }

/** An entry with what the rules make of it. The represented have no place of their own. */
export type Ranked<T> = { entry: T; head: boolean; placed: Placed | null }

/**
 * Ranks a list in memory, in O(n log n), by docs/ranking.md. `lottery` is needed with the line rule `lot`.
 * The list comes back best first; equal chains stand in the byte order of their ids, those who carry a lot after the others in the order of their lots.
 */
export function rank<T extends Entry>(
  entries: readonly T[],
  rules: RankRules,
  lottery?: Lottery,
): { ranked: Ranked<T>[]; summary: PlacementSummary } {
  const directions = rules.order.map(({ direction }) => direction)
  const sorted = entries.toSorted((a, b) => compareChains(a.chain, b.chain, directions) || compareBytes(a.id, b.id))
  const isHead = headsOf(sorted, rules.unit)
  const poolIndex = new Map(rules.pools.map(({ pool }, i) => [pool, i]))
  const competitor = ({ id, pool = '', persons = 1 }: T) => {
    const index = poolIndex.get(pool)
    if (index === undefined) throw new RangeError(`the rules have no pool "${pool}"`)
    return {
      pool: index,
      weight: rules.unit === 'persons' ? persons : 1,
      lot() {
        if (lottery === undefined) throw new TypeError('the line rule lot needs a secret and a draw')
        return lotOf(lottery, id)
      },
    }
  }

  const placement = createPlacement(rules)
  if (rules.secondRound) for (const group of groupsOf(sorted, directions)) placement.survey(group.filter(isHead).map(competitor))
  const ranked: Ranked<T>[] = []
  for (const group of groupsOf(sorted, directions)) {
    const heads = group.filter(isHead)
    const placed = placement.place((group[0] as T).chain, heads.map(competitor))
    const placedOf = new Map(heads.map((head, i) => [head, placed.at(i) as Placed]))
    const drawn = group.map(entry => ({ entry, head: placedOf.has(entry), placed: placedOf.get(entry) ?? null }))
    ranked.push(...(lottery ? drawn.sort(byLot) : drawn))
  }
  return { ranked, summary: placement.summary() }
}

/** Of each household the first in the order given is the head. */
function headsOf<T extends Entry>(sorted: readonly T[], unit: Unit): (entry: T) => boolean {
  if (unit === 'applicants') return () => true
  const heads = new Map<string, T>()
  for (const entry of sorted) if (entry.household !== undefined && !heads.has(entry.household)) heads.set(entry.household, entry)
  return entry => entry.household === undefined || heads.get(entry.household) === entry
}

function* groupsOf<T extends Entry>(sorted: readonly T[], directions: readonly Direction[]): Generator<T[]> {
  for (let start = 0; start < sorted.length; ) {
    const { chain } = sorted[start] as T
    let end = start + 1
    while (end < sorted.length && compareChains(chain, (sorted[end] as T).chain, directions) === 0) end++
    yield sorted.slice(start, end)
    start = end
  }
}

function byLot(a: Ranked<unknown>, b: Ranked<unknown>): number {
  const [x, y] = [a.placed?.lot, b.placed?.lot]
  return x && y ? x.compare(y) : (x ? 1 : 0) - (y ? 1 : 0)
}
