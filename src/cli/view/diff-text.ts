import type { Change } from '../../scoring/diff/changes.ts'
import { type PartDiff, type SchemeDiff, sections } from '../../scoring/diff/diff.ts'
import type { Effect } from '../../scoring/diff/effect.ts'
import { normalized } from '../../scoring/diff/normalized.ts'
import { kindIn, type Map_, partAt } from '../../scoring/diff/tree.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import { formatDecimal } from '../../values/decimal.ts'
import type { Tree } from '../../values/document.ts'
import { pointerOf } from './diff-place.ts'
import { changeText, type Version } from './diff-sentence.ts'
import { conditionText, dateText, nodeText, type Speaking } from './diff-values.ts'
import { diffWords } from './diff-words.ts'
import { schemeNames } from './scheme-names.ts'
import { wrapped } from './width.ts'
import { words as allWords, type Language } from './words.ts'

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
  private readonly language: Language
  private readonly was: Version
  private readonly now: Version

  constructor(was: Scheme, now: Scheme, language: Language) {
    this.language = language
    const version = (scheme: Scheme): Version => ({ scheme, names: schemeNames(scheme, normalized(scheme), language) })
    this.was = version(was)
    this.now = version(now)
  }

  /** Every change, in the order of the sections. */
  changes({ head, parts }: SchemeDiff): ToldChange[] {
    const ofHead = head.map(change => ({ section: 'head', part: '', ...this.told(change) }))
    return [...ofHead, ...parts.flatMap(part => this.partChanges(part))]
  }

  /** The whole comparison as lines of at most `columns`. */
  text(diff: SchemeDiff, effect: { effect: Effect; refused: number } | undefined, columns: number): string {
    const spoken = diffWords[this.language]
    const width = Math.min(100, Math.max(40, columns))
    const indented = (texts: string[]) => texts.flatMap(text => wrapped(text, width, '  ', '    '))
    const told = this.changes(diff)
    const section = (name: string, heading: string) => {
      const texts = told.filter(change => change.section === name).map(({ text }) => text)
      return texts.length === 0 ? [] : ['', heading, ...indented(texts)]
    }
    const named = ({ scheme }: Version) => `${scheme.title[this.language]} (${scheme.scheme} ${scheme.version})`
    const lines = [
      ...wrapped(spoken.heading(named(this.was), named(this.now)), width),
      ...(told.length === 0 ? ['', spoken.nothing] : []),
      ...section('head', spoken.head),
      ...sections.flatMap(name => section(name, spoken.sections[name])),
      ...(effect ? ['', spoken.effect, ...indented(this.effectTexts(effect))] : []),
    ]
    return `${lines.join('\n')}\n`
  }

  private partChanges({ section, name, what, changes, through }: PartDiff): ToldChange[] {
    const spoken = diffWords[this.language]
    const { colon } = allWords[this.language]
    const version = what === 'removed' ? this.was : this.now
    const title = version.names.part(section, name)
    if (what !== 'changed') {
      const tell = what === 'added' ? spoken.isNew : spoken.isGone
      const pointer = pointerOf('', section, name)
      const value = partAt(version.names.tree, pointer) ?? null
      const values = what === 'added' ? { was: null, now: value } : { was: value, now: null }
      return [{ section, part: name, what, pointer, ...values, text: tell(title, this.summary(version, section, name)) }]
    }
    const under = (heading: string) => (change: Change) => {
      const told = this.told(change)
      return { section, part: name, ...told, text: heading + colon + told.text }
    }
    return [
      ...changes.map(under(title)),
      ...through.flatMap(({ measure, changes }) => changes.map(under(title + colon + this.now.names.measure(measure)))),
    ]
  }

  private told(change: Change): Omit<ToldChange, 'section' | 'part'> {
    const { text, place } = changeText(change, this.was, this.now, this.language)
    const pointer = (change.now ?? change.was)?.pointer ?? ''
    return {
      what: change.what,
      // A date as it is compared stands in the document itself.
      pointer: place.isDay ? pointer.replace(/\/is$/, '') : pointer,
      was: change.was?.value ?? null,
      now: change.now?.value ?? null,
      text,
    }
  }

  /** What a part that is new or gone says. */
  private summary({ scheme, names }: Version, section: PartDiff['section'], name: string): string | null {
    const spoken = diffWords[this.language]
    const part = partAt(names.tree, pointerOf('', section, name)) as Map_
    const speaking: Speaking = { language: this.language, names, kind: undefined }
    switch (section) {
      case 'items': {
        const { possible, scale = 0 } = scheme.items.find(({ item }) => item === name) ?? {}
        const most = possible === undefined ? [] : [spoken.possible(formatDecimal(possible, scale))]
        return [nodeText(part.value as Tree, speaking), ...most].join(allWords[this.language].semicolon)
      }
      case 'gates':
        return conditionText(part.require as Tree, speaking)
      case 'freezes':
        return conditionText(part.when as Tree, speaking)
      case 'dates':
        return dateText(part.is as Tree, speaking)
      case 'measures':
        return spoken.kinds[kindIn(part)?.kind ?? ''] ?? null
      default:
        return null
    }
  }

  private effectTexts({ effect, refused }: { effect: Effect; refused: number }): string[] {
    const spoken = diffWords[this.language]
    const { colon } = allWords[this.language]
    const titleOf = (section: 'items' | 'totals', name: string) => {
      const has = ({ scheme }: Version) =>
        scheme.items.some(({ item }) => item === name) || scheme.totals.some(({ total }) => total === name)
      return (has(this.now) ? this.now : this.was).names.part(section, name)
    }
    return [
      spoken.compared(effect.compared),
      ...(refused > 0 ? [spoken.refused(refused)] : []),
      ...effect.totals.flatMap(({ total, eligible, ...moves }) => {
        const largest = spoken.largest(moves)
        const texts = [spoken.moved(moves), ...(largest === null ? [] : [largest]), spoken.eligible(eligible)]
        return texts.map(text => titleOf('totals', total) + colon + text)
      }),
      ...effect.items
        .filter(({ up, down, open }) => up + down + open > 0)
        .map(({ item, ...moves }) => titleOf('items', item) + colon + spoken.moved(moves)),
    ]
  }
}
