import Type, { type Static } from 'typebox'
import { formatRational, multiply, type Rational, rationalZero } from '../../../values/rational.ts'
import { strict } from '../../document-parts.ts'
import { inside, type Place } from '../../place.ts'
import type { Compilation, NodeKind } from '../../scheme/compilation.ts'
import { type Code, type Emitted, ordinary } from '../code.ts'
import { branchesOf, NodeRef, open, readBy, shownPoints } from '../node.ts'
import { emitKnown, type Reading } from '../reading.ts'

const schema = strict({
  of: NodeRef,
  percent: Type.Unsafe<string>({
    type: ['string', 'number'],
    pattern: '^\\d{1,15}(\\.\\d{1,9})?$|^[a-z][A-Za-z0-9_-]{0,59}$',
    description: 'a figure such as 30, or the name of a measure',
  }),
})

/** So many hundredths of a node (30 % of the total in Zhongshan's outer towns; a partner's share of the tax of a firm). */
export const percent: NodeKind<Static<typeof schema>> = {
  name: 'percent',
  branches: ['figure', 'measure'],
  schema,
  compile(source, place, compilation) {
    const part = compilation.node(source.of, inside(place, 'of'))
    const here = inside(place, 'percent')
    return /^[a-z]/.test(source.percent)
      ? part && byMeasure(part, source.percent, place, here, compilation)
      : byFigure(part, compilation.figure(source.percent, here), place, here, compilation)
  },
}

type Part = NonNullable<ReturnType<Compilation['node']>>

function byFigure(part: Part | undefined, figure: Rational, place: Place, here: Place, compilation: Compilation): Part | undefined {
  if (figure.num <= 0) return compilation.error('wrong-form', here.pointer, 'must be more than 0; what is taken away goes into "deduct"')
  if (!part) return undefined
  const factor = multiply(figure, { num: 1, den: 100 })
  const step = multiply({ num: 1, den: part.den }, factor) // what one step of the part becomes
  const scaled = (end: Rational | undefined) => end && multiply(end, factor)
  return {
    den: step.den,
    least: scaled(part.least),
    most: scaled(part.most),
    ...readBy([part]),
    branches: branchesOf(place.pointer, 'percent', ['figure'], [part]),
    emit: code => code.times(part.emit(code), step.num),
    explain(evaluation) {
      const explained = part.explain(evaluation)
      const low = scaled(explained.low)
      const { missing } = explained
      return {
        low,
        high: scaled(explained.high),
        missing,
        tree: {
          node: 'percent',
          at: place.pointer,
          branch: 'figure',
          points: shownPoints({ low, missing }),
          how: { before: explained.tree.points, percent: formatRational(figure) },
          parts: [explained.tree],
        },
      }
    },
  }
}

function byMeasure(part: Part, name: string, place: Place, here: Place, compilation: Compilation): Part | undefined {
  const reading: Reading | undefined = compilation.readsQuantity(name, here)
  if (!reading) return undefined
  compilation.turn(reading, 0)
  const hundred = 100 * 10 ** reading.unit.scale
  const den = multiply({ num: 1, den: part.den }, { num: 1, den: hundred }).den
  const scaled = (end: Rational | undefined, amount: number) =>
    end && multiply(end, multiply({ num: amount, den: 1 }, { num: 1, den: hundred }))
  const range = {
    least: part.least && part.least.num >= 0 ? rationalZero : undefined,
    most: part.most && part.most.num <= 0 ? rationalZero : undefined,
  }
  const read = readBy([part])
  return {
    den,
    ...range,
    ...read,
    measures: [...reading.measures, ...read.measures],
    branches: branchesOf(place.pointer, 'percent', ['measure'], [part]),
    emit(code: Code): Emitted {
      const amount = emitKnown(code, reading)
      const value = part.emit(code)
      const reach = value.reach * ordinary
      return { text: reach < 2 ** 50 ? `(${value.text} * ${amount} + 0)` : `times(${value.text}, ${amount})`, reach }
    },
    explain(evaluation) {
      const explained = part.explain(evaluation)
      const amount = reading.take(evaluation) as number | undefined
      const how = {
        before: explained.tree.points,
        percent: amount === undefined ? null : (reading.format(amount) as string),
        measure: name,
      }
      const tree = { node: 'percent', at: place.pointer, branch: 'measure', how, parts: [explained.tree] }
      if (amount === undefined) {
        return { ...open(range), tree: { ...tree, branch: 'missing', points: null } }
      }
      // Nothing of a part without limit is nothing.
      const ends =
        amount === 0
          ? { low: rationalZero, high: rationalZero }
          : { low: scaled(explained.low, amount), high: scaled(explained.high, amount) }
      const { missing } = explained
      return { ...ends, missing, tree: { ...tree, points: shownPoints({ low: ends.low, missing }) } }
    },
  }
}
