import { type Lottery, lotOf } from '../ranking/lot.ts'
import type { Competitor, Group } from '../ranking/placement.ts'
import type { DrawnEntry } from '../store/ranking.ts'
import { Records } from '../values/records.ts'

/** A head with its own lot. `application` as in the database. */
export type DrawnHead = { application: number; pool: number; weight: number; publicNumber: string }

const outcomes = ['none', 'first', 'second'] as const

/** The heads of one group where lots are drawn. They lie in a few buffers, since a million may be equal, and each is made when it is asked for. */
export class DrawnGroup implements Group {
  private readonly lottery: Lottery
  // application, where the public number begins and ends, pool, weight
  private readonly heads = new Records(24)
  private numbers = Buffer.from(new ArrayBuffer(2 ** 16))
  private numbersEnd = 0

  constructor(lottery: Lottery) {
    this.lottery = lottery
  }

  get length(): number {
    return this.heads.length
  }

  clear(): void {
    this.heads.clear()
    this.numbersEnd = 0
  }

  add({ application, pool, weight, publicNumber }: DrawnHead): void {
    const begin = this.numbersEnd
    const most = begin + publicNumber.length * 3 // of one UTF-16 unit UTF-8 makes three bytes at most
    if (most > this.numbers.length) this.numbers = Buffer.from((this.numbers.buffer as ArrayBuffer).transfer(Math.ceil(most * 1.5)))
    this.numbersEnd += this.numbers.write(publicNumber, begin)
    const head = this.heads.add()
    const [bytes, at] = [this.heads.chunk(head), this.heads.offset(head)]
    bytes.setFloat64(at, application)
    bytes.setUint32(at + 8, begin)
    bytes.setUint32(at + 12, this.numbersEnd)
    bytes.setUint32(at + 16, pool)
    bytes.setUint32(at + 20, weight)
  }

  at(index: number): Competitor {
    const [bytes, at] = [this.heads.chunk(index), this.heads.offset(index)]
    const lot = () => lotOf(this.lottery, this.numbers.toString('utf8', bytes.getUint32(at + 8), bytes.getUint32(at + 12)))
    return { pool: bytes.getUint32(at + 16), weight: bytes.getUint32(at + 20), lot }
  }

  applicationAt(index: number): number {
    return this.heads.chunk(index).getFloat64(this.heads.offset(index))
  }
}

/** Entries that carry a lot, in a few buffers as well. */
export class DrawnEntries {
  // application, outcome, reserve number or 0, lot
  private readonly entries = new Records(48)

  add({ application, outcome, reserve, lot }: DrawnEntry): void {
    const entry = this.entries.add()
    const [bytes, at] = [this.entries.chunk(entry), this.entries.offset(entry)]
    bytes.setFloat64(at, application)
    bytes.setUint32(at + 8, outcomes.indexOf(outcome))
    bytes.setUint32(at + 12, reserve ?? 0)
    Buffer.from(bytes.buffer, at + 16, 32).set(lot)
  }

  *[Symbol.iterator](): Generator<DrawnEntry> {
    for (let i = 0; i < this.entries.length; i++) {
      const [bytes, at] = [this.entries.chunk(i), this.entries.offset(i)]
      const outcome = outcomes[bytes.getUint32(at + 8)] as DrawnEntry['outcome']
      yield {
        ...{ application: bytes.getFloat64(at), outcome, reserve: bytes.getUint32(at + 12) || null },
        lot: Buffer.from(bytes.buffer, at + 16, 32),
      }
    }
  }
}
