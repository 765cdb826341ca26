import { readFileSync } from 'node:fs'
import t from 'tap'
import { gateInUnits } from '../../src/ranking/gate.ts'
import { type KeyUnit, unitsOf } from '../../src/ranking/order-keys.ts'
import { readRules, rulesDigest } from '../../src/ranking/rules.ts'
import { RulesSchema } from '../../src/ranking/rules-schema.ts'
import { parseDate } from '../../src/values/civil-date.ts'
import { Refusal } from '../../src/values/refusal.ts'

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
    places: 6000,
    line: 'admit-all',
  })
  t.same(rules.order, [
    { key: 'total', direction: 'desc' },
    { key: 'item', of: 'employment', direction: 'desc' },
    { key: 'date', of: 'registeredSince', direction: 'asc' },
  ])
  t.equal(readRules(good.replace('asOf: 2019-12-31\n', '')).asOf, null)
  t.equal(gateInUnits(rules, 2), 3000)
  t.throws(() => gateInUnits({ gateAtLeast: '30.005' }, 2), { code: 'invalid-rules', faults: [{ pointer: '/gate/atLeast' }] })
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
for (const [name, from, to, expected] of faulty) {
  t.test(`refused: ${name}`, async t => {
    t.ok(good.includes(from))
    t.same(refusals(good.replace(from, to)), expected)
  })
}

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
