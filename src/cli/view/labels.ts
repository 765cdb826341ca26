import { kindIn, mapIn, partAt, textIn, textsIn, treeOf } from '../../scoring/diff/tree.ts'
import type { Localized } from '../../scoring/document-parts.ts'
import type { Explanation } from '../../scoring/explanation.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import type { AttributeDefinition, Unit, Vocabulary } from '../../scoring/vocabulary.ts'
import { parseDate } from '../../values/civil-date.ts'
import { choiceIn, dayOf, rowIn, titleIn } from './rule-text.ts'
import { type Language, words } from './words.ts'

/** The names of items, measures, units, codes, rows and dates in one language. Inside `each`, `kind` is that of the record at hand. */
export type Labels = {
  item(id: string): string
  total(id: string): string
  kind(name: string): string
  /** A measure or, inside `each`, an attribute of the record. */
  measure(name: string, kind?: string): string
  /** Whether a measure is somebody's age in completed years: its figures are told as one tells an age. */
  isAge(measure: string): boolean
  /** A unit's word; for one of it, the English singular. */
  unit(measure: string, one?: boolean, kind?: string): string
  /** A code that a measure gives. */
  code(code: string, measure?: string, kind?: string): string
  /** A code or amount of a record. */
  attribute(kind: string, name: string, value: string): string
  /** A measure's value with its unit, unless the measure's name says the unit already ("months insured: 80"). */
  value(measure: string, value: string | string[], kind?: string): string
  /** A row of the choice at a place. */
  row(at: string, row: string, measure?: string, kind?: string): string
  /** The row that the choice of an item took. */
  rowOfItem(item: string, row: string): string
  /** The day of a date, or how evidence gives it. */
  day(name: string): string
  /** The same, told as the date of a rule. */
  date(name: string): string
}

/**
 * Without a vocabulary, codes and units stand as their plain names; without the scheme, rows and dates do. The vocabulary of a scheme has what the
 * scheme names itself.
 */
export function labelsOf(explanation: Explanation, language: Language, vocabulary?: Vocabulary, scheme?: Scheme): Labels {
  const { comma, both, none, yes, no, referenceDate, dateOfRecord } = words[language]
  const tree = scheme && treeOf(scheme)
  const asOf = parseDate(explanation.asOf) as number
  const attributeOf = (kind: string | undefined, name: string) =>
    kind === undefined ? undefined : vocabulary?.kinds.get(kind)?.attributes.get(name)
  const measureSource = (name: string) => kindIn(partAt(tree, `/measures/${name}`))

  /** The lists in which a code of a measure may stand: the one it reads, those of its evidence, then every other. */
  function* lists(measure: string | undefined, kind: string | undefined): Generator<ReadonlyMap<string, Localized>> {
    const codesOf = (attribute: AttributeDefinition | undefined) => (attribute?.codes ? [attribute.codes] : [])
    if (measure !== undefined) {
      yield* codesOf(attributeOf(kind, measure))
      const source = measureSource(measure)?.body
      yield* codesOf(attributeOf(textIn(source, 'of'), textIn(source, 'code') ?? ''))
      for (const { kind } of explanation.measures[measure]?.evidence ?? [])
        for (const attribute of vocabulary?.kinds.get(kind)?.attributes.values() ?? []) yield* codesOf(attribute)
    }
    for (const { attributes } of vocabulary?.kinds.values() ?? []) for (const attribute of attributes.values()) yield* codesOf(attribute)
  }
  const code = (name: string, measure?: string, kind?: string): string => {
    for (const list of lists(measure, kind)) {
      const title = list.get(name)
      if (title) return title[language]
    }
    return name
  }
  const unitOf = (name: string, kind?: string): Pick<Unit, 'name' | 'title'> | undefined => {
    const attribute = attributeOf(kind, name)
    if (attribute) return attribute.unit
    const unit = explanation.measures[name]?.unit
    return vocabulary?.measures.get(name)?.unit ?? (unit === undefined ? undefined : (vocabulary?.units.get(unit) ?? plainUnit(unit)))
  }
  const unitWord = (unit: Pick<Unit, 'title'> | undefined, one: boolean) => {
    const word = unit?.title[language] ?? ''
    return one && language === 'en' ? word.replace(/s$/, '') : word
  }
  const titleOf = (name: string, kind?: string) =>
    (attributeOf(kind, name) ?? explanation.measures[name] ?? vocabulary?.measures.get(name))?.title[language] ?? name
  const amount = (unit: Pick<Unit, 'title'> | undefined, value: string) => `${value} ${unitWord(unit, value === '1')}`.trimEnd()
  const rowLabel = (choice: ReturnType<typeof partAt>, row: string, measure?: string, kind?: string) => {
    const found = rowIn(choice, row)
    if (!found) return code(row, measure, kind)
    return (
      titleIn(found)?.[language] ??
      textsIn(found, 'holds')
        .map(one => code(one, measure, kind))
        .join(both)
    )
  }
  const day = (name: string) => {
    if (parseDate(name) !== undefined) return name
    if (name === 'reference') return explanation.asOf
    const known = scheme && dayOf(scheme, name, asOf)
    const kind = textIn(partAt(tree, `/dates/${name}`), 'of')
    if (known !== undefined) return known
    return kind === undefined ? name : dateOfRecord(kindTitle(kind), textIn(partAt(tree, `/dates/${name}`), 'which') ?? 'first')
  }
  const kindTitle = (name: string) => vocabulary?.kinds.get(name)?.title[language] ?? name

  return {
    item: id => explanation.items.find(({ item }) => item === id)?.title[language] ?? id,
    total: id => explanation.totals.find(({ total }) => total === id)?.title[language] ?? id,
    kind: kindTitle,
    measure: titleOf,
    isAge(name) {
      if (explanation.measures[name]?.unit !== 'years') return false
      const source = measureSource(name)
      // With the year begun counted, "at least 16" is not "16 or older".
      if (source) return source.kind === 'age' && textIn(source.body, 'of') === 'birth' && textIn(source.body, 'count') !== 'begun'
      return name === 'age' || name === 'ageAtApplication'
    },
    unit: (name, one = false, kind) => unitWord(unitOf(name, kind), one),
    code,
    attribute(kind, name, value) {
      const attribute = attributeOf(kind, name)
      return attribute?.codes?.get(value)?.[language] ?? amount(attribute?.unit, value)
    },
    value(name, value, kind) {
      if (Array.isArray(value)) return value.length === 0 ? none : value.map(one => code(one, name, kind)).join(comma)
      const unit = unitOf(name, kind)
      if (unit?.name === 'yes-no') return value === 'yes' ? yes : no
      if (!unit || unit.name === 'date') return value
      const isTold = titleOf(name, kind).toLowerCase().includes(unit.title[language].toLowerCase())
      return isTold ? value : amount(unit, value)
    },
    row: (at, row, measure, kind) => rowLabel(partAt(tree, at), row, measure, kind),
    rowOfItem(item, row) {
      const choice = choiceIn(mapIn(partAt(tree, `/items/${item}`), 'value'))
      return rowLabel(choice, row, textIn(choice, 'of'))
    },
    day,
    date: name => (name === 'reference' ? referenceDate(explanation.asOf) : day(name)),
  }
}

function plainUnit(name: string): Pick<Unit, 'name' | 'title'> {
  return { name, title: { 'zh-CN': name, en: name } }
}
