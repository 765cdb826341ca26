/** A stretch of days or months; both ends belong to it. */
export type Interval = { from: number; to: number }

/** The union of intervals within [from, to], as separate stretches in order. Stretches that touch are one. */
export function union(intervals: Iterable<Interval>, from: number, to: number): Interval[] {
  const clipped: Interval[] = []
  for (const interval of intervals) {
    const stretch = { from: Math.max(interval.from, from), to: Math.min(interval.to, to) }
    if (stretch.from <= stretch.to) clipped.push(stretch)
  }
  clipped.sort((a, b) => a.from - b.from)
  const merged: Interval[] = []
  for (const stretch of clipped) {
    const last = merged.at(-1)
    if (last && stretch.from <= last.to + 1) last.to = Math.max(last.to, stretch.to)
    else merged.push(stretch)
  }
  return merged
}

/** What two unions have in common. */
export function intersection(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const common: Interval[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const x = a[i] as Interval
    const y = b[j] as Interval
    const from = Math.max(x.from, y.from)
    const to = Math.min(x.to, y.to)
    if (from <= to) common.push({ from, to })
    if (x.to < y.to) i++
    else j++
  }
  return common
}

/** The number of units in a union. */
export function extent(stretches: readonly Interval[]): number {
  let sum = 0
  for (const stretch of stretches) sum += stretch.to - stretch.from + 1
  return sum
}
