import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { formatRational, type Rational, reduce } from '../../../values/rational.ts'
import { type RoundingMode, roundingModes, roundQuotient } from '../../../values/rounding.ts'
import { strict, WholeFigure } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { NodeRef } from '../node.ts'

export const Mode = Type.Unsafe<RoundingMode>({ type: 'string', enum: [...roundingModes] })
const schema = strict({ of: NodeRef, scale: WholeFigure, mode: Mode })

/** A rounding step of its own: some rules round each part before the parts are added (Beijing's home points). */
export const round: NodeKind<Static<typeof schema>> = {
  name: 'round',
  schema,
  compile(source, place, compilation) {
    const part = compilation.node(source.of, inside(place, 'of'))
    const scale = compilation.scaled(source.scale, 0, inside(place, 'scale'))
    if (scale > 9) return compilation.error('wrong-form', inside(place, 'scale').pointer, 'at most 9 decimals')
    if (!part) return undefined
    const unit = 10 ** scale
    const rounded = (end: Rational | undefined): Rational | undefined => end && roundRational(end, scale, source.mode)
    return {
      den: unit,
      least: rounded(part.least),
      most: rounded(part.most),
      measures: part.measures,
      value(evaluation) {
        const value = part.value(evaluation)
        return value === undefined ? undefined : roundQuotient(times(value, unit), part.den, source.mode)
      },
      explain(evaluation) {
        const explained = part.explain(evaluation)
        const before = explained.tree.points
        const low = rounded(explained.low)
        return {
          low,
          high: rounded(explained.high),
          missing: explained.missing,
          tree: {
            node: 'round',
            at: place.pointer,
            points: before !== null && low ? formatRational(low) : null,
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
