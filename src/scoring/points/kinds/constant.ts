import type { Rational } from '../../../values/rational.ts'
import { formatRational } from '../../../values/rational.ts'
import { Figure } from '../../document-parts.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { type Node, nothingMissing } from '../node.ts'

/** A fixed number of points. */
export const constant: NodeKind<string> = {
  name: 'points',
  schema: Figure,
  compile: (source, place, compilation) => fixed(compilation.figure(source, place), place.pointer),
}

/** A node that always has the same value. */
export function fixed(points: Rational, pointer: string): Node {
  return {
    den: points.den,
    least: points,
    most: points,
    measures: [],
    value: () => points.num,
    explain: () => ({
      low: points,
      high: points,
      missing: nothingMissing,
      tree: { node: 'points', at: pointer, points: formatRational(points), how: {} },
    }),
  }
}
