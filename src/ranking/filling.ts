/** What happens when the last place falls among candidates with equal chains. */
export const lineRules = ['admit-all', 'admit-none', 'lot'] as const
export type LineRule = (typeof lineRules)[number]

/** What happens to a household that is larger than the places that are left. */
export const straddleRules = ['all-in', 'none', 'next-smaller'] as const
export type StraddleRule = (typeof straddleRules)[number]

/** What happens when the room of a pool ends among candidates with equal chains. */
export const roomRules = ['admit-none', 'admit-all'] as const
export type RoomRule = (typeof roomRules)[number]

/** A head that competes for places. */
export type Competitor = {
  /** Position of its pool among the pools of the rules. */
  pool: number
  /** How many places it takes. */
  weight: number
  /** Its lot; asked for only where a lot decides or has to be shown. */
  lot(): Buffer
}

export type FillingRules = { line: LineRule | null; straddle: StraddleRule | null; atRoom?: RoomRule }

/** What became of a candidate; with its lot if it was in a group that the line cut through under `lot`. */
export type Fate = { placed: boolean; lot: Buffer | null }

/** The procedure that fills places (docs/ranking.md, Filling places), under way. */
export type Filling = {
  /** Takes the next group of equal chains. The fates are in the order of the group. */
  fill(group: readonly Competitor[]): Fate[]
  /** How many candidates were in groups that the line cut through, so far. */
  atLine(): number
}

const placed: Fate = { placed: true, lot: null }
const passed: Fate = { placed: false, lot: null }

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
  const take = ({ pool, weight }: Competitor) => {
    left = Math.max(0, left - weight)
    if (room !== undefined) room[pool] = Math.max(0, roomOf(pool) - weight)
  }

  /** The pools whose candidates are together heavier than their room. */
  const crowdedPools = (candidates: readonly Candidate[]): Set<number> => {
    const weights = new Map<number, number>()
    for (const { head } of candidates) weights.set(head.pool, (weights.get(head.pool) ?? 0) + head.weight)
    return new Set([...weights].filter(([pool, weight]) => weight > roomOf(pool)).map(([pool]) => pool))
  }

  /** Step 3: who stays in a group although room is limited, and the pools whose room ends with it. */
  const fitRooms = (candidates: readonly Candidate[]): { staying: readonly Candidate[]; ending: Set<number> } => {
    const fits = ({ head }: Candidate) => head.weight <= roomOf(head.pool)
    const fitting = candidates.filter(fits)
    const crowded = crowdedPools(fitting)
    const tooHeavy = straddle === 'next-smaller' ? [] : candidates.filter(candidate => !fits(candidate))
    const ending = new Set([...crowded, ...tooHeavy.map(({ head }) => head.pool)])
    return { staying: atRoom === 'admit-all' ? fitting : fitting.filter(({ head }) => !crowded.has(head.pool)), ending }
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
    fill(group) {
      const fates = group.map(() => passed)
      if (stopped || left === 0) {
        stopped = true // step 1
        return fates
      }
      let staying: readonly Candidate[] = group.map((head, position) => ({ head, position }))
      let ending = new Set<number>()
      let stopsAfter = false
      if (room !== undefined) {
        staying = staying.filter(({ head }) => roomOf(head.pool) > 0) // step 2
        if (line !== 'lot') ({ staying, ending } = fitRooms(staying)) // step 3
      }
      if (straddle === 'next-smaller' || straddle === 'none') {
        const fitting = staying.filter(({ head }) => head.weight <= left) // step 4
        if (straddle === 'none' && fitting.length < staying.length) stopsAfter = true
        staying = fitting
      }

      const placeAll = () => {
        for (const { head, position } of staying) {
          take(head)
          fates[position] = placed
        }
      }
      const weight = staying.reduce((sum, { head }) => sum + head.weight, 0)
      const isCrowded = line === 'lot' && room !== undefined && crowdedPools(staying).size > 0
      if (weight <= left && !isCrowded) {
        placeAll() // steps 5 and 6
      } else if (staying.length === 1 && !isCrowded) {
        placeAll() // step 7
        stopsAfter = true
      } else {
        atLine += staying.length // step 8
        if (line === 'lot') {
          const drawn = staying.map(({ head, position }) => ({ head, position, lot: head.lot() })).sort((a, b) => a.lot.compare(b.lot))
          for (const { head, position, lot } of drawn) {
            const wins = winsPlace(head)
            if (wins) take(head)
            fates[position] = { placed: wins, lot }
          }
        } else {
          if (line === 'admit-all') placeAll()
          stopsAfter = true
        }
      }

      if (stopsAfter) stopped = true
      for (const pool of ending) if (room !== undefined) room[pool] = 0
      return fates
    },
    atLine: () => atLine,
  }
}

/** A head in a group that is being filled, and where it stands in the group. */
type Candidate = { head: Competitor; position: number }
