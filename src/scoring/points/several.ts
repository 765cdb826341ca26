import Type from 'typebox'
import { compare, formatRational, lcm, type Rational } from '../../values/rational.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation, NodeKind } from '../scheme/compilation.ts'
import type { Code, Emitted } from './code.ts'
import { aligned, branchesOf, eitherMissing, type Node, NodeRef, type NodeSource, readBy } from './node.ts'
import { largerLow, largestHigh, smallerHigh, smallestLow } from './range.ts'

/*
 * Several nodes made one.
 */

export const SeveralSchema = Type.Array(NodeRef, { minItems: 1 })

export function compileParts(source: NodeSource[], place: Place, compilation: Compilation): Node[] | undefined {
  const parts = source.map((part, i) => compilation.node(part, inside(place, i)))
  return parts.every(part => part !== undefined) ? parts : undefined
}

export function commonDenominator(parts: readonly Node[]): number {
  return parts.reduce((a, part) => lcm(a, part.den), 1)
}

/** An expression that is used more than once, or whose statements must not be overtaken by those of the next part, in a local of its own. */
export function held(code: Code, { text, reach }: Emitted): Emitted {
  return { text: /^\(?-?\w+\)?$/.test(text) ? text : code.local(text), reach }
}

/** The one of several parts that has the most points, or the fewest. */
export function best(which: 'highest' | 'lowest'): NodeKind<NodeSource[]> {
  const isHighest = which === 'highest'
  const lowOf = (ends: (Rational | undefined)[]) => (isHighest ? ends.reduce(largerLow) : smallestLow(ends))
  const highOf = (ends: (Rational | undefined)[]) => (isHighest ? largestHigh(ends) : ends.reduce(smallerHigh))
  return {
    name: which,
    branches: ['taken'],
    schema: SeveralSchema,
    compile(source, place, compilation) {
      const parts = compileParts(source, place, compilation)
      if (!parts) return undefined
      const den = commonDenominator(parts)
      return {
        den,
        least: lowOf(parts.map(part => part.least)),
        most: highOf(parts.map(part => part.most)),
        ...readBy(parts),
        rows: isHighest ? parts.flatMap(part => part.rows ?? []) : [],
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
