import type { Rational } from '../../../values/rational.ts'
import { formatRational } from '../../../values/rational.ts'
import { Figure } from '../../document-parts.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { literal, type Node, nothingMissing } from '../node.ts'

/** A fixed number of points. */
export const points: NodeKind<string> = {
  name: 'points',
  branches: ['given'],
  schema: Figure,
  compile: (source, place, compilation) => fixed(compilation.figure(source, place), place.pointer),
}

/** A node that always has the same value. */
export function fixed(points: Rational, pointer: string): Node {
  const explained = {
    low: points,
    high: points,
    missing: nothingMissing,
    tree: { node: 'points', at: pointer, branch: 'given', points: formatRational(points), how: {} },
  }
  return {
    den: points.den,
    least: points,
    most: points,
    measures: [],
    rows: [{ at: pointer, points }],
    branches: [], // a fixed value goes one way: the row that holds it has its own
    emit: () => literal(points, points.den),
    explain: () => explained,
  }
}
