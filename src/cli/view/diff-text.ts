import type { Change, Part } from '../../scoring/diff/changes.ts'
import { type PartDiff, type SchemeDiff, sections } from '../../scoring/diff/diff.ts'
import type { Effect } from '../../scoring/diff/effect.ts'
import { isDateUsed, normalized } from '../../scoring/diff/normalized.ts'
import { isMap, kindIn, type Map_, partAt, textIn } from '../../scoring/diff/tree.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import { formatDecimal } from '../../values/decimal.ts'
import type { Tree } from '../../values/document.ts'
import { type Place, placeOf, pointerOf } from './diff-place.ts'
import {
  conditionText,
  dateText,
  nodeText,
  readingTitle,
  rowText,
  type Speaking,
  shiftedText,
  wantedText,
  whereTexts,
} from './diff-values.ts'
import { type DiffWords, diffWords } from './diff-words.ts'
import { type SchemeNames, schemeNames } from './scheme-names.ts'
import { wrapped } from './width.ts'
import { type Language, type Words, words } from './words.ts'

/** One change in words: under which part it is told, where it stands in the newer document (or stood in the older), and what was and is there. */
export type ToldChange = {
  section: string
  part: string
  what: Change['what']
  pointer: string
  was: Tree | null
  now: Tree | null
  text: string
}

/** Two versions of a scheme in words of one language. */
export class DiffTeller {
  readonly language: Language
  private readonly spoken: DiffWords
  private readonly words: Words
  private readonly was: Version
  private readonly now: Version

  constructor(was: Scheme, now: Scheme, language: Language) {
    this.language = language
    this.spoken = diffWords[language]
    this.words = words[language]
    this.was = version(was, language)
    this.now = version(now, language)
  }

  /** Every change, in the order of the sections. */
  changes({ head, parts }: SchemeDiff): ToldChange[] {
    return [...head.map(change => ({ section: 'head', part: '', ...this.told(change) })), ...parts.flatMap(part => this.partChanges(part))]
  }

  /** The whole comparison as lines of at most `columns`. */
  text(diff: SchemeDiff, effect: { effect: Effect; refused: number } | undefined, columns: number): string {
    const width = Math.min(100, Math.max(40, columns))
    const told = this.changes(diff)
    const section = (name: string, heading: string) => {
      const lines = told.filter(change => change.section === name)
      return lines.length === 0 ? [] : ['', heading, ...lines.flatMap(({ text }) => wrapped(text, width, '  ', '    '))]
    }
    const named = ({ scheme }: Version) => `${scheme.title[this.language]} (${scheme.scheme} ${scheme.version})`
    const lines = [
      ...wrapped(this.spoken.heading(named(this.was), named(this.now)), width),
      ...(told.length === 0 ? ['', this.spoken.nothing] : []),
      ...section('head', this.spoken.head),
      ...sections.flatMap(name => section(name, this.spoken.sections[name])),
      ...(effect ? ['', this.spoken.effect, ...this.effectTexts(effect).flatMap(text => wrapped(text, width, '  ', '    '))] : []),
    ]
    return `${lines.join('\n')}\n`
  }

  private partChanges({ section, name, what, changes, through }: PartDiff): ToldChange[] {
    const title = (what === 'removed' ? this.was : this.now).names.part(section, name)
    const at = { section, part: name }
    if (what !== 'changed') {
      const [version, tell] = what === 'added' ? [this.now, this.spoken.isNew] : [this.was, this.spoken.isGone]
      const pointer = pointerOf('', section, name)
      const value = partAt(version.names.tree, pointer) ?? null
      const both = { was: what === 'added' ? null : value, now: what === 'added' ? value : null }
      return [{ ...at, what, pointer, ...both, text: tell(title, this.summary(version, section, name)) }]
    }
    const { colon } = this.words
    const under = (heading: string) => (change: Change) => {
      const told = this.told(change)
      return { ...at, ...told, text: heading + colon + told.text }
    }
    return [
      ...changes.map(under(title)),
      ...through.flatMap(({ measure, changes }) => changes.map(under(title + colon + this.now.names.measure(measure)))),
    ]
  }

  /** What a part that is new or gone says. */
  private summary({ scheme, names }: Version, section: PartDiff['section'], name: string): string | null {
    const part = partAt(names.tree, pointerOf('', section, name))
    const speaking = this.speaking({ scheme, names })
    if (section === 'items') {
      const { possible, scale = 0 } = scheme.items.find(({ item }) => item === name) ?? {}
      const most = possible === undefined ? '' : `${this.words.semicolon}${this.spoken.possible(formatDecimal(possible, scale))}`
      return nodeText((part as Map_).value as Tree, speaking) + most
    }
    if (section === 'gates' || section === 'freezes')
      return conditionText((part as Map_)[section === 'gates' ? 'require' : 'when'] as Tree, speaking)
    if (section === 'dates') return dateText((part as Map_).is as Tree, speaking)
    return section === 'measures' ? (this.spoken.kinds[kindIn(part)?.kind ?? ''] ?? null) : null
  }

  private told(change: Change): Omit<ToldChange, 'section' | 'part'> {
    const [was, now] = [change.was && this.found(change.was, this.was), change.now && this.found(change.now, this.now)]
    const found = (now ?? was) as Found
    const values = { was: change.was?.value ?? null, now: change.now?.value ?? null }
    return { what: change.what, pointer: found.part.pointer, ...values, text: this.at(found.place, this.sentence(change, was, now)) }
  }

  /** A sentence at its place. */
  private at({ trail }: Place, sentence: string): string {
    return trail.length === 0 ? sentence : [...trail, sentence].join(this.words.colon)
  }

  private sentence({ what }: Change, was: Found | null, now: Found | null): string {
    const found = (now ?? was) as Found
    const { key, field } = found.place
    const { spoken } = this
    if (what === 'order') {
      if (key === 'totals')
        return spoken.changed(spoken.nouns.firstTotal as string, this.firstTotal(was, this.was), this.firstTotal(now, this.now))
      return spoken.order(this.noun(found.place))
    }
    if (what === 'wrapped') return this.wrappedText(found, now !== null)
    if (was && now && found.place.isPoints) return spoken.gives(found.place.subject ?? null, String(was.part.value), String(now.part.value))
    if (field === 'from' && found.place.owner === 'window')
      return this.windowText(spoken.windowBegins, spoken.nouns.from as string, was, now)
    if (field === 'until' && found.place.owner === 'window')
      return this.windowText(spoken.windowEnds, spoken.nouns.until as string, was, now)
    const noun = this.noun(found.place)
    if (was && now)
      return Array.isArray(was.part.value) && Array.isArray(now.part.value)
        ? this.listText(noun, was, now)
        : this.changedText(noun, was, now)
    const value = this.value(found)
    if (found.place.subject !== undefined) return now ? spoken.isNew(found.place.subject, value) : spoken.isGone(found.place.subject, value)
    return now ? spoken.added(noun, value) : spoken.removed(noun, value)
  }

  private changedText(noun: string, was: Found, now: Found): string {
    const shifted =
      isDateLike(was.part.value) && isDateLike(now.part.value) && shiftedText(was.part.value, now.part.value, this.speaking(now))
    if (shifted) return `${noun}${this.words.colon}${shifted}`
    const [before, after] = [this.value(was), this.value(now)]
    // Two texts may be the same in this language and differ in the other.
    return before === after
      ? this.spoken.fallback(now.part.pointer, json(was.part.value), json(now.part.value))
      : this.spoken.changed(noun, before, after)
  }

  /** The beginning or end of a window, in the figures that changed if only they did. */
  private windowText(tell: (date: string) => string, noun: string, was: Found | null, now: Found | null): string {
    const date = (found: Found) => dateText(found.part.value, this.speaking(found))
    if (!was) return tell(date(now as Found))
    if (!now) return this.spoken.removed(noun, date(was))
    const shifted = shiftedText(was.part.value, now.part.value, this.speaking(now))
    return tell(shifted ?? this.spoken.instead(date(was), date(now)))
  }

  private listText(noun: string, was: Found, now: Found): string {
    const [before, after] = [was, now].map(found =>
      (found.part.value as Tree[]).map(one => this.value({ ...found, part: { ...found.part, value: one } })),
    ) as [string[], string[]]
    const added = after.filter(one => !before.includes(one))
    const removed = before.filter(one => !after.includes(one))
    const { comma, colon } = this.words
    if (added.length + removed.length === 0) return this.spoken.order(noun)
    return noun + colon + this.spoken.list(added.join(comma), removed.join(comma))
  }

  private wrappedText({ part, speaking }: Found, isNew: boolean): string {
    const { kind = '', body } = kindIn(part.value) ?? {}
    const [cap, floor] = [textIn(body, 'atMost'), textIn(body, 'atLeast')]
    const steps = [
      ...(cap === undefined ? [] : [this.spoken.steps.cap(cap)]),
      ...(floor === undefined ? [] : [this.spoken.steps.floor(floor)]),
    ]
    const name = kind === 'limit' ? steps.join(this.words.comma) : (this.spoken.kinds[kind] ?? kind)
    const details = kind === 'limit' || kind === 'deduct' ? null : nodeText(part.value, speaking)
    return isNew ? this.spoken.isNew(name, details) : this.spoken.isGone(name, details)
  }

  private firstTotal(found: Found | null, { names }: Version): string {
    return names.part('totals', String(found?.part.value))
  }

  private noun({ key, field }: Place): string {
    const { nouns, kinds } = this.spoken
    return nouns[key] ?? nouns[field] ?? kinds[field] ?? field
  }

  /** A value as it stands in a field, in words. */
  private value({ part: { value, pointer }, place, speaking }: Found): string {
    const { field, owner, kindOfRecords } = place
    const { spoken, words } = this
    const { names } = speaking
    if (isDateLike(value)) return dateText(value, speaking)
    if (owner === 'where') return wantedText(value, kindOfRecords, field, speaking)
    if (isMap(value)) {
      const { kind } = kindIn(value) ?? {}
      if (field === 'title' || isLocalized(value)) return spoken.quoted(textIn(value, this.language) ?? '')
      if (field === 'source') return [textIn(value, 'ref'), textIn(value, 'article')].filter(one => one !== undefined).join(words.comma)
      if (place.isCondition) return conditionText(value, speaking)
      if (field === 'where') return whereTexts(value, kindOfRecords, speaking).join(words.semicolon)
      if (value.row !== undefined) return rowText(value, place.measure, speaking)
      if (value.if !== undefined) return `${conditionText(value.if, speaking)}${words.colon}${nodeText(value.then as Tree, speaking)}`
      if (value.then !== undefined) return nodeText(value.then, speaking)
      if (place.isMeasure || (kind !== undefined && spoken.kinds[kind] !== undefined))
        return place.isMeasure ? (spoken.kinds[kind ?? ''] ?? json(value)) : nodeText(value, speaking)
      return json(value)
    }
    if (Array.isArray(value)) return value.map(one => this.value({ part: { value: one, pointer }, place, speaking })).join(words.comma)
    switch (field) {
      case 'source':
      case 'assumption':
        return spoken.quoted(value)
      case 'mark':
        return words.marks[value] ?? value
      case 'items':
      case 'gates':
      case 'freezes':
        return names.part(field, value)
      case 'total':
        return names.part('totals', value)
      case 'item':
        return names.part('items', value)
      case 'unit':
        return names.part('units', value)
      case 'holds':
      case 'codes':
      case 'is':
        return value === 'yes' ? words.yes : value === 'no' ? words.no : names.code(value, { measure: place.measure, kind: speaking.kind })
      case 'default':
        return names.code(value)
      case 'amount':
      case 'code':
        return kindOfRecords === undefined ? value : names.attribute(kindOfRecords, value)
      case 'of':
      case 'less':
      case 'among':
      case 'measure':
      case 'percent':
      case 'same':
      case 'least':
      case 'greatest':
      case 'added':
        return /^\d/.test(value) ? value : measureOrKind(value, speaking)
    }
    return spoken.enums[value] ?? value
  }

  private effectTexts({ effect, refused }: { effect: Effect; refused: number }): string[] {
    const { spoken } = this
    const { colon } = this.words
    return [
      spoken.compared(effect.compared),
      ...(refused > 0 ? [spoken.refused(refused)] : []),
      ...effect.totals.flatMap(({ total, eligible, ...moves }) => {
        const title = this.now.names.part('totals', total)
        const largest = spoken.largest(moves)
        return [
          title + colon + spoken.moved(moves),
          ...(largest === null ? [] : [title + colon + largest]),
          title + colon + spoken.eligible(eligible),
        ]
      }),
      ...effect.items
        .filter(({ up, down, open }) => up + down + open > 0)
        .map(({ item, ...moves }) => {
          const names = this.now.scheme.items.some(one => one.item === item) ? this.now.names : this.was.names
          return names.part('items', item) + colon + spoken.moved(moves)
        }),
    ]
  }

  private found(part: Part, version: Version): Found {
    const place = placeOf(version.names, part.pointer, this.language)
    return { part, place, speaking: { ...this.speaking(version), kind: place.recordOfEach } }
  }

  private speaking(of: Version | Found): Speaking {
    return 'speaking' in of ? of.speaking : { language: this.language, names: of.names, kind: undefined }
  }
}

type Version = { scheme: Scheme; names: SchemeNames }
/** A part of one of the two documents and its place in it. */
type Found = { part: Part; place: Place; speaking: Speaking }

function version(scheme: Scheme, language: Language): Version {
  return { scheme, names: schemeNames(scheme, normalized(scheme), language) }
}

function measureOrKind(name: string, speaking: Speaking): string {
  const title = readingTitle(name, speaking)
  return title === name ? speaking.names.kind(name) : title
}

function isDateLike(value: Tree): boolean {
  return (
    isDateUsed(value) ||
    (isMap(value) &&
      (value.shift !== undefined ||
        value.move !== undefined ||
        (value.from !== undefined && value.then === undefined && value.row === undefined && Object.keys(value).length === 1)))
  )
}

function isLocalized(value: Map_): boolean {
  return Object.keys(value).length === 2 && value['zh-CN'] !== undefined && value.en !== undefined
}

function json(value: Tree): string {
  return JSON.stringify(value)
}
