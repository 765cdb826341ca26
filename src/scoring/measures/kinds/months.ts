import Type, { type Static } from 'typebox'
import { addMonths, monthOf, wholeMonthsBetween } from '../../../values/civil-date.ts'
import { strict, WholeFigure } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { MeasureKind } from '../../scheme/compilation.ts'
import { extent, type Interval, union } from '../intervals.ts'
import { type Evaluation, inUnit } from '../measure.ts'
import { compileSelection, DateRef, selectionFields, used, Where } from '../selection.ts'

const schema = strict({
  ...selectionFields,
  continuous: Type.Optional(strict({ endingOn: DateRef, gap: WholeFigure })),
  tolerate: Type.Optional(strict({ where: Where, upTo: WholeFigure })),
})

/**
 * Months in the union of spans. Spans of month grain count calendar months; spans of day grain count the completed months of each
 * stretch. `continuous` keeps the stretch that reaches a date, joined over tolerated gaps; the gaps themselves do not count.
 * `tolerate` counts a second selection too if it is at most so many months in all (back-paid insurance that a gate tolerates).
 */
export const months: MeasureKind<Static<typeof schema>> = {
  name: 'months',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    if (!selection) return undefined
    if (selection.kind.shape !== 'span') {
      compilation.error('unit-mismatch', inside(place, 'of').pointer, `${source.of} has no spans`)
      return undefined
    }
    const byMonth = selection.kind.grain === 'month'
    const tolerated =
      source.tolerate &&
      compileSelection(
        { of: source.of, where: source.tolerate.where, ...(source.window && { window: source.window }) },
        inside(place, 'tolerate'),
        compilation,
      )
    if (source.tolerate && !byMonth)
      compilation.error(
        'unit-mismatch',
        inside(place, 'tolerate').pointer,
        'tolerance is counted in calendar months, and this kind has days',
      )
    const upTo = source.tolerate ? compilation.scaled(source.tolerate.upTo, 0, inside(place, 'tolerate', 'upTo')) : 0
    const endingOn = source.continuous && compilation.date(source.continuous.endingOn, inside(place, 'continuous', 'endingOn'))
    const gap = source.continuous ? compilation.scaled(source.continuous.gap, 0, inside(place, 'continuous', 'gap')) : 0

    const counted = (evaluation: Evaluation): Interval[] | undefined => {
      const base = selection.stretches(evaluation)
      const extra = tolerated?.stretches(evaluation)
      const all =
        base && extra && extra.length > 0 && extent(extra) <= upTo
          ? union([...base, ...extra], Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
          : base
      return all && endingOn !== undefined ? reaching(all, evaluation, endingOn) : all
    }
    const reaching = (stretches: Interval[], evaluation: Evaluation, date: number): Interval[] => {
      const day = evaluation.dates[date] as number
      const last = stretches.findLastIndex(stretch => stretch.from <= (byMonth ? monthOf(day) : day))
      const kept: Interval[] = []
      let next = byMonth ? monthOf(day) + 1 : day + 1
      for (let i = last; i >= 0; i--) {
        const { from, to } = stretches[i] as Interval
        const stretch = { from, to: Math.min(to, next - 1) } // nothing after the date counts
        const joins = byMonth ? next - stretch.to - 1 <= gap : addMonths(stretch.to + 1, gap, evaluation.monthEnd) >= next
        if (!joins) break
        kept.unshift(stretch)
        next = stretch.from
      }
      return kept
    }
    return {
      unit: inUnit('months'),
      kinds: [selection.kind.name],
      compute(evaluation) {
        const stretches = counted(evaluation)
        if (!stretches || byMonth) return stretches && extent(stretches)
        let sum = 0
        for (const stretch of stretches) sum += wholeMonthsBetween(stretch.from, stretch.to + 1, evaluation.monthEnd)
        return sum
      },
      records: evaluation => [...used(selection, evaluation), ...(tolerated ? used(tolerated, evaluation) : [])],
    }
  },
}
