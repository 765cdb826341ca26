import Type from 'typebox'
import { plus, times } from '../../../values/decimal.ts'
import { add, compare, formatRational, lcm, negate, rationalZero } from '../../../values/rational.ts'
import { inside, type Place } from '../../place.ts'
import type { Compilation, NodeKind } from '../../scheme/compilation.ts'
import { eitherMissing, type Node, NodeRef, type NodeSource } from '../node.ts'
import { largerLow, largestHigh, sumOf } from '../range.ts'

/*
 * Several nodes made one: their sum or the highest of them.
 */

const schema = Type.Array(NodeRef, { minItems: 1 })

export const sum: NodeKind<NodeSource[]> = {
  name: 'sum',
  schema,
  compile(source, place, compilation) {
    const parts = compileParts(source, place, compilation)
    if (!parts) return undefined
    const { den, factors } = common(parts)
    return {
      den,
      least: sumOf(
        parts.map(part => part.least),
        add,
        rationalZero,
      ),
      most: sumOf(
        parts.map(part => part.most),
        add,
        rationalZero,
      ),
      measures: parts.flatMap(part => part.measures),
      value(evaluation) {
        let total = 0
        for (let i = 0; i < parts.length; i++) {
          const value = (parts[i] as Node).value(evaluation)
          if (value === undefined) return undefined
          total = plus(total, times(value, factors[i] as number))
        }
        return total
      },
      explain(evaluation) {
        const explained = parts.map(part => part.explain(evaluation))
        const missing = eitherMissing(explained)
        const low = sumOf(
          explained.map(part => part.low),
          add,
          rationalZero,
        )
        const high = sumOf(
          explained.map(part => part.high),
          add,
          rationalZero,
        )
        const points = missing.gain || missing.loss || !low ? null : formatRational(low)
        return { low, high, missing, tree: { node: 'sum', at: place.pointer, points, how: {}, parts: explained.map(part => part.tree) } }
      },
    }
  },
}

export const highest: NodeKind<NodeSource[]> = {
  name: 'highest',
  schema,
  compile(source, place, compilation) {
    const parts = compileParts(source, place, compilation)
    if (!parts) return undefined
    const { den, factors } = common(parts)
    return {
      den,
      least: parts.map(part => part.least).reduce(largerLow),
      most: largestHigh(parts.map(part => part.most)),
      measures: parts.flatMap(part => part.measures),
      value(evaluation) {
        let best: number | undefined
        for (let i = 0; i < parts.length; i++) {
          const value = (parts[i] as Node).value(evaluation)
          if (value === undefined) return undefined
          const aligned = times(value, factors[i] as number)
          if (best === undefined || aligned > best) best = aligned
        }
        return best
      },
      explain(evaluation) {
        const explained = parts.map(part => part.explain(evaluation))
        const missing = eitherMissing(explained)
        const low = explained.map(part => part.low).reduce(largerLow)
        const high = largestHigh(explained.map(part => part.high))
        const known = !missing.gain && !missing.loss && low
        const taken = known ? explained.findIndex(part => part.low && compare(part.low, low) === 0) : -1
        return {
          low,
          high,
          missing,
          tree: {
            node: 'highest',
            at: place.pointer,
            points: known ? formatRational(low) : null,
            how: { taken: taken < 0 ? null : taken },
            parts: explained.map(part => part.tree),
          },
        }
      },
    }
  },
}

/** A node taken away: the sign belongs to the rule, never to the evidence. */
export const deduct: NodeKind<NodeSource> = {
  name: 'deduct',
  schema: NodeRef,
  compile(source, place, compilation) {
    const part = compilation.node(source, place)
    return (
      part && {
        den: part.den,
        least: part.most && negate(part.most),
        most: part.least && negate(part.least),
        measures: part.measures,
        value(evaluation) {
          const value = part.value(evaluation)
          return value === undefined || value === 0 ? value : -value
        },
        explain(evaluation) {
          const explained = part.explain(evaluation)
          const low = explained.high && negate(explained.high)
          const missing = { gain: explained.missing.loss, loss: explained.missing.gain }
          return {
            low,
            high: explained.low && negate(explained.low),
            missing,
            tree: {
              node: 'deduct',
              at: place.pointer,
              points: missing.gain || missing.loss || !low ? null : formatRational(low),
              how: {},
              parts: [explained.tree],
            },
          }
        },
      }
    )
  },
}

function compileParts(source: NodeSource[], place: Place, compilation: Compilation): Node[] | undefined {
  const parts = source.map((part, i) => compilation.node(part, inside(place, i)))
  return parts.every(part => part !== undefined) ? parts : undefined
}

function common(parts: readonly Node[]): { den: number; factors: number[] } {
  const den = parts.reduce((a, part) => lcm(a, part.den), 1)
  return { den, factors: parts.map(part => den / part.den) }
}
