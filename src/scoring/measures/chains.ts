import Type, { type Static } from 'typebox'
import { addMonths, monthOf } from '../../values/civil-date.ts'
import { strict, WholeFigure } from '../document-parts.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import { ofMonths } from '../vocabulary.ts'
import { choiceOf } from './choice-of.ts'
import type { Interval } from './intervals.ts'
import type { Evaluation } from './measure.ts'
import { DateRef, type Selection } from './selection.ts'

export const Continuous = strict({
  endingOn: Type.Optional(DateRef),
  gap: WholeFigure,
  gaps: Type.Optional(choiceOf('left-out', 'counted')),
})
/** Stretches joined over short gaps: the chain that reaches a date, or else the one that counts most. */
export function chainsOf(source: Static<typeof Continuous>, { kind }: Selection, place: Place, compilation: Compilation) {
  const endingOn = source.endingOn === undefined ? undefined : compilation.date(source.endingOn, inside(place, 'endingOn'))
  const gap = compilation.scaled(source.gap, 0, inside(place, 'gap'))
  const byMonth = ofMonths(kind)
  // From the end of one stretch to the beginning of the next. A month that is missing from the 31st ends as the scheme says.
  const joins = (end: number, next: number, { monthEnd }: Evaluation) =>
    byMonth ? next - end - 1 <= gap : addMonths(end + 1, gap, monthEnd) >= next
  const counted = (chain: Interval[]): Interval[] =>
    source.gaps === 'counted' && chain.length > 1 ? [{ from: (chain[0] as Interval).from, to: (chain.at(-1) as Interval).to }] : chain

  const reaching = (stretches: Interval[], moment: number, evaluation: Evaluation): Interval[] => {
    const chain: Interval[] = []
    let next = moment + 1
    for (const { from, to } of stretches.filter(stretch => stretch.from <= moment).reverse()) {
      const end = Math.min(to, moment) // nothing after the date counts
      if (!joins(end, next, evaluation)) break
      chain.unshift({ from, to: end })
      next = from
    }
    return chain
  }
  const chains = (stretches: Interval[], evaluation: Evaluation): Interval[][] => {
    const found: Interval[][] = []
    let end: number | undefined
    for (const stretch of stretches) {
      if (end !== undefined && joins(end, stretch.from, evaluation)) found.at(-1)?.push(stretch)
      else found.push([stretch])
      end = stretch.to
    }
    return found
  }
  return {
    kinds: endingOn === undefined ? [] : compilation.dateKinds(endingOn),
    most(stretches: Interval[], evaluation: Evaluation, count: (chain: readonly Interval[]) => number): number | undefined {
      if (endingOn === undefined) return chains(stretches, evaluation).reduce((most, chain) => Math.max(most, count(counted(chain))), 0)
      const day = evaluation.dates[endingOn]
      return day === undefined ? undefined : count(counted(reaching(stretches, byMonth ? monthOf(day) : day, evaluation)))
    },
  }
}
