import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import t from 'tap'
import { readText } from '../../src/cli/files.ts'
import { lintRulesBeside } from '../../src/cli/scheme.ts'
import { lintFile } from '../../src/cli/scheme-file.ts'
import type { LintFinding } from '../../src/scoring/cases/lint-with-cases.ts'
import { brokenDocuments, ways } from '../support/broken-documents.ts'
import { caseTextsOf, schemeText, shippedSchemes } from '../support/cases.ts'
import { build } from './support.ts'

/*
 * `points scheme lint <file>` and POST /v1/schemes:lint find the same: in every shipped scheme with its cases, in broken ones, and in round rules.
 */

type Test = Parameters<Parameters<typeof t.test>[0]>[0]
const schemes = resolve(import.meta.dirname, '../../schemes')

/** What the command finds in a scheme file. It tells a case file by its path, which here is cut to its name, as it is told to the API. */
function byCommand(file: string): LintFinding[] {
  return lintFile(file, readText(file)).findings.map(finding => (finding.file ? { ...finding, file: basename(finding.file) } : finding))
}

const rulesByCommand = (file: string) => lintRulesBeside(file, readText(file))

async function api(t: Test) {
  const { call, key: newKey, inForce } = await build(t)
  const key = await newKey(['schemes:write'])
  const byService = async (body: object): Promise<LintFinding[]> => {
    const { status, body: answer } = await call('POST', '/v1/schemes:lint', { key, body })
    t.equal(status, 200)
    return answer.findings
  }
  return { byService, inForce }
}

/** Where the parser of YAML itself runs out of stack, the place depends on how much of it was taken before. */
const placed = (finding: LintFinding) => (finding.message.startsWith('nested deeper than') ? { ...finding, line: 0, column: 0 } : finding)

const errorsIn = (findings: LintFinding[]) => findings.filter(({ severity }) => severity === 'error')

t.test('shipped schemes with their cases', async t => {
  const { byService } = await api(t)
  for (const name of shippedSchemes) {
    const findings = await byService({ source: schemeText(name), cases: caseTextsOf(name) })
    t.strictSame(byCommand(join(schemes, name, 'scheme.yaml')), findings, name)
    t.same(errorsIn(findings), [], `${name} has no error`)
  }
})

t.test('a scheme whose cases are faulty, or leave branches out', async t => {
  const { byService } = await api(t)
  const source = schemeText('model/2017')
  const [file] = caseTextsOf('model/2017') as [{ name: string; text: string }]
  for (const [what, text] of [
    ['one file of several', file.text],
    ['an unknown field', `${file.text}\nnobody: x\n`],
    ['no YAML', 'source: [\n'],
  ] as const) {
    const cases = [{ name: file.name, text }]
    const folder = t.testdir({ 'scheme.yaml': source, cases: { [file.name]: text } })
    const findings = await byService({ source, cases })
    t.strictSame(byCommand(join(folder, 'scheme.yaml')), findings, what)
    t.not(findings.length, 0, `${what} is told`)
  }
})

t.test('a case file without a base', async t => {
  const { byService } = await api(t)
  const told = async (fields: string) => {
    const text = `source: x\nasOf: 2016-12-31\ncases: [{case: nothing is known${fields}, expect: {eligible: undetermined, total: 0, totalIs: lower-bound}}]\n`
    const findings = await byService({ source: schemeText('model/2017'), cases: [{ name: 'bare.yaml', text }] })
    t.ok(errorsIn(findings).length > 0 || findings.some(({ code }) => code === 'branch-without-case'), 'the case was read')
    return errorsIn(findings).map(({ code, pointer, file }) => [code, pointer, file])
  }
  t.same(await told(''), [], 'there are no shared facts')
  t.same(await told(', facts: {crime: []}'), [], 'a case has its own')
  t.same(await told(', without: [crime]'), [['unknown-name', '/cases/0/without/0', 'bare.yaml']])
})

t.test('broken schemes, one of each way to break one', async t => {
  const { byService } = await api(t)
  t.ok(ways.length >= 20)
  const seen = new Set<string>()
  for (const { way, text } of brokenDocuments(6, ways.length)) {
    if (text === '') continue
    seen.add(way)
    const file = join(t.testdir({ 'scheme.yaml': text }), 'scheme.yaml')
    // The mark with which a file may begin is no part of its text; without it the document may be whole again.
    const source = readText(file)
    const findings = await byService({ source })
    t.strictSame(byCommand(file).map(placed), findings.map(placed), way)
    if (source === text) t.not(errorsIn(findings).length, 0, `${way} is told`)
  }
  t.ok(seen.size >= 20, `${seen.size} ways were tried`)
})

t.test('round rules beside their scheme', async t => {
  const { byService, inForce } = await api(t)
  const rulesOf = (name: string) => readFileSync(join(schemes, name, 'rounds.yaml'), 'utf8')
  const shipped = globSync('*/*/rounds*.yaml', { cwd: schemes })
  t.ok(shipped.length >= 14)
  for (const path of shipped) {
    const source = readFileSync(join(schemes, path), 'utf8')
    const findings = await byService({ source, scheme: schemeText(dirname(path)) })
    t.strictSame(await rulesByCommand(join(schemes, path)), findings, path)
    t.same(errorsIn(findings), [], `${path} has no error`)
  }

  const rules = rulesOf('model/2017')
  const scheme = schemeText('model/2017')
  const codes = async (source: string, beside?: string) => {
    const folder = t.testdir({ 'rounds.yaml': source, ...(beside !== undefined && { 'scheme.yaml': beside }) })
    const findings = await byService({ source, ...(beside !== undefined && { scheme: beside }) })
    t.strictSame(await rulesByCommand(join(folder, 'rounds.yaml')), findings)
    return findings.map(({ severity, code, pointer }) => [severity, code, pointer])
  }
  const misspelt = rules.replace('of: insurance', 'of: insurances')
  t.not(misspelt, rules)
  t.same(await codes(rules), [['note', 'unchecked-names', '/scheme']])
  t.same(await codes(rules, scheme), [])
  t.same(await codes(misspelt, scheme), [['error', 'unknown-name', '/order/1/of']])
  t.same(await codes(rules, schemeText('beijing/2020')), [['error', 'other-scheme', '/scheme']])
  t.same(await codes(rules, 'scheme: [\n'), [['note', 'unchecked-names', '/scheme']], 'a scheme that cannot be read')
  t.same(await codes(rules.replace(/^line: .*$/m, ''), scheme), [['error', 'undecided-order', '/order']])

  await inForce('model/2017')
  t.match(await byService({ source: misspelt }), [{ code: 'unknown-name' }], 'without a scheme the stored one that they name')
  t.match(await byService({ source: misspelt, scheme: schemeText('beijing/2020') }), [{ code: 'other-scheme' }], 'with one, that one')
})
