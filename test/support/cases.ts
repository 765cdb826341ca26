import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CaseText } from '../../src/scoring/cases/lint-with-cases.ts'
import { type Case, readCases } from '../../src/scoring/cases/read-cases.ts'
import { codeAndName, type Outcome, runCase } from '../../src/scoring/cases/run-case.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import type { ScoreTexts } from '../../src/scoring/score.ts'
import { readVocabulary } from '../../src/scoring/vocabulary.ts'
import { parseDate } from '../../src/values/civil-date.ts'

/*
 * The shipped schemes and their cases (schemes/<place>/<year>/cases/*.yaml; docs/scheme-language.md, Cases). A case states what the rule
 * text gives, worked out by hand.
 */

const root = fileURLToPath(new URL('../../schemes/', import.meta.url))

export const vocabulary = readVocabulary(readFileSync(`${root}vocabulary/1.yaml`, 'utf8'))
export const vocabularyOf = (version: string) => (version === vocabulary.version ? vocabulary : undefined)

/** Every scheme that is shipped, as place/year. */
export const shippedSchemes = readdirSync(root, { withFileTypes: true })
  .filter(place => place.isDirectory() && place.name !== 'vocabulary')
  .flatMap(place => readdirSync(root + place.name).map(year => `${place.name}/${year}`))
  .filter(name => existsSync(`${root}${name}/scheme.yaml`))
  .sort()
/** Those for which there is an oracle of their own, written from their rules in words. */
export const schemesInWords = ['beijing/2020', 'model/2017'] as const
export type SchemeInWords = (typeof schemesInWords)[number]

export function schemeText(name: string): string {
  return readFileSync(`${root}${name}/scheme.yaml`, 'utf8')
}

export function shippedScheme(name: string): Scheme {
  return readScheme(schemeText(name), vocabularyOf)
}

export function day(text: string): number {
  const date = parseDate(text)
  if (date === undefined) throw new Error(`${text} is no date`)
  return date
}

export type ShippedCase = Case & { file: string; name: string }

/** The case files of a scheme, by name. */
export function caseTextsOf(name: string): CaseText[] {
  const folder = `${root}${name}/cases/`
  return readdirSync(folder)
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .map(file => ({ name: file, text: readFileSync(folder + file, 'utf8') }))
}

/** All cases of a scheme. A fault in one of their files is an error. */
export function casesOf(name: string): ShippedCase[] {
  const scheme = shippedScheme(name)
  return caseTextsOf(name).flatMap(file => {
    const { cases, findings } = readCases(file.text, scheme)
    if (findings.length > 0) throw new Error(`${file.name}: ${JSON.stringify(findings)}`)
    return cases.map(one => ({ ...one, file: file.name, name: one.case }))
  })
}

/** What a case gives, cut down to what it says. */
export function outcomeOf(scheme: Scheme, one: Case): { got: Outcome; wanted: Outcome } {
  const { got, wanted } = runCase(scheme, one)
  return { got, wanted }
}

export function reasonTexts(texts: ScoreTexts): string[] {
  return texts.reasons.map(codeAndName)
}
