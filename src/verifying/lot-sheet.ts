const size = 32
const rough = 6

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
  draw(positions: readonly number[]): number[] {
    if (this.sheet.length === 0) {
      this.sheet = Buffer.alloc(this.members * size)
      this.isDrawn = new Uint8Array(this.members)
    }
    // Nearly all lots differ in their first bytes, which make an exact number; the others are compared whole.
    const begins = new Float64Array(this.members)
    for (const position of positions) {
      if (this.isDrawn[position] === 0) this.lotAt(position).copy(this.sheet, position * size)
      this.isDrawn[position] = 1
      begins[position] = this.sheet.readUIntBE(position * size, rough)
    }
    const order = (a: number, b: number) => (begins[a] as number) - (begins[b] as number) || this.whole(a).compare(this.whole(b))
    return [...positions].sort(order)
  }

  /** The lot of a position that was drawn for, null of any other. */
  drawn(position: number): Buffer | null {
    return this.isDrawn[position] === 1 ? this.whole(position) : null
  }

  private whole(position: number): Buffer {
    return this.sheet.subarray(position * size, (position + 1) * size)
  }
}
