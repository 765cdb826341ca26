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

/** Some positions in a group. */
export type Positions = Uint32Array<ArrayBuffer>

export function everyPosition(group: Group): Positions {
  const every = new Uint32Array(group.length)
  for (let i = 0; i < every.length; i++) every[i] = i
  return every
}

/** The positions in a group by pool. */
export function byPool(group: Group): Map<number, Positions> {
  const every = everyPosition(group)
  const pools = new Set<number>()
  for (const i of every) pools.add(headAt(group, i).pool)
  if (pools.size <= 1) return new Map([...pools].map(pool => [pool, every]))
  const lists = Map.groupBy(every, i => headAt(group, i).pool)
  return new Map([...lists].map(([pool, positions]) => [pool, Uint32Array.from(positions)]))
}

const lotLength = 32
const mostPositions = 2 ** 28

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
  sorted(positions: Positions): Positions {
    if (positions.length === 0) return positions
    this.bytes ??= Buffer.alloc(this.group.length * lotLength)
    this.known ??= new Uint8Array(this.group.length)
    const { bytes, known } = this
    // The first 24 bits of a lot and its position make one exact number, and plain numbers sort in place.
    const keys = new Float64Array(positions.length)
    for (const [n, i] of positions.entries()) {
      if (!known[i]) bytes.set(headAt(this.group, i).lot(), i * lotLength)
      known[i] = 1
      keys[n] = bytes.readUIntBE(i * lotLength, 3) * mostPositions + i
    }
    keys.sort()
    const sorted = new Uint32Array(keys.length)
    for (let n = 0; n < keys.length; n++) sorted[n] = (keys[n] as number) % mostPositions
    // Where these bits are the same the rest of the lots decides.
    for (let i = 1; i < sorted.length; i++)
      for (let n = i; n > 0 && this.compare(sorted[n - 1] as number, sorted[n] as number) > 0; n--)
        [sorted[n - 1], sorted[n]] = [sorted[n] as number, sorted[n - 1] as number]
    return sorted
  }

  private compare(a: number, b: number): number {
    const bytes = this.bytes as Buffer
    return bytes.compare(bytes, b * lotLength, (b + 1) * lotLength, a * lotLength, (a + 1) * lotLength)
  }
}
