import Type, { type Static } from 'typebox'
import { Name, strict } from '../../document-parts.ts'
import { inside, type Place } from '../../place.ts'
import type { Compilation, MeasureKind } from '../../scheme/compilation.ts'
import { type Evaluation, inUnit, type Measure, takeNumber } from '../measure.ts'

/*
 * Measures made of other measures: the smallest of several, one less another, whole years of months.
 */

const LeastSchema = Type.Array(Name, { minItems: 2 })

/** The smallest of several measures in one unit (residence months capped by insured months). */
export const least: MeasureKind<Static<typeof LeastSchema>> = {
  name: 'least',
  schema: LeastSchema,
  compile(source, place, compilation) {
    const parts = operands(
      source.map((name, i) => [name, inside(place, i)] as const),
      compilation,
    )
    return parts && combined(parts, values => Math.min(...values))
  },
}

const DifferenceSchema = strict({ of: Name, less: Name })

/** One measure less another, never below 0. */
export const difference: MeasureKind<Static<typeof DifferenceSchema>> = {
  name: 'difference',
  schema: DifferenceSchema,
  compile(source, place, compilation) {
    const parts = operands([[source.of, inside(place, 'of')] as const, [source.less, inside(place, 'less')] as const], compilation)
    return parts && combined(parts, values => Math.max(0, (values[0] as number) - (values[1] as number)))
  },
}

const WholeYearsSchema = strict({ of: Name })

/** Completed years in a number of months, 12 each. */
export const wholeYears: MeasureKind<Static<typeof WholeYearsSchema>> = {
  name: 'wholeYears',
  schema: WholeYearsSchema,
  compile(source, place, compilation) {
    const parts = operands([[source.of, inside(place, 'of')] as const], compilation)
    if (!parts) return undefined
    const months = parts[0] as Measure
    if (months.definition.unit.name !== 'months')
      compilation.error(
        'unit-mismatch',
        inside(place, 'of').pointer,
        `${months.name} is counted in ${months.definition.unit.name}, not in months`,
      )
    return { ...combined(parts, values => Math.floor((values[0] as number) / 12)), unit: inUnit('years') }
  },
}

function operands(names: readonly (readonly [string, Place])[], compilation: Compilation): Measure[] | undefined {
  const parts = names.map(([name, place]) => compilation.quantity(name, place))
  if (!parts.every(part => part !== undefined)) return undefined
  const unit = parts[0]?.definition.unit.name
  for (const [i, part] of parts.entries())
    if (part.definition.unit.name !== unit)
      compilation.error(
        'unit-mismatch',
        (names[i] as readonly [string, Place])[1].pointer,
        `${part.name} is counted in ${part.definition.unit.name}, the first in ${unit}`,
      )
  return parts
}

function combined(parts: Measure[], combine: (values: number[]) => number) {
  return {
    unit: inUnit(parts[0]?.definition.unit.name ?? ''),
    kinds: [...new Set(parts.flatMap(part => part.kinds))],
    parts,
    compute(evaluation: Evaluation) {
      const values: number[] = []
      for (const part of parts) {
        const value = takeNumber(part, evaluation)
        if (value === undefined) return undefined
        values.push(value)
      }
      return combine(values)
    },
    records: (evaluation: Evaluation) => parts.flatMap(part => part.records(evaluation)),
  }
}
