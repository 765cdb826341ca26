import Type, { type Static } from 'typebox'
import { plus, times } from '../../../values/decimal.ts'
import { divide, type Rational, rationalZero } from '../../../values/rational.ts'
import { roundQuotient } from '../../../values/rounding.ts'
import { Name, strict, WholeFigure } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { branchesOf, NodeRef, open, readBy, shownPoints } from '../node.ts'
import { largestHigh, smallestLow } from '../range.ts'
import { emitKnown } from '../reading.ts'
import { Mode, mostDecimals, roundRational } from '../rounding.ts'

const schema = strict({ of: NodeRef, among: Name, plus: Type.Optional(WholeFigure), scale: WholeFigure, mode: Mode })

/** A node divided among so many (30/(n+1) for each owner of a patent in Foshan). Such a share need not end, so it is rounded here. */
export const share: NodeKind<Static<typeof schema>> = {
  name: 'share',
  branches: ['alone', 'shared'],
  schema,
  compile(source, place, compilation) {
    const part = compilation.node(source.of, inside(place, 'of'))
    const among = compilation.readsQuantity(source.among, inside(place, 'among'))
    const more = source.plus === undefined ? 0 : compilation.scaled(source.plus, 0, inside(place, 'plus'))
    const scale = compilation.scaled(source.scale, 0, inside(place, 'scale'))
    if (scale > mostDecimals) return compilation.error('wrong-form', inside(place, 'scale').pointer, `at most ${mostDecimals} decimals`)
    if (among && among.unit.scale !== 0)
      return compilation.error(
        'unit-mismatch',
        inside(place, 'among').pointer,
        `"${among.name}" is counted in ${among.unit.name} with decimals; a share is among a whole number`,
      )
    if (!part || !among) return undefined
    const unit = 10 ** scale
    const divisorOf = (amount: number) => Math.max(1, plus(amount, more))
    const shared = (end: Rational | undefined, divisor: number) =>
      end && roundRational(divide(end, { num: divisor, den: 1 }), scale, source.mode)
    // Between the whole (nobody shares) and nothing (very many do).
    const smallest = divisorOf(0)
    const least = smallestLow([shared(part.least, smallest), part.least && rationalZero])
    const most = largestHigh([shared(part.most, smallest), part.most && rationalZero])
    const read = readBy([part])
    return {
      den: unit,
      least,
      most,
      ...read,
      measures: [...among.measures, ...read.measures],
      branches: branchesOf(place.pointer, 'share', smallest > 1 ? ['shared'] : ['alone', 'shared'], [part]),
      emit(code: Code): Emitted {
        const amount = emitKnown(code, among)
        const value = part.emit(code)
        const divide = code.bind((num: number, amount: number) =>
          roundQuotient(times(num, unit), times(part.den, divisorOf(amount)), source.mode),
        )
        return { text: `${divide}(${value.text}, ${amount})`, reach: (value.reach / part.den) * unit + 1 }
      },
      explain(evaluation) {
        const explained = part.explain(evaluation)
        const amount = among.take(evaluation) as number | undefined
        const divisor = amount === undefined ? null : divisorOf(amount)
        const how = {
          measure: among.name,
          value: amount === undefined ? null : (among.format(amount) as string),
          divisor,
          before: explained.tree.points,
          scale,
          mode: source.mode,
        }
        const parts = [explained.tree]
        if (divisor === null) {
          return { ...open({ least, most }), tree: { node: 'share', at: place.pointer, branch: 'missing', points: null, how, parts } }
        }
        const low = shared(explained.low, divisor)
        const high = shared(explained.high, divisor)
        const { missing } = explained
        return {
          low,
          high,
          missing,
          tree: {
            node: 'share',
            at: place.pointer,
            branch: divisor > 1 ? 'shared' : 'alone',
            points: shownPoints({ low, missing }),
            how,
            parts,
          },
        }
      },
    }
  },
}
