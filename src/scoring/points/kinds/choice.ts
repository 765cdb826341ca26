import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { compare, formatRational, lcm, type Rational } from '../../../values/rational.ts'
import { Figure, Localized, Name, Origin, strict } from '../../document-parts.ts'
import { type Evaluation, take } from '../../measures/measure.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { nothingMissing, open } from '../node.ts'
import { largestHigh, smallestLow } from '../range.ts'

const Row = strict({ row: Name, holds: Type.Array(Name, { minItems: 1 }), points: Figure, title: Type.Optional(Localized), ...Origin })
const schema = strict({ of: Name, rows: Type.Array(Row, { minItems: 1 }), otherwise: Figure })

/** A table over the codes somebody holds: of the rows that apply the one with the most points, of equal ones the first. */
export const choice: NodeKind<Static<typeof schema>> = {
  name: 'choice',
  schema,
  compile(source, place, compilation) {
    const measure = compilation.codes(source.of, inside(place, 'of'))
    const rows = source.rows.map((row, i) => {
      const here = compilation.origin(inside(place, 'rows', i), row)
      return { id: row.row, holds: row.holds, points: compilation.figure(row.points, inside(here, 'points')) }
    })
    const otherwise = compilation.figure(source.otherwise, inside(place, 'otherwise'))
    const ids = new Set<string>()
    for (const [i, row] of rows.entries()) {
      if (ids.has(row.id)) compilation.error('overlap', inside(place, 'rows', i, 'row').pointer, `there are two rows "${row.id}"`)
      ids.add(row.id)
      const hidden = rows.find(
        (other, j) =>
          j !== i &&
          other.holds.every(code => row.holds.includes(code)) &&
          (compare(other.points, row.points) > 0 || (compare(other.points, row.points) === 0 && j < i)),
      )
      if (hidden)
        compilation.note(
          'unreachable-row',
          inside(place, 'rows', i).pointer,
          `never taken: "${hidden.id}" asks for no more and gives no less`,
        )
    }
    if (!measure) return undefined
    for (const [i, row] of rows.entries())
      for (const [j, code] of row.holds.entries()) compilation.code(measure, code, inside(place, 'rows', i, 'holds', j))
    const all = [...rows.map(row => row.points), otherwise]
    const den = all.reduce((a, points) => lcm(a, points.den), 1)
    const range = { least: smallestLow(all), most: largestHigh(all) }
    const numerator = (points: Rational) => times(points.num, den / points.den)
    const byPoints = rows.map((row, i) => ({ ...row, i, value: numerator(row.points) })).sort((a, b) => b.value - a.value || a.i - b.i)
    const find = (held: readonly string[]) => byPoints.find(row => row.holds.every(code => held.includes(code)))
    const held = (evaluation: Evaluation) => take(measure, evaluation) as readonly string[] | undefined

    if (compilation.item !== undefined && place.pointer === `/items/${compilation.item}/value/choice`)
      compilation.choices.set(compilation.item, {
        rows: rows.map(row => row.id),
        measures: [measure],
        pick(evaluation) {
          const codes = held(evaluation)
          return codes && (find(codes)?.id ?? null)
        },
      })
    return {
      den,
      ...range,
      measures: [measure],
      value(evaluation) {
        const codes = held(evaluation)
        return codes && (find(codes)?.value ?? numerator(otherwise))
      },
      explain(evaluation) {
        const codes = held(evaluation)
        if (!codes)
          return { ...open(range), tree: { node: 'choice', at: place.pointer, points: null, how: { measure: measure.name, value: null } } }
        const row = find(codes)
        const points = row?.points ?? otherwise
        return {
          low: points,
          high: points,
          missing: nothingMissing,
          tree: {
            node: 'choice',
            at: place.pointer,
            points: formatRational(points),
            how: { measure: measure.name, value: [...codes], row: row?.id ?? null },
          },
        }
      },
    }
  },
}
