import { best } from '../several.ts'

/** The part with the most points. */
export const highest = best('highest')
