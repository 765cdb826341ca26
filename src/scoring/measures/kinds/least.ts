import type { Static } from 'typebox'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { combined, listed, Operands } from '../operands.ts'

/** The smallest of several measures and figures of one unit (residence months capped by insured months). */
export const least: MeasureKind<Static<typeof Operands>> = {
  name: 'least',
  schema: Operands,
  compile: (source, place, compilation) => combined(listed(source, place), compilation, values => Math.min(...values)),
}
