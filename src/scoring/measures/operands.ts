import Type from 'typebox'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import { type Evaluation, type Measure, takeNumber } from './measure.ts'

/** A measure by name, or a figure. No measure is negative, and so no figure here is. */
export const Operand = Type.Unsafe<string>({
  type: ['string', 'number'],
  pattern: '^([a-z][A-Za-z0-9_-]{0,59}|\\d{1,15}(\\.\\d{1,9})?)$',
  description: 'the name of a measure, or a figure, 0 or more',
})
export const Operands = Type.Array(Operand, { minItems: 2 })

/** Each element with its place. */
export function listed(source: readonly string[], place: Place): [operand: string, place: Place][] {
  return source.map((operand, i) => [operand, inside(place, i)])
}

/** Compiles a measure made of others, of one unit. It is missing as soon as one of them is. */
export function combined(
  operands: readonly (readonly [operand: string, place: Place])[],
  compilation: Compilation,
  combine: (values: number[]) => number,
) {
  const isFigure = (operand: string) => /^\d/.test(operand)
  const measures = new Map<string, Measure | undefined>()
  for (const [operand, place] of operands) if (!isFigure(operand)) measures.set(operand, compilation.quantity(operand, place))
  const parts = [...measures.values()]
  if (!parts.every(part => part !== undefined)) return undefined
  const unit = parts[0]?.definition.unit
  if (!unit)
    return compilation.error('missing-field', (operands[0] as readonly [string, Place])[1].pointer, 'at least one of them is a measure')
  for (const [operand, place] of operands) {
    const other = measures.get(operand)?.definition.unit
    if (other && other.name !== unit.name)
      compilation.error('unit-mismatch', place.pointer, `${operand} is counted in ${other.name}, the first in ${unit.name}`)
  }
  const terms = operands.map(([operand, place]) => measures.get(operand) ?? compilation.scaled(operand, unit.scale, place))
  return {
    unit,
    kinds: [...new Set(parts.flatMap(part => part.kinds))],
    parts,
    compute(evaluation: Evaluation) {
      const values: number[] = []
      for (const term of terms) {
        const value = typeof term === 'number' ? term : takeNumber(term, evaluation)
        if (value === undefined) return undefined
        values.push(value)
      }
      return combine(values)
    },
    records: (evaluation: Evaluation) => parts.flatMap(part => part.records(evaluation)),
  }
}
