import { best } from '../several.ts'

/** The part with the fewest points. */
export const lowest = best('lowest')
