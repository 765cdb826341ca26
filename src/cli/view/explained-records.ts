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

type Note = (record: DescribedRecord) => string | undefined

/**
 * Records a line each, and how many stand in it: spans of which the same is to be said and that adjoin are told as one. Records of several kinds are
 * told with their kind. `note` adds something to a record.
 */
export function toldRecords(records: readonly DescribedRecord[], naming: Naming, note: Note = () => undefined): Told[] {
  const { words, labels } = naming
  const kinds = new Set(records.map(record => record.kind))
  return joined(records, naming, note).map(({ record, count }) => {
    const noted = note(record)
    const text = recordText(record, naming) + (noted === undefined ? '' : words.semicolon + noted)
    return { text: kinds.size > 1 ? labels.kind(record.kind) + words.colon + text : text, count }
  })
}
type Told = { text: string; count: number }

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

/** A record, or several as one. */
type Joined = { record: DescribedRecord; count: number }

function joined(records: readonly DescribedRecord[], { vocabulary }: Naming, note: Note): Joined[] {
  const sayings = new Map<string, DescribedRecord[]>()
  for (const record of records) {
    const kind = vocabulary?.kinds.get(record.kind)
    // An amount belongs to its record alone.
    const joins = kind?.shape === 'span' && [...kind.attributes.values()].every(attribute => attribute.codes)
    const saying = joins ? JSON.stringify([record.kind, record.state, attributesOf(record), note(record)]) : `${sayings.size}`
    sayings.set(saying, [...(sayings.get(saying) ?? []), record])
  }
  return [...sayings.values()]
    .flatMap(stretches)
    .sort(({ record: a }, { record: b }) => (a.from === b.from ? 0 : (a.from ?? '') < (b.from ?? '') ? -1 : 1))
}

/** Spans that say the same, those that overlap or adjoin as one. */
function stretches(records: readonly DescribedRecord[]): Joined[] {
  const result: Joined[] = []
  const sorted = [...records].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
  for (const record of sorted) {
    const last = result.at(-1)
    if (!last || (last.record.to !== null && after(last.record.to) < (record.from ?? ''))) result.push({ record: { ...record }, count: 1 })
    else {
      last.count++
      if (last.record.to !== null && (record.to === null || record.to > last.record.to)) last.record.to = record.to
    }
  }
  return result
}

/** The day after a day, the month after a month. */
function after(moment: string): string {
  const month = parseMonth(moment)
  return month === undefined ? formatDate((parseDate(moment) as number) + 1) : formatMonth(month + 1)
}
