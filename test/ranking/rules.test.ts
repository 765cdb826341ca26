import { readFileSync } from 'node:fs'
import t from 'tap'
import { gateInUnits } from '../../src/ranking/gate.ts'
import { type KeyUnit, unitsOf } from '../../src/ranking/order-keys.ts'
import { readRules, rulesDigest } from '../../src/ranking/rules.ts'
import { RulesSchema } from '../../src/ranking/rules-schema.ts'
import { parseDate } from '../../src/values/civil-date.ts'
import { Refusal } from '../../src/values/refusal.ts'
import { everyPart, scoreLine } from './rules-document.ts'

const good = `rules: beijing/2020
scheme: {scheme: beijing, version: "2020"}
asOf: 2019-12-31
sources: {rules: {title: "Rules", where: "https://example.org", mark: R}}
total: settlement
gate: {atLeast: "30", source: {ref: rules, article: "Article 3"}}
order:
  - {key: total, direction: desc, source: {ref: rules, article: "Article 5"}}
  - {key: item, of: employment, direction: desc, assumption: "as in 2018"}
  - {key: date, of: registeredSince, direction: asc, assumption: {zh-CN: "先登记者在前", en: "who was first"}}
quota:
  places: "6000"
  unit: applicants
  decision: {number: "2020-1", body: {zh-CN: 市人社局, en: The bureau}}
  capacityBasis: {zh-CN: 人口规划, en: The population plan}
  source: {ref: rules, article: "Article 6"}
line: {rule: admit-all, source: {ref: rules, article: "Article 6"}}
`

/** What is refused, as "code pointer" in order, each message with its place in the text. */
function refusals(text: string): string[] {
  try {
    readRules(text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    for (const { message } of error.faults) t.match(message, /^line \d+, column \d+: /)
    return error.faults.map(({ code, pointer }) => `${code} ${pointer}`)
  }
  return []
}

t.test('round rules are read into their types', async t => {
  const rules = readRules(good)
  t.match(rules, {
    name: 'beijing/2020',
    scheme: { scheme: 'beijing', version: '2020' },
    asOf: parseDate('2019-12-31'),
    total: 'settlement',
    gateAtLeast: '30',
    decides: 'ranking',
    unit: 'applicants',
    hasPools: false,
    pools: [{ pool: '', places: 6000, own: 6000, where: null }],
    secondRound: null,
    line: 'admit-all',
    draws: false,
    straddle: null,
    reserve: null,
    zone: null,
    settlement: null,
  })
  t.same(rules.order, [
    { key: 'total', direction: 'desc' },
    { key: 'item', of: 'employment', direction: 'desc' },
    { key: 'date', of: 'registeredSince', direction: 'asc' },
  ])
  t.equal(readRules(good.replace('asOf: 2019-12-31\n', '')).asOf, null)
  t.equal(gateInUnits(rules, 2), 3000)
  const gate = { gateAtLeast: '30.005', decides: 'ranking' } as const
  t.throws(() => gateInUnits(gate, 2), { code: 'invalid-rules', faults: [{ pointer: '/gate/atLeast' }] })
})

t.test('every part is read', async t => {
  const rules = readRules(everyPart)
  t.match(rules, {
    order: [
      { key: 'total', direction: 'desc' },
      { key: 'submission', to: 'day', direction: 'asc' },
      { key: 'submission', to: 'moment', direction: 'asc' },
    ],
    unit: 'persons',
    hasPools: true,
    secondRound: { percent: '12.5', rounding: 'down', atRoom: 'admit-none' },
    line: 'lot',
    draws: true,
    straddle: 'next-smaller',
    reserve: 50,
    zone: '+08:00',
    settlement: { until: parseDate('2025-12-31'), calledUp: { days: 60 } },
  })
  t.same(rules.pools, [
    { pool: 'north', places: 120, own: 120, where: null },
    { pool: 'south', places: 92, own: 80, where: { measure: 'town', is: 'outer' } },
  ])
  const within = everyPart.replace('until: 2025-12-31, calledUp: {within: {days: "60"}}', 'within: {months: "36"}')
  t.same(readRules(within).settlement, { within: { months: 36 } })
  const carried = good.replace('"6000"', '"6000"\n  carriedOver: [{places: "12", from: "2019", assumption: x}]')
  t.same(readRules(carried).pools, [{ pool: '', places: 6012, own: 6000, where: null }])
  const until = `${good}zone: "+08:00"\nsettlement: {until: 2025-12-31, assumption: x}\n`
  t.same(readRules(until).settlement, { until: parseDate('2025-12-31'), calledUp: null })
})

t.test('a score line in the place of a ranking', async t => {
  const rules = readRules(scoreLine)
  t.match(rules, {
    decides: 'score-line',
    gateAtLeast: '120',
    unit: 'applicants',
    hasPools: false,
    line: null,
    draws: false,
    reserve: null,
  })
  t.same([rules.order, rules.pools], [[], []])
  t.equal(gateInUnits(rules, 2), 12000)
  t.throws(() => gateInUnits({ ...rules, gateAtLeast: '0.005' }, 2), { code: 'invalid-rules', faults: [{ pointer: '/scoreLine/atLeast' }] })
  const term = `${scoreLine}zone: "+08:00"\nsettlement: {within: {days: "30"}, assumption: x}\n`
  t.same(readRules(term).settlement, { within: { days: 30 } })
})

t.test('the released round rules are read, and keep their digests', async t => {
  const schemes = new URL('../../schemes/', import.meta.url)
  const released: { [name: string]: string } = JSON.parse(readFileSync(new URL('released.json', schemes), 'utf8'))
  const names = Object.keys(released).filter(name => name.endsWith('/rounds'))
  t.ok(names.length >= 10)
  for (const name of names) t.equal(rulesDigest(readRules(readFileSync(new URL(`${name}.yaml`, schemes), 'utf8'))), released[name], name)
})

t.test('the digest is that of the content, not of its layout', async t => {
  const digest = rulesDigest(readRules(good))
  t.match(digest, /^sha256:[0-9a-f]{64}$/)
  t.equal(rulesDigest(readRules(`# a comment\n${good.replace('places: "6000"', 'places:   6000')}`)), digest)
  t.not(rulesDigest(readRules(good.replace('"6000"', '"6001"'))), digest)
})

const faulty: [name: string, from: string, to: string, expected: string[]][] = [
  ['an unknown field', 'total: settlement', 'total: settlement\ntotals: x', ['unknown-field /totals']],
  ['an unknown field inside', '"6000"', '"6000"\n  place: "1"', ['unknown-field /quota/place']],
  ['a name given twice', 'total: settlement', 'total: settlement\ntotal: other', ['unreadable-document ']],
  ['broken YAML', 'total: settlement', 'total: [', ['unreadable-document ']],
  ['a figure that is none', '"6000"', '"6e3"', ['wrong-form /quota/places']],
  ['a figure without source', ', assumption: "as in 2018"', '', ['wrong-choice /order/1']],
  [
    'a source that is not declared',
    'line: {rule: admit-all, source: {ref: rules',
    'line: {rule: admit-all, source: {ref: plan',
    ['unknown-name /line/source/ref'],
  ],
  ['one language', ', en: The bureau', '', ['missing-translation /quota/decision/body']],
  ['an assumption in one language', '"as in 2018"', '{en: as in 2018}', ['missing-translation /order/1/assumption']],
  ['no key', good.slice(good.indexOf('order:'), good.indexOf('quota:')), 'order: []\n', ['wrong-form /order']],
  ['an item key without item', 'of: employment, ', '', ['missing-field /order/1']],
  ['a total key with an item', 'key: total', 'key: total, of: other', ['unknown-field /order/0/of']],
  ['a key twice', 'key: date, of: registeredSince', 'key: item, of: employment', ['order-key-twice /order/2']],
  ['no line rule', '\nline: {rule: admit-all', '\n#', ['undecided-order /order']],
  ['another line rule', 'rule: admit-all', 'rule: admit-some', ['unknown-value /line/rule']],
  ['an impossible date', '2019-12-31', '2019-02-29', ['impossible-date /asOf']],
]
const ranking = good.slice(good.indexOf('order:'))
const faultyParts: typeof faulty = [
  ['an item and a time', 'key: submission, to: day', 'key: submission, of: x, to: day', ['unknown-field /order/1/of']],
  ['a submission to nothing', 'key: submission, to: day', 'key: submission', ['missing-field /order/1']],
  ['a total to the day', 'key: total', 'key: total, to: day', ['unknown-field /order/0/to']],
  ['the day after the moment', 'to: day', 'to: moment', ['order-key-twice /order/2']],
  ['places and pools', 'unit: persons', 'unit: persons\n  places: "1"', ['wrong-choice /quota']],
  [
    'no pool',
    everyPart.slice(everyPart.indexOf('  pools:'), everyPart.indexOf('  secondRound')),
    '  pools: []\n',
    ['wrong-form /quota/pools'],
  ],
  [
    'a second round without pools',
    everyPart.slice(everyPart.indexOf('  pools:'), everyPart.indexOf('  secondRound')),
    '  places: "9"\n',
    ['wrong-choice /quota/secondRound'],
  ],
  ['a pool twice', 'pool: south', 'pool: north', ['pool-twice /quota/pools/1/pool']],
  ['a pool in one language', '{zh-CN: 北, en: North}', '{zh-CN: 北}', ['missing-translation /quota/pools/0/name']],
  ['a pool without source', 'places: "120", assumption: x', 'places: "120"', ['wrong-choice /quota/pools/0']],
  ['places carried over twice', 'from: "2025"', 'from: "2024"', ['round-twice /quota/pools/1/carriedOver/1/from']],
  [
    'places carried over beside pools',
    'unit: persons',
    'unit: persons\n  carriedOver: [{places: "1", from: "2025", assumption: x}]',
    ['wrong-choice /quota/carriedOver'],
  ],
  [
    'a source within that is not declared',
    '{ref: rules, article: "2"}',
    '{ref: plan, article: "2"}',
    ['unknown-name /quota/pools/1/carriedOver/0/source/ref'],
  ],
  ['a percentage below 0', '"12.5"', '"-1"', ['wrong-form /quota/secondRound/overAtMost/percent']],
  ['no rule at the room', 'atRoom: admit-none, ', '', ['missing-field /quota/secondRound']],
  ['a lot at the room', 'atRoom: admit-none', 'atRoom: lot', ['unknown-value /quota/secondRound/atRoom']],
  [
    'a lot without draw',
    everyPart.slice(everyPart.indexOf('  draw:'), everyPart.indexOf('  assumption: x\nstraddle')),
    '',
    ['missing-field /line'],
  ],
  ['a draw without lot', 'rule: lot', 'rule: admit-all', ['wrong-choice /line/draw']],
  ['a range the wrong way round', 'from: "1", to: "33"', 'from: "33", to: "1"', ['impossible-range /line/draw/numbers/0']],
  ['more numbers than there are', 'from: "1", to: "33"', 'from: "1", to: "5"', ['impossible-count /line/draw/numbers/0/count']],
  [
    'a draw with one result',
    '{count: "6", from: "1", to: "33", order: ascending}, {count: "2", from: "0", to: "9"',
    '{count: "33", from: "1", to: "33", order: ascending}, {count: "2", from: "5", to: "5"',
    ['draw-decides-nothing /line/draw/numbers'],
  ],
  ['more numbers than can be entered', 'count: "2"', 'count: "95"', ['too-many /line/draw/numbers']],
  ['more places than can be counted', 'places: "120"', 'places: "999999908"', ['too-many /quota']],
  ['a term that ends with the reference date', '\ntotal:', '\nasOf: 2025-12-31\ntotal:', ['term-too-early /settlement/until']],
  ['a blank text', 'decision: {number: "1"', 'decision: {number: " "', ['wrong-form /quota/decision/number']],
  ['a text with a NUL', 'decision: {number: "1"', 'decision: {number: "1\\u0000"', ['wrong-form /quota/decision/number']],
  [
    'a long text with a control character at its end',
    'decision: {number: "1"',
    `decision: {number: "${'a'.repeat(250_000)}\\u0001"`,
    ['wrong-form /quota/decision/number'],
  ],
  ['a zone that no place has', '"+08:00"', '"+14:30"', ['wrong-form /zone']],
  ['no number', 'count: "6"', 'count: "0"', ['wrong-form /line/draw/numbers/0/count']],
  ['persons without straddle', 'straddle: {rule: next-smaller, assumption: x}\n', '', ['missing-field ']],
  ['straddle without persons', 'unit: persons', 'unit: households', ['wrong-choice /straddle']],
  ['no term for the called up', ', calledUp: {within: {days: "60"}}', '', ['missing-field /settlement']],
  ['nobody to be called up', 'reserve: {places: "50", assumption: x}\n', '', ['wrong-choice /settlement/calledUp']],
  ['a term within and for the called up', 'until: 2025-12-31', 'within: {days: "30"}', ['wrong-choice /settlement/calledUp']],
  ['a day and a term', 'until: 2025-12-31', 'until: 2025-12-31, within: {days: "30"}', ['wrong-choice /settlement']],
  ['a term in days and months', '{days: "60"}', '{days: "60", months: "2"}', ['wrong-choice /settlement/calledUp/within']],
  ['an impossible last day', '2025-12-31', '2025-11-31', ['impossible-date /settlement/until']],
  ['no zone', 'zone: "+08:00"\n', '', ['missing-field ']],
  ['a zone by name', '"+08:00"', 'Asia/Shanghai', ['wrong-form /zone']],
]
const faultyScoreLine: typeof faulty = [
  [
    'a score line beside a ranking',
    'scoreLine',
    `${ranking}scoreLine`,
    ['/line/source/ref', '/order/0/source/ref', '/quota/source/ref']
      .sort()
      .map(p => `unknown-name ${p}`)
      .concat('wrong-choice /order', 'wrong-choice /quota', 'wrong-choice /line'),
  ],
  ['a gate beside it', 'scoreLine', 'gate: {atLeast: "3", assumption: x}\nscoreLine', ['wrong-choice /gate']],
  ['a reserve list beside it', 'scoreLine', 'reserve: {places: "3", assumption: x}\nscoreLine', ['wrong-choice /reserve']],
  ['straddle beside it', 'scoreLine', 'straddle: {rule: none, assumption: x}\nscoreLine', ['wrong-choice /straddle']],
  ['neither', 'scoreLine: {atLeast: "120", assumption: x}\n', '', ['missing-field ', 'missing-field ']],
  ['a term without zone', 'scoreLine', 'settlement: {within: {days: "30"}, assumption: x}\nscoreLine', ['missing-field ']],
]
for (const [document, table] of [
  [good, faulty],
  [everyPart, faultyParts],
  [scoreLine, faultyScoreLine],
] as const) {
  for (const [name, from, to, expected] of table) {
    t.test(`refused: ${name}`, async t => {
      t.ok(document.includes(from))
      t.same(refusals(document.replace(from, to)).sort(), expected.toSorted())
    })
  }
}

t.test('a zone is asked for by each part that speaks of days', async t => {
  const without = (text: string) => text.replace('zone: "+08:00"\n', '')
  t.throws(() => readRules(without(everyPart)), {
    code: 'invalid-rules',
    faults: [{ message: /\/line\/draw, \/order\/1, \/settlement speaks/ }],
  })
  t.throws(() => readRules(`${good}settlement: {until: 2025-12-31, assumption: x}\n`), {
    code: 'invalid-rules',
    faults: [{ message: /\/settlement speaks of days/ }],
  })
})

t.test('order keys are held against the scheme', async t => {
  const units: Record<string, KeyUnit> = { monthsInsured: { kind: 'decimal', scale: 0 }, registeredSince: { kind: 'date' } }
  const scheme = {
    totalScale: 2,
    itemScale: (id: string) => (id === 'employment' ? 3 : undefined),
    measureUnit: (name: string) => units[name],
  }
  t.same(unitsOf(readRules(good).order, scheme), [{ kind: 'decimal', scale: 2 }, { kind: 'decimal', scale: 3 }, { kind: 'date' }])
  const order = [
    { key: 'item', of: 'study', direction: 'desc' },
    { key: 'date', of: 'monthsInsured', direction: 'desc' },
    { key: 'measure', of: 'registeredSince', direction: 'desc' },
    { key: 'measure', of: 'unheardOf', direction: 'desc' },
  ] as const
  t.throws(() => unitsOf(order, scheme), { code: 'invalid-rules', faults: order.map((_, i) => ({ pointer: `/order/${i}/of` })) })
})

t.test('the published schema is that of the reader', async t => {
  const published = readFileSync(new URL('../../schemes/rounds.schema.json', import.meta.url), 'utf8')
  t.equal(published, `${JSON.stringify(RulesSchema, null, 2)}\n`, 'write schemes/rounds.schema.json anew from RulesSchema')
})
