import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { compare, formatRational, lcm, type Rational } from '../../../values/rational.ts'
import { Figure } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { NodeRef } from '../node.ts'
import { largerLow, smallerHigh } from '../range.ts'

const schema = Type.Object(
  { of: NodeRef, atMost: Type.Optional(Figure), atLeast: Type.Optional(Figure) },
  { additionalProperties: false, anyOf: [{ required: ['atMost'] }, { required: ['atLeast'] }] },
)

/** A cap, a floor, or both. */
export const limit: NodeKind<Static<typeof schema>> = {
  name: 'limit',
  schema,
  compile(source, place, compilation) {
    const part = compilation.node(source.of, inside(place, 'of'))
    const cap = source.atMost === undefined ? undefined : compilation.figure(source.atMost, inside(place, 'atMost'))
    const floor = source.atLeast === undefined ? undefined : compilation.figure(source.atLeast, inside(place, 'atLeast'))
    if (cap && floor && compare(floor, cap) > 0)
      return compilation.error('overlap', inside(place, 'atLeast').pointer, 'the floor lies above the cap')
    if (!part) return undefined
    if (cap && part.most && compare(part.most, cap) <= 0)
      compilation.note('unreachable-cap', inside(place, 'atMost').pointer, `never reached: the most is ${formatRational(part.most)}`)
    const den = lcm(lcm(part.den, cap?.den ?? 1), floor?.den ?? 1)
    const factor = den / part.den
    const most = cap && times(cap.num, den / cap.den)
    const least = floor && times(floor.num, den / floor.den)
    const clampHigh = (end: Rational | undefined) => largerLow(floor, smallerHigh(end, cap))
    const clampLow = (end: Rational | undefined) => {
      const raised = largerLow(end, floor)
      return raised && smallerHigh(raised, cap)
    }
    return {
      den,
      least: clampLow(part.least),
      most: part.most === undefined && cap === undefined ? undefined : clampHigh(part.most),
      measures: part.measures,
      value(evaluation) {
        const value = part.value(evaluation)
        if (value === undefined) return undefined
        const aligned = times(value, factor)
        if (most !== undefined && aligned > most) return most
        return least !== undefined && aligned < least ? least : aligned
      },
      explain(evaluation) {
        const explained = part.explain(evaluation)
        const low = clampLow(explained.low)
        const high = explained.high === undefined && cap === undefined ? undefined : clampHigh(explained.high)
        const { missing } = explained
        const before = explained.tree.points
        const known = before !== null && low && explained.low ? { low, before: explained.low } : undefined
        const applied = !known || compare(known.low, known.before) === 0 ? null : compare(known.low, known.before) < 0 ? 'cap' : 'floor'
        return {
          low,
          high,
          missing,
          tree: {
            node: 'limit',
            at: place.pointer,
            points: known ? formatRational(known.low) : null,
            how: { before, atMost: source.atMost ?? null, atLeast: source.atLeast ?? null, applied },
            parts: [explained.tree],
          },
        }
      },
    }
  },
}
