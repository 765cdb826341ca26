import { extreme } from '../extreme.ts'

/** The date on which the first of all records begins. */
export const earliest = extreme('earliest', 'first')
