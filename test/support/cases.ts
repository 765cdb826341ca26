import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import { type ScoreTexts, scorer, scoreTexts } from '../../src/scoring/score.ts'
import { readVocabulary } from '../../src/scoring/vocabulary.ts'
import { parseDate } from '../../src/values/civil-date.ts'
import { readDocument } from '../../src/values/document.ts'

/*
 * The shipped schemes and their cases (schemes/<place>/<year>/cases/*.yaml; docs/scheme-language.md, Cases). A case states what the rule
 * text gives, worked out by hand, and is read with the same reader as the schemes: every scalar is text.
 */

const root = fileURLToPath(new URL('../../schemes/', import.meta.url))

export const vocabulary = readVocabulary(readFileSync(`${root}vocabulary/1.yaml`, 'utf8'))
export const vocabularyOf = (version: string) => (version === vocabulary.version ? vocabulary : undefined)

export const shippedSchemes = ['beijing/2020', 'model/2017'] as const
export type ShippedScheme = (typeof shippedSchemes)[number]

export function schemeText(name: ShippedScheme): string {
  return readFileSync(`${root}${name}/scheme.yaml`, 'utf8')
}

export function shippedScheme(name: ShippedScheme): Scheme {
  return readScheme(schemeText(name), vocabularyOf)
}

export function day(text: string): number {
  const date = parseDate(text)
  if (date === undefined) throw new Error(`${text} is no date`)
  return date
}

export type FactsSource = { [kind: string]: unknown }
export type Case = { file: string; name: string; asOf: string; facts: FactsSource; expect: Expectation }
type Expectation = {
  eligible: string
  total: string | null
  totalIs: string
  items?: { [item: string]: string | null }
  totals?: { [total: string]: string | null }
  missing?: string[]
  unused?: string[]
  reasons?: string[]
}

type CaseFile = {
  source: string
  asOf: string
  base: FactsSource
  cases: { case: string; asOf?: string; facts?: FactsSource; without?: string[]; expect: Expectation }[]
}
const fileFields = ['source', 'asOf', 'base', 'cases']
const caseFields = ['case', 'source', 'asOf', 'facts', 'without', 'expect']
const expectFields = ['eligible', 'total', 'totalIs', 'items', 'totals', 'missing', 'unused', 'reasons']

/** All cases of a scheme. An unknown field, or a case without its expectation, is an error: a case that is not checked is worse than none. */
export function casesOf(name: ShippedScheme): Case[] {
  const folder = `${root}${name}/cases/`
  return readdirSync(folder)
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .flatMap(file => {
      const content = readDocument(readFileSync(folder + file, 'utf8')).tree as unknown as CaseFile
      known(content, fileFields, file)
      if (!content.source) throw new Error(`${file}: says not where its expectations come from`)
      return content.cases.map((one): Case => {
        known(one, caseFields, `${file}: ${one.case}`)
        known(one.expect, expectFields, `${file}: ${one.case}`)
        for (const field of ['eligible', 'total', 'totalIs'])
          if (!Object.hasOwn(one.expect, field)) throw new Error(`${file}: ${one.case}: expects no "${field}"`)
        const facts = { ...content.base, ...one.facts }
        for (const kind of one.without ?? []) {
          if (!Object.hasOwn(content.base, kind)) throw new Error(`${file}: ${one.case}: "${kind}" is not in the base`)
          delete facts[kind]
        }
        return { file, name: one.case, asOf: one.asOf ?? content.asOf, facts, expect: withNulls(one.expect) }
      })
    })
}

/** What a case gives, cut down to what it says. `missing`, `unused` and `reasons` are always compared: a case that leaves them out says none. */
export function outcomeOf(scheme: Scheme, one: Case): { got: Expectation; wanted: Expectation } {
  const { score } = explain(scorer(scheme, day(one.asOf)), readFacts(vocabulary, one.facts))
  const texts = scoreTexts(scheme, score)
  const only = (map: { [name: string]: string | null }, names: object = {}) =>
    Object.fromEntries(Object.keys(names).map(name => [name, map[name] as string | null]))
  return {
    got: {
      eligible: texts.eligible,
      total: texts.total,
      totalIs: texts.totalIs,
      items: only(texts.items, one.expect.items),
      totals: only(texts.totals, one.expect.totals),
      missing: texts.missing,
      unused: texts.unused,
      reasons: reasonTexts(texts),
    },
    wanted: { items: {}, totals: {}, missing: [], unused: [], reasons: [], ...one.expect },
  }
}

export function reasonTexts(texts: ScoreTexts): string[] {
  return texts.reasons.map(reason => [reason.code, 'gate' in reason ? reason.gate : 'item' in reason ? reason.item : ''].join(' ').trim())
}

function known(part: object, fields: string[], where: string): void {
  for (const field of Object.keys(part)) if (!fields.includes(field)) throw new Error(`${where}: unknown field "${field}"`)
}

/** `null` in a case says that there are no points; the reader gives every scalar as text. */
function withNulls(expect: Expectation): Expectation {
  const nullable = (text: string | null) => (text === 'null' ? null : text)
  const all = (map: { [name: string]: string | null } = {}) =>
    Object.fromEntries(Object.entries(map).map(([name, text]) => [name, nullable(text)]))
  return { ...expect, total: nullable(expect.total), items: all(expect.items), totals: all(expect.totals) }
}
