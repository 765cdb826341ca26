import { better, equal } from './chains.ts'
import type { Head, OracleRules } from './rules.ts'

/* docs/ranking.md, Filling places, step by step. */

export type FillingRules = Pick<OracleRules, 'order' | 'line' | 'straddle'> & { atRoom: 'admit-none' | 'admit-all' | null }
export type Filling = {
  placed: Head[]
  /** Those still in their group when it came to step 8. */
  atLine: Head[]
  /** The ways through the procedure that were gone, so that tests can say that they saw them all. */
  ways: string[]
}

/** More than all weights together. */
const unlimited = Number.MAX_SAFE_INTEGER

export const weightOf = (heads: Head[]) => heads.reduce((sum, { weight }) => sum + weight, 0)

/** Fills places with candidates. A pool that `rooms` does not name has unlimited room. */
export function fill(
  candidates: Head[],
  places: number,
  rooms: Map<string, number>,
  lotOf: (head: Head) => string,
  { order, line, straddle, atRoom }: FillingRules,
): Filling {
  const placed: Head[] = []
  const atLine: Head[] = []
  const ways: string[] = []
  let left = places
  let stopped = false
  const roomOf = (head: Head) => rooms.get(head.pool) ?? unlimited
  const place = (head: Head) => {
    placed.push(head)
    left = Math.max(0, left - head.weight)
    rooms.set(head.pool, Math.max(0, roomOf(head) - head.weight))
  }

  for (const whole of groupsOf(candidates, order)) {
    let group = whole
    let stopsAfter = false
    const noRoomAfter = new Set<string>()

    // Step 1
    if (stopped || left === 0) {
      stopped = true
      ways.push('1')
      continue
    }

    // Step 2
    if (group.some(head => roomOf(head) === 0)) ways.push('2')
    group = group.filter(head => roomOf(head) > 0)

    // Step 3
    if (line !== 'lot') {
      for (const pool of new Set(group.map(head => head.pool))) {
        const tooHeavy = group.filter(head => head.pool === pool && head.weight > roomOf(head))
        group = group.filter(head => !tooHeavy.includes(head))
        if (tooHeavy.length > 0) {
          ways.push(`3 heavier than the room, ${straddle}`)
          if (straddle !== 'next-smaller') noRoomAfter.add(pool)
        }
        const several = group.filter(head => head.pool === pool)
        if (several.length > 1 && weightOf(several) > roomOf(several[0] as Head)) {
          ways.push(`3 together more than the room, ${atRoom}`)
          noRoomAfter.add(pool)
          if (atRoom === 'admit-none') group = group.filter(head => !several.includes(head))
        }
      }
    }

    // Step 4
    const tooHeavy = group.filter(head => head.weight > left)
    if (tooHeavy.length > 0) {
      ways.push(`4 ${straddle}${line === 'lot' ? ', lot' : ''}`)
      if (straddle !== 'all-in') group = group.filter(head => !tooHeavy.includes(head))
      if (straddle === 'none') stopsAfter = true
    }

    const only = group.length === 1 ? (group[0] as Head) : undefined
    const fitsRooms = group.every(head => weightOf(group.filter(other => other.pool === head.pool)) <= roomOf(head))
    if (group.length === 0) {
      // Step 5
      ways.push('5')
    } else if (weightOf(group) <= left && (line !== 'lot' || fitsRooms)) {
      // Step 6
      ways.push(line === 'lot' ? '6 lot' : '6')
      for (const head of group) place(head)
    } else if (only && (line !== 'lot' || only.weight <= roomOf(only))) {
      // Step 7
      if (straddle !== 'all-in') throw new Error('a single candidate is heavier than what is left, and the rule is not all-in')
      ways.push(line === 'lot' ? '7 lot' : '7')
      place(only)
      stopsAfter = true
    } else {
      // Step 8
      atLine.push(...group)
      if (line === 'admit-all') for (const head of group) place(head)
      if (line === 'admit-none') ways.push('8 admit-none')
      if (line === 'admit-all') ways.push('8 admit-all')
      if (line !== 'lot') stopsAfter = true
      else {
        const drawn = [...group].sort((a, b) => (lotOf(a) < lotOf(b) ? -1 : 1))
        for (const head of drawn) {
          if (stopped || left === 0) {
            ways.push('8 lot: nothing left')
          } else if (head.weight > roomOf(head)) {
            ways.push(`8 lot: heavier than the room, ${straddle}`)
            if (straddle !== 'next-smaller') rooms.set(head.pool, 0)
          } else if (head.weight <= left) {
            ways.push('8 lot: placed')
            place(head)
          } else {
            ways.push(`8 lot: heavier than what is left, ${straddle}`)
            if (straddle === 'all-in') place(head)
            if (straddle !== 'next-smaller') stopped = true
          }
        }
      }
    }

    if (stopsAfter) stopped = true
    for (const pool of noRoomAfter) rooms.set(pool, 0)
  }
  return { placed, atLine, ways }
}

/** The groups of equal chains, best first. */
function groupsOf(candidates: Head[], order: OracleRules['order']): Head[][] {
  const groups: Head[][] = []
  let rest = candidates
  while (rest.length > 0) {
    const best = rest.find(head => !rest.some(other => better(other.chain, head.chain, order))) as Head
    groups.push(rest.filter(head => equal(head.chain, best.chain)))
    rest = rest.filter(head => !equal(head.chain, best.chain))
  }
  return groups
}
