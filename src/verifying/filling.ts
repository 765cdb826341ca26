import type { LineRule, StraddleRule } from './stored.ts'

/*
 * The one procedure that fills places (docs/ranking.md, Filling places). The numbers in the comments are its steps.
 */

export type Candidate = {
  /** Position of its pool. */
  pool: number
  /** Places that it takes. */
  weight: number
  /** Called only where a lot decides. */
  lot(): Buffer
}

/** `placed` of a group, and `cut`: those of the group that came to the line, in the order in which a lot took them. */
export type Filled<C> = { placed: ReadonlySet<C>; cut: readonly C[] }

export type FillingTerms = { line: LineRule; straddle: StraddleRule | null; atRoom: 'admit-all' | 'admit-none' }

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

  /** Takes the next group of candidates with equal chains. */
  group<C extends Candidate>(candidates: readonly C[]): Filled<C> {
    // 1
    if (this.stopped || this.left === 0) {
      this.stopped = true
      return { placed: new Set(), cut: [] }
    }
    const { line, straddle } = this.terms
    // 2
    let group = candidates.filter(candidate => this.roomOf(candidate.pool) !== 0)
    let stopAfter = false
    // 3
    const closed = new Set<number>()
    if (line !== 'lot' && this.rooms !== null) group = this.withinRooms(group, closed)
    // 4
    const tooHeavy = group.some(candidate => candidate.weight > this.left)
    if (tooHeavy && straddle !== 'all-in') {
      group = group.filter(candidate => candidate.weight <= this.left)
      if (straddle === 'none') stopAfter = true
    }
    const filled = this.fill(group)
    if (filled.stops) stopAfter = true
    for (const pool of closed) this.close(pool)
    if (stopAfter) this.stopped = true
    return filled
  }

  /** Steps 5 to 8. `stops` is told where the procedure stops after the group. */
  private fill<C extends Candidate>(group: readonly C[]): Filled<C> & { stops: boolean } {
    const none: Filled<C> = { placed: new Set(), cut: [] }
    // 5
    if (group.length === 0) return { ...none, stops: false }
    const isLot = this.terms.line === 'lot'
    // 6
    if (weightOf(group) <= this.left && (!isLot || this.fitsRooms(group))) return { ...none, placed: this.take(group), stops: false }
    // 7
    const [only] = group as [C]
    if (group.length === 1 && (!isLot || only.weight <= this.roomOf(only.pool))) return { ...none, placed: this.take(group), stops: true }
    // 8
    this.atLine += group.length
    if (this.terms.line === 'admit-all') return { placed: this.take(group), cut: group, stops: true }
    if (this.terms.line === 'admit-none') return { placed: new Set(), cut: group, stops: true }
    return { ...this.draw(group), stops: false }
  }

  private draw<C extends Candidate>(group: readonly C[]): Filled<C> {
    const { straddle } = this.terms
    const drawn = group.map(candidate => ({ candidate, lot: candidate.lot() })).sort((a, b) => a.lot.compare(b.lot))
    const cut = drawn.map(({ candidate }) => candidate)
    const placed = new Set<C>()
    for (const candidate of cut) {
      if (this.stopped || this.left === 0) break
      if (candidate.weight > this.roomOf(candidate.pool)) {
        if (straddle !== 'next-smaller') this.close(candidate.pool)
        continue
      }
      if (candidate.weight > this.left) {
        if (straddle !== 'next-smaller') this.stopped = true
        if (straddle !== 'all-in') continue
      }
      placed.add(candidate)
      this.take([candidate])
    }
    return { placed, cut }
  }

  /** Step 3: those who stay. `closed` gets the pools whose room becomes 0 after the group. */
  private withinRooms<C extends Candidate>(group: readonly C[], closed: Set<number>): C[] {
    const stay: C[] = []
    for (const [pool, ofPool] of Map.groupBy(group, candidate => candidate.pool)) {
      const room = this.roomOf(pool)
      const fitting = ofPool.filter(candidate => candidate.weight <= room)
      if (fitting.length < ofPool.length && this.terms.straddle !== 'next-smaller') closed.add(pool)
      const isOver = weightOf(fitting) > room
      if (isOver) closed.add(pool)
      if (!isOver || this.terms.atRoom === 'admit-all') stay.push(...fitting)
    }
    return stay
  }

  private fitsRooms(group: readonly Candidate[]): boolean {
    if (this.rooms === null) return true
    return [...Map.groupBy(group, candidate => candidate.pool)].every(([pool, ofPool]) => weightOf(ofPool) <= this.roomOf(pool))
  }

  private take<C extends Candidate>(placed: readonly C[]): ReadonlySet<C> {
    for (const { pool, weight } of placed) {
      this.left = Math.max(0, this.left - weight)
      if (this.rooms !== null) this.rooms[pool] = Math.max(0, this.roomOf(pool) - weight)
    }
    return new Set(placed)
  }

  private close(pool: number): void {
    if (this.rooms !== null) this.rooms[pool] = 0
  }

  private roomOf(pool: number): number {
    return this.rooms === null ? Number.POSITIVE_INFINITY : (this.rooms[pool] ?? 0)
  }
}

export function weightOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { weight }) => sum + weight, 0)
}
