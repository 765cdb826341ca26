import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { formatMeasure } from '../../src/scoring/measures/format.ts'
import { measureKinds } from '../../src/scoring/measures/kinds/all.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { scorer } from '../../src/scoring/score.ts'
import { readDocument } from '../../src/values/document.ts'
import { day, vocabulary, vocabularyOf } from '../support/cases.ts'
import { caseFiles } from '../support/conformance.ts'
import { small } from '../support/small-scheme.ts'

/*
 * The cases of each kind of measure (src/scoring/measures/kinds/<kind>.cases.json), worked out by hand from docs/scheme-language.md. They are
 * plain JSON, so that any other engine can be held against them (Conformance, there). Titles and sources, which change no value, are left out
 * in the files and put in here.
 */

type Part = { [name: string]: unknown }
type Case = {
  case: string
  asOf: string
  monthEnd?: string
  units?: Part
  evidence?: Part
  dates?: { [name: string]: Part }
  measures: { [name: string]: Part }
  facts: Part
  expect: { [measure: string]: string | string[] | null }
}

const folder = new URL('../../src/scoring/measures/kinds/', import.meta.url)
const files = readdirSync(folder)
  .filter(file => file.endsWith('.cases.json'))
  .map(file => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { about: string; kind: string; cases: Case[] })

t.same(files.map(file => file.kind).sort(), measureKinds.map(kind => kind.name).sort(), 'every kind of measure has its cases')

t.test('the files of all kinds are plain JSON: they say what they are, and every scalar is a text', async t => {
  const figures = (part: unknown): unknown[] =>
    typeof part === 'object' && part !== null
      ? Object.values(part).flatMap(figures)
      : part === null || typeof part === 'string'
        ? []
        : [part]
  for (const file of [...files, ...caseFiles.values()]) {
    t.match(file.about, /docs\/scheme-language\.md, /, file.kind)
    t.same(figures(file), [], file.kind)
  }
})

t.test('the vocabulary of the cases lies beside its YAML as JSON of the same content', async t => {
  const json = readFileSync(new URL('../../schemes/vocabulary/1.json', import.meta.url), 'utf8')
  t.equal(json, `${JSON.stringify(readDocument(vocabulary.text).tree, null, 2)}\n`)
})

for (const { kind, cases } of files)
  t.test(kind, async t => {
    for (const one of cases) t.same(outcome(one), one.expect, one.case)
  })

function outcome({ asOf, monthEnd, units, evidence, dates, measures, facts, expect }: Case): Case['expect'] {
  const known = vocabularyOf('1')?.measures
  const rest = { assumption: 'the case' }
  const titled = ([name, measure]: [string, Part]) => [
    name,
    { ...measure, ...rest, ...(!known?.has(name) && { title: { 'zh-CN': name, en: name } }) },
  ]
  const text = small({
    measures: JSON.stringify(Object.fromEntries(Object.entries(measures).map(titled))),
    dates: JSON.stringify(Object.fromEntries(Object.entries(dates ?? {}).map(([name, date]) => [name, { ...date, ...rest }]))),
    ...(monthEnd && { monthEnd }),
  })
  const scheme = readScheme(`${text}units: ${JSON.stringify(units ?? {})}\nevidence: ${JSON.stringify(evidence ?? {})}\n`, vocabularyOf)
  const score = scorer(scheme, day(asOf)).score(readFacts(scheme.vocabulary, facts))
  return Object.fromEntries(
    Object.keys(expect).map(name => {
      const value = score.measure(name)
      const measure = scheme.measures.find(one => one.name === name)
      return [name, value === undefined || !measure ? null : formatMeasure(measure, value)]
    }),
  )
}

/** The parts of a JSON schema that the walk looks at. */
type Shape = { properties?: { [name: string]: Shape }; patternProperties?: { [pattern: string]: Shape }; items?: Shape; enum?: string[] }

/** `where` means the same everywhere, so its bounds need a case in one kind only. */
const below = (path: string, name: string) => (name === 'where' ? 'where' : `${path}.${name}`)

/** Every option of a schema, and every word that one may be, as paths. */
function optionsOf(shape: Shape, path: string): string[] {
  return [
    ...(shape.enum ?? []).map(word => `${path}: ${word}`),
    ...Object.entries(shape.properties ?? {}).flatMap(([name, part]) => [`${path}.${name}`, ...optionsOf(part, below(path, name))]),
    ...Object.values(shape.patternProperties ?? {}).flatMap(part => optionsOf(part, path)),
    ...(shape.items ? optionsOf(shape.items, path) : []),
  ]
}

/** The same of what a case says. */
function usedBy(value: unknown, shape: Shape, path: string): string[] {
  if (Array.isArray(value)) return [`${path}: list`, ...value.flatMap(one => (shape.items ? usedBy(one, shape.items, path) : []))]
  if (typeof value === 'string') return [`${path}: ${value}`]
  return Object.entries(value as Part).flatMap(([name, part]) => {
    const named = shape.properties?.[name]
    if (named) return [`${path}.${name}`, ...usedBy(part, named, below(path, name))]
    return Object.values(shape.patternProperties ?? {}).flatMap(free => usedBy(part, free, path))
  })
}

t.test('every option and every word of every kind stands in a case', async t => {
  const shapes = new Map(measureKinds.map(kind => [kind.name, kind.schema as Shape]))
  const own = (kind: string, cases: readonly Case[]) =>
    cases.flatMap(one => Object.values(one.measures).flatMap(measure => (kind in measure ? [measure[kind]] : [])))
  const used = new Set(
    files.flatMap(({ kind, cases }) => own(kind, cases).flatMap(source => usedBy(source, shapes.get(kind) as Shape, kind))),
  )
  const options = [...new Set(measureKinds.flatMap(kind => optionsOf(kind.schema as Shape, kind.name)))]
  t.ok(options.length > 80, 'the schemas are walked at all')
  t.ok(options.includes('months.continuous.gaps: counted') && options.includes('where.above'), 'down to words and bounds')
  t.same(
    options.filter(option => !used.has(option)),
    [],
  )
})
