import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { divide, formatRational, multiply, type Rational, rationalZero, reduce } from '../../../values/rational.ts'
import { Figure, Name, strict } from '../../document-parts.ts'
import { formatMeasure } from '../../measures/format.ts'
import { takeNumber } from '../../measures/measure.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { nothingMissing, open } from '../node.ts'

const counts = ['exact', 'whole', 'begun'] as const
const schema = strict({
  of: Name,
  points: Figure,
  per: Figure,
  count: Type.Unsafe<(typeof counts)[number]>({ type: 'string', enum: counts }),
})

/**
 * Points for each so many units of a measure: pro rata, for each full unit, or for each unit begun.
 */
export const rate: NodeKind<Static<typeof schema>> = {
  name: 'rate',
  schema,
  compile(source, place, compilation) {
    const measure = compilation.quantity(source.of, inside(place, 'of'))
    const points = compilation.figure(source.points, inside(place, 'points'))
    const per = compilation.figure(source.per, inside(place, 'per'))
    if (per.num <= 0) return compilation.error('wrong-form', inside(place, 'per').pointer, 'must be more than 0')
    if (!measure) return undefined
    const step = multiply(per, { num: 10 ** measure.definition.unit.scale, den: 1 }) // one unit, in steps of the measure
    const factor = source.count === 'exact' ? divide(points, step) : points
    const range = {
      least: points.num < 0 ? undefined : rationalZero,
      most: points.num > 0 ? undefined : rationalZero,
    }
    const units = (amount: number): number => {
      switch (source.count) {
        case 'exact':
          return amount
        case 'whole':
          return Math.floor(times(amount, step.den) / step.num)
        case 'begun':
          return Math.ceil(times(amount, step.den) / step.num)
      }
    }
    const value = (amount: number): number => times(units(amount), factor.num)
    return {
      den: factor.den,
      ...range,
      measures: [measure],
      value(evaluation) {
        const amount = takeNumber(measure, evaluation)
        return amount === undefined ? undefined : value(amount)
      },
      explain(evaluation) {
        const amount = takeNumber(measure, evaluation)
        const how = {
          measure: measure.name,
          value: amount === undefined ? null : (formatMeasure(measure, amount) as string),
          points: source.points,
          per: source.per,
          count: source.count,
          ...(amount !== undefined && source.count !== 'exact' && { units: units(amount) }),
        }
        if (amount === undefined) return { ...open(range), tree: { node: 'rate', at: place.pointer, points: null, how } }
        const result: Rational = reduce(value(amount), factor.den)
        return {
          low: result,
          high: result,
          missing: nothingMissing,
          tree: { node: 'rate', at: place.pointer, points: formatRational(result), how },
        }
      },
    }
  },
}
