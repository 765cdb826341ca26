import { readFileSync } from 'node:fs'
import t from 'tap'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import { formatMeasure } from '../../src/scoring/measures/format.ts'
import { measureKinds } from '../../src/scoring/measures/kinds/all.ts'
import { nodeKinds } from '../../src/scoring/points/kinds/all.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import { type Score, scorer } from '../../src/scoring/score.ts'
import { formatDecimal, parseDecimal } from '../../src/values/decimal.ts'
import { readDocument } from '../../src/values/document.ts'
import { day, vocabulary, vocabularyOf } from '../support/cases.ts'
import { small } from '../support/small-scheme.ts'

/*
 * The worked examples of docs/scheme-language.md: each block "yaml example" is put into the smallest scheme that can hold it, and gives what it
 * says. Titles and sources, which it leaves out, change no value.
 */

type Part = { [name: string]: unknown }
type Example = {
  dates?: { [name: string]: Part }
  measures?: { [name: string]: Part }
  items?: { [name: string]: Part }
  totals?: { [name: string]: Part }
  asOf: string
  facts: Part | Part[]
  gives: { [name: string]: string | string[] }
}

const text = readFileSync(new URL('../../docs/scheme-language.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/^```yaml example\n(.*?)^```$/gms)].map(([, block], i) => ({
  name: `example ${i + 1}, line ${text.slice(0, text.indexOf(block as string)).split('\n').length}`,
  example: readDocument(block as string).tree as unknown as Example,
}))

const rest = { assumption: 'the example' }
const titled = (name: string) => ({ title: { 'zh-CN': name, en: name } })
const each = (parts: { [name: string]: Part } = {}, change: (part: Part, name: string) => Part) =>
  JSON.stringify(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part, name)])))
const exactly = { scale: '2', rounding: 'none' }

function schemeOf({ dates, measures, items, totals }: Example): Scheme {
  const parts = {
    dates: each(dates, date => ({ ...date, ...rest })),
    measures: each(measures, (measure, name) => ({ ...measure, ...rest, ...(!vocabulary.measures.has(name) && titled(name)) })),
    items: each(items, (item, name) => ({ ...exactly, ...('value' in item ? item : { value: item }), ...rest, ...titled(name) })),
    ...(totals && { totals: each(totals, (total, name) => ({ ...exactly, ...total, ...rest, ...titled(name) })) }),
  }
  return readScheme(small(parts), vocabularyOf)
}

/** What comes of a name: the value of a measure, or the points of an item or total; `null` where they are missing. */
function given(scheme: Scheme, score: Score, name: string): { value: string; scale?: number }[] {
  const parts = [
    ...scheme.items.map((item, i) => ({ name: item.item, scale: item.scale, points: score.items[i]?.points ?? null })),
    ...scheme.totals.map((total, i) => ({ name: total.total, scale: total.scale, points: score.totals[i]?.points ?? null })),
  ]
  const points = parts
    .filter(part => part.name === name)
    .map(({ points, scale }) => ({ value: points === null ? 'null' : formatDecimal(points, scale), scale }))
  const measure = scheme.measures.find(one => one.name === name)
  const value = score.measure(name)
  return measure ? [...points, { value: value === undefined ? 'null' : [formatMeasure(measure, value)].flat().join(',') }] : points
}

/** A figure with all digits of its scale, so that 25 and 25.00 are the same points. */
function atScale(text: string, scale: number | undefined): string {
  const points = scale === undefined ? undefined : parseDecimal(text, scale)
  return points === undefined ? text : formatDecimal(points, scale as number)
}

for (const { name, example } of examples)
  t.test(name, async t => {
    const scheme = schemeOf(example)
    const at = scorer(scheme, day(example.asOf))
    for (const [i, facts] of [example.facts].flat().entries()) {
      const { score, explanation } = explain(at, readFacts(scheme.vocabulary, facts))
      for (const [what, gives] of Object.entries(example.gives)) {
        const [only, ...others] = given(scheme, score, what)
        const wanted = Array.isArray(example.facts) && Array.isArray(gives) ? gives[i] : gives
        t.same(others, [], `"${what}" names one thing`)
        t.equal(only?.value, atScale(wanted as string, only?.scale), `applicant ${i + 1}: ${what}`)
        const explained = [
          ...explanation.items.filter(({ item }) => item === what),
          ...explanation.totals.filter(({ total }) => total === what),
        ]
        for (const { points } of explained) t.equal(points ?? 'null', only?.value, 'and is explained so')
      }
    }
    if (Array.isArray(example.facts))
      for (const [what, gives] of Object.entries(example.gives))
        t.equal([gives].flat().length, example.facts.length, `${what}: one for each applicant`)
  })

t.test('every kind of node and of measure has an example', async t => {
  /** A node is a map with its kind as the only key. */
  const kindsIn = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return []
    const keys = Object.keys(value)
    return [...(keys.length === 1 ? keys : []), ...Object.values(value).flatMap(kindsIn)]
  }
  const nodes = new Set(
    examples.flatMap(({ example }) => kindsIn([example.items, example.totals].flatMap(parts => Object.values(parts ?? {})))),
  )
  t.same(
    nodeKinds.map(kind => kind.name).filter(kind => !nodes.has(kind)),
    [],
  )
  const shown = examples.flatMap(({ example }) =>
    Object.entries(example.measures ?? {}).flatMap(([name, measure]) => (name in example.gives ? Object.keys(measure) : [])),
  )
  t.same(
    measureKinds.map(kind => kind.name).filter(kind => !shown.includes(kind)),
    [],
  )
})
