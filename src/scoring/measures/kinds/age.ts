import Type, { type Static } from 'typebox'
import { addMonths, type DayNumber, type MonthEnd, wholeMonthsBetween } from '../../../values/civil-date.ts'
import { Name, strict, WholeFigure } from '../../document-parts.ts'
import type { EvidenceRecord } from '../../evidence/facts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { choiceOf } from '../choice-of.ts'
import { compileSelection, DateRef, Where, withKind } from '../selection.ts'

const schema = strict({
  of: Name,
  where: Type.Optional(Where),
  which: Type.Optional(choiceOf('first', 'last')),
  on: Type.Optional(DateRef),
  in: Type.Optional(choiceOf('years', 'months')),
  count: Type.Optional(choiceOf('whole', 'begun')),
  otherwise: Type.Optional(WholeFigure),
})

/**
 * Years or months since an event (the birth), on a date, which may be later than the reference date. Without `which`, records that give
 * different days contradict each other: then the age is missing.
 */
export const age: MeasureKind<Static<typeof schema>> = {
  name: 'age',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection({ of: source.of, ...(source.where && { where: source.where }) }, place, compilation)
    const on = compilation.date(source.on ?? 'reference', inside(place, 'on'))
    if (!selection) return undefined
    if (selection.kind.shape !== 'event') return compilation.error('unit-mismatch', inside(place, 'of').pointer, `${source.of} is no event`)
    const months = source.in === 'months' ? 1 : 12
    const begun = source.count === 'begun'
    const otherwise = source.otherwise === undefined ? undefined : compilation.scaled(source.otherwise, 0, inside(place, 'otherwise'))
    return {
      unit: compilation.unit(source.in ?? 'years'),
      kinds: [...new Set([...selection.kinds, ...compilation.dateKinds(on)])],
      compute(evaluation) {
        const records = selection.matching(evaluation)
        const day = evaluation.dates[on]
        if (!records || day === undefined) return undefined
        const event = dayOf(records, source.which ?? 'first', day)
        if (source.which === undefined && records.some(record => record.from <= day && record.from !== event)) return undefined
        return event === undefined ? otherwise : since(event, day, months, begun, evaluation.monthEnd)
      },
      records: evaluation => withKind(selection, selection.matching(evaluation) ?? []),
    }
  },
}

/** The day of the first or last event up to a day. */
function dayOf(records: readonly EvidenceRecord[], which: 'first' | 'last', until: DayNumber): DayNumber | undefined {
  let day: DayNumber | undefined
  for (const { from } of records) if (from <= until && (day === undefined || (which === 'first' ? from < day : from > day))) day = from
  return day
}

/** Completed stretches of so many months between two days; with `begun` the one under way too. On the very day there is none under way. */
function since(event: DayNumber, day: DayNumber, months: number, begun: boolean, monthEnd: MonthEnd): number {
  const whole = Math.floor(wholeMonthsBetween(event, day, monthEnd) / months)
  return begun && addMonths(event, whole * months, monthEnd) < day ? whole + 1 : whole
}
