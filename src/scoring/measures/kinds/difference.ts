import type { Static } from 'typebox'
import { strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { combined, Operand } from '../operands.ts'

const schema = strict({ of: Operand, less: Operand })

/** One measure or figure less another, never below 0. */
export const difference: MeasureKind<Static<typeof schema>> = {
  name: 'difference',
  schema,
  compile: ({ of, less }, place, compilation) =>
    combined(
      [
        [of, inside(place, 'of')],
        [less, inside(place, 'less')],
      ],
      compilation,
      values => Math.max(0, (values[0] as number) - (values[1] as number)),
    ),
}
