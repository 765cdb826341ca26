import Type, { type Static } from 'typebox'
import { Name, strict } from '../document-parts.ts'
import { inside } from '../place.ts'
import type { MeasureKind } from '../scheme/compilation.ts'
import { dateUnit } from '../vocabulary.ts'
import { beginning, checkDated } from './beginning.ts'
import { compileSelection, DateRef, used, Where } from './selection.ts'

const schema = strict({ of: Name, where: Type.Optional(Where), otherwise: Type.Optional(DateRef) })

/** A measure of the first or the last date on which a record begins. If there is none it is missing, unless the scheme says which date holds then. */
export function extreme(name: string, which: 'first' | 'last'): MeasureKind<Static<typeof schema>> {
  return {
    name,
    schema,
    compile({ of, where, otherwise }, place, compilation) {
      const selection = compileSelection({ of, ...(where && { where }) }, place, compilation)
      const other = otherwise === undefined ? undefined : compilation.date(otherwise, inside(place, 'otherwise'))
      if (!selection || !checkDated(selection, place, compilation)) return undefined
      return {
        unit: compilation.unit(dateUnit),
        kinds: [...new Set([...selection.kinds, ...(other === undefined ? [] : compilation.dateKinds(other))])],
        compute: evaluation =>
          other !== undefined && selection.records(evaluation)?.length === 0
            ? evaluation.dates[other]
            : beginning(selection, which, evaluation),
        records: evaluation => used(selection, evaluation),
      }
    },
  }
}
