import Type, { type Static } from 'typebox'
import { Name, strict, WholeFigure } from '../../document-parts.ts'
import { inside, type Place } from '../../place.ts'
import type { Compilation, MeasureKind } from '../../scheme/compilation.ts'
import { ofMonths } from '../../vocabulary.ts'
import { completedMonths } from '../calendar.ts'
import { Continuous, chainsOf } from '../chains.ts'
import { choiceOf } from '../choice-of.ts'
import { extent, type Interval, together, union, without } from '../intervals.ts'
import type { Evaluation } from '../measure.ts'
import { compileSelection, type Selection, selectionFields, used, Where } from '../selection.ts'

const Tolerate = strict({ where: Where, upTo: WholeFigure })
const Except = strict({ of: Name, where: Type.Optional(Where) })
const schema = strict({
  ...selectionFields,
  continuous: Type.Optional(Continuous),
  tolerate: Type.Optional(Tolerate),
  except: Type.Optional(Except),
  single: Type.Optional(choiceOf('longest', 'last', 'current')),
})
type Source = Static<typeof schema>

/** Stretches of spans, or undefined while evidence is missing. */
type Stretches = (evaluation: Evaluation) => Interval[] | undefined

/**
 * Months in the union of spans. Spans of month grain count calendar months; spans of day grain count the completed months of each
 * stretch. First the union with what is tolerated, then the chain that counts, then what lies in excepted spans is taken out. `single` makes
 * no union, and counts one record.
 */
export const months: MeasureKind<Source> = {
  name: 'months',
  schema,
  compile(source, place, compilation) {
    const selection = compileSelection(source, place, compilation)
    if (!selection) return undefined
    if (selection.kind.shape !== 'span') return compilation.error('unit-mismatch', inside(place, 'of').pointer, `${source.of} has no spans`)
    if (source.single) return ofOneRecord(source, selection, place, compilation)
    const tolerated = source.tolerate && tolerance(source, selection, inside(place, 'tolerate'), compilation)
    const excepted = source.except && exception(source, selection, inside(place, 'except'), compilation)
    const chains = source.continuous && chainsOf(source.continuous, selection, inside(place, 'continuous'), compilation)
    if ((source.tolerate && !tolerated) || (source.except && !excepted)) return undefined

    const all: Stretches = tolerated ? evaluation => tolerated.joined(selection.stretches(evaluation), evaluation) : selection.stretches
    const none: readonly Interval[] = []
    const byMonth = ofMonths(selection.kind)
    return {
      unit: compilation.unit('months'),
      kinds: [...new Set([...selection.kinds, ...(excepted?.kinds ?? []), ...(chains?.kinds ?? [])])],
      compute(evaluation) {
        const stretches = all(evaluation)
        const taken = excepted ? excepted.stretches(evaluation) : none
        if (!stretches || !taken) return undefined
        const count = (counted: readonly Interval[]): number => {
          const left = taken.length > 0 ? without(counted, taken) : counted
          return byMonth ? extent(left) : completedMonths(left, evaluation.monthEnd)
        }
        return chains ? chains.most(stretches, evaluation, count) : count(stretches)
      },
      records: evaluation => [selection, tolerated?.selection, excepted].flatMap(one => (one ? used(one, evaluation) : [])),
    }
  },
}

/** The months of the record that has the most, that begins last, or that reaches the end of the window. */
function ofOneRecord(source: Source, selection: Selection, place: Place, compilation: Compilation) {
  for (const other of ['continuous', 'tolerate', 'except'] as const)
    if (source[other])
      compilation.error(
        'wrong-choice',
        inside(place, other).pointer,
        `"single" counts one record, and "${other}" a union; leave one of them out`,
      )
  const byMonth = ofMonths(selection.kind)
  return {
    unit: compilation.unit('months'),
    kinds: selection.kinds,
    compute(evaluation: Evaluation) {
      const records = selection.records(evaluation)
      const within = selection.bounds(evaluation)
      if (!records || !within) return undefined
      const last = source.single === 'last' ? records.reduce((last, { from }) => Math.max(last, from), Number.NEGATIVE_INFINITY) : undefined
      let most = 0
      for (const record of records) {
        if (last !== undefined && record.from !== last) continue
        if (source.single === 'current' && record.to < within.to) continue
        const stretches = union([record], within.from, within.to)
        most = Math.max(most, byMonth ? extent(stretches) : completedMonths(stretches, evaluation.monthEnd))
      }
      return most
    },
    records: (evaluation: Evaluation) => used(selection, evaluation),
  }
}

/**
 * The records that match `where` with that of the tolerance put over it count as well if they are at most so many months in all, otherwise not
 * one of them (back-paid insurance).
 */
function tolerance(source: Source, { kind }: Selection, place: Place, compilation: Compilation) {
  const { where, upTo } = source.tolerate as Static<typeof Tolerate>
  const selection = compileSelection(
    { of: source.of, where: { ...source.where, ...where }, ...(source.window && { window: source.window }) },
    place,
    compilation,
  )
  const most = compilation.scaled(upTo, 0, inside(place, 'upTo'))
  if (!ofMonths(kind)) compilation.error('unit-mismatch', place.pointer, 'tolerance is counted in calendar months, and this kind has days')
  return (
    selection && {
      selection,
      joined(stretches: Interval[] | undefined, evaluation: Evaluation): Interval[] | undefined {
        const extra = selection.stretches(evaluation)
        return stretches && extra && extra.length > 0 && extent(extra) <= most ? together(stretches, extra) : stretches
      },
    }
  )
}

/** The spans in which nothing counts. */
function exception(source: Source, { kind }: Selection, place: Place, compilation: Compilation): Selection | undefined {
  const selection = compileSelection(source.except as Static<typeof Except>, place, compilation)
  if (selection && (selection.kind.shape !== 'span' || ofMonths(selection.kind) !== ofMonths(kind)))
    compilation.error(
      'unit-mismatch',
      inside(place, 'of').pointer,
      `${selection.kind.name} has no spans in ${ofMonths(kind) ? 'calendar months' : 'days'}, as ${kind.name} has`,
    )
  return selection
}
