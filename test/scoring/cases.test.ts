import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import t from 'tap'
import { coverageOf } from '../../src/scoring/cases/coverage.ts'
import { lintWithCases } from '../../src/scoring/cases/lint-with-cases.ts'
import { readCases } from '../../src/scoring/cases/read-cases.ts'
import { runCase } from '../../src/scoring/cases/run-case.ts'
import type { Explanation, NodeExplanation } from '../../src/scoring/explanation.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { home, points } from '../cli/processes.ts'
import { casesOf, caseTextsOf, schemeText, shippedSchemes, vocabularyOf } from '../support/cases.ts'
import { item, small } from '../support/small-scheme.ts'

const project = resolve(import.meta.dirname, '../..')

/** A gate on the permit, and one point for each year of tax, none below two years. */
const text = small({
  measures: '{permitHeld: {covers: {of: permit}, source: {ref: s}}, crimes: {count: {of: crime}, source: {ref: s}}}',
  gates: '{permit: {title: {zh-CN: 条件, en: permit}, source: {ref: s}, require: {measure: permitHeld, is: "yes"}}}',
  items: `{${item('law', '{bands: {of: crimes, rows: [{below: 1, then: {points: 3}}, {from: 1, below: 2, then: {points: 1}}, {from: 2, then: {points: 0}}]}}')}}`,
})
const scheme = readScheme(text, vocabularyOf)

const file = (cases: string, base = '{permit: [{from: 2010-01-01}], crime: []}', rest = '') =>
  `source: by hand\nasOf: 2016-12-31\nbase: ${base}\n${rest}cases:\n${cases}`
const good = '  - case: no crime\n    expect: {eligible: "yes", total: 3.00, totalIs: exact, items: {law: 3.00}}\n'
const one = (fields: string) => file(`  - {case: x, ${fields}}\n`)
const expect = 'expect: {eligible: "yes", total: 3, totalIs: exact}'

t.test('the cases of the shipped schemes hold', async t => {
  for (const name of shippedSchemes) {
    const { findings, results } = lintWithCases(schemeText(name), caseTextsOf(name), vocabularyOf)
    t.same(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    )
    const { cases = [], coverage } = results ?? {}
    t.ok(cases.length > 20, `${name} has cases`)
    t.same(
      cases.filter(({ differences }) => differences.length > 0),
      [],
      name,
    )
    const branches = coverage?.nodes.flatMap(node => node.branches.map(branch => ({ ...branch, at: node.at, node: node.node }))) ?? []
    t.equal(branches.length, coverage?.total)
    t.equal(new Set(branches.map(({ at, branch }) => `${at} ${branch}`)).size, branches.length, 'no branch stands twice')
    t.same(
      branches.filter(branch => branch.cases === 0).map(({ at, node, branch }) => ({ at, node, branch })),
      coverage?.uncovered,
    )
    t.equal((coverage?.covered ?? 0) + (coverage?.uncovered.length ?? 0), coverage?.total)
    t.ok((coverage?.covered ?? 0) > (coverage?.total ?? 0) / 2, `${name}: ${coverage?.covered} of ${coverage?.total}`)
  }
})

/** Ways that no case has to show: evidence is missing, nothing was there to count, or the node is a constant. */
const idle = ['missing', 'none', 'given']
t.test('every way that a node goes is a branch of the scheme', async t => {
  for (const name of shippedSchemes) {
    const shipped = readScheme(schemeText(name), vocabularyOf)
    const known = new Set(shipped.branches.map(({ at, node, branch }) => `${at} ${node} ${branch}`))
    const unknown = new Set<string>()
    const walk = ({ at, node, branch, parts = [] }: NodeExplanation) => {
      const one = `${at} ${node} ${branch}`
      if (!idle.includes(branch) && !known.has(one)) unknown.add(one)
      for (const part of parts) walk(part)
    }
    for (const each of casesOf(name)) {
      const { items, totals } = runCase(shipped, each).explanation
      for (const { steps } of [...items, ...totals]) walk(steps)
    }
    t.same([...unknown], [], name)
  }
})

t.test('what a case expects and what comes', async t => {
  const outcome = (cases: string) => {
    const read = readCases(file(cases), scheme)
    t.same(read.findings, [])
    return read.cases.map(each => runCase(scheme, each).differences)
  }
  t.same(outcome(good), [[]])
  t.same(outcome(good.replaceAll('3.00', '3')), [[]], 'digits that the scale adds make no difference')
  t.same(outcome(good.replace('total: 3.00', 'total: 3.001')), [[{ field: 'total', wanted: '3.001', got: '3.00' }]])
  t.same(outcome(good.replace('total: 3.00', 'total: null')), [[{ field: 'total', wanted: null, got: '3.00' }]])
  t.same(
    outcome(`  - case: neither was asked
    without: [permit, crime]
    expect: {eligible: "no", total: 3.00, totalIs: exact, totals: {t: 3}, eligibleFor: {t: "no"}, notices: [measures-differ x]}
`),
    [
      [
        { field: 'eligible', wanted: 'no', got: 'undetermined' },
        { field: 'total', wanted: '3.00', got: '0.00' },
        { field: 'totalIs', wanted: 'exact', got: 'lower-bound' },
        { field: 'totals.t', wanted: '3.00', got: '0.00' },
        { field: 'eligibleFor.t', wanted: 'no', got: 'undetermined' },
        { field: 'missing', wanted: [], got: ['crime', 'permit'] },
        { field: 'reasons', wanted: [], got: ['gain-missing law', 'gate-missing permit'] },
        { field: 'notices', wanted: ['measures-differ x'], got: [] },
      ],
    ],
    'what a case leaves out is expected to be empty',
  )
  t.same(
    outcome(`  - case: names in any order
    without: [permit, crime]
    facts: {sex: [{sex: male}]}
    expect:
      {eligible: undetermined, total: 0, totalIs: lower-bound, missing: [permit, crime], unused: [sex], reasons: [gate-missing permit, gain-missing law]}
`),
    [[]],
  )
})

t.test("a case has its own date, facts and source before the file's", async t => {
  const own = '  - {case: later, asOf: 2017-01-01, source: other, facts: {crime: [{date: 2016-12-31}]}, without: [permit], '
  const { cases, findings } = readCases(file(`${own}${expect}}\n${good}`), scheme)
  t.same(findings, [])
  t.match(cases, [
    { case: 'later', asOf: '2017-01-01', source: 'other', facts: { crime: [{ date: '2016-12-31' }] }, pointer: '/cases/0', line: 5 },
    { case: 'no crime', asOf: '2016-12-31', source: 'by hand', facts: { permit: [{}], crime: [] }, pointer: '/cases/1', line: 6 },
  ])
  t.notOk('permit' in (cases[0]?.facts ?? {}))
})

// What is wrong in a case file: its code, pointer, line and remedy.
const faulty: [what: string, text: string, code: string, pointer: string, line: number, message: RegExp][] = [
  ['no text', '', 'unreadable-document', '', 1, /the document is empty/],
  ['a tab', 'source: x\n\tasOf: 2016-12-31\n', 'unreadable-document', '', 2, /indent with blanks/],
  ['a list', '- x\n', 'wrong-type', '', 1, /map/],
  ['a value left out', 'source: x\nasOf:\n', 'unreadable-document', '/asOf', 2, /value is missing/],
  ['an unknown field', file(good, undefined, 'bases: {}\n'), 'unknown-field', '/bases', 4, /did you mean "base"\?/],
  ['no source', file(good).replace('source: by hand\n', ''), 'missing-field', '', 1, /"source"/],
  ['no cases', file('').replace('cases:', 'cases: []'), 'wrong-form', '/cases', 4, /one or more/],
  ['no expectation', file('  - case: x\n'), 'missing-field', '/cases/0', 5, /"expect"/],
  ['no total expected', one('expect: {eligible: "yes", totalIs: exact}'), 'missing-field', '/cases/0/expect', 5, /"total"/],
  ['a slip in a case', one(`wihtout: [crime], ${expect}`), 'unknown-field', '/cases/0/wihtout', 5, /did you mean "without"\?/],
  [
    'a slip in an expectation',
    one(expect.replace('totalIs', 'totalis')),
    'unknown-field',
    '/cases/0/expect/totalis',
    5,
    /unknown field "totalis"/,
  ],
  ['another word', one(expect.replace('"yes"', 'maybe')), 'unknown-value', '/cases/0/expect/eligible', 5, /yes, no, undetermined/],
  ['points that are none', one(expect.replace('3', 'three')), 'wrong-form', '/cases/0/expect/total', 5, /25\.00, or null/],
  ['a date of another form', one(`asOf: 31.12.2016, ${expect}`), 'wrong-form', '/cases/0/asOf', 5, /YYYY-MM-DD/],
  ['a day that there is not', one(`asOf: 2016-02-30, ${expect}`), 'impossible-date', '/cases/0/asOf', 5, /no day "2016-02-30"/],
  ['the same of the file', file(good).replace('2016-12-31', '2016-12-32'), 'impossible-date', '/asOf', 2, /write YYYY-MM-DD/],
  ['an unknown kind', one(`facts: {prison: []}, ${expect}`), 'unknown-kind', '/cases/0/facts/prison', 5, /known: /],
  ['a fault in the base', file(good, '{permit: [{form: 2010-01-01}]}'), 'unknown-field', '/base/permit/0/form', 3, /known: from, to/],
  ['a kind left out twice', one(`without: [sex], ${expect}`), 'unknown-name', '/cases/0/without/0', 5, /not in the base/],
  [
    'a kind given and left out',
    one(`facts: {crime: []}, without: [crime], ${expect}`),
    'wrong-choice',
    '/cases/0/without/0',
    5,
    /one of the two/,
  ],
  [
    'an item of no scheme',
    one(expect.replace('}', ', items: {order: 1}}')),
    'unknown-name',
    '/cases/0/expect/items/order',
    5,
    /it has: law/,
  ],
  ['a total of no scheme', one(expect.replace('}', ', totals: {u: 1}}')), 'unknown-name', '/cases/0/expect/totals/u', 5, /it has: t/],
  [
    'eligible for no total',
    one(expect.replace('}', ', eligibleFor: {u: "no"}}')),
    'unknown-name',
    '/cases/0/expect/eligibleFor/u',
    5,
    /it has: t/,
  ],
]
t.test('case files that are refused, each fault with its place', async t => {
  for (const [what, yaml, code, pointer, line, message] of faulty) {
    const { cases, findings } = readCases(yaml, scheme)
    t.same(cases, [], `${what}: no case comes of it`)
    const found = findings.find(finding => finding.code === code && finding.pointer === pointer)
    t.match(found, { severity: 'error', line, message }, what) || t.comment(JSON.stringify(findings))
    t.notMatch(found?.message, /^line \d/, 'the position is told once')
  }
  const both = readCases(one(`asOf: 2016-02-30, facts: {crime: [{date: 2016-13-01}]}, without: [sex], ${expect}`), scheme)
  t.same(
    both.findings.map(({ pointer }) => pointer),
    ['/cases/0/asOf', '/cases/0/facts/crime/0/date', '/cases/0/without/0'],
    'all faults of a file are told',
  )
})

t.test('a scheme and its cases together', async t => {
  const cases = [{ name: 'a.yaml', text: file(good) }]
  const { scheme: compiled, findings, results } = lintWithCases(text, cases, vocabularyOf)
  t.equal(compiled?.digest, scheme.digest)
  t.same(results?.cases, [{ file: 'a.yaml', case: 'no crime', pointer: '/cases/0', line: 5, column: 5, differences: [] }])
  const gate = results?.coverage.nodes.find(({ at }) => at === '/gates/permit')
  t.same(gate, {
    at: '/gates/permit',
    node: 'gate',
    branches: [
      { branch: 'yes', cases: 1 },
      { branch: 'no', cases: 0 },
      { branch: 'missing', cases: 0 },
    ],
  })
  const lineOf = (name: string) => text.split('\n').findIndex(line => line.startsWith(name)) + 1
  const note = (pointer: string, branch: string, node: string, line: number) => ({
    severity: 'note',
    code: 'branch-without-case',
    pointer,
    message: `no case takes the branch "${branch}" of "${node}"`,
    line,
  })
  t.match(findings, [
    note('/gates/permit', 'no', 'gate', lineOf('gates:')),
    note('/gates/permit', 'missing', 'gate', lineOf('gates:')),
    note('/items/law/value/bands', 'row/1', 'bands', lineOf('items:')),
    note('/items/law/value/bands', 'row/2', 'bands', lineOf('items:')),
  ])
  t.equal(results?.coverage.uncovered.length, findings.length)

  const all = `${good}  - {case: one, facts: {crime: [{date: 2015-01-01}], permit: []}, expect: {eligible: "no", total: 1, totalIs: exact, reasons: [gate-failed permit]}}
  - {case: two, facts: {crime: [{date: 2015-01-01}, {date: 2015-01-02}]}, without: [permit], expect: {eligible: undetermined, total: 0, totalIs: exact, missing: [permit], reasons: [gate-missing permit]}}
`
  const full = lintWithCases(text, [{ name: 'a.yaml', text: file(all) }], vocabularyOf)
  t.same(full.findings, [], 'each branch has a case')
  t.equal(full.results?.coverage.covered, full.results?.coverage.total)
})

t.test('nothing is counted where something is faulty or absent', async t => {
  const withGood = (text: string) => [
    { name: 'a.yaml', text: file(good) },
    { name: 'b.yaml', text },
  ]
  const broken = lintWithCases(text, withGood(file('  - case: x\n')), vocabularyOf)
  t.ok(broken.scheme)
  t.equal(broken.results, undefined)
  t.match(broken.findings, [{ severity: 'error', code: 'missing-field', file: 'b.yaml', line: 5 }])
  t.equal(broken.findings.length, 1, 'what the other cases leave out is not told meanwhile')
  const without = lintWithCases(text, [], vocabularyOf)
  t.same([without.findings, without.results], [[], undefined], 'no cases, no notes on them')
  const faultyScheme = lintWithCases(text.replace('from: 2,', 'from: 3,'), withGood(''), vocabularyOf)
  t.equal(faultyScheme.scheme, undefined)
  t.match(faultyScheme.findings, [{ code: 'gap' }])

  const rich = small({
    measures: '{moneyDonated: {sum: {of: donation, amount: amount}, source: {ref: s}}}',
    items: `{${item('gift', '{rate: {of: moneyDonated, points: 0.01, per: 1, count: whole}}')}}`,
  })
  const gifts = '{donation: [{date: 2016-01-01, amount: 90071992547409}, {date: 2016-01-02, amount: 90071992547409}]}'
  const large = lintWithCases(rich, [{ name: 'a.yaml', text: file(`  - {case: x, ${expect}}\n`, gifts) }], vocabularyOf)
  t.match(large.findings, [{ severity: 'error', code: 'out-of-range', pointer: '/cases/0', file: 'a.yaml', line: 5, message: /too large/ }])
  t.equal(large.results, undefined)
})

t.test('a case counts a branch once', async t => {
  const node = (at: string, branch: string, parts?: NodeExplanation[]): NodeExplanation =>
    ({ node: 'n', at, branch, points: '0', how: {}, ...(parts && { parts }) }) as NodeExplanation
  const explanation = (gate: string, freeze: string, steps: NodeExplanation, total: NodeExplanation) =>
    ({
      gates: [{ gate: 'g', passed: gate, require: { answer: gate, test: '' } }],
      freezes: [{ freeze: 'f', holds: freeze, when: { answer: freeze, test: '' } }],
      items: [{ steps }],
      totals: [{ steps: total }],
    }) as Explanation
  const branches = [
    ...['yes', 'no', 'missing'].map(branch => ({ at: '/gates/g', node: 'gate', branch })),
    ...['yes', 'no', 'missing'].map(branch => ({ at: '/freezes/f', node: 'freeze', branch })),
    ...['some', 'none'].map(branch => ({ at: '/items/i/value/each', node: 'each', branch })),
    ...['row/0', 'row/1', 'outside'].map(branch => ({ at: '/items/i/value/each/give/bands', node: 'bands', branch })),
    ...['cap', 'within'].map(branch => ({ at: '/totals/t/value/limit', node: 'limit', branch })),
  ]
  const band = (branch: string) => node('/items/i/value/each/give/bands', branch)
  const coverage = coverageOf({ branches }, [
    explanation(
      'yes',
      'no',
      node('/items/i/value/each', 'some', [band('row/0'), band('row/0'), band('outside')]),
      node('/totals/t/value/limit', 'cap', [node('/elsewhere', 'missing')]),
    ),
    explanation('missing', 'no', node('/items/i/value/each', 'some', [band('row/0')]), node('/totals/t/value/limit', 'missing')),
  ])
  t.same(coverage, {
    covered: 7,
    total: 13,
    nodes: [
      { at: '/gates/g', node: 'gate', branches: counts({ yes: 1, no: 0, missing: 1 }) },
      { at: '/freezes/f', node: 'freeze', branches: counts({ yes: 0, no: 2, missing: 0 }) },
      { at: '/items/i/value/each', node: 'each', branches: counts({ some: 2, none: 0 }) },
      { at: '/items/i/value/each/give/bands', node: 'bands', branches: counts({ 'row/0': 2, 'row/1': 0, outside: 1 }) },
      { at: '/totals/t/value/limit', node: 'limit', branches: counts({ cap: 1, within: 0 }) },
    ],
    uncovered: branches.filter((_, i) => [1, 3, 5, 7, 9, 12].includes(i)),
  })
})

function counts(cases: { [branch: string]: number }) {
  return Object.entries(cases).map(([branch, n]) => ({ branch, cases: n }))
}

t.test('points scheme test', async t => {
  const folder = await home(t)
  const schemeFile = join(folder, 'scheme.yaml')
  const caseFile = join(folder, 'cases/a.yaml')
  await writeFile(schemeFile, text)
  const run = (...args: string[]) => points(['scheme', ...args])

  const none = await run('test', schemeFile)
  t.match(none, { code: 1, out: '', err: /no cases: write them into .*cases\/\*\.yaml, or name them with --cases/ })
  t.match(await run('lint', schemeFile), { code: 0, out: '' }, 'without cases lint says nothing of them')

  await mkdir(join(folder, 'cases'))
  await writeFile(join(folder, 'cases/notes.txt'), 'no case file')
  await writeFile(caseFile, file(good))
  const held = await run('test', schemeFile)
  t.match(held, { code: 0, err: '' })
  const [cases, exercised, first] = held.out.split('\n')
  t.equal(cases, '1 of 1 cases came out as expected')
  t.match(exercised, /^\d+ of \d+ branches exercised$/)
  t.match(first, new RegExp(`^${schemeFile}:10:\\d+ note branch-without-case /gates/permit no case takes the branch "no" of "gate"$`))

  await writeFile(caseFile, file(good.replace('law: 3.00', 'law: 1.00').replace('exact,', 'exact, reasons: [gate-failed permit],')))
  const failed = await run('test', schemeFile)
  t.equal(failed.code, 1)
  t.same(failed.out.split('\n').slice(0, 4), [
    `${caseFile}:5:5 failed: no crime`,
    '  items.law: expected 1.00, came 3.00',
    '  reasons: expected gate-failed permit, came none',
    '0 of 1 cases came out as expected',
  ])
  const json = await run('test', schemeFile, '--json')
  t.match(
    { code: json.code, ...JSON.parse(json.out) },
    {
      code: 1,
      scheme: { scheme: 'small', version: '1', digest: scheme.digest },
      findings: [{ code: 'branch-without-case' }],
      cases: [
        { file: caseFile, case: 'no crime', differences: [{ field: 'items.law', wanted: '1.00', got: '3.00' }, { field: 'reasons' }] },
      ],
      coverage: { total: scheme.branches.length },
    },
  )
  const linted = await run('lint', schemeFile)
  t.match(linted, { code: 0, out: /note branch-without-case/, err: /can be used[\s\S]*1 case of 1 failed: points scheme test/ })

  const other = join(folder, 'other.yaml')
  await writeFile(other, file(good))
  t.match(
    await run('test', schemeFile, '--cases', other, other),
    { code: 0, out: /2 of 2 cases/ },
    'cases that are named, instead of those beside',
  )
  t.match(await run('test', schemeFile, '--cases', join(folder, 'absent.yaml')), {
    code: 2,
    out: '',
    err: /there is no file .*absent\.yaml/,
  })

  await writeFile(caseFile, file('  - case: x\n'))
  for (const [command, err] of [
    ['test', /errors, so no case was run/],
    ['lint', /can be used.*\n1 error in its cases: they were not run\n/],
  ] as const) {
    const out = `${caseFile}:5:5 error missing-field /cases/0 "expect" is missing\n`
    t.match(await run(command, schemeFile), { code: 1, out, err }, command)
  }
  await writeFile(schemeFile, text.replace('from: 2,', 'from: 3,'))
  t.match(await run('test', schemeFile), { code: 1, out: new RegExp(`^${schemeFile}:11:\\d+ error gap `), err: /no case was run/ })
})

t.test('a shipped scheme that changes no longer gives what its cases say', async t => {
  const folder = await home(t)
  const model = join(project, 'schemes/model/2017')
  await mkdir(join(folder, 'cases'))
  for (const name of ['gates.yaml', 'points.yaml']) await copyFile(join(model, 'cases', name), join(folder, 'cases', name))
  const changed = join(folder, 'scheme.yaml')
  await copyFile(join(model, 'scheme.yaml'), changed)
  t.match(await points(['scheme', 'test', changed]), { code: 0, out: /^\d+ of \d+ cases came out as expected\n/ })
  await writeFile(changed, schemeText('model/2017').replace('{row: bachelor', '{row: bachelors'))
  t.match(await points(['scheme', 'test', changed]), { code: 0 }, 'the name of a row is no points')
  await writeFile(changed, schemeText('model/2017').replace(/points: 6, per: 1/, 'points: 7, per: 1'))
  const { code, out } = await points(['scheme', 'test', changed])
  t.equal(code, 1)
  t.match(out, /points\.yaml:\d+:\d+ failed: .*\n( {2}.*\n)* {2}items\.work: expected \d+\.00, came \d+\.00\n/)
})
