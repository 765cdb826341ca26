import { Name } from '../../document-parts.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { branchesOf, shownPoints } from '../node.ts'

/** The points of a total above, as rounded. */
export const total: NodeKind<string> = {
  name: 'total',
  branches: ['taken'],
  schema: Name,
  compile(source, place, compilation) {
    const part = compilation.totalPoints(source, place)
    if (!part) return undefined
    return {
      den: part.den,
      least: part.least,
      most: part.most,
      measures: [],
      totals: [part.index],
      beyond: true,
      branches: branchesOf(place.pointer, 'total', ['taken']),
      emit(code) {
        code.line(compilation.incomplete ? code.leave : `if (ot${part.index}) ${code.leave}`)
        return { text: `t${part.index}`, reach: part.reach }
      },
      explain(evaluation) {
        const outcome = evaluation.total(part.index)
        return {
          ...outcome,
          tree: { node: 'total', at: place.pointer, branch: 'taken', points: shownPoints(outcome), how: { total: source } },
        }
      },
    }
  },
}
