const size = 32

/** Gives the lot of whoever stands at a position of a group. */
export type LotAt = (position: number) => Buffer

/** The lots of a group, written down side by side: a million may come to one line. */
export class LotSheet {
  private readonly lotAt: LotAt
  private readonly members: number
  private sheet = Buffer.alloc(0)
  private isDrawn = new Uint8Array(0)

  constructor(members: number, lotAt: LotAt) {
    this.members = members
    this.lotAt = lotAt
  }

  /** Draws for these positions, and gives them with the smallest lot first. */
  draw(positions: Uint32Array): Uint32Array {
    if (this.sheet.length === 0) {
      this.sheet = Buffer.alloc(this.members * size)
      this.isDrawn = new Uint8Array(this.members)
    }
    // By their first bytes into 256 heaps, each of which is sorted by itself.
    const begins = new Uint32Array(257)
    for (const position of positions) {
      if (this.isDrawn[position] === 0) this.lotAt(position).copy(this.sheet, position * size)
      this.isDrawn[position] = 1
      const next = this.firstByte(position) + 1
      begins[next] = (begins[next] as number) + 1
    }
    for (let byte = 1; byte <= 256; byte++) begins[byte] = (begins[byte] as number) + (begins[byte - 1] as number)
    const free = begins.slice()
    const order = new Uint32Array(positions.length)
    for (const position of positions) {
      const heap = this.firstByte(position)
      const place = free[heap] as number
      order[place] = position
      free[heap] = place + 1
    }
    for (let byte = 0; byte < 256; byte++) order.subarray(begins[byte], begins[byte + 1]).sort((a, b) => this.compare(a, b))
    return order
  }

  /** The lot of a position that was drawn for, null of any other. */
  drawn(position: number): Buffer | null {
    return this.isDrawn[position] === 1 ? this.whole(position) : null
  }

  private firstByte(position: number): number {
    return this.sheet[position * size] as number
  }

  private compare(a: number, b: number): number {
    return this.sheet.compare(this.sheet, b * size, (b + 1) * size, a * size, (a + 1) * size)
  }

  private whole(position: number): Buffer {
    return this.sheet.subarray(position * size, (position + 1) * size)
  }
}
