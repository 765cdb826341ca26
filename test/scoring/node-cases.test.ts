import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { NodeExplanation } from '../../src/scoring/explanation.ts'
import { nodeKinds } from '../../src/scoring/points/kinds/all.ts'
import { schemeSchema } from '../../src/scoring/scheme/document-schema.ts'
import { lintScheme } from '../../src/scoring/scheme/lint.ts'
import { vocabularyOf } from '../support/cases.ts'
import {
  caseFiles,
  compared,
  documentOf,
  nodesOf,
  optionsOf,
  outcomesOf,
  type Part,
  type Shape,
  usedBy,
  wantedOf,
} from '../support/conformance.ts'

/*
 * The cases of each kind of node (src/scoring/points/kinds/*.cases.json) and of conditions, gates, freezes and checks
 * (src/scoring/points/condition.cases.json), worked out by hand from docs/scheme-language.md. They are plain JSON, so that any other engine
 * can be held against them. Here they are run three ways: by integers, step by step, and by the oracle of the tests.
 */

/** By file: the schemes of its cases, and the nodes that they walked. */
const documents = new Map<string, Part[]>()
const walkedNodes = new Map<string, NodeExplanation[]>()

for (const [path, file] of caseFiles)
  t.test(path, async t => {
    const names = file.cases.map(one => one.case)
    t.same(names, [...new Set(names)], 'no two cases have one name')
    documents.set(path, [])
    walkedNodes.set(path, [])
    for (const one of file.cases) {
      const document = documentOf(file, one)
      const { scheme, findings } = lintScheme(JSON.stringify(document), vocabularyOf)
      if (!scheme) {
        t.fail(`${one.case}: ${JSON.stringify(findings.filter(one => one.severity === 'error'))}`)
        continue
      }
      const { explanation, ...outcomes } = outcomesOf(scheme, document, one.facts ?? {}, one.asOf ?? file.asOf)
      const told = Object.keys(one.expect).filter(field => Object.values(outcomes).some(outcome => field in outcome))
      t.same(told, Object.keys(one.expect), `${one.case}: all that is expected can be told`)
      t.not(told.length, 0, `${one.case}: something is expected`)
      for (const [way, outcome] of Object.entries(outcomes)) {
        const { wanted, got } = compared(wantedOf(one.expect), outcome)
        t.same(got, wanted, `${one.case}, ${way}`)
      }
      documents.get(path)?.push(document)
      walkedNodes.get(path)?.push(...nodesOf(explanation))
    }
  })

const fileOf = (kind: string) => [...caseFiles].find(([, file]) => file.kind === kind)?.[0] ?? `no file of ${kind}`

t.test('every kind of node has its cases, and each of its ways is taken there', async t => {
  t.same([...caseFiles.values()].map(file => file.kind).sort(), ['condition', ...nodeKinds.map(kind => kind.name)].sort())
  for (const { name, branches } of nodeKinds) {
    const taken = new Set(
      (walkedNodes.get(fileOf(name)) ?? []).filter(({ node }) => node === name).map(({ branch }) => branch.split('/')[0]),
    )
    t.same(
      branches.filter(branch => !taken.has(branch)),
      [],
      name,
    )
  }
})

const schema = schemeSchema as unknown as Shape & { properties: { [section: string]: Shape } }
/** `where` has its cases with the measures, and means the same here. */
const walked = { definitions: schema.$defs ?? {}, apart: ['where'] }
const usedIn = (paths: Iterable<string>) =>
  new Set([...paths].flatMap(path => documents.get(path) ?? []).flatMap(document => usedBy(document, schema, '', walked)))

t.test('every option and every word of a kind stands in its cases', async t => {
  for (const { name, schema } of nodeKinds) {
    const used = usedIn([fileOf(name)])
    t.ok(used.has(`node.${name}`), name)
    t.same(
      optionsOf(schema as Shape, `node.${name}`, walked).filter(option => !used.has(option)),
      [],
      name,
    )
  }
})

t.test('so does everything else from which points come', async t => {
  const used = usedIn(caseFiles.keys())
  const sections = ['dates', 'checks', 'gates', 'freezes', 'items', 'totals', 'status']
  const options = [
    ...sections.flatMap(section => optionsOf(schema.properties[section] as Shape, `.${section}`, walked)),
    ...['node', 'condition'].flatMap(name => optionsOf(walked.definitions[name] as Shape, name, walked)),
  ]
  t.ok(options.includes('.totals.rounding: half-even') && options.includes('condition.chosen.row'), 'the schema is walked at all')
  t.same(
    options.filter(option => !used.has(option)),
    [],
  )
})

t.test('every form of condition is answered yes, no and missing', async t => {
  const answers = new Map<string, Set<string | null>>()
  const file = caseFiles.get('condition.cases.json')
  for (const one of file?.cases ?? []) {
    const gates = (file && documentOf(file, one).gates) as { [gate: string]: { require: Part } }
    for (const [gate, answer] of Object.entries(one.expect.gates ?? {}))
      for (const field of Object.keys(gates[gate]?.require ?? {})) answers.set(field, (answers.get(field) ?? new Set()).add(answer))
  }
  for (const field of Object.keys((walked.definitions.condition as Shape).properties ?? {}))
    t.same([...(answers.get(field) ?? [])].sort(), ['missing', 'no', 'yes'], field)
})

t.test('every rule form of cities is shown by a case', async t => {
  const record = readFileSync(new URL('../../docs/decisions/0001-rule-forms.md', import.meta.url), 'utf8')
  const rows = [...record.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, form, , shown]) => ({
    form,
    shown: shown as string,
  }))
  const forms = rows.slice(1)
  t.ok(forms.length >= 40, `${forms.length} forms`)
  for (const { form, shown } of forms) {
    const [, path, name] = shown.match(/^`([^`]+)`(?:: (.*))?$/) ?? []
    const kept = new URL(`../../${path}`, import.meta.url)
    t.ok(path && existsSync(kept), `${form}: ${path} is there`)
    if (!path?.endsWith('.cases.json')) continue
    const { cases } = JSON.parse(readFileSync(kept, 'utf8')) as { cases: { case: string }[] }
    t.ok(
      cases.some(one => one.case === name),
      `${form}: ${path} has the case "${name}"`,
    )
  }
})
