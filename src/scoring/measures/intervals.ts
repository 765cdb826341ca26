/** A stretch of days or months; both ends belong to it. */
export type Interval = { from: number; to: number }

/** The union of spans within [from, to], as separate stretches in order. Stretches that touch are one. Spans that do not count are passed over. */
export function union<Span extends Interval>(
  spans: readonly Span[],
  from: number,
  to: number,
  counts?: (span: Span) => boolean,
): Interval[] {
  const stretches: Interval[] = []
  let last: Interval | undefined
  let inOrder = true
  for (const span of spans) {
    if (counts && !counts(span)) continue
    const start = Math.max(span.from, from)
    const end = Math.min(span.to, to)
    if (start > end) continue
    if (last && start >= last.from && start <= last.to + 1) {
      if (end > last.to) last.to = end
      continue
    }
    if (last && start < last.from) inOrder = false
    last = { from: start, to: end }
    stretches.push(last)
  }
  return inOrder ? stretches : merged(stretches)
}

function merged(stretches: Interval[]): Interval[] {
  stretches.sort((a, b) => a.from - b.from)
  const kept: Interval[] = []
  let last: Interval | undefined
  for (const stretch of stretches) {
    if (last && stretch.from <= last.to + 1) {
      if (stretch.to > last.to) last.to = stretch.to
    } else {
      last = stretch
      kept.push(stretch)
    }
  }
  return kept
}

/** Both unions together, as separate stretches in order. */
export function together(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  return union([...a, ...b], Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
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

/** What a union has and another has not. */
export function without(stretches: readonly Interval[], others: readonly Interval[]): Interval[] {
  if (others.length === 0) return [...stretches]
  const left: Interval[] = []
  let first = 0 // what ends before a stretch ends before all later ones
  for (const stretch of stretches) {
    let { from } = stretch
    while (first < others.length && (others[first] as Interval).to < from) first++
    for (let i = first; i < others.length; i++) {
      const other = others[i] as Interval
      if (other.from > stretch.to) break
      if (other.from > from) left.push({ from, to: other.from - 1 })
      from = other.to + 1
    }
    if (from <= stretch.to) left.push({ from, to: stretch.to })
  }
  return left
}

/** The number of units in a union. */
export function extent(stretches: readonly Interval[]): number {
  let sum = 0
  for (const stretch of stretches) sum += stretch.to - stretch.from + 1
  return sum
}
