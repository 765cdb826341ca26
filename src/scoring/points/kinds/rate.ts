import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { divide, formatRational, multiply, type Rational, rationalZero, reduce } from '../../../values/rational.ts'
import { Figure, Name, strict } from '../../document-parts.ts'
import type { NodeExplanation } from '../../explanation.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { ordinary } from '../code.ts'
import { branchesOf, nothingMissing, open } from '../node.ts'
import { emitKnown } from '../reading.ts'

const mostKnown = 1024
const counts = ['exact', 'whole', 'begun'] as const
const schema = strict({
  of: Name,
  points: Figure,
  per: Figure,
  count: Type.Unsafe<(typeof counts)[number]>({ type: 'string', enum: counts }),
  after: Type.Optional(Figure),
  upTo: Type.Optional(Figure),
})

/**
 * Points for each so many units of a measure: pro rata, for each full unit, or for each unit begun. Only what lies between `after` and
 * `upTo` counts.
 */
export const rate: NodeKind<Static<typeof schema>> = {
  name: 'rate',
  branches: ['some', 'full'],
  schema,
  compile(source, place, compilation) {
    const reading = compilation.readsQuantity(source.of, inside(place, 'of'))
    const points = compilation.figure(source.points, inside(place, 'points'))
    const per = compilation.figure(source.per, inside(place, 'per'))
    if (per.num <= 0) return compilation.error('wrong-form', inside(place, 'per').pointer, 'must be more than 0')
    if (!reading) return undefined
    const { scale } = reading.unit
    const after = source.after === undefined ? 0 : compilation.scaled(source.after, scale, inside(place, 'after'))
    const upTo = source.upTo === undefined ? undefined : compilation.scaled(source.upTo, scale, inside(place, 'upTo'))
    if (after < 0) return compilation.error('wrong-form', inside(place, 'after').pointer, 'must be 0 or more')
    if (upTo !== undefined && upTo <= after)
      return compilation.error('gap', inside(place, 'upTo').pointer, `nothing counts: "upTo" must be more than ${source.after ?? 0}`)

    compilation.turn(reading, after, ...(upTo === undefined ? [] : [upTo]))
    const step = multiply(per, { num: 10 ** scale, den: 1 }) // one unit, in steps of the measure
    const factor = source.count === 'exact' ? divide(points, step) : points
    const counted = (amount: number): number => Math.max(0, (upTo === undefined ? amount : Math.min(amount, upTo)) - after)
    const units = (amount: number): number => {
      switch (source.count) {
        case 'exact':
          return counted(amount)
        case 'whole':
          return Math.floor(times(counted(amount), step.den) / step.num)
        case 'begun':
          return Math.ceil(times(counted(amount), step.den) / step.num)
      }
    }
    const value = (amount: number): Rational => reduce(times(units(amount), factor.num), factor.den)
    // Few counts are ever seen, and what they come to is worked out once.
    const known: { result: Rational; text: string }[] = []
    const resultOf = (amount: number) => {
      const count = units(amount)
      const result = known[count]
      if (result) return result
      const made = { result: value(amount), text: formatRational(value(amount)) }
      if (count < mostKnown) known[count] = made
      return made
    }
    const end = upTo === undefined ? undefined : value(upTo)
    const range = {
      least: points.num < 0 ? end : rationalZero,
      most: points.num > 0 ? end : rationalZero,
    }
    const full = upTo !== undefined ? ['full'] : []
    const branchOf = (amount: number) => (upTo !== undefined && amount >= upTo ? 'full' : counted(amount) > 0 ? 'some' : 'none')
    return {
      den: factor.den,
      ...range,
      measures: reading.measures,
      branches: branchesOf(place.pointer, 'rate', ['some', ...full]),
      emit(code: Code): Emitted {
        const amount = emitKnown(code, reading)
        const within = upTo === undefined ? amount : `(${amount} < ${upTo} ? ${amount} : ${upTo})`
        const beyond = after === 0 ? within : code.local(`${within} - ${after}`)
        let count: Emitted = { text: after === 0 ? beyond : `(${beyond} > 0 ? ${beyond} : 0)`, reach: upTo ?? ordinary }
        if (source.count !== 'exact') {
          const steps = code.times(count, step.den)
          const rounded = source.count === 'whole' ? 'floor' : 'ceiling'
          count =
            step.num === 1
              ? steps
              : steps.reach < 2 ** 49
                ? { text: `Math.${rounded === 'floor' ? 'floor' : 'ceil'}(${steps.text} / ${step.num})`, reach: steps.reach / step.num + 1 }
                : code.quotient(steps, step.num, rounded)
        }
        return code.times(count, factor.num)
      },
      explain(evaluation) {
        const amount = reading.take(evaluation) as number | undefined
        const how: NodeExplanation['how'] = {
          measure: reading.name,
          value: amount === undefined ? null : (reading.format(amount) as string),
          points: source.points,
          per: source.per,
          count: source.count,
        }
        if (source.after !== undefined) how.after = source.after
        if (source.upTo !== undefined) how.upTo = source.upTo
        if (amount !== undefined && source.count !== 'exact') how.units = units(amount)
        if (amount === undefined) return { ...open(range), tree: { node: 'rate', at: place.pointer, branch: 'missing', points: null, how } }
        const { result, text } = resultOf(amount)
        return {
          low: result,
          high: result,
          missing: nothingMissing,
          tree: { node: 'rate', at: place.pointer, branch: branchOf(amount), points: text, how },
        }
      },
    }
  },
}
