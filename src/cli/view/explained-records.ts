import type { DescribedRecord } from '../../scoring/evidence/describe.ts'
import type { KindDefinition, Vocabulary } from '../../scoring/vocabulary.ts'
import { formatDate, formatMonth, parseDate, parseMonth } from '../../values/civil-date.ts'
import { formatDecimal } from '../../values/decimal.ts'
import type { Labels } from './labels.ts'
import type { Words } from './words.ts'

/*
 * Records of evidence in words: when they were and what they say, so that everybody sees which months were counted.
 */

type Naming = { words: Words; labels: Labels; vocabulary: Vocabulary | undefined }

/** One record: its time, its codes and amounts. `all` also tells what holds because the record does not say otherwise. */
export function recordText(record: DescribedRecord, naming: Naming, all = false): string {
  const { words } = naming
  const rest = [...saidBy(record, naming, all), ...(record.state === 'verified' ? [] : [words.declared])].join(words.comma)
  const time = timeText(record, words)
  return time === undefined ? rest || naming.labels.kind(record.kind) : rest === '' ? time : time + words.colon + rest
}

/** Records a line each; spans that say the same and adjoin are told as one. Records of several kinds are told with their kind. */
export function recordTexts(records: readonly DescribedRecord[], naming: Naming): string[] {
  const kinds = new Set(records.map(record => record.kind))
  return joined(records, naming).map(record => {
    const text = recordText(record, naming)
    return kinds.size > 1 ? `${naming.labels.kind(record.kind)}${naming.words.colon}${text}` : text
  })
}

function timeText({ from, to }: DescribedRecord, words: Words): string | undefined {
  if (from === null) return undefined
  return to === null ? words.since(from) : to === from ? from : words.stretch(from, to)
}

function saidBy(record: DescribedRecord, { labels, vocabulary }: Naming, all: boolean): string[] {
  return attributesOf(record)
    .filter(([name, value]) => all || value !== usualOf(vocabulary?.kinds.get(record.kind), name))
    .map(([name, value]) => labels.attribute(record.kind, name, value))
}

export function attributesOf(record: DescribedRecord): [name: string, value: string][] {
  const { kind: _kind, source: _source, state: _state, from: _from, to: _to, ...attributes } = record
  return Object.entries(attributes) as [string, string][]
}

/** What holds for a record of a kind that does not say. */
function usualOf(kind: KindDefinition | undefined, name: string): string | undefined {
  const attribute = kind?.attributes.get(name)
  const usual = attribute?.default
  return typeof usual === 'number' ? formatDecimal(usual, attribute?.unit?.scale ?? 0) : usual
}

function joined(records: readonly DescribedRecord[], { vocabulary }: Naming): DescribedRecord[] {
  const sayings = new Map<string, DescribedRecord[]>()
  for (const record of records) {
    const kind = vocabulary?.kinds.get(record.kind)
    // An amount belongs to its record alone.
    const joins = kind?.shape === 'span' && [...kind.attributes.values()].every(attribute => attribute.codes)
    const saying = joins ? JSON.stringify([record.kind, record.state, attributesOf(record)]) : `${sayings.size}`
    sayings.set(saying, [...(sayings.get(saying) ?? []), record])
  }
  return [...sayings.values()]
    .flatMap(same => (same.length === 1 ? same : stretches(same)))
    .sort((a, b) => (a.from === b.from ? 0 : (a.from ?? '') < (b.from ?? '') ? -1 : 1))
}

/** Spans that say the same, those that overlap or adjoin as one. */
function stretches(records: readonly DescribedRecord[]): DescribedRecord[] {
  const result: DescribedRecord[] = []
  const sorted = [...records].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
  for (const record of sorted) {
    const last = result.at(-1)
    if (!last || (last.to !== null && after(last.to) < (record.from ?? ''))) result.push({ ...record })
    else if (last.to !== null) last.to = record.to === null || record.to > last.to ? record.to : last.to
  }
  return result
}

/** The day after a day, the month after a month. */
function after(moment: string): string {
  const month = parseMonth(moment)
  return month === undefined ? formatDate((parseDate(moment) as number) + 1) : formatMonth(month + 1)
}
