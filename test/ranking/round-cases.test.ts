import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { roundCaseTextsBeside } from '../../src/cli/scheme/round-case-files.ts'
import { lintRulesWithCases, rulesInUnits } from '../../src/cli/scheme/round-cases.ts'
import { schemesFolder } from '../../src/config.ts'
import { readRoundCases } from '../../src/ranking/cases/read-round-cases.ts'
import type { RoundCase, RulesInUnits } from '../../src/ranking/cases/round-case.ts'
import { runRoundCase } from '../../src/ranking/cases/run-round-case.ts'
import { readRules } from '../../src/ranking/rules.ts'
import type { RulesSource } from '../../src/ranking/rules-schema.ts'
import { readDocument } from '../../src/values/document.ts'
import { home, points } from '../cli/processes.ts'
import { shippedScheme } from '../support/cases.ts'

/*
 * Worked cases of round rules (docs/ranking.md, Round cases). Those that are shipped hold, and whoever turns a direction of shipped rules, leaves out a
 * key or changes a figure makes one fail.
 */

const shippedRules = globSync('*/*/rounds*.yaml', { cwd: schemesFolder }).sort()
const nameOf = (text: string) => readRules(text).name

t.test('the cases of the shipped round rules hold', async t => {
  t.ok(shippedRules.length >= 14)
  const named = shippedRules.map(path => nameOf(readFileSync(join(schemesFolder, path), 'utf8')))
  t.equal(new Set(named).size, named.length, 'each has a name of its own, by which its cases find it')
  for (const path of shippedRules) {
    const file = join(schemesFolder, path)
    const { findings, results = [] } = await lintRulesWithCases(file, readFileSync(file, 'utf8'), roundCaseTextsBeside(file))
    t.same(
      findings.filter(({ severity }) => severity === 'error'),
      [],
      path,
    )
    t.ok(results.length >= 3, `${path} has cases`)
    t.same(
      results.filter(({ differences }) => differences.length > 0),
      [],
      path,
    )
  }
  const files = globSync('*/*/round-cases/*.yaml', { cwd: schemesFolder }).map(path => join(schemesFolder, path))
  const read = shippedRules.flatMap(path => roundCaseTextsBeside(join(schemesFolder, path)).map(({ name }) => name))
  t.same(read.sort(), files.sort(), 'every file belongs to just one of the rules')
})

type SecondRound = NonNullable<NonNullable<RulesSource['quota']>['secondRound']>
type Mutant = { what: string; change: (document: RulesSource) => void }

/** Round rules changed in one thing that decides who is where. */
function mutantsOf({ order = [], line, gate, scoreLine, quota, zone }: RulesSource): Mutant[] {
  const mutants: Mutant[] = []
  for (const [i, { key, of, direction, to }] of order.entries()) {
    const what = `/order/${i} ${of ?? key}`
    mutants.push({ what: `${what} turned`, change: ({ order }) => Object.assign(order?.[i] ?? {}, { direction: turned(direction) }) })
    if (order.length > 1) mutants.push({ what: `${what} left out`, change: ({ order }) => order?.splice(i, 1) })
    if (to === 'day')
      mutants.push({ what: `${what} to the moment`, change: ({ order }) => Object.assign(order?.[i] ?? {}, { to: 'moment' }) })
    if (to === 'day' && zone === '+08:00') mutants.push({ what: `${what} by days of UTC`, change: document => (document.zone = '+00:00') })
  }
  if (line?.rule === 'admit-all')
    mutants.push({ what: '/line admit-none', change: ({ line }) => Object.assign(line ?? {}, { rule: 'admit-none' }) })
  for (const [name, part] of Object.entries({ gate, scoreLine }))
    for (const by of part ? [-1n, 1n] : [])
      mutants.push({
        what: `/${name} ${by}`,
        change: document =>
          Object.assign(document[name as 'gate'] ?? {}, { atLeast: hundredthsMore((part as { atLeast: string }).atLeast, by) }),
      })
  if (quota?.secondRound) {
    const second = ({ quota }: RulesSource) => quota?.secondRound as SecondRound
    mutants.push(
      { what: '/quota/secondRound left out', change: ({ quota }) => delete quota?.secondRound },
      { what: '/quota/secondRound/overAtMost/percent 0', change: document => (second(document).overAtMost.percent = '0') },
      { what: '/quota/secondRound/overAtMost/percent 20', change: document => (second(document).overAtMost.percent = '20') },
      { what: '/quota/secondRound/overAtMost/rounding up', change: document => (second(document).overAtMost.rounding = 'up') },
      { what: '/quota/secondRound/atRoom admit-all', change: document => (second(document).atRoom = 'admit-all') },
    )
  }
  return mutants
}

const turned = (direction: 'asc' | 'desc') => (direction === 'asc' ? 'desc' : 'asc')

function hundredthsMore(figure: string, by: bigint): string {
  const [whole, fraction = ''] = figure.split('.')
  const scaled = BigInt(`${whole}${fraction.padEnd(2, '0')}`) + by
  return `${scaled / 100n}.${String(scaled % 100n).padStart(2, '0')}`
}

/** The cases that fail under changed rules: somebody is admitted, ranked or left out otherwise. That a cut-off has another form is no failure. */
function killers(cases: readonly RoundCase[], rules: RulesInUnits): string[] {
  const isOfSomebody = ({ field }: { field: string }) => /\.(outcome|rank|reserve)$/.test(field)
  return cases.filter(one => runRoundCase(rules, one).some(isOfSomebody)).map(one => one.case)
}

for (const path of shippedRules) {
  t.test(`${path}: every change of the rules fails a case`, async t => {
    const file = join(schemesFolder, path)
    const text = readFileSync(file, 'utf8')
    const scheme = shippedScheme(dirname(path))
    const inUnits = (text: string) => rulesInUnits(readRules(text), scheme)
    const cases = roundCaseTextsBeside(file).flatMap(({ text: ofCases }) => readRoundCases(ofCases, inUnits(text)).cases)
    t.same(killers(cases, inUnits(text)), [], 'the rules themselves fail none')

    const { tree } = readDocument(text)
    const killedBy = ({ change }: Mutant) => {
      const document = structuredClone(tree) as unknown as RulesSource
      change(document)
      // A scale of 0 has no hundredths: there the figure moves by a whole point.
      if (scheme.totals.find(({ total }) => total === document.total)?.scale === 0) inWholePoints(document)
      return killers(cases, inUnits(JSON.stringify(document)))
    }
    const mutants = mutantsOf(tree as unknown as RulesSource)
    t.ok(mutants.length >= 2)
    const leftOut = new Map<number, string[]>()
    for (const mutant of mutants) {
      const killed = killedBy(mutant)
      t.ok(killed.length > 0, mutant.what)
      const [, key] = /^\/order\/(\d+) .* left out$/.exec(mutant.what) ?? []
      if (key !== undefined) leftOut.set(Number(key), killed)
    }
    // A case of its own: one that fails when this key is left out, and holds when any other key that breaks ties is.
    for (const [key, killed] of leftOut) {
      const others = [...leftOut].filter(([other]) => other !== key && other > 0).flatMap(([, names]) => names)
      t.ok(
        killed.some(name => !others.includes(name)),
        `key ${key} decides a case of its own`,
      )
    }
  })
}

function inWholePoints({ gate, scoreLine }: RulesSource): void {
  for (const part of [gate, scoreLine]) {
    if (!part) continue
    const [whole = '', fraction = '00'] = part.atLeast.split('.')
    part.atLeast = fraction === '01' ? String(Number(whole) + 1) : whole
  }
}

// --- An invented round with everything that rules can ask for: pools, households of persons, a reserve list, moments.

const town = `rules: quillmere/2026
scheme: {scheme: quillmere, version: "2026"}
sources: {}
total: settlement
gate: {atLeast: 10, assumption: x}
order:
  - {key: total, direction: desc, assumption: x}
  - {key: date, of: since, direction: asc, assumption: x}
  - {key: submission, to: moment, direction: asc, assumption: x}
quota:
  unit: persons
  decision: {number: "1", body: {zh-CN: 镇, en: town}}
  capacityBasis: {zh-CN: 无, en: none}
  assumption: x
  pools:
    - {pool: north, name: {zh-CN: 北, en: north}, places: 4, assumption: x}
    - {pool: south, name: {zh-CN: 南, en: south}, places: 0, assumption: x}
line: {rule: admit-none, assumption: x}
straddle: {rule: next-smaller, assumption: x}
reserve: {places: 2, assumption: x}
`
const townInUnits = (text = town): RulesInUnits => {
  const rules = readRules(text)
  const units = rules.order.map(({ key }) => {
    return key === 'total'
      ? { kind: 'decimal' as const, scale: 2 }
      : key === 'date'
        ? { kind: 'date' as const }
        : { kind: 'instant' as const }
  })
  return { rules, units, totalScale: 2, gateAtLeast: rules.gateAtLeast === null ? null : 1000 }
}
const row = (id: string, fields: string, expect: string, moment = '2026-05-01T08:00:00Z') =>
  `      - {id: ${id}, measures: {since: 2020-01-01}, submittedAt: "${moment}", ${fields}, expect: {${expect}}}\n`
const families = `rules: quillmere/2026
source: by hand
cases:
  - case: families
    source: art. 7
    applications:
${row('father', 'total: 50.5, pool: north, household: h, persons: 3', 'outcome: first, rank: 1')}${row('mother', 'total: 40, pool: north, household: h, persons: 3', 'outcome: represented')}${row('large', 'total: 45, pool: north, persons: 2', 'outcome: none, rank: 2, reserve: 1')}${row('single', 'total: 45, pool: north, persons: 1', 'outcome: first, rank: 3', '2026-05-01T08:00:00.001Z')}${row('late', 'total: 45, pool: north, persons: 1', 'outcome: none, rank: 4, reserve: 2', '2026-05-01T08:00:00.002Z')}${row('last', 'total: 44, pool: north, persons: 1', 'outcome: none, rank: 5')}${row('below', 'total: 9.99, pool: south, persons: 1', 'outcome: not-eligible')}    expect: {pools: {north: {cutOff: [45.00, 2020-01-01, "2026-05-01T08:00:00.001Z"]}}}
`

t.test('pools, households, persons and a reserve list', async t => {
  const { cases, faults } = readRoundCases(families, townInUnits())
  t.same(faults, [])
  const [one] = cases as [RoundCase]
  t.match(one, { case: 'families', source: 'art. 7', pointer: '/cases/0', line: 4, column: 5 })
  t.same(runRoundCase(townInUnits(), one), [])
  const differing = (from: string, to: string) => {
    t.ok(families.includes(from))
    const { cases, faults } = readRoundCases(families.replace(from, to), townInUnits())
    t.same(faults, [])
    return runRoundCase(townInUnits(), cases[0] as RoundCase)
  }
  t.same(differing('rank: 2, reserve: 1', 'rank: 3'), [
    { field: 'large.rank', wanted: '3', got: '2' },
    { field: 'large.reserve', wanted: 'none', got: '1' },
  ])
  t.same(differing('outcome: represented', 'outcome: none, rank: 2'), [
    { field: 'mother.outcome', wanted: 'none', got: 'represented' },
    { field: 'mother.rank', wanted: '2', got: 'none' },
  ])
  t.same(differing('not-eligible', 'none'), [{ field: 'below.outcome', wanted: 'none', got: 'not-eligible' }])
  t.same(differing('08:00:00.001Z"]', '08:00:00.002Z"]'), [
    {
      field: 'pools.north.cutOff',
      wanted: ['45.00', '2020-01-01', '2026-05-01T08:00:00.002Z'],
      got: ['45.00', '2020-01-01', '2026-05-01T08:00:00.001Z'],
    },
  ])
  t.same(differing('north: {cutOff: [45.00, 2020-01-01, "2026-05-01T08:00:00.001Z"]}', 'south: {atLine: 1, unused: 2}'), [
    { field: 'pools.north.cutOff', wanted: [], got: ['45.00', '2020-01-01', '2026-05-01T08:00:00.001Z'] },
    { field: 'pools.south.atLine', wanted: '1', got: '0' },
    { field: 'pools.south.unused', wanted: '2', got: '0' },
  ])
  // With one place more the household of two has room, and who came after it waits.
  t.same(differing('    applications:', '    pools: {north: 5}\n    applications:'), [
    { field: 'large.outcome', wanted: 'none', got: 'first' },
    { field: 'large.reserve', wanted: '1', got: 'none' },
    { field: 'single.outcome', wanted: 'first', got: 'none' },
    { field: 'single.reserve', wanted: 'none', got: '1' },
    {
      field: 'pools.north.cutOff',
      wanted: ['45.00', '2020-01-01', '2026-05-01T08:00:00.001Z'],
      got: ['45.00', '2020-01-01', '2026-05-01T08:00:00.000Z'],
    },
  ])
})

/** Rules without pools that draw lots. */
const lots = town
  .replace(/ {2}pools:\n.*\n.*\n/, '  places: 2\n')
  .replace('unit: persons', 'unit: applicants')
  .replace(/^straddle.*\n/m, '')
  .replace(/^ {2}- \{key: (date|submission).*\n/gm, '')
  .replace(
    /^line.*$/m,
    'line: {rule: lot, draw: {series: {zh-CN: 彩, en: d}, numbers: [{count: 2, from: 1, to: 9, order: ascending}], assumption: x}, assumption: x}',
  )
  .concat('zone: "+08:00"\n')
const drawn = (lot: string, fates: string[]) => `rules: quillmere/2026
source: by hand
cases:
  - case: three for two places
    ${lot}
    applications:
${fates.map((fate, i) => `      - {id: ${'abc'[i]}, total: 30, expect: {${fate}}}\n`).join('')}    expect: {cutOff: [30], atLine: 3}
`
const secret = '000102030405060708090a0b0c0d0e0f'

t.test('lots are those that the secret and the draw give', async t => {
  // SHA-256(SHA-256(secret) ‖ SHA-256("1,9") ‖ id), the smallest first.
  const hash = (...parts: (Buffer | string)[]) => parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest()
  const lotOf = (id: string) => hash(hash(Buffer.from(secret, 'hex')), hash('1,9'), id)
  const order = ['a', 'b', 'c'].sort((x, y) => lotOf(x).compare(lotOf(y)))
  const fates = ['a', 'b', 'c'].map(id => (id === order[2] ? 'outcome: none, rank: 1, reserve: 1' : 'outcome: first, rank: 1'))
  const run = (lot: string) => {
    const { cases, faults } = readRoundCases(drawn(lot, fates), townInUnits(lots))
    return {
      faults: faults.map(({ code, pointer, line }) => [code, pointer, line]),
      differences: cases.flatMap(one => runRoundCase(townInUnits(lots), one)),
    }
  }
  t.same(run(`lot: {secret: ${secret}, draw: [1, 9]}`), { faults: [], differences: [] })
  const others = Array.from({ length: 8 }, (_, i) => run(`lot: {secret: ${secret}, draw: [${i + 1}, 9]}`).differences.length)
  t.ok(
    others.some(count => count > 0),
    'another draw gives others',
  )
  t.same(run('places: 2').faults, [['missing-field', '/cases/0', 4]])
  t.same(run(`lot: {secret: ${secret}, draw: [9, 1]}`).faults, [['not-ascending', '/cases/0/lot', 5]])
  t.same(run(`lot: {secret: 00, draw: [1, 9]}`).faults, [['invalid-lot-secret', '/cases/0/lot', 5]])
})

t.test('a score line: who reaches it is placed, and nobody has a rank', async t => {
  const inUnits = townInUnits(
    'rules: q/1\nscheme: {scheme: q, version: "1"}\nsources: {}\ntotal: t\nscoreLine: {atLeast: 10, assumption: x}\n',
  )
  const read = (rest: string) => readRoundCases(`rules: q/1\nsource: x\ncases:\n  - case: c\n${rest}`, inUnits)
  const applications = '    applications: [{id: a, total: 10, expect: {outcome: first}}, {id: b, total: 9.99, expect: {outcome: none}}]\n'
  const { cases, faults } = read(applications)
  t.same(faults, [])
  t.same(runRoundCase(inUnits, cases[0] as RoundCase), [{ field: 'b.outcome', wanted: 'none', got: 'not-eligible' }])
  const codes = (rest: string) => read(`${applications}${rest}`).faults.map(({ code, pointer }) => [code, pointer])
  t.same(codes('    places: 3\n'), [['wrong-choice', '/cases/0/places']])
  t.same(codes('    expect: {unused: 3}\n'), [['wrong-choice', '/cases/0/expect/unused']])
})

t.test('whatever is unknown or missing in a case file is told with its place', async t => {
  const faultsOf = (from: string, to: string, rules = town) => {
    t.ok(families.includes(from), from)
    const { cases, faults } = readRoundCases(families.replace(from, to), townInUnits(rules))
    if (faults.length > 0) t.same(cases, [], 'no case is run')
    return faults
  }
  const applicantRules = town.replace('unit: persons', 'unit: households').replace(/^straddle.*\n/m, '')
  const table: [from: string, to: string, code: string, pointer: string, line: number, message: RegExp, rules?: string][] = [
    ['source: by hand', 'source: [', 'unreadable-document', '', 3, /./],
    ['source: by hand\n', '', 'missing-field', '', 1, /"source" is missing/],
    [
      'rules: quillmere/2026',
      'rules: quillmere/2027',
      'other-rules',
      '/rules',
      1,
      /belong to "quillmere\/2027", and the rules are "quillmere\/2026"/,
    ],
    ['    source: art. 7', '    sourze: art. 7', 'unknown-field', '/cases/0/sourze', 5, /did you mean "source"/],
    [
      'outcome: represented',
      'outcome: absent',
      'unknown-value',
      '/cases/0/applications/1/expect/outcome',
      8,
      /first, second, none, represented, not-eligible/,
    ],
    ['rank: 2', 'rank: 0', 'wrong-form', '/cases/0/applications/2/expect/rank', 9, /1 or more/],
    ['total: 50.5,', '', 'missing-field', '/cases/0/applications/0', 7, /"total" is missing: the rules ask for it/],
    ['total: 50.5', 'total: 50.555', 'wrong-form', '/cases/0/applications/0/total', 7, /at most 2 decimals/],
    ['{since: 2020-01-01}', '{since: 2020-02-30}', 'wrong-form', '/cases/0/applications/0/measures/since', 7, /a date YYYY-MM-DD/],
    [
      '{since: 2020-01-01}',
      '{sinze: 2020-01-01}',
      'unknown-name',
      '/cases/0/applications/0/measures/sinze',
      7,
      /do not order by "sinze" of the measures/,
    ],
    ['measures: {since: 2020-01-01}, ', '', 'missing-field', '/cases/0/applications/0', 7, /"since" is missing under "measures"/],
    ['"2026-05-01T08:00:00Z"', '2026-05-01', 'wrong-form', '/cases/0/applications/0/submittedAt', 7, /a moment in UTC such as/],
    ['pool: north, ', '', 'missing-field', '/cases/0/applications/0', 7, /"pool" is missing/],
    ['pool: north', 'pool: west', 'unknown-name', '/cases/0/applications/0/pool', 7, /no such pool; they have: north, south/],
    ['household: h, persons: 3', 'household: h', 'missing-field', '/cases/0/applications/0', 7, /"persons" is missing/],
    ['id: mother', 'id: father', 'id-twice', '/cases/0/applications/1/id', 8, /"father" already/],
    ['40, pool: north', '40, pool: south', 'household-in-two-pools', '/cases/0/applications/1', 8, /in another pool/],
    ['    applications:', '    places: 4\n    applications:', 'wrong-choice', '/cases/0/places', 6, /give places by pool/],
    ['    applications:', '    pools: {west: 4}\n    applications:', 'unknown-name', '/cases/0/pools/west', 6, /they have: north, south/],
    ['    applications:', `    lot: {secret: ${secret}, draw: [1]}\n    applications:`, 'wrong-choice', '/cases/0/lot', 6, /draw no lots/],
    ['expect: {pools:', 'expect: {atLine: 0, pools:', 'wrong-choice', '/cases/0/expect/atLine', 14, /say it of each under "pools"/],
    ['expect: {pools: {north', 'expect: {pools: {west', 'unknown-name', '/cases/0/expect/pools/west', 14, /they have: north, south/],
    [
      '[45.00, 2020-01-01, "2026-05-01T08:00:00.001Z"]',
      '[45.00]',
      'wrong-form',
      '/cases/0/expect/pools/north/cutOff',
      14,
      /each order key \(3 of them\)/,
    ],
    ['[45.00,', '[x,', 'wrong-form', '/cases/0/expect/pools/north/cutOff/0', 14, /at most 2 decimals/],
    ['expect: {pools:', 'expect: {secondRound: {places: 1}, pools:', 'wrong-choice', '/cases/0/expect/secondRound', 14, /no second round/],
    [
      'id: father',
      'items: {work: 1}, id: father',
      'unknown-name',
      '/cases/0/applications/0/items/work',
      7,
      /do not order by "work" of the items/,
    ],
  ]
  for (const [from, to, code, pointer, line, message] of table) {
    const fault = faultsOf(from, to).find(one => one.pointer === pointer)
    t.match(fault, { code, line, message }, `${from} -> ${to}`)
  }
  t.match(
    faultsOf('id: father', 'id: father', applicantRules).map(({ code, pointer }) => [code, pointer])[0],
    ['wrong-choice', '/cases/0/applications/0/persons'],
    'a value that the rules do not look at',
  )
  t.match(
    readRoundCases(drawn('places: 2', ['outcome: none']).replace('total: 30', 'pool: north'), townInUnits(lots))
      .faults.map(({ code }) => code)
      .sort(),
    ['missing-field', 'missing-field', 'wrong-choice'],
  )
})

/** The model scheme and its round rules with their cases in a folder of their own. */
async function modelFolder(t: Parameters<typeof home>[0]) {
  const folder = await home(t)
  const model = join(schemesFolder, 'model/2017')
  await mkdir(join(folder, 'round-cases'))
  for (const name of ['scheme.yaml', 'rounds.yaml', 'round-cases/order.yaml']) await copyFile(join(model, name), join(folder, name))
  return { folder, rules: join(folder, 'rounds.yaml'), caseFile: join(folder, 'round-cases/order.yaml') }
}

t.test('points scheme test of round rules', async t => {
  const { folder, rules, caseFile } = await modelFolder(t)
  const run = (...args: string[]) => points(['scheme', 'test', rules, ...args])
  t.same(await run(), { code: 0, out: '5 of 5 cases came out as expected\n', err: '' })

  const text = await readFile(rules, 'utf8')
  const { line, column } = readDocument(await readFile(caseFile, 'utf8')).placeOf('/cases/1')
  await writeFile(rules, text.replace('of: insurance, direction: desc', 'of: insurance, direction: asc'))
  const failed = await run()
  t.equal(failed.code, 1)
  t.same(failed.out.split('\n'), [
    `${caseFile}:${line}:${column} failed: equal totals, the higher points for social insurance are first`,
    '  later.outcome: expected none, came first',
    '  later.rank: expected 2, came 1',
    '  first.outcome: expected first, came none',
    '  first.rank: expected 1, came 2',
    '  cutOff: expected 88.49, 30.00, 2009-03-02, came 88.49, 29.99, 2009-03-01',
    '4 of 5 cases came out as expected',
    '',
  ])
  const json = await run('--json')
  t.equal(json.code, 1)
  t.match(JSON.parse(json.out), {
    rules: { rules: 'model/2017', digest: /^sha256:[0-9a-f]{64}$/ },
    findings: [],
    cases: [
      { file: caseFile, differences: [] },
      { pointer: '/cases/1', line, column, differences: [{ field: 'later.outcome', wanted: 'none', got: 'first' }] },
    ],
  })

  await rm(join(folder, 'round-cases'), { recursive: true })
  t.match(await run(), { code: 1, out: '', err: /there are no cases: write them into .*round-cases\/\*\.yaml/ })
})

t.test('which cases belong to which rules, and rules that cannot be tested', async t => {
  const { folder, rules, caseFile } = await modelFolder(t)
  const lint = (file = rules) => lintRulesWithCases(file, readFileSync(file, 'utf8'), roundCaseTextsBeside(file))
  const count = async (file = rules) => (await lint(file)).results?.length
  const errors = async () => (await lint()).findings.map(({ code, pointer, file }) => [code, pointer, file && basename(file)])
  const text = await readFile(rules, 'utf8')
  const second = join(folder, 'rounds-second.yaml')
  const others = join(folder, 'round-cases/second.yaml')
  const ofOthers = (await readFile(caseFile, 'utf8')).replace('rules: model/2017', 'rules: model/2017-second')
  await writeFile(second, text.replace('rules: model/2017', 'rules: model/2017-second'))
  await writeFile(others, ofOthers)
  t.equal(await count(), 5, 'rules of a scheme share the folder of their cases')
  t.equal(await count(second), 5)
  await writeFile(others, ofOthers.replace('model/2017-second', 'model/2017-sekond'))
  t.same(await errors(), [['other-rules', '/rules', 'second.yaml']], 'a name that no rules there have is told')
  await rm(others)

  await writeFile(rules, text.replace('of: insurance', 'of: insurances'))
  t.same(await errors(), [['unknown-name', '/order/1/of', undefined]])
  await writeFile(rules, text)
  await writeFile(join(folder, 'scheme.yaml'), 'scheme: [\n')
  t.same(await errors(), [['unchecked-names', '/scheme', undefined]], 'values have no units without the scheme')
  await rm(join(folder, 'scheme.yaml'))
  await t.rejects(lint(), { name: 'Refusal', code: 'unreadable-file', message: /there is no file .*scheme\.yaml/ })
})
