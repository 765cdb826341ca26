import { Records } from '../values/records.ts'
import type { Candidate, Candidates } from './filling.ts'
import type { LotAt } from './lot-sheet.ts'
import type { LotOf } from './lottery.ts'
import type { EligibleRow, StoredStanding } from './stored.ts'

/** A head as it is compared with the decision on it; of its stored lot only what there is of it. */
export type Held = {
  publicNumber: string
  pool: string | null
  standing: (Pick<StoredStanding, 'pool' | 'outcome' | 'reserve'> & { isRanked: boolean; lot: 'none' | 'right' | 'wrong' }) | null
}

/** Heads with the same pool, weight and stored answer, apart from their reserve numbers. */
type Kind = { candidate: Required<Candidate>; held: Omit<Held, 'publicNumber'> }

/** The group of equal chains in hand. Of each head only its kind, its public number and its reserve number are kept: a million may be equal. */
export class Hand {
  /** The lot of a candidate. */
  readonly lotAt: LotAt = position => this.lotOf?.(this.numberAt(position)) ?? Buffer.alloc(0)

  private readonly lotOf: LotOf | null
  private kinds: Kind[] = []
  private byAnswer = new Map<string, number>()
  // kind, where the public number begins and ends, reserve number
  private readonly rows = new Records(20)
  private numbers = Buffer.from(new ArrayBuffer(2 ** 16))
  private numbersEnd = 0

  /** @param lotOf null where no lots are drawn */
  constructor(lotOf: LotOf | null) {
    this.lotOf = lotOf
  }

  clear(): void {
    this.kinds = []
    // Not clear(): the table that a map leaves behind points to its next one, and a million groups would keep each other alive.
    this.byAnswer = new Map()
    this.rows.clear()
    this.numbersEnd = 0
  }

  /** Takes one head more, by the position of its pool. */
  add(pool: number, weight: number, { publicNumber, pool: name, standing }: EligibleRow): void {
    const lot = this.compareLot(publicNumber, standing?.lot ?? null)
    const reserve = standing?.reserve ?? null
    const answer =
      standing &&
      `${lot} ${standing.outcome} ${standing.rank !== null} ${reserve !== null} ${standing.pool === null ? '' : `in ${standing.pool}`}`
    const key = `${pool} ${weight} ${answer}`
    let kind = this.byAnswer.get(key)
    if (kind === undefined) {
      const stored = standing && { pool: standing.pool, outcome: standing.outcome, isRanked: standing.rank !== null, reserve, lot }
      kind = this.kinds.push({ candidate: { pool, weight, count: 0 }, held: { pool: name, standing: stored } }) - 1
      this.byAnswer.set(key, kind)
    }
    ;(this.kinds[kind] as Kind).candidate.count++
    this.keep(kind, publicNumber, reserve ?? 0)
  }

  /** What competes: the kinds, or where lots are drawn each head by itself. */
  get candidates(): Candidates {
    if (this.lotOf === null) return this.kinds.map(({ candidate }) => candidate)
    return {
      length: this.rows.length,
      at: position => ({ ...this.kindAt(position).candidate, count: 1 }),
    }
  }

  /** Every head with its position among the candidates. */
  *heads(): Generator<{ held: Held; candidate: number }> {
    for (let i = 0; i < this.rows.length; i++) {
      const { pool, standing } = this.kindAt(i).held
      const reserve = standing && standing.reserve !== null ? this.rows.chunk(i).getFloat64(this.rows.offset(i) + 12) : null
      const held = { publicNumber: this.numberAt(i), pool, standing: standing && { ...standing, reserve } }
      yield { held, candidate: this.lotOf === null ? this.kindNumberAt(i) : i }
    }
  }

  private kindNumberAt(row: number): number {
    return this.rows.chunk(row).getUint32(this.rows.offset(row))
  }

  private kindAt(row: number): Kind {
    return this.kinds[this.kindNumberAt(row)] as Kind
  }

  private compareLot(publicNumber: string, stored: Uint8Array | null): 'none' | 'right' | 'wrong' {
    if (stored === null) return 'none'
    return this.lotOf?.(publicNumber).equals(stored) ? 'right' : 'wrong'
  }

  private keep(kind: number, publicNumber: string, reserve: number): void {
    const begin = this.numbersEnd
    this.numbersEnd += Buffer.byteLength(publicNumber)
    if (this.numbersEnd > this.numbers.length)
      this.numbers = Buffer.from((this.numbers.buffer as ArrayBuffer).transfer(Math.ceil(this.numbersEnd * 1.5)))
    this.numbers.write(publicNumber, begin)
    const row = this.rows.add()
    const [bytes, at] = [this.rows.chunk(row), this.rows.offset(row)]
    bytes.setUint32(at, kind)
    bytes.setUint32(at + 4, begin)
    bytes.setUint32(at + 8, this.numbersEnd)
    bytes.setFloat64(at + 12, reserve)
  }

  private numberAt(row: number): string {
    const [bytes, at] = [this.rows.chunk(row), this.rows.offset(row)]
    return this.numbers.toString('utf8', bytes.getUint32(at + 4), bytes.getUint32(at + 8))
  }
}
