import type { Static } from 'typebox'
import { yearOf } from '../../../values/civil-date.ts'
import { plus } from '../../../values/decimal.ts'
import { Figure, Name, strict } from '../../document-parts.ts'
import { inside, type Place } from '../../place.ts'
import type { Compilation, MeasureKind } from '../../scheme/compilation.ts'
import { isNoQuantity, type Unit } from '../../vocabulary.ts'
import { inUnit } from '../measure.ts'
import { compileSelection, type Selection, selectionFields, used } from '../selection.ts'

/*
 * Measures over single records: how many, how much, and in how many years enough.
 */

const CountSchema = strict(selectionFields)

/** The number of records that touch the window. */
export const count: MeasureKind<Static<typeof CountSchema>> = {
  name: 'count',
  schema: CountSchema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    return (
      selection && {
        unit: (unit: Unit) =>
          unit.scale === 0 && !isNoQuantity(unit) ? undefined : `counts records, but the vocabulary gives it in ${unit.name}`,
        kinds: [selection.kind.name],
        compute: evaluation => selection.records(evaluation)?.length,
        records: evaluation => used(selection, evaluation),
      }
    )
  },
}

const SumSchema = strict({ ...selectionFields, amount: Name })

/** The sum of an amount over the events in the window. */
export const sum: MeasureKind<Static<typeof SumSchema>> = {
  name: 'sum',
  schema: SumSchema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    const unit = selection && amountUnit(selection, source.amount, inside(place, 'amount'), compilation)
    return (
      selection &&
      unit && {
        unit: inUnit(unit.name),
        kinds: [selection.kind.name],
        compute: evaluation =>
          selection.records(evaluation)?.reduce((total, record) => plus(total, record.amounts[source.amount] as number), 0),
        records: evaluation => used(selection, evaluation),
      }
    )
  },
}

const YearsWithSchema = strict({ ...selectionFields, amount: Name, atLeast: Figure })

/** The number of calendar years whose sum of an amount reaches a figure. */
export const yearsWith: MeasureKind<Static<typeof YearsWithSchema>> = {
  name: 'yearsWith',
  schema: YearsWithSchema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    const unit = selection && amountUnit(selection, source.amount, inside(place, 'amount'), compilation)
    if (!selection || !unit) return undefined
    const atLeast = compilation.scaled(source.atLeast, unit.scale, inside(place, 'atLeast'))
    return {
      unit: inUnit('years'),
      kinds: [selection.kind.name],
      compute(evaluation) {
        const records = selection.records(evaluation)
        if (!records) return undefined
        const sums = new Map<number, number>()
        for (const record of records) {
          const year = yearOf(record.from)
          sums.set(year, plus(sums.get(year) ?? 0, record.amounts[source.amount] as number))
        }
        return [...sums.values()].filter(total => total >= atLeast).length
      },
      records: evaluation => used(selection, evaluation),
    }
  },
}

function amountUnit(selection: Selection, name: string, place: Place, compilation: Compilation): Unit | undefined {
  if (selection.kind.shape !== 'event') {
    compilation.error('unit-mismatch', place.pointer, `${selection.kind.name} is no event, so its amounts cannot be added by date`)
    return undefined
  }
  const unit = selection.kind.attributes.get(name)?.unit
  if (!unit) compilation.error('unknown-name', place.pointer, `${selection.kind.name} has no amount "${name}"`)
  return unit
}
