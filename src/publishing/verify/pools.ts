import type { EditionEntry, EditionPool, ReserveEntry, SealedEdition } from '../edition.ts'

/** A pool of a ranked edition with its entries and where both stand in the file; the only one of a round without pools has no name. */
export type PoolView = Omit<EditionPool, 'pool' | 'name' | 'carriedOver' | 'reserve'> & {
  pointer: string
  /** `places` without those carried over. */
  own: number
  reserve: ReserveEntry[]
  entries: { entry: EditionEntry & { rank: number }; pointer: string }[]
}

/** The pools of a ranked edition, in their order. */
export function poolsOf(edition: SealedEdition): PoolView[] {
  const entries = edition.entries.map((entry, i) => ({ entry: entry as EditionEntry & { rank: number }, pointer: `/entries/${i}` }))
  const carried = (list: { places: number }[] = []) => list.reduce((sum, one) => sum + one.places, 0)
  if (edition.pools) {
    // Grouped once: with a thousand pools, looking through all entries for each takes most of the time of a verification.
    const ofPools = Map.groupBy(entries, ({ entry }) => entry.pool)
    return edition.pools.map((pool, i) => ({
      ...pool,
      pointer: `/pools/${i}`,
      own: pool.places - carried(pool.carriedOver),
      reserve: pool.reserve ?? [],
      entries: ofPools.get(pool.pool) ?? [],
    }))
  }
  const { quota, counts, cutOff, reserve } = edition
  const places = quota?.places as number
  const { eligible, admitted, atLine } = counts
  return [
    {
      pointer: '',
      places,
      own: places - carried(quota?.carriedOver),
      eligible,
      admitted,
      admittedSecond: 0,
      unused: Math.max(places - admitted, 0),
      cutOff: cutOff as string[] | null,
      atLine,
      reserve: reserve ?? [],
      entries,
    },
  ]
}
