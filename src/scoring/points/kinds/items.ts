import Type from 'typebox'
import { plus, times } from '../../../values/decimal.ts'
import { add, formatRational, lcm, rationalZero, reduce } from '../../../values/rational.ts'
import { Name } from '../../document-parts.ts'
import type { Evaluation } from '../../measures/measure.ts'
import { inside } from '../../place.ts'
import type { NodeKind, PointsPart } from '../../scheme/compilation.ts'
import { branchesOf, eitherMissing, nothingMissing, shownPoints } from '../node.ts'
import { sumOf } from '../range.ts'
import { held } from '../several.ts'

/** The points of several items, as rounded, all together. */
export const items: NodeKind<string[]> = {
  name: 'items',
  branches: ['added'],
  schema: Type.Array(Name, { minItems: 1, uniqueItems: true }),
  compile(source, place, compilation) {
    const parts = source.map((name, i) => compilation.itemPoints(name, inside(place, i)))
    if (!parts.every(part => part !== undefined)) return undefined
    const den = parts.reduce((a, part) => lcm(a, part.den), 1)
    const factors = parts.map(part => den / part.den)
    const how = { items: source }
    /** The sum over den; null if one of the items is not known exactly. */
    const knownSum = (evaluation: Evaluation): number | null => {
      let sum = 0
      for (let i = 0; i < parts.length; i++) {
        const { points, known } = evaluation.item((parts[i] as PointsPart).index)
        if (points === null || known !== 'exact') return null
        sum = plus(sum, times(points, factors[i] as number))
      }
      return sum
    }
    const total = (which: 'least' | 'most') =>
      sumOf(
        parts.map(part => part[which]),
        add,
        rationalZero,
      )
    return {
      den,
      least: total('least'),
      most: total('most'),
      measures: [],
      items: parts.map(part => part.index),
      beyond: true,
      branches: branchesOf(place.pointer, 'items', ['added']),
      emit: code =>
        parts
          .map(part => {
            code.line(`if (oi${part.index}) ${code.leave}`)
            return code.times({ text: `i${part.index}`, reach: part.reach }, den / part.den)
          })
          .reduce((a, b) => held(code, code.plus(a, b)), { text: '0', reach: 0 }),
      explain(evaluation) {
        const sum = knownSum(evaluation)
        if (sum !== null) {
          const value = reduce(sum, den)
          const tree = { node: 'items', at: place.pointer, branch: 'added', points: formatRational(value), how }
          return { low: value, high: value, missing: nothingMissing, tree }
        }
        const outcomes = parts.map(part => evaluation.item(part.index))
        const missing = eitherMissing(outcomes)
        const ends = (which: 'low' | 'high') =>
          sumOf(
            outcomes.map(outcome => outcome[which]),
            add,
            rationalZero,
          )
        const low = ends('low')
        return {
          low,
          high: ends('high'),
          missing,
          tree: { node: 'items', at: place.pointer, branch: 'added', points: shownPoints({ low, missing }), how },
        }
      },
    }
  },
}
