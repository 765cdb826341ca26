import { add, type Rational, rationalZero } from '../../../values/rational.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { aligned, branchesOf, eitherMissing, type NodeSource, readBy, shownPoints } from '../node.ts'
import { sumOf } from '../range.ts'
import { commonDenominator, compileParts, held, SeveralSchema } from '../several.ts'

/** All parts together. */
export const sum: NodeKind<NodeSource[]> = {
  name: 'sum',
  branches: ['added'],
  schema: SeveralSchema,
  compile(source, place, compilation) {
    const parts = compileParts(source, place, compilation)
    if (!parts) return undefined
    const den = commonDenominator(parts)
    const total = (ends: readonly (Rational | undefined)[]) => sumOf(ends, add, rationalZero)
    return {
      den,
      least: total(parts.map(part => part.least)),
      most: total(parts.map(part => part.most)),
      ...readBy(parts),
      branches: branchesOf(place.pointer, 'sum', ['added'], parts),
      emit: code => parts.map(part => held(code, aligned(code, part, den))).reduce((a, b) => held(code, code.plus(a, b))),
      explain(evaluation) {
        const explained = parts.map(part => part.explain(evaluation))
        const missing = eitherMissing(explained)
        const low = total(explained.map(part => part.low))
        return {
          low,
          high: total(explained.map(part => part.high)),
          missing,
          tree: {
            node: 'sum',
            at: place.pointer,
            branch: 'added',
            points: shownPoints({ low, missing }),
            how: {},
            parts: explained.map(part => part.tree),
          },
        }
      },
    }
  },
}
