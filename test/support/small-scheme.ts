import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import type { Explanation } from '../../src/scoring/explanation.ts'
import { formatMeasure } from '../../src/scoring/measures/format.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { type ScoreTexts, scorer, scoreTexts } from '../../src/scoring/score.ts'
import { day, reasonTexts, vocabularyOf } from './cases.ts'

/*
 * The smallest schemes that show one part: a measure by itself, or a node as the value of an item.
 */

export type Parts = {
  measures?: string
  gates?: string
  items?: string
  totals?: string
  dates?: string
  monthEnd?: string
  status?: string
}

/** A scheme around the given parts, each in YAML flow style. */
export function small({
  measures = '{}',
  gates = '{}',
  items = '{}',
  totals = '{t: {title: {zh-CN: 总, en: t}, scale: 2, rounding: none}}',
  dates = '{}',
  monthEnd = 'last-day',
  status = 'complete',
}: Parts): string {
  return [
    'scheme: small',
    'version: "1"',
    'vocabulary: "1"',
    'title: {zh-CN: 小, en: small}',
    `status: ${status}`,
    'sources: {s: {title: a source, mark: OWN}}',
    `calendar: {monthEnd: ${monthEnd}, assumption: for the test}`,
    `dates: ${dates}`,
    `measures: ${measures}`,
    `gates: ${gates}`,
    `items: ${items}`,
    `totals: ${totals}`,
    '',
  ].join('\n')
}

/** An item whose value is the node. */
export function item(name: string, node: string, scale = 'scale: 2, rounding: none'): string {
  return `${name}: {title: {zh-CN: 项, en: ${name}}, source: {ref: s}, ${scale}, value: ${node}}`
}

/** What a measure gives for facts, as text; undefined where it is missing. */
export function measured(name: string, source: string, facts: object, asOf: string, rest: Parts & { more?: string } = {}) {
  const { more = '', ...parts } = rest
  const text = small({ measures: `{${name}: {${source}, source: {ref: s}}${more && `, ${more}`}}`, ...parts })
  const scheme = readScheme(text, vocabularyOf)
  const score = scorer(scheme, day(asOf)).score(readFacts(vocabularyOf('1') as never, facts))
  const value = score.measure(name)
  const measure = scheme.measures.find(one => one.name === name)
  return value === undefined || !measure ? undefined : formatMeasure(measure, value)
}

/** Scores attested measures by a small scheme. */
export function scored(text: string, facts: object, asOf = '2016-12-31'): ScoreTexts & { why: string[]; explanation: Explanation } {
  const scheme = readScheme(text, vocabularyOf)
  const { score, explanation } = explain(scorer(scheme, day(asOf)), readFacts(vocabularyOf('1') as never, facts))
  const texts = scoreTexts(scheme, score)
  return { ...texts, why: reasonTexts(texts), explanation }
}
