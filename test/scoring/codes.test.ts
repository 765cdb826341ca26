import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import t from 'tap'

/*
 * The table "What the linter says" (docs/scheme-language.md) has every code of a finding that the sources tell, and no other. The codes are
 * collected from the text of the sources, from those at which linting begins and all that they import.
 */

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(resolve(root, path), 'utf8')

/** Where a scheme with its cases, and round rules, are linted; and the command, which knows a case file given for a scheme. */
const entrances = ['src/scoring/cases/lint-with-cases.ts', 'src/round/lint-rules.ts', 'src/cli/scheme-file.ts']

function sourcesFrom(entrances: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    const text = read(path)
    found.set(path, text)
    for (const [, to] of text.matchAll(/from '(\.[^']+)'/g)) visit(relative(root, resolve(root, dirname(path), to as string)))
  }
  for (const path of entrances) visit(path)
  return found
}

const sources = sourcesFrom(entrances)

/** The words by which the sources tell a finding: `compilation.error('…', pointer, …)` and its like. */
const told = /\b(error|note|fault|refuse|tell)\(\s*'([a-z-]+)'\s*,/g
/** A finding written as an object; a reason or notice of a score has a code too, but no pointer. */
const written = /(?:severity:\s*'(error|note)',\s*)?\bcode:\s*'([a-z-]+)',\s*pointer\b/g

function codesIn(): Map<string, Set<string>> {
  const codes = new Map<string, Set<string>>()
  const add = (code: string, severity: string) => codes.set(code, (codes.get(code) ?? new Set()).add(severity))
  for (const text of sources.values()) {
    for (const [, word, code] of text.matchAll(told)) add(code as string, word === 'note' ? 'note' : 'error')
    for (const [, severity = 'error', code] of text.matchAll(written)) add(code as string, severity)
  }
  return codes
}

const [, table = ''] = /\n## What the linter says\n([\s\S]*?)\n## /.exec(`${read('docs/scheme-language.md')}\n## `) ?? []
const rows = [...table.matchAll(/^\| `([a-z-]+)` \| (error|note) \| .+ \|$/gm)].map(([, code, severity]) => ({
  code: code as string,
  severity: severity as string,
}))

t.test('the table has every code that the linter tells, with its severity, and no other', async t => {
  const codes = codesIn()
  t.ok(codes.size > 30 && sources.size > 60, 'the sources are read at all')
  t.same(
    rows.map(({ code, severity }) => `${code} ${severity}`).sort(),
    [...codes].flatMap(([code, severities]) => [...severities].map(severity => `${code} ${severity}`)).sort(),
  )
})

t.test('errors come first, then notes, each by the alphabet', async t => {
  const names = (severity: string) => rows.filter(row => row.severity === severity).map(row => row.code)
  t.same(
    rows.map(row => row.code),
    [...names('error').sort(), ...names('note').sort()],
  )
})

t.test('every code is written out where it is told, so that it is found', async t => {
  const hidden = [...sources].flatMap(([path, text]) =>
    [...text.matchAll(/(?:\b(?:compilation|c)\.(?:error|note)|\bthis\.(?:error|fault))\(\s*(?!')(\S+)/g)].map(
      ([, first]) => `${path}: ${first}`,
    ),
  )
  t.same(hidden, [])
})
