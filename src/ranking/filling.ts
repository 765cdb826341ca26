import { type Competitor, countAt, type Group, headAt, type Lots, type Positions } from './group.ts'

const nobody: Positions = new Uint32Array(0)

/** What happens when the last place falls among candidates with equal chains. */
export const lineRules = ['admit-all', 'admit-none', 'lot'] as const
export type LineRule = (typeof lineRules)[number]

/** What happens to a household that is larger than the places that are left. */
export const straddleRules = ['all-in', 'none', 'next-smaller'] as const
export type StraddleRule = (typeof straddleRules)[number]

/** What happens when the room of a pool ends among candidates with equal chains. */
export const roomRules = ['admit-none', 'admit-all'] as const
export type RoomRule = (typeof roomRules)[number]

export type FillingRules = { line: LineRule | null; straddle: StraddleRule | null; atRoom?: RoomRule }

/** The procedure that fills places (docs/ranking.md, Filling places), under way. */
export type Filling = {
  /**
   * Takes the candidates at these positions of the next group of equal chains, and gives the positions of those who are placed. Under `lot`, whoever is
   * in a group that the line cuts through is asked for its lot.
   */
  fill(group: Group, candidates: Positions, lots: Lots): Positions
  /** How many candidates were in groups that the line cut through, so far. */
  atLine(): number
}

/**
 * Begins to fill places, the best group first. The numbers of steps below are those of docs/ranking.md.
 * @param places the number of places
 * @param rooms how many places each pool may take, by its position; without it room is unlimited
 */
export function createFilling({ line, straddle, atRoom }: FillingRules, places: number, rooms?: readonly number[]): Filling {
  const room = rooms?.slice()
  let left = places
  let stopped = false
  let atLine = 0

  const roomOf = (pool: number) => (room === undefined ? Number.POSITIVE_INFINITY : (room[pool] as number))
  const take = ({ pool, weight, count = 1 }: Competitor) => {
    left = Math.max(0, left - weight * count)
    if (room !== undefined) room[pool] = Math.max(0, roomOf(pool) - weight * count)
  }

  /** The pools whose candidates are together heavier than their room. */
  const crowdedPools = (group: Group, candidates: Positions): Set<number> => {
    const weights = new Map<number, number>()
    for (const i of candidates) {
      const { pool, weight, count = 1 } = headAt(group, i)
      weights.set(pool, (weights.get(pool) ?? 0) + weight * count)
    }
    return new Set([...weights].filter(([pool, weight]) => weight > roomOf(pool)).map(([pool]) => pool))
  }

  /** Step 3: who stays in a group although room is limited, and the pools whose room ends with it. */
  const fitRooms = (group: Group, candidates: Positions): { staying: Positions; ending: Set<number> } => {
    const poolOf = (i: number) => headAt(group, i).pool
    const fits = (i: number) => headAt(group, i).weight <= roomOf(poolOf(i))
    const fitting = candidates.filter(fits)
    const crowded = crowdedPools(group, fitting)
    const ending = new Set(crowded)
    if (straddle !== 'next-smaller') for (const i of candidates) if (!fits(i)) ending.add(poolOf(i))
    return { staying: atRoom === 'admit-all' ? fitting : fitting.filter(i => !crowded.has(poolOf(i))), ending }
  }

  /** Step 8 under `lot`, for one candidate when its turn has come. */
  const winsPlace = ({ pool, weight }: Competitor): boolean => {
    if (stopped || left === 0) return false
    if (weight > roomOf(pool)) {
      if (room !== undefined && straddle !== 'next-smaller') room[pool] = 0
      return false
    }
    if (weight <= left) return true
    if (straddle !== 'next-smaller') stopped = true
    return straddle === 'all-in'
  }

  return {
    fill(group, candidates, lots) {
      if (stopped || left === 0) {
        stopped = true // step 1
        return nobody
      }
      let staying = candidates
      let ending = new Set<number>()
      let stopsAfter = false
      if (room !== undefined) {
        staying = staying.filter(i => roomOf(headAt(group, i).pool) > 0) // step 2
        if (line !== 'lot') ({ staying, ending } = fitRooms(group, staying)) // step 3
      }
      if (straddle === 'next-smaller' || straddle === 'none') {
        const fitting = staying.filter(i => headAt(group, i).weight <= left) // step 4
        if (straddle === 'none' && fitting.length < staying.length) stopsAfter = true
        staying = fitting
      }

      let placed = nobody
      const placeAll = () => {
        for (const i of staying) take(headAt(group, i))
        placed = staying
      }
      let [heads, weight] = [0, 0]
      for (const i of staying) {
        heads += countAt(group, i)
        weight += headAt(group, i).weight * countAt(group, i)
      }
      const isCrowded = line === 'lot' && room !== undefined && crowdedPools(group, staying).size > 0
      if (weight <= left && !isCrowded) {
        placeAll() // steps 5 and 6
      } else if (heads === 1 && !isCrowded) {
        placeAll() // step 7
        stopsAfter = true
      } else {
        atLine += heads // step 8
        if (line === 'lot') {
          placed = lots.sorted(staying).filter(i => {
            const head = headAt(group, i)
            const wins = winsPlace(head)
            if (wins) take(head)
            return wins
          })
        } else {
          if (line === 'admit-all') placeAll()
          stopsAfter = true
        }
      }

      if (stopsAfter) stopped = true
      for (const pool of ending) if (room !== undefined) room[pool] = 0
      return placed
    },
    atLine: () => atLine,
  }
}
