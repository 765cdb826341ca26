import t from 'tap'
import { readRules } from '../../src/ranking/rules.ts'
import { fitTogether } from '../../src/round/standing.ts'
import { verifierRules } from '../../src/round/verifier-rules.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import { CannotRead, readSchemeTree, readVocabularyTree } from '../../src/verifying/oracle/reader.ts'
import { createOracle } from '../../src/verifying/oracle-judge.ts'
import { day, schemeText, shippedScheme, shippedSchemes, vocabulary } from '../support/cases.ts'
import { randomFacts, randomFrom } from '../support/random-facts.ts'

const claim = '{"submittedAt":"2020-03-01T16:30:00.250Z"}'

/** Round rules that order by the total, an item, every measure that is a quantity or a date, and the time of the application. */
function rulesFor(scheme: Scheme, line: 'order' | 'scoreLine'): string {
  const [total] = scheme.totals
  const measures = scheme.measures.flatMap(({ name, definition: { unit } }) =>
    ['codes', 'yes-no'].includes(unit.name) ? [] : [`{key: ${unit.name === 'date' ? 'date' : 'measure'}, of: ${name}`],
  )
  const keys = [
    '{key: total',
    `{key: item, of: ${scheme.items[0]?.item}`,
    ...measures.slice(0, 3),
    '{key: submission, to: day',
    '{key: submission, to: moment',
  ]
  const ranked = [
    'gate: {atLeast: "60", assumption: a test}',
    `order: [${keys.map(key => `${key}, direction: desc, assumption: a test}`).join(', ')}]`,
    'quota: {places: "3", unit: applicants, decision: {number: "1", body: {zh-CN: 机关, en: office}}, capacityBasis: {zh-CN: 无, en: none}, assumption: a test}',
    'line: {rule: admit-all, assumption: a test}',
    'zone: "+08:00"',
  ]
  return [
    'rules: test/1',
    `scheme: {scheme: ${scheme.scheme}, version: "${scheme.version}"}`,
    'sources: {}',
    `total: ${total?.total}`,
    ...(line === 'order' ? ranked : ['scoreLine: {atLeast: "60", assumption: a test}']),
    '',
  ].join('\n')
}

const runs = 150
const none = () => ({ yes: 0, no: 0, undetermined: 0 })
const seen = { order: none(), scoreLine: none() }

for (const name of shippedSchemes) {
  const scheme = shippedScheme(name)
  if (scheme.status !== 'complete') continue
  for (const line of ['order', 'scoreLine'] as const)
    t.test(`${name}, ${line}: the second program judges frozen documents as the first does`, async t => {
      const seed = Date.now() % 2 ** 31
      t.comment(`seed ${seed}`)
      const random = randomFrom(seed)
      const judge = fitTogether(scheme, readRules(rulesFor(scheme, line)), day('2020-02-29'))
      const { oracle } = verifierRules(judge, '2020-02-29')
      for (let run = 0; run < runs; run++) {
        const facts = Object.entries(randomFacts(scheme.vocabulary, random)).map(([kind, records]) => [
          kind,
          records.map(record => ({ ...record, source: 'register', state: 'verified' })),
        ])
        const document = JSON.stringify(Object.fromEntries(facts))
        const { eligible, total, items, chain } = judge.judge(document, claim)
        seen[line][eligible]++
        const other = oracle(document, claim)
        if (JSON.stringify([eligible, total, items, chain]) !== JSON.stringify([other.eligible, other.total, other.items, other.chain]))
          return t.strictSame(other, { eligible, total, items, chain }, document)
      }
      t.pass(`${runs} documents`)
    })
}

t.test('of each answer there were enough', async t => {
  for (const [line, answers] of Object.entries(seen))
    for (const [answer, count] of Object.entries(answers)) t.ok(count >= 20, `${line}: ${count} times ${answer}`)
})

t.test('a construct that the second program lacks is an error with its name', async t => {
  const text = schemeText('model/2017')
  const altered = (pattern: RegExp, by: string) => {
    t.match(text, pattern)
    return text.replace(pattern, by)
  }
  for (const [what, source, place] of [
    ['a node', altered(/deduct:/, 'power:'), /\/power$/],
    ['a part of a document', `${text}\nsurcharges: {}\n`, /scheme\/surcharges$/],
    ['a word', altered(/monthEnd: [a-z-]+/, 'monthEnd: same-day'), /monthEnd: same-day$/],
    ['a list where there was a text', altered(/^version: .*$/m, 'version: ["1"]'), /scheme\/version$/],
    ['a text where there was a map', altered(/^calendar:\n( {2}.*\n)+/m, 'calendar: none\n'), /scheme\/calendar$/],
  ] as const) {
    t.throws(() => readSchemeTree(source), { name: 'CannotRead', message: place }, what)
  }
  t.throws(() => readVocabularyTree(vocabulary.text.replace('shape: span', 'shape: cloud')), {
    name: 'CannotRead',
    message: /shape: cloud$/,
  })

  const terms = { asOf: '2020-02-29', total: 'settlement', atLeast: null, order: [], zone: null }
  const oracle = createOracle({ scheme: `${text}\nsurcharges: {}\n`, vocabulary: vocabulary.text }, terms)
  t.throws(() => oracle('{}', claim), CannotRead)
  t.throws(() => oracle('{}', claim), CannotRead, 'each time it is asked')
})
