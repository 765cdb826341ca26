import type { Static } from 'typebox'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { combined, listed, Operands } from '../operands.ts'

/** The largest of several measures and figures of one unit (the longer of two insurances). */
export const greatest: MeasureKind<Static<typeof Operands>> = {
  name: 'greatest',
  schema: Operands,
  compile: (source, place, compilation) => combined(listed(source, place), compilation, values => Math.max(...values)),
}
