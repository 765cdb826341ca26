import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { compare, formatRational, lcm, type Rational } from '../../../values/rational.ts'
import { Figure, Name, strict } from '../../document-parts.ts'
import type { MeasureValue } from '../../measures/measure.ts'
import { inside, type Place } from '../../place.ts'
import type { Compilation, NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { branchesOf, literal, nothingMissing, open } from '../node.ts'
import { largestHigh, smallestLow } from '../range.ts'
import { emitKnown, type Reading } from '../reading.ts'

const AxisSchema = Type.Object(
  {
    of: Name,
    from: Type.Optional(Type.Array(Figure, { minItems: 1 })),
    codes: Type.Optional(Type.Array(Name, { minItems: 1, uniqueItems: true })),
  },
  { additionalProperties: false, oneOf: [{ required: ['from'] }, { required: ['codes'] }] },
)
const schema = strict({
  down: AxisSchema,
  across: AxisSchema,
  points: Type.Array(Type.Array(Figure, { minItems: 1 }), { minItems: 1 }),
  otherwise: Figure,
})

/** A table in two dimensions: each axis is made of bands of a quantity or of codes held. Of the cells that apply the one with the most points. */
export const table: NodeKind<Static<typeof schema>> = {
  name: 'table',
  branches: ['cell', 'otherwise'],
  schema,
  compile(source, place, compilation) {
    const down = compileAxis(source.down, inside(place, 'down'), compilation)
    const across = compileAxis(source.across, inside(place, 'across'), compilation)
    const cells = source.points.map((row, i) => row.map((cell, j) => compilation.figure(cell, inside(place, 'points', i, j))))
    const otherwise = compilation.figure(source.otherwise, inside(place, 'otherwise'))
    if (!down || !across) return undefined
    if (cells.length !== down.size)
      return compilation.error('gap', inside(place, 'points').pointer, `has ${cells.length} rows; the axis "down" has ${down.size}`)
    for (const [i, row] of cells.entries())
      if (row.length !== across.size)
        return compilation.error(
          'gap',
          inside(place, 'points', i).pointer,
          `has ${row.length} figures; the axis "across" has ${across.size}`,
        )

    const canMiss = down.canMiss || across.canMiss
    const all = [...cells.flat(), ...(canMiss ? [otherwise] : [])]
    if (!canMiss) compilation.note('unreachable-row', inside(place, 'otherwise').pointer, 'never taken: every pair of values has a cell')
    const den = all.reduce((a, cell) => lcm(a, cell.den), 1)
    const range = { least: smallestLow(all), most: largestHigh(all) }
    const find = (x: MeasureValue, y: MeasureValue): { points: Rational; i: number; j: number } | undefined => {
      let best: { points: Rational; i: number; j: number } | undefined
      for (const i of down.places(x))
        for (const j of across.places(y)) {
          const points = (cells[i] as Rational[])[j] as Rational
          if (!best || compare(points, best.points) > 0) best = { points, i, j }
        }
      return best
    }
    const readings = [down.reading, across.reading]
    const cellBranches = cells.flatMap((row, i) => row.map((_, j) => `cell/${i}/${j}`))
    return {
      den,
      ...range,
      measures: readings.flatMap(reading => reading.measures),
      rows: cells.flatMap((row, i) => row.map((points, j) => ({ at: inside(place, 'points', i, j).pointer, points }))),
      branches: branchesOf(place.pointer, 'table', [...cellBranches, ...(canMiss ? ['otherwise'] : [])]),
      emit(code: Code): Emitted {
        const locals = readings.map(reading => emitKnown(code, reading))
        const look = code.bind((x: MeasureValue, y: MeasureValue) => {
          const points = find(x, y)?.points ?? otherwise
          return times(points.num, den / points.den)
        })
        return { text: `${look}(${locals.join(', ')})`, reach: Math.max(...all.map(cell => literal(cell, den).reach)) }
      },
      explain(evaluation) {
        const [x, y] = readings.map(reading => reading.take(evaluation))
        const shown = (reading: Reading, value: MeasureValue | undefined) => (value === undefined ? null : reading.format(value))
        const how = {
          down: down.reading.name,
          downValue: shown(down.reading, x),
          across: across.reading.name,
          acrossValue: shown(across.reading, y),
        }
        if (x === undefined || y === undefined)
          return { ...open(range), tree: { node: 'table', at: place.pointer, branch: 'missing', points: null, how } }
        const cell = find(x, y)
        const points = cell?.points ?? otherwise
        return {
          low: points,
          high: points,
          missing: nothingMissing,
          tree: {
            node: 'table',
            at: place.pointer,
            branch: cell ? `cell/${cell.i}/${cell.j}` : 'otherwise',
            points: formatRational(points),
            how: { ...how, row: cell?.i ?? null, column: cell?.j ?? null },
          },
        }
      },
    }
  },
}

type Axis = { reading: Reading; size: number; canMiss: boolean; places(value: MeasureValue): readonly number[] }

function compileAxis(source: Static<typeof AxisSchema>, place: Place, compilation: Compilation): Axis | undefined {
  if (source.codes) {
    const { codes } = source
    const reading = compilation.readsCodes(source.of, inside(place, 'of'))
    if (!reading) return undefined
    for (const [i, code] of codes.entries()) compilation.code(reading, code, inside(place, 'codes', i))
    const places = (held: MeasureValue) => (held as readonly string[]).map(code => codes.indexOf(code)).filter(i => i >= 0)
    return { reading, size: codes.length, canMiss: true, places: held => places(held).sort((a, b) => a - b) }
  }
  const reading = compilation.readsQuantity(source.of, inside(place, 'of'))
  if (!reading) return undefined
  const from = (source.from as string[]).map((figure, i) => compilation.scaled(figure, reading.unit.scale, inside(place, 'from', i)))
  for (const [i, figure] of from.entries())
    if (i > 0 && figure <= (from[i - 1] as number))
      return compilation.error('overlap', inside(place, 'from', i).pointer, 'each figure must be more than the one before it')
  compilation.turn(reading, ...from)
  const places = (amount: MeasureValue) => {
    const i = from.findLastIndex(figure => (amount as number) >= figure)
    return i < 0 ? [] : [i]
  }
  return { reading, size: from.length, canMiss: (from[0] as number) > 0, places }
}
