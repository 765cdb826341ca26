import type { LotSheet } from './lot-sheet.ts'
import type { LineRule, StraddleRule } from './stored.ts'

/*
 * The one procedure that fills places (docs/ranking.md, Filling places). The numbers in the comments are its steps.
 */

export type Candidate = {
  /** Position of its pool. */
  pool: number
  /** Places that it takes. */
  weight: number
  /** How many such candidates there are; 1 where it is not said, and where a lot decides. */
  count?: number
}

/** Candidates with equal chains: an array, or whatever else tells them by position. */
export type Candidates = { readonly length: number; at(position: number): Candidate | undefined }

/** Positions of a group: who is `placed`, and who was `cut`, that is came to the line. */
export type Filled = { placed: Uint32Array; cut: Uint32Array }

export type FillingTerms = { line: LineRule; straddle: StraddleRule | null; atRoom: 'admit-all' | 'admit-none' }

const none = new Uint32Array(0)
const nobody: Filled = { placed: none, cut: none }

export class Filling {
  /** How many candidates came to a line that cut through their group. */
  atLine = 0
  private readonly terms: FillingTerms
  private left: number
  private readonly rooms: number[] | null
  private stopped = false

  /** @param rooms how much each pool may still take; null where room is unlimited */
  constructor(terms: FillingTerms, left: number, rooms: readonly number[] | null) {
    this.terms = terms
    this.left = left
    this.rooms = rooms && [...rooms]
  }

  /** Takes the next group of candidates with equal chains: of `all` those at the positions `among`. */
  group(all: Candidates, among: Uint32Array, lots: LotSheet): Filled {
    // 1
    if (this.stopped || this.left === 0) {
      this.stopped = true
      return nobody
    }
    const { line, straddle } = this.terms
    // 2
    let group = this.rooms === null ? among : among.filter(i => this.roomOf(candidateOf(all, i).pool) !== 0)
    let stopAfter = false
    // 3
    const closed = new Set<number>()
    if (line !== 'lot' && this.rooms !== null) group = this.withinRooms(all, group, closed)
    // 4
    const tooHeavy = group.some(i => candidateOf(all, i).weight > this.left)
    if (tooHeavy && straddle !== 'all-in') {
      group = group.filter(i => candidateOf(all, i).weight <= this.left)
      if (straddle === 'none') stopAfter = true
    }
    const { stops, ...filled } = this.fill(all, group, lots)
    if (stops) stopAfter = true
    for (const pool of closed) this.close(pool)
    if (stopAfter) this.stopped = true
    return filled
  }

  /** Steps 5 to 8. `stops` is told where the procedure stops after the group. */
  private fill(all: Candidates, group: Uint32Array, lots: LotSheet): Filled & { stops: boolean } {
    // 5
    if (group.length === 0) return { ...nobody, stops: false }
    const isLot = this.terms.line === 'lot'
    const heads = headsOf(all, group)
    // 6
    if (weightOf(all, group) <= this.left && (!isLot || this.fitsRooms(all, group)))
      return { ...nobody, placed: this.takeAll(all, group), stops: false }
    // 7
    const [only = 0] = group
    if (heads === 1 && (!isLot || candidateOf(all, only).weight <= this.roomOf(candidateOf(all, only).pool)))
      return { ...nobody, placed: this.takeAll(all, group), stops: true }
    // 8
    this.atLine += heads
    if (this.terms.line === 'admit-all') return { placed: this.takeAll(all, group), cut: group, stops: true }
    if (this.terms.line === 'admit-none') return { placed: none, cut: group, stops: true }
    return { placed: this.draw(all, lots.draw(group)), cut: group, stops: false }
  }

  private draw(all: Candidates, smallestFirst: Uint32Array): Uint32Array {
    const { straddle } = this.terms
    const placed = new Uint32Array(smallestFirst.length)
    let taken = 0
    for (const i of smallestFirst) {
      if (this.stopped || this.left === 0) break
      const candidate = candidateOf(all, i)
      if (candidate.weight > this.roomOf(candidate.pool)) {
        if (straddle !== 'next-smaller') this.close(candidate.pool)
        continue
      }
      if (candidate.weight > this.left) {
        if (straddle !== 'next-smaller') this.stopped = true
        if (straddle !== 'all-in') continue
      }
      placed[taken++] = i
      this.take(candidate)
    }
    return placed.subarray(0, taken)
  }

  /** Step 3: those who stay. `closed` gets the pools whose room becomes 0 after the group. */
  private withinRooms(all: Candidates, group: Uint32Array, closed: Set<number>): Uint32Array {
    const stay: number[] = []
    for (const [pool, ofPool] of poolsIn(all, group)) {
      const room = this.roomOf(pool)
      const fitting = ofPool.filter(i => candidateOf(all, i).weight <= room)
      if (fitting.length < ofPool.length && this.terms.straddle !== 'next-smaller') closed.add(pool)
      const isOver = weightOf(all, fitting) > room
      if (isOver) closed.add(pool)
      if (!isOver || this.terms.atRoom === 'admit-all') for (const i of fitting) stay.push(i)
    }
    return Uint32Array.from(stay)
  }

  private fitsRooms(all: Candidates, group: Uint32Array): boolean {
    if (this.rooms === null) return true
    return [...poolsIn(all, group)].every(([pool, ofPool]) => weightOf(all, ofPool) <= this.roomOf(pool))
  }

  private takeAll(all: Candidates, placed: Uint32Array): Uint32Array {
    for (const i of placed) this.take(candidateOf(all, i))
    return placed
  }

  private take({ pool, weight, count = 1 }: Candidate): void {
    this.left = Math.max(0, this.left - weight * count)
    if (this.rooms !== null) this.rooms[pool] = Math.max(0, this.roomOf(pool) - weight * count)
  }

  private close(pool: number): void {
    if (this.rooms !== null) this.rooms[pool] = 0
  }

  private roomOf(pool: number): number {
    return this.rooms === null ? Number.POSITIVE_INFINITY : (this.rooms[pool] ?? 0)
  }
}

export const candidateOf = (all: Candidates, position: number) => all.at(position) as Candidate

/** Places that these take together. */
export function weightOf(all: Candidates, positions: Uint32Array): number {
  return positions.reduce((sum, i) => sum + candidateOf(all, i).weight * (candidateOf(all, i).count ?? 1), 0)
}

/** How many these are. */
export function headsOf(all: Candidates, positions: Uint32Array): number {
  return positions.reduce((sum, i) => sum + (candidateOf(all, i).count ?? 1), 0)
}

/** These by their pools. */
export function poolsIn(all: Candidates, positions: Uint32Array): Map<number, Uint32Array> {
  const [first = 0] = positions
  if (positions.every(i => candidateOf(all, i).pool === candidateOf(all, first).pool))
    return new Map(positions.length === 0 ? [] : [[candidateOf(all, first).pool, positions]])
  const pools = Map.groupBy(positions, i => candidateOf(all, i).pool)
  return new Map([...pools].map(([pool, ofPool]) => [pool, Uint32Array.from(ofPool)]))
}
