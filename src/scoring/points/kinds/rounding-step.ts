import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { compare, gcd, type Rational, reduce } from '../../../values/rational.ts'
import { type RoundingMode, roundingModes, roundQuotient } from '../../../values/rounding.ts'
import { strict, WholeFigure } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { branchesOf, NodeRef, readBy, shownPoints } from '../node.ts'

export const Mode = Type.Unsafe<RoundingMode>({ type: 'string', enum: [...roundingModes] })
const schema = strict({ of: NodeRef, scale: WholeFigure, mode: Mode })

/** No rounding step has more decimals. */
export const mostDecimals = 9

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

/** A fraction rounded to so many decimals. */
export function roundRational(value: Rational, scale: number, mode: RoundingMode): Rational {
  const unit = 10 ** scale
  return reduce(roundQuotient(times(value.num, unit), value.den, mode), unit)
}

/** The source that brings an integer over `den` to an integer with so many decimals. */
export function emitRounded(code: Code, value: Emitted, den: number, scale: number, mode: RoundingMode): Emitted {
  const unit = 10 ** scale
  const common = gcd(unit, den)
  return code.quotient(code.times(value, unit / common), den / common, mode)
}
