import { formatDecimal } from '../../values/decimal.ts'
import { bar } from './terminal.ts'

/** How many applicants have how many points. Bin i counts totals from `from + i · width` to below `from + (i + 1) · width`. */
export type Distribution = {
  /** Decimals of the points; `from` and `width` are integers at this scale. */
  scale: number
  from: number
  width: number
  counts: readonly number[]
}

/** The least width of bins, one of 1, 2 or 5 with zeros, so that totals from least to most fill at most so many. */
export function binWidth(least: number, most: number, bins: number): number {
  for (let power = 1; ; power *= 10)
    for (const digit of [1, 2, 5]) {
      const width = digit * power
      if (Math.floor(most / width) - Math.floor(least / width) < bins) return width
    }
}

/**
 * Puts totals with their counts into bins of a round width.
 * @param totals integers at `scale`, each with its number of applicants
 */
export function distributionOf(totals: Iterable<{ total: number; count: number }>, scale: number, bins = 20): Distribution {
  const rows = [...totals]
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const { total } of rows) {
    if (total < least) least = total
    if (total > most) most = total
  }
  if (rows.length === 0) return { scale, from: 0, width: 1, counts: [] }
  const width = binWidth(least, most, bins)
  const from = Math.floor(least / width) * width
  const counts: number[] = new Array(Math.floor((most - from) / width) + 1).fill(0)
  for (const { total, count } of rows) {
    const bin = Math.floor((total - from) / width)
    counts[bin] = (counts[bin] as number) + count
  }
  return { scale, from, width, counts }
}

export type PlotOptions = {
  /** Points of the last admitted, an integer at the distribution's scale; null if nobody is admitted. */
  cutOff: number | null
  /** Columns of the terminal; a plot is never narrower than 40 nor wider than 100. */
  columns: number
  /** Whether the terminal shows block characters: `drawsBlocks`. */
  blocks: boolean
}

/** The distribution as lines of text, most points on top as on the list, with a mark at the bin of the cut-off. */
export function plot({ scale, from, width, counts }: Distribution, { cutOff, columns, blocks }: PlotOptions): string {
  if (counts.length === 0) return 'Nobody has a total.\n'
  const label = (bin: number) => {
    const first = from + bin * width
    return width === 1 ? formatDecimal(first, scale) : `${formatDecimal(first, scale)} to ${formatDecimal(first + width - 1, scale)}`
  }
  const labels = counts.map((_, bin) => label(bin))
  const labelWidth = Math.max('points'.length, ...labels.map(text => text.length))
  const numbers = counts.map(count => count.toLocaleString('en'))
  const numberWidth = Math.max('applicants'.length, ...numbers.map(text => text.length))
  const side = blocks ? '▕' : '|'
  const most = Math.max(...counts)
  const cutBin = cutOff === null ? -1 : Math.floor((cutOff - from) / width)
  // The longest bar may fill the line; only the one that carries the mark leaves room for it.
  const full = Math.min(100, Math.max(40, columns)) - 1 - (labelWidth + 2 + numberWidth + 2)
  const arrow = blocks ? '◀' : '<'
  const cutText = cutOff === null ? '' : `${arrow} cut-off ${formatDecimal(cutOff, scale)}`
  const narrow = full < cutText.length + 10
  const mark = narrow ? ` ${arrow}` : ` ${cutText}`
  const beside = Math.floor(((full - mark.length) * most) / Math.max(1, counts[cutBin] ?? 0))
  const room = Math.min(full, Math.max(8, beside))
  const lines = [`${'points'.padStart(labelWidth)}  ${'applicants'.padStart(numberWidth)}`]
  for (let bin = counts.length - 1; bin >= 0; bin--) {
    const drawn = bar(counts[bin] as number, most, room, blocks)
    const row = `${(labels[bin] as string).padStart(labelWidth)}  ${(numbers[bin] as string).padStart(numberWidth)} ${side}${drawn}`
    lines.push(bin === cutBin ? row + mark : row)
  }
  if (narrow && cutText !== '') lines.push(cutText)
  return `${lines.join('\n')}\n`
}
