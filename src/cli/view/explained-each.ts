import type { NodeExplanation } from '../../scoring/explanation.ts'
import { add, compare, formatRational, parseFigure, type Rational, rationalZero, reduce } from '../../values/rational.ts'
import type { Words } from './words.ts'

/*
 * Of `each`: which records count and which calendar years reach their cap. The tree gives the points of every record; the rest follows from them.
 */

/** The records that count, by their place: those with the most points, of equal ones the first. All, while points are open. */
export function counting({ how, parts = [] }: NodeExplanation): Set<number> {
  const points = parts.map(part => rationalOf(part.points))
  const places = points.map((_, i) => i)
  if (how.best === undefined || points.some(one => one === undefined)) return new Set(places)
  const ranked = places.sort((a, b) => compare(points[b] as Rational, points[a] as Rational) || a - b)
  return new Set(ranked.slice(0, Number(how.best)))
}

/** What `best` and `perYear` do to the points of the records. */
export function eachText(node: NodeExplanation, words: Words): string[] {
  const { how, parts = [], evidence = [] } = node
  const best = how.best !== undefined && parts.length > Number(how.best) ? [words.bestOnly(String(how.best))] : []
  if (how.perYear === undefined || parts.length === 0) return best
  const cap = String(how.perYear)
  const years = new Map<string, Rational>()
  for (const [i, record] of evidence.entries()) {
    const year = (record.from ?? '').slice(0, 4)
    years.set(year, add(years.get(year) ?? rationalZero, rationalOf(parts[i]?.points ?? null) ?? rationalZero))
  }
  const cut = [...years].filter(([, sum]) => compare(sum, rationalOf(cap) as Rational) > 0).sort(([a], [b]) => (a < b ? -1 : 1))
  return [...best, ...(cut.length === 0 ? [words.perYear(cap)] : cut.map(([year, sum]) => words.cutYear(year, formatRational(sum), cap)))]
}

/** A figure or a fraction as it stands in an explanation. */
function rationalOf(text: string | null): Rational | undefined {
  const [num = '', den] = text?.split('/') ?? []
  return den === undefined ? parseFigure(num) : reduce(Number(num), Number(den))
}
