import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'

const door = fileURLToPath(new URL('../../src/cli/points.mjs', import.meta.url))
const published = fileURLToPath(new URL('../../../shared/data/beijing-2018-published.csv', import.meta.url))
const secret = '000102030405060708090a0b0c0d0e0f'
const lots = ['--lot-secret', secret, '--draw', '3,17,5']

const head = `rules: town/2026
scheme: {scheme: town, version: "2026"}
sources: {}
total: settlement
`
const decided = 'decision: {number: "1", body: {zh-CN: 市政府, en: The city}}, capacityBasis: {zh-CN: 规划, en: The plan}, assumption: x'
const town = `${head}zone: "+08:00"
order:
  - {key: total, direction: desc, assumption: x}
  - {key: submission, to: day, direction: asc, assumption: x}
  - {key: submission, to: moment, direction: asc, assumption: x}
quota:
  unit: persons
  ${decided.replaceAll(', capacityBasis', '\n  capacityBasis').replace(', assumption', '\n  assumption')}
  pools:
    - {pool: north, name: {zh-CN: 北, en: North}, places: "2", assumption: x}
    - {pool: south, name: {zh-CN: 南, en: South}, places: "1", carriedOver: [{places: "1", from: "2025", assumption: x}], assumption: x}
  secondRound: {overAtMost: {percent: "10", rounding: up}, atRoom: admit-none, assumption: x}
line: {rule: admit-none, assumption: x}
straddle: {rule: next-smaller, assumption: x}
reserve: {places: "1", assumption: x}
`
const lotTown = `${head}zone: "+08:00"
order: [{key: total, direction: desc, assumption: x}]
quota: {unit: applicants, places: "1", ${decided}}
line:
  rule: lot
  draw: {series: {zh-CN: 双色球, en: Balls}, numbers: [{count: "2", from: "1", to: "33", order: ascending}, {count: "1", from: "1", to: "16", order: drawn}], assumption: x}
  assumption: x
`
const scoreLineTown = `${head}scoreLine: {atLeast: "120", assumption: x}
`

type Outcome = { code: number | null; out: string; err: string }

function points(args: string[], input: string | Buffer = '', closeOutput = false): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', door, ...args], { env: {} }) // without tap's own hooks
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text
      if (closeOutput) child.stdout.destroy()
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      err += text
    })
    child.stdin.on('error', () => {}) // a program that refuses its arguments does not read on
    child.on('error', reject).on('close', code => resolve({ code, out, err }))
    child.stdin.end(input)
  })
}

const lines = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
const rulesFile = (t: Test, text: string) => join(t.testdir({ 'rounds.yaml': text }), 'rounds.yaml')
const ndjson = (...rows: object[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('')

t.test('ranks totals and keys, exactly, and sums up', async t => {
  const input = ndjson(
    { id: 'late', total: '97.1', keys: ['30', '2015-03-02'] },
    { id: 'low', total: '97.09', keys: ['60.00', '2000-01-01'] },
    { id: 'early', total: '97.10', keys: ['30.00', '2015-03-01'] },
    { id: 'best', total: '100', keys: ['0', '2016-02-29'] },
  )
  const { code, out, err } = await points(['rank', '--quota', '2', '--keys', 'desc,asc'], `\ufeff${input}\r\n\n`)
  t.equal(code, 0)
  t.equal(
    out,
    ndjson(
      { id: 'best', total: '100', keys: ['0', '2016-02-29'], rank: 1, admitted: true },
      { id: 'early', total: '97.10', keys: ['30.00', '2015-03-01'], rank: 2, admitted: true },
      { id: 'late', total: '97.1', keys: ['30', '2015-03-02'], rank: 3, admitted: false },
      { id: 'low', total: '97.09', keys: ['60.00', '2000-01-01'], rank: 4, admitted: false },
    ),
  )
  t.same(lines(err), [{ applicants: 4, admitted: 2, cutOff: ['97.10', '30.00', '2015-03-01'], atLine: 0, line: 'admit-all' }])
})

const tied = ndjson({ id: 'a', total: '9' }, { id: 'b', total: '7.0' }, { id: 'c', total: '7' }, { id: 'd', total: '7.00' })
const atLine: [args: string[], admitted: number, cutOff: string[] | null][] = [
  [['--line', 'admit-all'], 4, ['7.00']],
  [['--line', 'admit-none'], 1, ['9']],
]
for (const [args, admitted, cutOff] of atLine) {
  t.test(`the line: ${args.join(' ')}`, async t => {
    const { err } = await points(['rank', '--quota', '2', ...args], tied)
    t.same(lines(err), [{ applicants: 4, admitted, cutOff, atLine: 3, line: args[1] }])
  })
}

t.test('the line by lot: the same secret and draw give the same list', async t => {
  const [first, again, other] = await Promise.all([
    points(['rank', '--quota', '2', '--line', 'lot', ...lots], tied),
    points(['rank', '--quota', '2', '--line', 'lot', '--lot-secret', secret.toUpperCase(), '--draw', '03,17,5'], tied),
    points(['rank', '--quota', '2', '--line', 'lot', '--lot-secret', secret, '--draw', '3,17,6'], tied),
  ])
  t.match(lines(first.err), [{ admitted: 2, atLine: 3, line: 'lot' }])
  t.equal(first.out, again.out)
  t.not(first.out, other.out, 'another draw gives other lots')
})

t.test('by round rules: pools, households, persons, a second round, a reserve list', async t => {
  const rules = rulesFile(t, town)
  const rows = ndjson(
    { id: 'd', keys: ['70', '2026-03-01', '2026-11-28T08:00:00.5Z'], pool: 'south', persons: 3 },
    { id: 'b', keys: ['80.5', '2026-03-01', '2026-11-28T08:00:00Z'], pool: 'north', household: 'h', persons: 2 },
    { id: 'a', keys: ['90', '2026-03-01', '2026-11-28T08:00:00Z'], pool: 'north', household: 'h', persons: 2 },
    { id: 'c', keys: ['80.50', '2026-03-01', '2026-11-28T08:00:00Z'], pool: 'north', persons: 1 },
    { id: 'e', keys: ['60', '2026-03-01', '2026-11-28T08:00:00Z'], pool: 'south', persons: 1 },
  )
  const { code, out, err } = await points(['rank', '--rules', rules], rows)
  t.equal(code, 0)
  // North has 2 places and may take 1 more, south 2. In the first round d is too large for south, and next-smaller passes on to e.
  const told = lines(out).map(({ id, rank, outcome, admitted, reserve }) => [id, rank, outcome, admitted, reserve])
  t.same(told, [
    ['a', 1, 'first', true, null],
    ['b', null, 'represented', true, null],
    ['c', 2, 'second', true, null],
    ['d', 1, 'none', false, 1],
    ['e', 2, 'first', true, null],
  ])
  t.match(lines(out)[1], { keys: ['80.5', '2026-03-01', '2026-11-28T08:00:00Z'], pool: 'north', household: 'h', persons: 2 })
  t.same(lines(err), [
    {
      applicants: 5,
      heads: 4,
      admitted: 3,
      pools: [
        {
          pool: 'north',
          places: 2,
          heads: 2,
          admitted: 1,
          admittedSecond: 1,
          unused: 0,
          cutOff: ['90', '2026-03-01', '2026-11-28T08:00:00Z'],
          atLine: 0,
        },
        {
          pool: 'south',
          places: 2,
          heads: 2,
          admitted: 1,
          admittedSecond: 0,
          unused: 1,
          cutOff: ['60', '2026-03-01', '2026-11-28T08:00:00Z'],
          atLine: 0,
        },
      ],
      secondRound: { places: 1, cutOff: ['80.50', '2026-03-01', '2026-11-28T08:00:00Z'], atLine: 0 },
      line: 'admit-none',
    },
  ])
})

t.test('by round rules: lines that are refused', async t => {
  const rules = rulesFile(t, town)
  const keys = ['70', '2026-03-01', '2026-11-28T08:00:00Z']
  const good = { keys, pool: 'north', persons: 1 }
  const table: [row: object, code: string, pointer: string][] = [
    [{ ...good, id: 'a', household: 'h' }, '', ''],
    [{ ...good, id: 'b', total: '70' }, 'unknown-field', '/total'],
    [{ ...good, id: 'c', keys: keys.slice(1) }, 'wrong-key-count', '/keys'],
    [{ ...good, id: 'd', keys: ['2026-03-01', ...keys.slice(1)] }, 'wrong-form', '/keys/0'],
    [{ ...good, id: 'e', keys: ['70', '70', keys[2]] }, 'wrong-form', '/keys/1'],
    [{ ...good, id: 'f', keys: ['70', keys[1], '2026-11-28T24:00:00Z'] }, 'impossible-moment', '/keys/2'],
    [{ id: 'g', keys, persons: 1 }, 'missing-field', '/pool'],
    [{ ...good, id: 'h', pool: 'west' }, 'unknown-name', '/pool'],
    [{ id: 'i', keys, pool: 'north' }, 'missing-field', '/persons'],
    [{ ...good, id: 'j', persons: 100 }, 'wrong-form', '/persons'],
    [{ ...good, id: 'k', persons: 1.5 }, 'wrong-form', '/persons'],
    [{ ...good, id: 'l', household: 7 }, 'wrong-type', '/household'],
    [{ ...good, id: 'm', household: 'h', pool: 'south' }, 'household-in-two-pools', '/pool'],
  ]
  const { code, out } = await points(['rank', '--rules', rules], ndjson(...table.map(([row]) => row)))
  t.equal(code, 1)
  t.same(
    lines(out).map(({ line, error: { code, pointer } }) => [line, code, pointer]),
    table.map(([, code, pointer], i) => [i + 1, code, pointer]).filter(([, code]) => code !== ''),
  )
})

t.test('by round rules: a lot needs a draw of their form', async t => {
  const rules = rulesFile(t, lotTown)
  const rows = ndjson(...['a', 'b', 'c'].map(id => ({ id, keys: ['7'] })))
  const [drawn, wrong, none, other] = await Promise.all([
    points(['rank', '--rules', rules, '--lot-secret', secret, '--draw', '5,17,3'], rows),
    points(['rank', '--rules', rules, '--lot-secret', secret, '--draw', '17,5,3'], rows),
    points(['rank', '--rules', rules], rows),
    points(['rank', '--rules', rules, '--quota', '1'], rows),
  ])
  t.match(drawn, { code: 0 })
  const told = lines(drawn.out)
  t.same(
    told.map(({ outcome }) => outcome),
    ['first', 'none', 'none'],
  )
  t.same(
    told.map(({ lot }) => lot),
    told.map(({ lot }) => lot).sort(),
  )
  t.match(told[0].lot, /^[0-9a-f]{64}$/)
  t.match(wrong, { code: 2, out: '', err: /^\/numbers\/1: must be greater/ })
  t.match(none, { code: 2, out: '', err: /--lot-secret and --draw/ })
  t.match(other, { code: 2, out: '', err: /cannot be used with/ })
})

t.test('by round rules: where a score line decides nobody is ranked', async t => {
  const { code, out, err } = await points(['rank', '--rules', rulesFile(t, scoreLineTown)])
  t.same({ code, out }, { code: 2, out: '' })
  t.match(err, /score line/)
})

t.test('nobody is a list too', async t => {
  const { code, out, err } = await points(['rank', '--quota', '2'])
  t.same({ code, out }, { code: 0, out: '' })
  t.same(lines(err), [{ applicants: 0, admitted: 0, cutOff: null, atLine: 0, line: 'admit-all' }])
})

t.test('lines that are refused: all are told, nothing is ranked', async t => {
  const keys = ['1', '2020-01-01']
  const table: [line: string | object, code: string, pointer: string][] = [
    [{ id: 'a', total: '1', keys }, '', ''],
    [{ id: 'b', total: 97.13, keys }, 'number-not-text', '/total'],
    [{ id: 'c', total: '1', keys: [1, '2020-01-01'] }, 'number-not-text', '/keys/0'],
    [{ id: 'd', total: '1e3', keys }, 'wrong-form', '/total'],
    [{ id: 'e', total: '1', keys: ['1', '2020-02-30'] }, 'impossible-date', '/keys/1'],
    [{ id: 'f', total: '1', keys: ['1', '2020'] }, 'mixed-keys', '/keys/1'],
    [{ id: 'g', total: '1', keys: ['1'] }, 'wrong-key-count', '/keys'],
    [{ id: 'h', total: '1' }, 'wrong-key-count', '/keys'],
    [{ id: 'a', total: '1', keys }, 'id-twice', '/id'],
    [{ id: 7, total: '1', keys }, 'wrong-type', '/id'],
    [{ total: '1', keys }, 'missing-field', '/id'],
    [{ id: 'i', keys }, 'missing-field', '/total'],
    [{ id: 'j', total: '1', keys, 'a/b': 1 }, 'unknown-field', '/a~1b'],
    [{ id: 'k', total: '1', keys: 'x' }, 'wrong-type', '/keys'],
    [{ id: 'l', total: '1', keys: ['soon', '2020-01-01'] }, 'wrong-form', '/keys/0'],
    ['[]', 'wrong-type', ''],
    ['{"id":"m"', 'invalid-json', ''],
    [{ id: 'n', total: '123456789012345', keys: ['1', '2020-01-01'] }, 'figure-too-large', '/total'],
    [{ id: 'o', total: '0.12', keys }, '', ''],
  ]
  const input = table.map(([line]) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  const latin = Buffer.from('{"id":"é"}\n', 'latin1')
  const long = Buffer.alloc(10 * 1024 * 1024 + 1, ' ')
  const { code, out, err } = await points(['rank', '--quota', '2', '--keys', 'desc,asc'], Buffer.concat([Buffer.from(input), latin, long]))
  t.equal(code, 1)
  const expected = table.map(([, code, pointer], i) => ({ line: i + 1, code, pointer })).filter(({ code }) => code !== '')
  expected.push({ line: 20, code: 'invalid-utf8', pointer: '' }, { line: 21, code: 'line-too-long', pointer: '' })
  const told = lines(out)
    .map(({ line, error: { code, pointer, message } }) => ({ line, code, pointer, message }))
    .sort((a, b) => a.line - b.line)
  t.same(
    told.map(({ line, code, pointer }) => ({ line, code, pointer })),
    expected,
  )
  t.ok(told.every(({ message }) => message.length > 0))
  t.match(told[0]?.message, 'write "97.13"')
  t.equal(err, 'rank: 19 of 21 lines are refused, so nothing is ranked; correct them and rank again\n')
})

const usage: [args: string[], err: RegExp][] = [
  [[], /Usage: points/],
  [['rink'], /unknown command/],
  [['rank'], /--quota/],
  [['rank', '--quota', '-1'], /whole number/],
  [['rank', '--quota', '1', 'file'], /too many arguments/],
  [['rank', '--quota', '1', '--keys', 'up'], /desc or asc/],
  [['rank', '--quota', '1', '--line', 'all'], /admit-all, admit-none, lot/],
  [['rank', '--quota', '1', '--line', 'lot'], /--lot-secret and --draw/],
  [['rank', '--quota', '1', '--line', 'lot', '--lot-secret', secret], /--lot-secret and --draw/],
  [['rank', '--quota', '1', ...lots], /no lot is drawn/],
  [['rank', '--quota', '1', '--line', 'lot', '--lot-secret', '00', '--draw', '1'], /at least 16 bytes/],
  [['rank', '--quota', '1', '--line', 'lot', '--lot-secret', secret, '--draw', '1;2'], /with commas/],
  [['rank', '--rules', 'nowhere.yaml'], /there is no file/],
]
t.test('wrong usage gives exit code 2 and says what would be right', async t => {
  const outcomes = await Promise.all(usage.map(([args]) => points(args, tied)))
  for (const [i, { code, out, err }] of outcomes.entries()) {
    const [args, expected] = usage[i] as (typeof usage)[number]
    t.same({ code, out }, { code: 2, out: '' }, args.join(' '))
    t.match(err, expected)
  }
})

t.test('--help tells the default at the line', async t => {
  const { code, out } = await points(['rank', '--help'])
  t.equal(code, 0)
  t.match(out, /default: "admit-all"/)
})

t.test('a reader that has seen enough is no error', async t => {
  const many = Array.from({ length: 60_000 }, (_, i) => `{"id":"applicant-${i}","total":"${i}"}\n`).join('')
  const { code, err } = await points(['rank', '--quota', '2'], many, true)
  t.same({ code, err }, { code: 0, err: '' })
})

t.test('Beijing 2018: the published ranks come out', async t => {
  if (!existsSync(published)) {
    t.comment(`SKIPPED: ${published} is not there, so the published list of 2018 was not compared`)
    return
  }
  const [header, ...rows] = readFileSync(published, 'utf8').trim().split(/\r?\n/)
  t.equal(header, 'order_no,published_ranking,birth_year,total')
  const list = rows.map(row => row.split(','))
  // In reverse, so that the order of the file is of no help.
  const input = ndjson(...list.map(([id, , , total]) => ({ id, total })).reverse())
  const { code, out, err } = await points(['rank', '--quota', '6000'], input)
  t.equal(code, 0)
  t.same(lines(err), [{ applicants: 6019, admitted: 6019, cutOff: ['90.75'], atLine: 30, line: 'admit-all' }])
  const ranks = new Map(lines(out).map(({ id, rank }) => [id, rank]))
  const compared = list.filter(([, ranking]) => ranking !== '')
  t.same(
    compared.filter(([id, ranking]) => ranks.get(id) !== Number(ranking)),
    [],
  )
  t.equal(compared.length, 6000)
})
