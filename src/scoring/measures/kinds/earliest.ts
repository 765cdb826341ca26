import Type, { type Static } from 'typebox'
import { Name, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { dateUnit } from '../../vocabulary.ts'
import { beginning, checkDated } from '../beginning.ts'
import { compileSelection, DateRef, used, Where } from '../selection.ts'

const schema = strict({ of: Name, where: Type.Optional(Where), otherwise: Type.Optional(DateRef) })

/** The date on which the first of all records begins. If there is none it is missing, unless the scheme says which date holds then. */
export const earliest: MeasureKind<Static<typeof schema>> = extreme('earliest', 'first')

/** The date on which the last of all records begins; if there is none, likewise. */
export const latest: MeasureKind<Static<typeof schema>> = extreme('latest', 'last')

function extreme(name: string, which: 'first' | 'last'): MeasureKind<Static<typeof schema>> {
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
