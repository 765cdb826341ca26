import type { Change, Part } from '../../scoring/diff/changes.ts'
import { isDateUsed } from '../../scoring/diff/normalized.ts'
import { isMap, kindIn, type Map_, textIn } from '../../scoring/diff/tree.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import type { Tree } from '../../values/document.ts'
import { type Place, placeOf } from './diff-place.ts'
import { conditionText, dateText, nodeText, readingTitle, rowText, type Speaking, shiftedText, wantedText } from './diff-values.ts'
import { type DiffWords, diffWords } from './diff-words.ts'
import type { SchemeNames } from './scheme-names.ts'
import { type Language, type Words, words } from './words.ts'

/** One of the two schemes and the names that it gives. */
export type Version = { scheme: Scheme; names: SchemeNames }

/** A part of one of the two documents and its place in it. */
type Found = { value: Tree; place: Place; speaking: Speaking }

/** One change as a sentence, with the titles of what stands around it before it. */
export function changeText(change: Change, was: Version, now: Version, language: Language): { text: string; place: Place } {
  const sentences = new Sentences(language)
  const found = ({ pointer, value }: Part, { names }: Version): Found => {
    const place = placeOf(names, pointer, language)
    return { value, place, speaking: { language, names, kind: place.recordOfEach } }
  }
  const [before, after] = [change.was && found(change.was, was), change.now && found(change.now, now)]
  const { place } = (after ?? before) as Found
  return { place, text: [...place.trail, sentences.sentence(change.what, before, after)].join(words[language].colon) }
}

class Sentences {
  private readonly language: Language
  private readonly spoken: DiffWords
  private readonly words: Words

  constructor(language: Language) {
    this.language = language
    this.spoken = diffWords[language]
    this.words = words[language]
  }

  sentence(what: Change['what'], was: Found | null, now: Found | null): string {
    const found = (now ?? was) as Found
    if (what === 'order') return was && now ? this.orderText(was, now) : this.spoken.order(this.noun(found))
    if (what === 'wrapped') return this.wrappedText(found, now !== null)
    if (found.place.owner === 'window') return this.windowText(was, now)
    if (found.place.isBound) return this.boundText(was, now)
    if (was && now) return this.changedText(was, now)
    const { subject } = found.place
    const value = isRow(found.value) ? this.words.gives(textIn(found.value, 'points') ?? '') : this.value(found)
    if (subject !== undefined) return now ? this.spoken.isNew(subject, value) : this.spoken.isGone(subject, value)
    return now ? this.spoken.added(this.noun(found), value) : this.spoken.removed(this.noun(found), value)
  }

  /** Rows that stand otherwise, or another total that comes first. */
  private orderText(was: Found, now: Found): string {
    if (now.place.key !== '.totals') return this.spoken.order(this.noun(now))
    const [before, after] = [was, now].map(({ value, speaking }) => speaking.names.part('totals', String(value))) as [string, string]
    return this.spoken.changed(this.spoken.nouns.firstTotal as string, before, after)
  }

  private changedText(was: Found, now: Found): string {
    const { spoken } = this
    const noun = this.noun(now)
    if (now.place.isPoints) return spoken.gives(now.place.subject ?? null, String(was.value), String(now.value))
    if (Array.isArray(was.value) && Array.isArray(now.value)) return this.listText(noun, was, now)
    const shifted = isDay(was.value) && isDay(now.value) ? shiftedText(was.value, now.value, now.speaking) : undefined
    if (shifted !== undefined) return `${noun}${this.words.colon}${shifted}`
    const [before, after] = [this.value(was), this.value(now)]
    if (before !== after) return spoken.changed(noun, before, after)
    const isTwofold = isLocalized(was.value) || isLocalized(now.value)
    return isTwofold ? spoken.elsewhere(noun) : spoken.fallback(noun, JSON.stringify(was.value), JSON.stringify(now.value))
  }

  /** A figure that something is compared with: "at least 18 instead of at least 16". */
  private boundText(was: Found | null, now: Found | null): string {
    const test = ({ value, place }: Found) => this.words.tests[place.field]?.(String(value)) ?? String(value)
    if (was && now) return this.spoken.instead(test(was), test(now))
    return now ? this.spoken.isNew(test(now), null) : this.spoken.isGone(test(was as Found), null)
  }

  /** The beginning or end of a window, in the figures that changed if only they did. */
  private windowText(was: Found | null, now: Found | null): string {
    const isFrom = (now ?? was)?.place.field === 'from'
    const tell = isFrom ? this.spoken.windowBegins : this.spoken.windowEnds
    const day = ({ value, speaking }: Found) => dateText(value, speaking)
    if (!now) return this.spoken.removed(this.noun(was as Found), day(was as Found))
    if (!was) return tell(day(now))
    return tell(shiftedText(was.value, now.value, now.speaking) ?? this.spoken.instead(day(was), day(now)))
  }

  private listText(noun: string, was: Found, now: Found): string {
    const texts = (found: Found) => (found.value as Tree[]).map(value => this.value({ ...found, value }))
    const [before, after] = [texts(was), texts(now)]
    const added = after.filter(one => !before.includes(one))
    const removed = before.filter(one => !after.includes(one))
    const { comma, colon } = this.words
    if (added.length + removed.length === 0) return this.spoken.order(noun)
    return noun + colon + this.spoken.list(added.join(comma), removed.join(comma))
  }

  private wrappedText({ value, speaking }: Found, isNew: boolean): string {
    const { kind = '', body } = kindIn(value) ?? {}
    const [cap, floor] = [textIn(body, 'atMost'), textIn(body, 'atLeast')]
    const { steps, kinds } = this.spoken
    const limits = [...(cap === undefined ? [] : [steps.cap(cap)]), ...(floor === undefined ? [] : [steps.floor(floor)])]
    const name = kind === 'limit' ? limits.join(this.words.comma) : (kinds[kind] ?? kind)
    const details = kind === 'limit' || kind === 'deduct' ? null : nodeText(value, speaking)
    return isNew ? this.spoken.isNew(name, details) : this.spoken.isGone(name, details)
  }

  private noun({ place, speaking }: Found): string {
    const { nouns, kinds, ofRecords } = this.spoken
    const { key, field, owner } = place
    if (owner === 'where') return ofRecords(speaking.names.attribute(place.kindOfRecords ?? '', field), place.isTolerated)
    if (place.isDay) return nouns.day as string
    if (owner === 'codes') return nouns.codes as string
    return nouns[key] ?? nouns[field] ?? kinds[field] ?? field
  }

  /** A value as it stands in a field, in words. */
  private value(found: Found): string {
    const { value, place, speaking } = found
    if (isDay(value)) return dateText(value, speaking)
    if (place.owner === 'where') return wantedText(value, place.kindOfRecords, place.field, speaking)
    if (Array.isArray(value)) return value.map(one => this.value({ ...found, value: one })).join(this.words.comma)
    return isMap(value) ? this.mapText(value, found) : this.scalarText(value, found)
  }

  private mapText(value: Map_, { place, speaking }: Found): string {
    const { spoken } = this
    const { colon, comma } = this.words
    if (isLocalized(value)) return spoken.quoted(textIn(value, this.language) ?? '')
    if (place.field === 'source') return [textIn(value, 'ref'), textIn(value, 'article')].filter(one => one !== undefined).join(comma)
    if (place.isCondition) return conditionText(value, speaking)
    if (isRow(value)) return rowText(value, place.measure, speaking)
    if (value.if !== undefined) return conditionText(value.if, speaking) + colon + nodeText(value.then as Tree, speaking)
    if (value.then !== undefined) return nodeText(value.then, speaking)
    const kind = spoken.kinds[kindIn(value)?.kind ?? '']
    if (kind === undefined) return JSON.stringify(value)
    return place.isMeasure ? kind : nodeText(value, speaking)
  }

  private scalarText(value: string, { place, speaking }: Found): string {
    const { words, spoken } = this
    const { names } = speaking
    switch (place.field) {
      case 'assumption':
        return spoken.quoted(value)
      case 'mark':
        return words.marks[value] ?? value
      case 'items':
      case 'gates':
      case 'freezes':
        return names.part(place.field, value)
      case 'total':
        return names.part('totals', value)
      case 'item':
        return names.part('items', value)
      case 'unit':
        return /^\d/.test(value) ? value : names.part('units', value)
      case 'holds':
      case 'codes':
      case 'is':
        if (value === 'yes' || value === 'no') return words[value]
        return names.code(value, { measure: place.measure, kind: speaking.kind })
      case 'default':
        return names.code(value)
      case 'amount':
      case 'code':
        return place.kindOfRecords === undefined ? value : names.attribute(place.kindOfRecords, value)
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
}

function measureOrKind(name: string, speaking: Speaking): string {
  const title = readingTitle(name, speaking)
  return title === name ? speaking.names.kind(name) : title
}

/** A date where it is used, or what a named date is. */
function isDay(value: Tree): boolean {
  if (isDateUsed(value)) return true
  return (
    isMap(value) &&
    Object.keys(value).every(field => ['from', 'shift', 'move', 'of', 'where', 'which', 'otherwise'].includes(field)) &&
    (value.from !== undefined || value.which !== undefined)
  )
}

function isRow(value: Tree): boolean {
  return isMap(value) && value.row !== undefined
}

function isLocalized(value: Tree): boolean {
  return isMap(value) && Object.keys(value).length === 2 && value['zh-CN'] !== undefined && value.en !== undefined
}
