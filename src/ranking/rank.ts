import { compareBytes } from './byte-order.ts'
import { lotOf } from './lot.ts'
import { type Chain, compareChains, type Direction } from './order-keys.ts'
import { drawLine, type Line, type LineRule } from './quota-line.ts'

/** What decides a ranking. `lotSeed` is needed with the line rule `lot`. */
export type RankOptions = { directions: readonly Direction[]; places: number; line: LineRule; lotSeed?: Uint8Array }

export type Placed<T> = { entry: T; rank: number; admitted: boolean }

export type RankSummary = {
  applicants: number
  admitted: number
  /** The chain of the last admitted, null if nobody is. */
  cutOff: Chain | null
  /** How many share the chain that the line cuts through, else 0. */
  atLine: number
}

/**
 * Ranks a list in memory, in O(n log n), by docs/ranking.md. `id` is the public number; ids differ and are well-formed texts.
 * The list comes back best first; equal chains are in byte order of their ids, or in order of their lots where lots are drawn.
 * So the admitted are always the first ones.
 */
export function rank<T extends { id: string; chain: Chain }>(
  entries: readonly T[],
  options: RankOptions,
): { placed: Placed<T>[]; summary: RankSummary } {
  const { directions } = options
  const placed: Placed<T>[] = entries.map(entry => ({ entry, rank: 0, admitted: false }))
  placed.sort((a, b) => compareChains(a.entry.chain, b.entry.chain, directions) || compareBytes(a.entry.id, b.entry.id))
  placed.forEach((place, i) => {
    const before = placed[i - 1]
    const tied = before !== undefined && compareChains(before.entry.chain, place.entry.chain, directions) === 0
    place.rank = tied ? before.rank : i + 1
  })

  const { admitted, atLine } = admitFirst(placed, options)
  const last = placed[admitted - 1]
  return { placed, summary: { applicants: placed.length, admitted, cutOff: last?.entry.chain ?? null, atLine } }
}

/** Draws the line through the ranked list, puts those who share the cut chain in order of their lots, and marks the admitted. */
function admitFirst<T extends { id: string }>(placed: Placed<T>[], { places, line, lotSeed }: RankOptions): Line {
  const atLast = placed[Math.min(places, placed.length) - 1]
  if (atLast === undefined) return { admitted: 0, atLine: 0 }
  const first = atLast.rank - 1
  let end = first
  while (placed[end]?.rank === atLast.rank) end++

  const drawn = drawLine(line, places, first, end - first)
  if (line === 'lot' && drawn.atLine > 0) {
    if (lotSeed === undefined) throw new TypeError('the line rule lot needs a seed')
    const lots = placed.slice(first, end).map(place => ({ place, lot: lotOf(lotSeed, place.entry.id) }))
    lots.sort((a, b) => a.lot.compare(b.lot))
    lots.forEach(({ place }, i) => {
      placed[first + i] = place
    })
  }
  for (const place of placed.slice(0, drawn.admitted)) place.admitted = true
  return drawn
}
