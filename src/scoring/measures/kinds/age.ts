import Type, { type Static } from 'typebox'
import { wholeMonthsBetween } from '../../../values/civil-date.ts'
import { Name, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { inUnit } from '../measure.ts'
import { compileSelection, DateRef, used } from '../selection.ts'

const schema = strict({ of: Name, on: Type.Optional(DateRef) })

/** Completed years since an event (the birth), on a date. Records that give different days contradict each other: then the age is missing. */
export const age: MeasureKind<Static<typeof schema>> = {
  name: 'age',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection({ of: source.of }, place, compilation)
    const on = compilation.date(source.on ?? 'reference', inside(place, 'on'))
    if (!selection) return undefined
    if (selection.kind.shape !== 'event') compilation.error('unit-mismatch', inside(place, 'of').pointer, `${source.of} is no event`)
    return {
      unit: inUnit('years'),
      kinds: [selection.kind.name],
      compute(evaluation) {
        const births = evaluation.facts.kinds.get(source.of)
        const birth = births?.[0]?.from
        if (!births || birth === undefined || births.some(record => record.from !== birth)) return undefined
        const day = evaluation.dates[on] as number
        return birth > day ? undefined : Math.floor(wholeMonthsBetween(birth, day, evaluation.monthEnd) / 12)
      },
      records: evaluation => used(selection, evaluation),
    }
  },
}
