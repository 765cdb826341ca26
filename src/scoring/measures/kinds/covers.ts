import Type, { type Static } from 'typebox'
import { Name, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { yesNoUnit } from '../../vocabulary.ts'
import { checkDated } from '../beginning.ts'
import { heldOn } from '../held.ts'
import { compileSelection, DateRef, Where, withKind } from '../selection.ts'

const schema = strict({ of: Name, where: Type.Optional(Where), on: Type.Optional(DateRef) })

/** Yes if a span, certificate or event lies on the date. */
export const covers: MeasureKind<Static<typeof schema>> = {
  name: 'covers',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection({ of: source.of, ...(source.where && { where: source.where }) }, place, compilation)
    const on = compilation.date(source.on ?? 'reference', inside(place, 'on'))
    if (!selection || !checkDated(selection, place, compilation)) return undefined
    return {
      unit: compilation.unit(yesNoUnit),
      kinds: [...new Set([...selection.kinds, ...compilation.dateKinds(on)])],
      compute(evaluation) {
        const records = heldOn(selection, on, evaluation)
        return records && (records.length > 0 ? 1 : 0)
      },
      records: evaluation => withKind(selection, heldOn(selection, on, evaluation) ?? []),
    }
  },
}
