import { type Measure, type MeasureValue, take } from './measures/measure.ts'
import type { Walk } from './reach.ts'

/** So many results are kept for one part of a scheme. */
const mostKept = 4096
/** Of more measures than this hardly two applicants have the same values. */
const mostMeasures = 3

/**
 * Work whose result depends on nothing but the values of a few measures is done once for each set of values: thousands of applicants have the
 * same months or the same certificates, and the steps to their points are the same. Nobody changes a result.
 */
export function remembered<Result>(
  part: { measures: readonly Measure[]; beyond?: boolean },
  work: (walk: Walk) => Result,
): (walk: Walk) => Result {
  const measures = [...new Set(part.measures)]
  if (part.beyond || measures.length === 0 || measures.length > mostMeasures) return work
  const [only] = measures
  const keyOf = (value: MeasureValue | undefined) => (typeof value === 'object' ? (value.length === 1 ? value[0] : value.join(' ')) : value)
  const key =
    measures.length === 1 && only
      ? (walk: Walk) => keyOf(take(only, walk))
      : (walk: Walk) => {
          let text = ''
          for (const measure of measures) text += `${keyOf(take(measure, walk))}|`
          return text
        }
  const kept = new Map<ReturnType<typeof key>, Result>()
  return walk => {
    const at = key(walk)
    const known = kept.get(at)
    if (known !== undefined) return known
    const result = work(walk)
    if (kept.size >= mostKept) kept.clear()
    kept.set(at, result)
    return result
  }
}
