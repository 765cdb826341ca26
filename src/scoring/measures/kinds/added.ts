import type { Static } from 'typebox'
import { plus } from '../../../values/decimal.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { combined, listed, Operands } from '../operands.ts'

/** Several measures and figures of one unit, all together. */
export const added: MeasureKind<Static<typeof Operands>> = {
  name: 'added',
  schema: Operands,
  compile: (source, place, compilation) => combined(listed(source, place), compilation, values => values.reduce(plus)),
}
