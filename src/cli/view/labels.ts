import type { Explanation } from '../../scoring/explanation.ts'
import type { Vocabulary } from '../../scoring/vocabulary.ts'
import { type Language, words } from './words.ts'

/** The names of items, measures, units and codes in one language. */
export type Labels = {
  item(id: string): string
  measure(name: string): string
  /** A unit's word; for one of it, the English singular. */
  unit(measure: string, one?: boolean): string
  code(code: string): string
  /** A measure's value with its unit, unless the measure's name says the unit already ("months insured: 80"). */
  value(measure: string, value: string | string[]): string
}

/** Without a vocabulary, codes and units stand as their plain names. */
export function labelsOf(explanation: Explanation, language: Language, vocabulary?: Vocabulary): Labels {
  const codes = new Map<string, string>()
  for (const kind of vocabulary?.kinds.values() ?? [])
    for (const attribute of kind.attributes.values())
      for (const [code, title] of attribute.codes ?? []) if (!codes.has(code)) codes.set(code, title[language])
  const title = (name: string) => explanation.measures[name]?.title[language] ?? name
  const unit = (name: string, one = false) => {
    const word = vocabulary?.measures.get(name)?.unit.title[language] ?? explanation.measures[name]?.unit ?? ''
    return one && language === 'en' ? word.replace(/s$/, '') : word
  }
  const code = (name: string) => codes.get(name) ?? name
  return {
    item: id => explanation.items.find(({ item }) => item === id)?.title[language] ?? id,
    measure: title,
    unit,
    code,
    value(name, value) {
      const { comma, none, yes, no } = words[language]
      if (Array.isArray(value)) return value.length === 0 ? none : value.map(code).join(comma)
      const kind = explanation.measures[name]?.unit
      if (kind === 'yes-no') return value === 'yes' ? yes : no
      if (kind === undefined || kind === 'date') return value
      const word = unit(name, value === '1')
      return title(name).toLowerCase().includes(unit(name).toLowerCase()) ? value : `${value} ${word}`
    },
  }
}
