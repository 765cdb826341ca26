import type { Section } from '../../scoring/diff/diff.ts'
import { isMap, kindIn, type Map_, mapIn, partAt, textIn, textsIn } from '../../scoring/diff/tree.ts'
import type { Localized } from '../../scoring/document-parts.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import type { Tree } from '../../values/document.ts'
import { choiceIn, rowIn, titleIn } from './rule-text.ts'
import { type Language, words } from './words.ts'

/** The names that one scheme gives to what stands in it, in one language. `tree` is its document as it is compared. */
export type SchemeNames = {
  tree: Map_
  part(section: Section, name: string): string
  measure(name: string): string
  kind(name: string): string
  attribute(kind: string, name: string): string
  /** A unit's word of a measure or, inside `each`, of an attribute. */
  unit(measure: string, one: boolean, kind?: string): string
  /** A code as a measure or an attribute gives it; by itself, as the first list that has it. */
  code(code: string, of?: { measure?: string | undefined; kind?: string | undefined; attribute?: string | undefined }): string
  row(row: Tree, measure: string | undefined): string
  rowOfItem(item: string, row: string): string
}

export function schemeNames(scheme: Scheme, tree: Map_, language: Language): SchemeNames {
  const { both } = words[language]
  const { vocabulary } = scheme
  const measureOf = (name: string) => scheme.measures.find(one => one.name === name)
  const measure = (name: string) => measureOf(name)?.definition.title[language] ?? name
  const attributeOf = (kind: string | undefined, name: string | undefined) =>
    kind === undefined || name === undefined ? undefined : vocabulary.kinds.get(kind)?.attributes.get(name)
  const code: SchemeNames['code'] = (name, { measure, kind, attribute } = {}) => {
    const source = measure === undefined ? undefined : kindIn(partAt(tree, `/measures/${measure}`))?.body
    const lists = [attributeOf(kind, attribute ?? measure), attributeOf(textIn(source, 'of'), textIn(source, 'code'))]
    const all = [...vocabulary.kinds.values()].flatMap(one => [...one.attributes.values()])
    for (const one of [...lists, ...all]) {
      const title: Localized | undefined = one?.codes?.get(name)
      if (title) return title[language]
    }
    return name
  }
  const row = (source: Tree, of: string | undefined) =>
    titleIn(source)?.[language] ??
    textsIn(source, 'holds')
      .map(one => code(one, { measure: of }))
      .join(both)
  return {
    tree,
    part(section, name) {
      if (section === 'measures') return measure(name)
      if (section === 'evidence') return vocabulary.kinds.get(name)?.title[language] ?? name
      if (section === 'units') return vocabulary.units.get(name)?.title[language] ?? name
      const title = mapIn(mapIn(tree, section), name)?.title
      return isMap(title) ? (textIn(title, language) ?? name) : name
    },
    measure,
    kind: name => vocabulary.kinds.get(name)?.title[language] ?? name,
    attribute: (kind, name) => attributeOf(kind, name)?.title[language] ?? name,
    unit(name, one, kind) {
      const word = (attributeOf(kind, name)?.unit ?? measureOf(name)?.definition.unit)?.title[language] ?? ''
      return one && language === 'en' ? word.replace(/s$/, '') : word
    },
    code,
    row,
    rowOfItem(item, name) {
      const choice = choiceIn(mapIn(partAt(tree, `/items/${item}`), 'value'))
      const found = rowIn(choice, name)
      return found === undefined ? name : row(found, textIn(choice, 'of'))
    },
  }
}
