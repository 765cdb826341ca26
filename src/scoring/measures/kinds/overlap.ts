import Type, { type Static } from 'typebox'
import { Name, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { extent, intersection } from '../intervals.ts'
import { inUnit } from '../measure.ts'
import { compileSelection, selectionFields, used, Where } from '../selection.ts'

const schema = strict({ ...selectionFields, with: strict({ of: Name, where: Type.Optional(Where) }) })

/** Calendar months that lie in the spans of two kinds at once. */
export const overlap: MeasureKind<Static<typeof schema>> = {
  name: 'overlap',
  schema,
  compile(source, place, compilation) {
    const one = compileSelection(source, place, compilation)
    const other = compileSelection({ ...source.with, ...(source.window && { window: source.window }) }, inside(place, 'with'), compilation)
    if (!one || !other) return undefined
    for (const [selection, where] of [
      [one, inside(place, 'of')],
      [other, inside(place, 'with', 'of')],
    ] as const)
      if (selection.kind.shape !== 'span' || selection.kind.grain !== 'month')
        compilation.error('unit-mismatch', where.pointer, `${selection.kind.name} has no spans in calendar months`)
    return {
      unit: inUnit('months'),
      kinds: [one.kind.name, other.kind.name],
      compute(evaluation) {
        const a = one.stretches(evaluation)
        const b = other.stretches(evaluation)
        // Nothing in one of them is no overlap, whatever the other would say.
        if (a?.length === 0 || b?.length === 0) return 0
        return a && b && extent(intersection(a, b))
      },
      records: evaluation => [...used(one, evaluation), ...used(other, evaluation)],
    }
  },
}
