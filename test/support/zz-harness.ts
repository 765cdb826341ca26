import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { formatMeasure } from '../../src/scoring/measures/format.ts'
import { measureKinds } from '../../src/scoring/measures/kinds/all.ts'
import { notTaken, take } from '../../src/scoring/measures/measure.ts'
import { Compilation } from '../../src/scoring/scheme/compilation.ts'
import { compileDates } from '../../src/scoring/scheme/dates.ts'
import { readVocabulary } from '../../src/scoring/vocabulary.ts'
import { parseDate } from '../../src/values/civil-date.ts'
import { readDocument } from '../../src/values/document.ts'
import { readFileSync } from 'node:fs'
export type Parts = any
const vocabulary = readVocabulary(readFileSync(new URL('../../schemes/vocabulary/1.yaml', import.meta.url), 'utf8'))
export function measured(name: string, source: string, facts: object, asOf: string, rest: any = {}) {
  const tree = readDocument(`measures: {${name}: {${source}, source: {ref: s}}${rest.more ? `, ${rest.more}` : ''}}\ndates: ${rest.dates ?? '{}'}\nevidence: ${rest.evidence ?? '{}'}\nunits: ${rest.units ?? '{}'}\n`).tree as any
  const c = new Compilation({ vocabulary, units: tree.units, evidence: tree.evidence, sources: ['s'], measures: tree.measures, measureKinds, nodeKinds: [] })
  const dates = compileDates(tree.dates, { pointer: '/dates', origin: undefined }, c)
  c.compileAll()
  if (c.findings.length) throw new Error(JSON.stringify(c.findings))
  const read = readFacts(c.ownVocabulary(), facts)
  const m = c.measures.find(x => x.name === name)!
  const e = { facts: read, dates: dates.datesOf(dates.dates(parseDate(asOf)!), read), monthEnd: rest.monthEnd ?? 'last-day', values: new Array(c.measures.length).fill(notTaken) } as any
  const v = take(m, e)
  return v === undefined ? undefined : formatMeasure(m, v)
}
