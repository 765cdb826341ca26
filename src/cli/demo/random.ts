import { hash } from 'node:crypto'

/**
 * n bytes that depend on nothing but the seed, the label and the index: SHA-256 over them and a counter, block by block.
 * For the demo's salts and public numbers, so that its list is the same on every machine; real rounds draw theirs from
 * the system. Never for keys or the nonces of a cipher: a nonce drawn twice under one key gives the text away.
 */
export function bytes(seed: string, label: string, index: number, n: number): Buffer {
  const blocks: Buffer[] = []
  for (let counter = 0; counter * 32 < n; counter++) blocks.push(hash('sha256', `${label}\0${index}\0${counter}\0${seed}`, 'buffer'))
  return (blocks.length === 1 ? (blocks[0] as Buffer) : Buffer.concat(blocks)).subarray(0, n)
}

/** Values with whole-number weights, summed up once. */
export type Table<T> = { values: readonly T[]; upTo: readonly number[]; total: number }

export function weighted<T>(rows: readonly (readonly [value: T, weight: number])[]): Table<T> {
  let total = 0
  const upTo = rows.map(([, weight]) => {
    total += weight
    return total
  })
  return { values: rows.map(([value]) => value), upTo, total }
}

/**
 * The stream of chance of one applicant: xoshiro128** (Blackman and Vigna), 32-bit integers only, so every machine draws the same.
 * Not for secrets.
 */
export class Random {
  private a: number
  private b: number
  private c: number
  private d: number

  constructor(seed: string, label: string, index: number) {
    const state = bytes(seed, label, index, 16)
    this.a = state.readUInt32LE(0) | 0
    this.b = state.readUInt32LE(4) | 0
    this.c = state.readUInt32LE(8) | 0
    this.d = state.readUInt32LE(12) | 1 // the generator stands still on a state of zeros
  }

  /** A whole number from 0 to n − 1. n is at most 2^20, so the product below is exact and the bias under 2^-12. */
  below(n: number): number {
    return Math.floor((this.next() * n) / 0x1_0000_0000)
  }

  /** A whole number from least to most, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** Yes in so many of ten thousand cases. */
  chance(ofTenThousand: number): boolean {
    return this.below(10_000) < ofTenThousand
  }

  pick<T>(table: Table<T>): T {
    const drawn = this.below(table.total)
    let low = 0
    let high = table.upTo.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (drawn < (table.upTo[middle] as number)) high = middle
      else low = middle + 1
    }
    return table.values[low] as T
  }

  private next(): number {
    const times5 = Math.imul(this.b, 5)
    const drawn = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0
    const shifted = this.b << 9
    this.c ^= this.a
    this.d ^= this.b
    this.b ^= this.c
    this.a ^= this.d
    this.c ^= shifted
    this.d = (this.d << 11) | (this.d >>> 21)
    return drawn
  }
}
