import { extreme } from '../extreme.ts'

/** The date on which the last of all records begins. */
export const latest = extreme('latest', 'last')
