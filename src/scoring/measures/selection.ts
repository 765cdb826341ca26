import Type, { type Static } from 'typebox'
import { type DayNumber, monthOf } from '../../values/civil-date.ts'
import { Name, strict } from '../document-parts.ts'
import type { EvidenceRecord } from '../evidence/facts.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import { type KindDefinition, ofMonths } from '../vocabulary.ts'
import { type Interval, union } from './intervals.ts'
import { type Evaluation, referenceDate } from './measure.ts'
import { compileWhere, Where } from './where.ts'

export { Where }

/** The name of a date of the scheme, or a literal date. */
export const DateRef = Type.String({
  pattern: '^([a-z][A-Za-z0-9_-]{0,59}|\\d{4}-\\d{2}-\\d{2})$',
  description: 'the name of a date, or a date YYYY-MM-DD',
})

export const Window = strict({ from: Type.Optional(DateRef), until: Type.Optional(DateRef) })

/** The fields that say which records a measure looks at. */
export const selectionFields = { of: Name, where: Type.Optional(Where), window: Type.Optional(Window) }
const SelectionSchema = strict(selectionFields)
export type SelectionSource = Static<typeof SelectionSchema>

/** What a selection looks at: dates that come from evidence are found before anything else is known. */
export type Seen = Pick<Evaluation, 'facts' | 'dates'>

/** The records of one kind that a measure looks at, and the stretch of time that counts. */
export type Selection = {
  kind: KindDefinition
  /** Kinds of evidence that it needs: its own, and those that give the dates of its window. */
  kinds: readonly string[]
  /** The first and last day or month that counts; undefined if a date of the window is missing. */
  bounds(seen: Seen): Interval | undefined
  /** The records that match, whenever they are; undefined if the kind is missing. */
  matching(seen: Seen): readonly EvidenceRecord[] | undefined
  /** The records that match and touch the window; undefined if the kind, or a date of the window, is missing. */
  records(seen: Seen): readonly EvidenceRecord[] | undefined
  /** The union of the spans within the window, in the kind's grain; undefined if the kind, or a date of the window, is missing. */
  stretches(seen: Seen): Interval[] | undefined
}

/** Compiles `of`, `where` and `window`. Nothing after the reference date ever counts. */
export function compileSelection(source: SelectionSource, place: Place, compilation: Compilation): Selection | undefined {
  const kind = compilation.kind(source.of, inside(place, 'of'))
  if (!kind) return undefined
  if (source.window && kind.shape === 'trait')
    compilation.error('unit-mismatch', inside(place, 'window').pointer, `${kind.name} is a trait and has no date; leave the window out`)
  const matches = compileWhere(kind, source.where, inside(place, 'where'), compilation)
  const from = source.window?.from === undefined ? undefined : compilation.date(source.window.from, inside(place, 'window', 'from'))
  const until = source.window?.until === undefined ? referenceDate : compilation.date(source.window.until, inside(place, 'window', 'until'))
  const bounds = boundsOf(from, until, ofMonths(kind))
  const { name } = kind
  return {
    kind,
    kinds: [...new Set([name, ...(from === undefined ? [] : compilation.dateKinds(from)), ...compilation.dateKinds(until)])],
    bounds: ({ dates }) => bounds(dates),
    matching({ facts }) {
      const all = facts.kinds.get(name)
      return all && matches ? all.filter(matches) : all
    },
    records({ facts, dates }) {
      const all = facts.kinds.get(name)
      const within = bounds(dates)
      if (!all || !within) return undefined
      const { from, to } = within
      const found: EvidenceRecord[] = []
      // A window that ends before it begins holds nothing, not even a span that covers it.
      if (from > to) return found
      for (const record of all) if (record.from <= to && record.to >= from && (!matches || matches(record))) found.push(record)
      return found
    },
    stretches({ facts, dates }) {
      const all = facts.kinds.get(name)
      const within = bounds(dates)
      return all && within && union(all, within.from, within.to, matches)
    },
  }
}

/** The first and last day or month of a window, worked out once for each set of dates; undefined if evidence does not give a date. */
function boundsOf(from: number | undefined, until: number, inMonths: boolean) {
  let known: Evaluation['dates'] | undefined
  let bounds: Interval | undefined
  const moment = (day: DayNumber) => (inMonths ? monthOf(day) : day)
  const found = (dates: Evaluation['dates']): Interval | undefined => {
    const first = from === undefined ? Number.NEGATIVE_INFINITY : dates[from]
    const last = dates[until]
    if (first === undefined || last === undefined) return undefined
    return {
      from: from === undefined ? first : moment(first),
      to: Math.min(moment(last), moment(dates[referenceDate] as DayNumber)),
    }
  }
  return (dates: Evaluation['dates']): Interval | undefined => {
    if (dates !== known) {
      bounds = found(dates)
      known = dates
    }
    return bounds
  }
}

/** The records of a selection with their kind, for the explanation. */
export function used(selection: Selection, seen: Seen): { kind: string; record: EvidenceRecord }[] {
  return withKind(selection, selection.records(seen) ?? [])
}

export function withKind(selection: Selection, records: readonly EvidenceRecord[]): { kind: string; record: EvidenceRecord }[] {
  return records.map(record => ({ kind: selection.kind.name, record }))
}
