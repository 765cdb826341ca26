import { negate } from '../../../values/rational.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { branchesOf, NodeRef, type NodeSource, readBy, shownPoints } from '../node.ts'

/** A node taken away: the sign belongs to the rule, never to the evidence. */
export const deduct: NodeKind<NodeSource> = {
  name: 'deduct',
  branches: ['some'],
  schema: NodeRef,
  compile(source, place, compilation) {
    const part = compilation.node(source, place)
    if (!part) return undefined
    if (!part.least || part.least.num < 0)
      return compilation.error(
        'wrong-form',
        place.pointer,
        'what is taken away is never negative: "deduct" is the sign, so leave out the minus (or the "deduct")',
      )
    return {
      den: part.den,
      least: part.most && negate(part.most),
      most: part.least && negate(part.least),
      ...readBy([part]),
      branches: branchesOf(place.pointer, 'deduct', ['some'], [part]),
      emit(code: Code): Emitted {
        const { text, reach } = part.emit(code)
        return { text: `(0 - ${text})`, reach } // 0 - 0 is 0, where -0 would be another value
      },
      explain(evaluation) {
        const explained = part.explain(evaluation)
        const low = explained.high && negate(explained.high)
        const missing = { gain: explained.missing.loss, loss: explained.missing.gain }
        const points = shownPoints({ low, missing })
        return {
          low,
          high: explained.low && negate(explained.low),
          missing,
          tree: {
            node: 'deduct',
            at: place.pointer,
            branch: points === null ? 'missing' : points === '0' ? 'none' : 'some',
            points,
            how: {},
            parts: [explained.tree],
          },
        }
      },
    }
  },
}
