import Type, { type Static } from 'typebox'
import { firstDayOf, lastDayOf, wholeMonthsBetween, yearOf } from '../../../values/civil-date.ts'
import { Figure, Name, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { ofMonths } from '../../vocabulary.ts'
import { amountUnit, checkEvents, yearSums } from '../amounts.ts'
import type { Interval } from '../intervals.ts'
import type { Evaluation } from '../measure.ts'
import { compileSelection, selectionFields, used } from '../selection.ts'

const schema = strict({ ...selectionFields, amount: Type.Optional(Name), atLeast: Figure })

/** The number of calendar years whose sum of an amount of events reaches a figure, or in which spans have at least so many months. */
export const yearsWith: MeasureKind<Static<typeof schema>> = {
  name: 'yearsWith',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    if (!selection) return undefined
    const { kind } = selection
    const { amount } = source
    if (amount !== undefined && !checkEvents(selection, place, compilation)) return undefined
    if (amount === undefined && kind.shape !== 'span')
      return compilation.error(
        'unit-mismatch',
        inside(place, 'of').pointer,
        `${kind.name} has no spans; name the amount of events that is added`,
      )
    const unit = amount === undefined ? compilation.unit('months') : amountUnit(kind, amount, inside(place, 'amount'), compilation)
    if (!unit) return undefined
    const atLeast = compilation.scaled(source.atLeast, unit.scale, inside(place, 'atLeast'))
    if (atLeast <= 0) compilation.error('wrong-form', inside(place, 'atLeast').pointer, 'must be more than 0: every year has nothing')
    if (amount === undefined && atLeast > 12) compilation.error('wrong-form', inside(place, 'atLeast').pointer, 'a year has 12 months')
    const byYear = (evaluation: Evaluation): Iterable<number> | undefined => {
      if (amount === undefined) {
        const stretches = selection.stretches(evaluation)
        return stretches && yearMonths(stretches, ofMonths(kind), evaluation)
      }
      const records = selection.records(evaluation)
      return records && yearSums(records, record => record.amounts[amount] as number)
    }
    return {
      unit: compilation.unit('years'),
      kinds: selection.kinds,
      compute(evaluation) {
        const years = byYear(evaluation)
        if (!years) return undefined
        let reached = 0
        for (const year of years) if (year >= atLeast) reached++
        return reached
      },
      records: evaluation => used(selection, evaluation),
    }
  },
}

/** The months of stretches in each calendar year: calendar months, or of days the completed months of what lies within the year. */
function yearMonths(stretches: readonly Interval[], byMonth: boolean, { monthEnd }: Evaluation): Iterable<number> {
  const months = new Map<number, number>()
  const yearAt = (moment: number) => (byMonth ? Math.floor(moment / 12) : yearOf(moment))
  for (const { from, to } of stretches)
    for (let year = yearAt(from); year <= yearAt(to); year++) {
      const january = byMonth ? year * 12 : firstDayOf(year * 12)
      const december = byMonth ? year * 12 + 11 : lastDayOf(year * 12 + 11)
      const first = Math.max(from, january)
      const next = Math.min(to, december) + 1
      months.set(year, (months.get(year) ?? 0) + (byMonth ? next - first : wholeMonthsBetween(first, next, monthEnd)))
    }
  return months.values()
}
