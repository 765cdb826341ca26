import type { Range } from './ranges.ts'
import { compare, figure } from './rational.ts'
import type { Bounds } from './trees.ts'

/** Yes, no, or missing. */
export type Answer = boolean | undefined

/** One no settles it, whatever is missing. */
export const all = (answers: Answer[]): Answer => (answers.includes(false) ? false : answers.includes(undefined) ? undefined : true)
/** One yes settles it, whatever is missing. */
export const any = (answers: Answer[]): Answer => not(all(answers.map(not)))
export const not = (answer: Answer): Answer => (answer === undefined ? undefined : !answer)

/** Whether points lie within bounds: decided only if it is so, or is not so, for the whole range. */
export function bounded({ low, high }: Range, bounds: Bounds): Answer {
  const { atLeast, above, atMost, below, equals } = bounds
  const lowest = (holds: (order: number) => boolean, bound: string) => low !== 'endless' && holds(compare(low, figure(bound)))
  const highest = (holds: (order: number) => boolean, bound: string) => high !== 'endless' && holds(compare(high, figure(bound)))
  const reach = (bound: string): Answer =>
    lowest(order => order >= 0, bound) ? true : highest(order => order < 0, bound) ? false : undefined
  const exceed = (bound: string): Answer =>
    lowest(order => order > 0, bound) ? true : highest(order => order <= 0, bound) ? false : undefined
  return all([
    atLeast === undefined || reach(atLeast),
    above === undefined || exceed(above),
    atMost === undefined || not(exceed(atMost)),
    below === undefined || not(reach(below)),
    equals === undefined || all([reach(equals), not(exceed(equals))]),
  ])
}
