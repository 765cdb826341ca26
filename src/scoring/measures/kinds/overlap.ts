import Type, { type Static } from 'typebox'
import { firstDayOf, lastDayOf } from '../../../values/civil-date.ts'
import { Name, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { ofMonths } from '../../vocabulary.ts'
import { completedMonths } from '../calendar.ts'
import { extent, type Interval, intersection } from '../intervals.ts'
import { compileSelection, type Selection, selectionFields, used, Where } from '../selection.ts'

const Other = strict({ of: Name, where: Type.Optional(Where) })
type Others = Static<typeof Other> | Static<typeof Other>[]
/** One other kind of spans, or a list of them. */
const Others = Type.Unsafe<Others>({ ...Other, type: ['object', 'array'], items: Other, minItems: 1 })
const schema = strict({ ...selectionFields, with: Others })

/** Months that lie in the spans of two or more kinds at once: calendar months, or completed months if one of them is counted in days. */
export const overlap: MeasureKind<Static<typeof schema>> = {
  name: 'overlap',
  schema,
  compile(source, place, compilation) {
    const here = inside(place, 'with')
    const others = Array.isArray(source.with)
      ? source.with.map((other, i) => [other, inside(here, i)] as const)
      : [[source.with, here] as const]
    const selections: Selection[] = []
    for (const [one, there] of [[source, place] as const, ...others]) {
      const selection = compileSelection({ ...one, ...(source.window && { window: source.window }) }, there, compilation)
      if (!selection) return undefined
      if (selection.kind.shape !== 'span')
        compilation.error('unit-mismatch', inside(there, 'of').pointer, `${selection.kind.name} has no spans`)
      selections.push(selection)
    }
    const byMonth = selections.every(selection => ofMonths(selection.kind))
    return {
      unit: compilation.unit('months'),
      kinds: [...new Set(selections.flatMap(selection => selection.kinds))],
      compute(evaluation) {
        let common: Interval[] | undefined
        let missing = false
        for (const selection of selections) {
          const stretches = selection.stretches(evaluation)
          // Nothing in one of them is no overlap, whatever the others would say.
          if (stretches?.length === 0) return 0
          if (!stretches) missing = true
          else {
            const next = byMonth ? stretches : inDays(selection, stretches)
            common = common ? intersection(common, next) : next
          }
        }
        if (missing || !common) return undefined
        return byMonth ? extent(common) : completedMonths(common, evaluation.monthEnd)
      },
      records: evaluation => selections.flatMap(selection => used(selection, evaluation)),
    }
  },
}

/** A month stands for its days. */
function inDays({ kind }: Selection, stretches: Interval[]): Interval[] {
  return ofMonths(kind) ? stretches.map(({ from, to }) => ({ from: firstDayOf(from), to: lastDayOf(to) })) : stretches
}
