import type { Static } from 'typebox'
import { Name, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { combined } from '../operands.ts'

const schema = strict({ of: Name })

/** Completed years in a number of months, 12 each. */
export const wholeYears: MeasureKind<Static<typeof schema>> = {
  name: 'wholeYears',
  schema,
  compile({ of }, place, compilation) {
    const here = inside(place, 'of')
    const years = combined([[of, here]], compilation, values => Math.floor((values[0] as number) / 12))
    if (!years) return undefined
    if (years.unit.name !== 'months')
      compilation.error('unit-mismatch', here.pointer, `${of} is counted in ${years.unit.name}, not in months`)
    return { ...years, unit: compilation.unit('years') }
  },
}
