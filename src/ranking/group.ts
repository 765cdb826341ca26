/** A head that competes for places, or several that are alike. */
export type Competitor = {
  /** Position of its pool among the pools of the rules. */
  pool: number
  /** How many places it takes. */
  weight: number
  /** How many such heads these are; without it, one. Where lots are drawn each head has its own, and stands by itself. */
  count?: number
  /** Its lot, 32 bytes; asked for only where a lot decides or has to be shown. */
  lot(): Buffer
}

/** Competitors with equal chains. Besides a plain array it may be a list that makes each of them when it is asked for: a million may be equal. */
export type Group = { readonly length: number; at(index: number): Competitor | undefined }

export function headAt(group: Group, index: number): Competitor {
  return group.at(index) as Competitor
}

export function countAt(group: Group, index: number): number {
  return headAt(group, index).count ?? 1
}

/** The positions in a group by pool. */
export function byPool(group: Group): Map<number, number[]> {
  const pools = new Map<number, number[]>()
  for (let i = 0; i < group.length; i++) {
    const { pool } = headAt(group, i)
    const positions = pools.get(pool)
    if (positions) positions.push(i)
    else pools.set(pool, [i])
  }
  return pools
}

const lotLength = 32

/** The lots of a group by position, each worked out when it is first asked for. They lie in one buffer, since a buffer for each takes five times as much. */
export class Lots {
  private readonly group: Group
  private bytes: Buffer | undefined
  private known: Uint8Array | undefined

  constructor(group: Group) {
    this.group = group
  }

  /** The lot of a head that was asked for before, null for any other. */
  shown(index: number): Buffer | null {
    return this.bytes && this.known?.[index] ? this.bytes.subarray(index * lotLength, (index + 1) * lotLength) : null
  }

  /** Heads in the order of their lots, the smallest first. */
  sorted(positions: readonly number[]): number[] {
    if (positions.length === 0) return []
    this.bytes ??= Buffer.alloc(this.group.length * lotLength)
    this.known ??= new Uint8Array(this.group.length)
    const { bytes, known } = this
    for (const index of positions) {
      if (known[index]) continue
      bytes.set(headAt(this.group, index).lot(), index * lotLength)
      known[index] = 1
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    return positions.toSorted((a, b) => {
      const [atA, atB] = [a * lotLength, b * lotLength]
      return view.getUint32(atA) - view.getUint32(atB) || bytes.compare(bytes, atB, atB + lotLength, atA, atA + lotLength)
    })
  }
}
