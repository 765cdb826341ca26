import Type, { type Static } from 'typebox'
import { monthOf } from '../../values/civil-date.ts'
import { Figure, Name, named, strict } from '../document-parts.ts'
import type { EvidenceRecord } from '../evidence/facts.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import type { KindDefinition } from '../vocabulary.ts'
import { type Interval, union } from './intervals.ts'
import { type Evaluation, referenceDate } from './measure.ts'

/** The name of a date of the scheme, or a literal date. */
export const DateRef = Type.String({
  pattern: '^([a-z][A-Za-z0-9_-]{0,59}|\\d{4}-\\d{2}-\\d{2})$',
  description: 'the name of a date, or a date YYYY-MM-DD',
})

const Bound = Type.Object(
  { atLeast: Type.Optional(Figure), below: Type.Optional(Figure) },
  { additionalProperties: false, minProperties: 1 },
)
export const Where = named(
  Type.Unsafe<string | string[] | { atLeast?: string; below?: string }>({
    type: ['string', 'array', 'object'],
    items: { type: 'string' },
    minItems: 1,
    ...boundKeywords(),
  }),
)
export const Window = strict({ from: Type.Optional(DateRef), until: Type.Optional(DateRef) })

function boundKeywords() {
  const { properties, additionalProperties, minProperties } = Bound as unknown as Record<string, unknown>
  return { properties, additionalProperties, minProperties }
}

/** The fields that say which records a measure looks at. */
export const selectionFields = { of: Name, where: Type.Optional(Where), window: Type.Optional(Window) }
const SelectionSchema = strict(selectionFields)
export type SelectionSource = Static<typeof SelectionSchema>

type Test = (record: EvidenceRecord) => boolean

/** The records of one kind that a measure looks at, and the stretch of time that counts. */
export type Selection = {
  kind: KindDefinition
  /** All matching records that touch the window; undefined if the kind is missing. */
  records(evaluation: Evaluation): EvidenceRecord[] | undefined
  /** The union of the spans within the window, in the kind's grain; undefined if the kind is missing. */
  stretches(evaluation: Evaluation): Interval[] | undefined
}

/** Compiles `of`, `where` and `window`. Nothing after the reference date ever counts. */
export function compileSelection(source: SelectionSource, place: Place, compilation: Compilation): Selection | undefined {
  const kind = compilation.kind(source.of, inside(place, 'of'))
  if (!kind) return undefined
  const tests = Object.entries(source.where ?? {}).map(([name, wanted]) =>
    compileTest(kind, name, wanted, inside(place, 'where', name), compilation),
  )
  const from = source.window?.from === undefined ? undefined : compilation.date(source.window.from, inside(place, 'window', 'from'))
  const until = source.window?.until === undefined ? referenceDate : compilation.date(source.window.until, inside(place, 'window', 'until'))
  const inMonths = kind.shape === 'span' && kind.grain === 'month'
  const moment = (evaluation: Evaluation, date: number) => {
    const day = evaluation.dates[date] as number
    return inMonths ? monthOf(day) : day
  }
  const bounds = (evaluation: Evaluation): Interval => ({
    from: from === undefined ? Number.NEGATIVE_INFINITY : moment(evaluation, from),
    to: Math.min(moment(evaluation, until), moment(evaluation, referenceDate)),
  })
  const matching = (evaluation: Evaluation): EvidenceRecord[] | undefined =>
    evaluation.facts.kinds.get(kind.name)?.filter(record => tests.every(test => test(record)))
  return {
    kind,
    records(evaluation) {
      const { from, to } = bounds(evaluation)
      // A window that ends before it begins holds nothing, not even a span that covers it.
      return matching(evaluation)?.filter(record => from <= to && record.from <= to && record.to >= from)
    },
    stretches(evaluation) {
      const { from, to } = bounds(evaluation)
      const records = matching(evaluation)
      return records && union(records, from, to)
    },
  }
}

/** The records of a selection with their kind, for the explanation. */
export function used(selection: Selection, evaluation: Evaluation): { kind: string; record: EvidenceRecord }[] {
  return (selection.records(evaluation) ?? []).map(record => ({ kind: selection.kind.name, record }))
}

function compileTest(
  kind: KindDefinition,
  name: string,
  wanted: string | string[] | { atLeast?: string; below?: string },
  place: Place,
  compilation: Compilation,
): Test {
  const attribute = kind.attributes.get(name)
  const never: Test = () => false
  if (!attribute) {
    compilation.error(
      'unknown-name',
      place.pointer,
      `${kind.name} has no attribute "${name}"; it has: ${[...kind.attributes.keys()].join(', ') || 'none'}`,
    )
    return never
  }
  if (attribute.codes) {
    const codes = attribute.codes
    if (typeof wanted === 'object' && !Array.isArray(wanted)) {
      compilation.error('unit-mismatch', place.pointer, `"${name}" is a code; give a code or a list of codes`)
      return never
    }
    const list = [wanted].flat()
    for (const code of list)
      if (!codes.has(code))
        compilation.error(
          'unknown-name',
          place.pointer,
          `"${code}" is no code of ${kind.name}.${name}; it has: ${[...codes.keys()].join(', ')}`,
        )
    return record => list.includes(record.codes[name] as string)
  }
  if (typeof wanted === 'string' || Array.isArray(wanted)) {
    compilation.error('unit-mismatch', place.pointer, `"${name}" is an amount; compare it with {atLeast: …} or {below: …}`)
    return never
  }
  const scale = attribute.unit?.scale ?? 0
  const atLeast = wanted.atLeast === undefined ? undefined : compilation.scaled(wanted.atLeast, scale, inside(place, 'atLeast'))
  const below = wanted.below === undefined ? undefined : compilation.scaled(wanted.below, scale, inside(place, 'below'))
  return record => {
    const amount = record.amounts[name] as number
    return (atLeast === undefined || amount >= atLeast) && (below === undefined || amount < below)
  }
}
