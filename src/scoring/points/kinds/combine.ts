import Type from 'typebox'
import { add, compare, formatRational, lcm, negate, type Rational, rationalZero } from '../../../values/rational.ts'
import { inside, type Place } from '../../place.ts'
import type { Compilation, NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { aligned, branchesOf, eitherMissing, type Node, NodeRef, type NodeSource, readBy, shownPoints } from '../node.ts'
import { largerLow, largestHigh, smallerHigh, smallestLow, sumOf } from '../range.ts'

/*
 * Several nodes made one: their sum, the highest or the lowest of them.
 */

const schema = Type.Array(NodeRef, { minItems: 1 })

export const sum: NodeKind<NodeSource[]> = {
  name: 'sum',
  branches: ['added'],
  schema,
  compile(source, place, compilation) {
    const parts = compileParts(source, place, compilation)
    if (!parts) return undefined
    const den = commonDenominator(parts)
    const total = (ends: readonly (Rational | undefined)[]) => sumOf(ends, add, rationalZero)
    return {
      den,
      least: total(parts.map(part => part.least)),
      most: total(parts.map(part => part.most)),
      ...readBy(parts),
      branches: branchesOf(place.pointer, 'sum', ['added'], parts),
      emit: code => parts.map(part => held(code, aligned(code, part, den))).reduce((a, b) => code.plus(a, b)),
      explain(evaluation) {
        const explained = parts.map(part => part.explain(evaluation))
        const missing = eitherMissing(explained)
        const low = total(explained.map(part => part.low))
        return {
          low,
          high: total(explained.map(part => part.high)),
          missing,
          tree: {
            node: 'sum',
            at: place.pointer,
            branch: 'added',
            points: shownPoints({ low, missing }),
            how: {},
            parts: explained.map(part => part.tree),
          },
        }
      },
    }
  },
}

/** The one of several parts that has the most points, or the fewest. */
function best(which: 'highest' | 'lowest'): NodeKind<NodeSource[]> {
  const isHighest = which === 'highest'
  const lowOf = (ends: (Rational | undefined)[]) => (isHighest ? ends.reduce(largerLow) : smallestLow(ends))
  const highOf = (ends: (Rational | undefined)[]) => (isHighest ? largestHigh(ends) : ends.reduce(smallerHigh))
  return {
    name: which,
    branches: ['taken'],
    schema,
    compile(source, place, compilation) {
      const parts = compileParts(source, place, compilation)
      if (!parts) return undefined
      const den = commonDenominator(parts)
      return {
        den,
        least: lowOf(parts.map(part => part.least)),
        most: highOf(parts.map(part => part.most)),
        ...readBy(parts),
        branches: branchesOf(
          place.pointer,
          which,
          parts.map((_, i) => `taken/${i}`),
          parts,
        ),
        emit(code: Code): Emitted {
          const values = parts.map(part => held(code, aligned(code, part, den)))
          return values.reduce((a, b) => {
            const text = code.local(`${a.text} ${isHighest ? '>=' : '<='} ${b.text} ? ${a.text} : ${b.text}`)
            return { text, reach: Math.max(a.reach, b.reach) }
          })
        },
        explain(evaluation) {
          const explained = parts.map(part => part.explain(evaluation))
          const missing = eitherMissing(explained)
          const low = lowOf(explained.map(part => part.low))
          const high = highOf(explained.map(part => part.high))
          const known = !missing.gain && !missing.loss && low
          const taken = known ? explained.findIndex(part => part.low && compare(part.low, low) === 0) : -1
          return {
            low,
            high,
            missing,
            tree: {
              node: which,
              at: place.pointer,
              branch: taken < 0 ? 'missing' : `taken/${taken}`,
              points: known ? formatRational(low) : null,
              how: { taken: taken < 0 ? null : taken },
              parts: explained.map(part => part.tree),
            },
          }
        },
      }
    },
  }
}
export const highest = best('highest')
export const lowest = best('lowest')

/** A node taken away: the sign belongs to the rule, never to the evidence. */
export const deduct: NodeKind<NodeSource> = {
  name: 'deduct',
  branches: ['some'],
  schema: NodeRef,
  compile(source, place, compilation) {
    const part = compilation.node(source, place)
    if (!part) return undefined
    if (!part.least || part.least.num < 0)
      return compilation.error(
        'wrong-form',
        place.pointer,
        'what is taken away is never negative: "deduct" is the sign, so leave out the minus (or the "deduct")',
      )
    return {
      den: part.den,
      least: part.most && negate(part.most),
      most: part.least && negate(part.least),
      ...readBy([part]),
      branches: branchesOf(place.pointer, 'deduct', ['some'], [part]),
      emit(code: Code): Emitted {
        const { text, reach } = part.emit(code)
        return { text: `(0 - ${text})`, reach } // 0 - 0 is 0, where -0 would be another value
      },
      explain(evaluation) {
        const explained = part.explain(evaluation)
        const low = explained.high && negate(explained.high)
        const missing = { gain: explained.missing.loss, loss: explained.missing.gain }
        const points = shownPoints({ low, missing })
        return {
          low,
          high: explained.low && negate(explained.low),
          missing,
          tree: {
            node: 'deduct',
            at: place.pointer,
            branch: points === null ? 'missing' : points === '0' ? 'none' : 'some',
            points,
            how: {},
            parts: [explained.tree],
          },
        }
      },
    }
  },
}

function compileParts(source: NodeSource[], place: Place, compilation: Compilation): Node[] | undefined {
  const parts = source.map((part, i) => compilation.node(part, inside(place, i)))
  return parts.every(part => part !== undefined) ? parts : undefined
}

export function commonDenominator(parts: readonly Node[]): number {
  return parts.reduce((a, part) => lcm(a, part.den), 1)
}

/** An expression that is used more than once, or whose statements must not be overtaken by those of the next part, in a local of its own. */
function held(code: Code, { text, reach }: Emitted): Emitted {
  return { text: /^\(?-?\w+\)?$/.test(text) ? text : code.local(text), reach }
}
