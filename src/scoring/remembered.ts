import { type Measure, type MeasureValue, take } from './measures/measure.ts'
import type { Walk } from './reach.ts'

/** So many results are kept for one part of a scheme: the months of a long life. */
const mostKept = 1024
/** Of more measures than this hardly two applicants have the same values. */
const mostMeasures = 3
/** Counts below this are told apart in one number; what is not known takes the place of the largest. */
const countLimit = 65_536
const unknown = countLimit - 1

/**
 * Work whose result depends on nothing but the values of a few measures is done once for each set of values: thousands of applicants have the
 * same months or the same certificates, and the steps to their points are the same. Nobody changes a result.
 */
export function remembered<Result>(
  part: { measures: readonly Measure[]; beyond?: boolean },
  work: (walk: Walk) => Result,
): (walk: Walk) => Result {
  const measures = [...new Set(part.measures)]
  const [only] = measures
  if (part.beyond || !only || measures.length > mostMeasures) return work
  return measures.length === 1 ? byOne(only, work) : bySeveral(measures, work)
}

function byOne<Result>(measure: Measure, work: (walk: Walk) => Result): (walk: Walk) => Result {
  const counts: (Result | undefined)[] = []
  const others = keeping<Result>()
  return walk => {
    const value = take(measure, walk)
    if (typeof value === 'number' && value >= 0 && value < mostKept) {
      counts[value] ??= work(walk)
      return counts[value] as Result
    }
    // An amount that few have is worked out as fast as it is looked up.
    if (typeof value === 'number') return work(walk)
    return others(textOf(value), walk, work)
  }
}

function bySeveral<Result>(measures: readonly Measure[], work: (walk: Walk) => Result): (walk: Walk) => Result {
  const kept = keeping<Result>()
  return walk => {
    let number = 0
    for (const measure of measures) {
      const value = take(measure, walk)
      const count = value === undefined ? unknown : value
      if (typeof count !== 'number' || !(count >= 0) || count >= countLimit || (count === unknown && value !== undefined))
        return kept(measures.map(one => textOf(take(one, walk))).join('|'), walk, work)
      number = number * countLimit + count
    }
    return kept(number, walk, work)
  }
}

function textOf(value: MeasureValue | undefined): string {
  if (value === undefined) return '?' // no code is called so
  if (typeof value !== 'object') return String(value)
  return value.length === 1 ? (value[0] as string) : value.join(' ')
}

function keeping<Result>() {
  const kept = new Map<string | number, Result>()
  return (key: string | number, walk: Walk, work: (walk: Walk) => Result): Result => {
    const known = kept.get(key)
    if (known !== undefined) return known
    const result = work(walk)
    if (kept.size >= mostKept) kept.clear()
    kept.set(key, result)
    return result
  }
}
