import type { Static } from 'typebox'
import { compare, type Rational } from '../../../values/rational.ts'
import { strict, WholeFigure } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { branchesOf, NodeRef, readBy, shownPoints } from '../node.ts'
import { emitRounded, Mode, mostDecimals, roundRational } from '../rounding.ts'

const schema = strict({ of: NodeRef, scale: WholeFigure, mode: Mode })

/** A rounding step of its own: some rules round each part before the parts are added (Beijing's home points). */
export const round: NodeKind<Static<typeof schema>> = {
  name: 'round',
  branches: ['exact', 'rounded'],
  schema,
  compile(source, place, compilation) {
    const part = compilation.node(source.of, inside(place, 'of'))
    const scale = compilation.scaled(source.scale, 0, inside(place, 'scale'))
    if (scale > mostDecimals) return compilation.error('wrong-form', inside(place, 'scale').pointer, `at most ${mostDecimals} decimals`)
    if (!part) return undefined
    const unit = 10 ** scale
    const rounded = (end: Rational | undefined): Rational | undefined => end && roundRational(end, scale, source.mode)
    const isExact = unit % part.den === 0
    if (isExact) compilation.note('needless-rounding', place.pointer, `every value has at most ${scale} decimals already`)
    return {
      den: unit,
      least: rounded(part.least),
      most: rounded(part.most),
      ...readBy([part]),
      branches: branchesOf(place.pointer, 'round', isExact ? ['exact'] : ['exact', 'rounded'], [part]),
      emit: code => emitRounded(code, part.emit(code), part.den, scale, source.mode),
      explain(evaluation) {
        const explained = part.explain(evaluation)
        const before = explained.tree.points
        const low = rounded(explained.low)
        const { missing } = explained
        const known = before !== null && low && explained.low ? { low, before: explained.low } : undefined
        return {
          low,
          high: rounded(explained.high),
          missing,
          tree: {
            node: 'round',
            at: place.pointer,
            branch: !known ? 'missing' : compare(known.low, known.before) === 0 ? 'exact' : 'rounded',
            points: before === null ? null : shownPoints({ low, missing }),
            how: { before, scale, mode: source.mode },
            parts: [explained.tree],
          },
        }
      },
    }
  },
}
