import Type, { type Static } from 'typebox'
import { yearOf } from '../../../values/civil-date.ts'
import { strict, WholeFigure } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { isNoQuantity, ofMonths } from '../../vocabulary.ts'
import { compileSelection, selectionFields, used } from '../selection.ts'

const schema = strict({ ...selectionFields, perYear: Type.Optional(strict({ atMost: WholeFigure })) })

/** The number of records that touch the window; of each calendar year, by the day a record begins, at most so many. */
export const count: MeasureKind<Static<typeof schema>> = {
  name: 'count',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    if (!selection) return undefined
    const { kind } = selection
    const here = inside(place, 'perYear')
    if (source.perYear && kind.shape === 'trait')
      return compilation.error('unit-mismatch', here.pointer, `${kind.name} is a trait and belongs to no year`)
    const atMost = source.perYear && compilation.scaled(source.perYear.atMost, 0, inside(here, 'atMost'))
    return {
      unit: compilation.unit('records'),
      fits: unit => unit.scale === 0 && !isNoQuantity(unit),
      kinds: selection.kinds,
      compute(evaluation) {
        const records = selection.records(evaluation)
        if (!records || atMost === undefined) return records?.length
        const years = new Map<number, number>()
        let counted = 0
        for (const { from } of records) {
          const year = ofMonths(kind) ? Math.floor(from / 12) : yearOf(from)
          const before = years.get(year) ?? 0
          if (before < atMost) counted++
          years.set(year, before + 1)
        }
        return counted
      },
      records: evaluation => used(selection, evaluation),
    }
  },
}
