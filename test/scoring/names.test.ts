import t from 'tap'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { lintScheme, readScheme } from '../../src/scoring/scheme/lint.ts'
import { scorer } from '../../src/scoring/score.ts'
import { Refusal } from '../../src/values/refusal.ts'
import { day, vocabulary, vocabularyOf } from '../support/cases.ts'
import { small } from '../support/small-scheme.ts'

/*
 * What a scheme names itself (units, kinds of evidence, measures, dates that evidence gives), and what is refused in its measures.
 */

const text = (en: string) => `{zh-CN: 名, en: ${en}}`
const band = `{title: ${text('band')}, codes: {b1: ${text('B1')}, b2: ${text('B2')}}, default: b1}`
const languageTest = (attributes = `{band: ${band}}`, rest = 'shape: certificate') =>
  `languageTest: {title: ${text('test')}, ${rest}, attributes: ${attributes}}`

function withNames({ measures = '{}', dates = '{}', units = '{}', evidence = '{}' }) {
  return `${small({ measures, dates })}units: ${units}\nevidence: ${evidence}\n`
}

t.test('facts are read with the names of the scheme', async t => {
  const scheme = readScheme(
    withNames({
      units: `{litres: {title: ${text('litres')}, scale: 1}}`,
      evidence: `{${languageTest(`{band: ${band}, water: {title: ${text('water')}, unit: litres, default: 0.5}}`)}}`,
      measures: `{
        tests: {title: ${text('tests')}, codes: {of: languageTest, code: band}, source: {ref: s}},
        water: {title: ${text('water')}, amount: {of: languageTest, amount: water, take: highest}, source: {ref: s}},
        testsHeld: {title: ${text('tests held')}, count: {of: languageTest}, source: {ref: s}}
      }`,
    }),
    vocabularyOf,
  )
  const measure = (facts: object, name: string) =>
    scorer(scheme, day('2016-12-31')).score(readFacts(scheme.vocabulary, facts)).measure(name)
  const held = { languageTest: [{ issued: '2015-01-01' }, { issued: '2016-01-01', band: 'b2', water: '1.5' }] }
  t.same(measure(held, 'tests'), ['b1', 'b2'])
  t.equal(measure(held, 'water'), 15)
  t.equal(measure(held, 'testsHeld'), 2)
  t.same(measure({ attested: [{ measure: 'tests', value: ['b2'] }] }, 'tests'), ['b2'], 'a code of the scheme may be attested')
  t.equal(measure({ attested: [{ measure: 'water', value: '2.5' }] }, 'water'), 25, 'in the unit of the scheme')
  t.equal(scheme.vocabulary.measures.get('testsHeld')?.unit.name, 'records')
  t.equal(scheme.vocabulary.digest, vocabulary.digest, 'the vocabulary that it names stays what it is')
  t.notOk(vocabulary.kinds.has('languageTest'))
  t.throws(() => readFacts(vocabulary, held), Refusal)
  t.throws(() => readFacts(scheme.vocabulary, { languageTest: [{ issued: '2015-01-01', band: 'b3' }] }), Refusal)
})

t.test('a count may be counted in another whole unit of the vocabulary', async t => {
  const counted = (measure: string) =>
    lintScheme(small({ measures: `{${measure}: {count: {of: incomeTax}, source: {ref: s}}}` }), vocabularyOf)
  t.ok(counted('taxYears').scheme)
  t.match(counted('moneyDonated').findings, [{ code: 'unit-mismatch', pointer: '/measures/moneyDonated' }])
})

const one = (source: string, rest = `, title: ${text('m')}`) => withNames({ measures: `{m: {${source}, source: {ref: s}${rest}}}` })
const date = (source: string) => withNames({ dates: `{d: {${source}, source: {ref: s}}}` })
const evidence = (source: string) => withNames({ evidence: `{${source}}` })
const m = '/measures/m'
const onTime = 'of: insurance, where: {payment: on-time}'

/** [what, the scheme, code, pointer, words of the message] */
const refused: [string, string, string, string, RegExp][] = [
  ['a unit of the vocabulary', withNames({ units: `{yuan: {title: ${text('yuan')}, scale: 3}}` }), 'name-taken', '/units/yuan', /already/],
  ['a kind of the vocabulary', evidence(`award: {title: ${text('award')}, shape: event}`), 'name-taken', '/evidence/award', /already/],
  [
    'a title of the vocabulary',
    withNames({ measures: `{age: {age: {of: birth}, title: ${text('age')}, source: {ref: s}}}` }),
    'name-taken',
    '/measures/age/title',
    /leave the title out/,
  ],
  ['a measure without title', one('age: {of: birth}', ''), 'missing-field', m, /give it a title/],
  ['a title in one language', evidence('pet: {title: {en: pet}, shape: event}'), 'missing-translation', '/evidence/pet/title', /zh-CN/],
  [
    'an unknown unit',
    evidence(languageTest(`{marks: {title: ${text('marks')}, unit: litres}}`)),
    'unknown-name',
    '/evidence/languageTest/attributes/marks/unit',
    /"litres"/,
  ],
  [
    'a default that is no code',
    evidence(languageTest(`{band: ${band.replace('default: b1', 'default: c1')}}`)),
    'unknown-name',
    '/evidence/languageTest/attributes/band/default',
    /b1, b2/,
  ],
  [
    'a field of every record',
    evidence(languageTest(`{source: ${band}}`)),
    'reserved-name',
    '/evidence/languageTest/attributes/source',
    /every record/,
  ],
  [
    'a field of every explanation',
    evidence(languageTest(`{kind: ${band}}`)),
    'reserved-name',
    '/evidence/languageTest/attributes/kind',
    /every record/,
  ],
  ['a reserved kind', evidence(`attested: {title: ${text('attested')}, shape: event}`), 'reserved-name', '/evidence/attested', /reserved/],
  [
    'a grain of an event',
    evidence(`pet: {title: ${text('pet')}, shape: event, grain: day}`),
    'wrong-form',
    '/evidence/pet/grain',
    /only a span/,
  ],
  [
    'codes and a unit',
    evidence(languageTest(`{band: {title: ${text('band')}, codes: {a: ${text('a')}}, unit: yuan}}`)),
    'wrong-choice',
    '/evidence/languageTest/attributes/band',
    /codes, unit/,
  ],

  ['a date from two places', date('from: reference, of: education, which: first'), 'wrong-choice', '/dates/d', /from, of/],
  ['a date of evidence that says not which', date('of: education'), 'wrong-form', '/dates/d', /which/],
  ['another date without evidence', date('from: reference, otherwise: 2016-01-01'), 'wrong-form', '/dates/d', /of/],
  ['a date of a trait', date('of: sex, which: first'), 'unit-mismatch', '/dates/d/of', /no date/],
  ['a date of unknown evidence', date('of: pets, which: first'), 'unknown-name', '/dates/d/of', /"pets"/],
  ['an unknown date instead', date('of: education, which: last, otherwise: e'), 'unknown-name', '/dates/d/otherwise', /"e"/],

  ['an age of spans', one('age: {of: home}'), 'unit-mismatch', `${m}/age/of`, /no event/],
  ['an unknown word', one('age: {of: birth, in: days}'), 'unknown-value', `${m}/age/in`, /years, months/],
  ['an unknown date', one('covers: {of: permit, on: yesterday}'), 'unknown-name', `${m}/covers/on`, /"yesterday"/],
  ['a window for a trait', one('count: {of: sex, window: {from: reference}}'), 'unit-mismatch', `${m}/count/window`, /no date/],
  ['years of a trait', one('count: {of: sex, perYear: {atMost: 1}}'), 'unit-mismatch', `${m}/count/perYear`, /no year/],
  ['a trait that lies on a date', one('covers: {of: sex}'), 'unit-mismatch', `${m}/covers/of`, /no date/],
  ['the first date of a trait', one('latest: {of: sex}'), 'unit-mismatch', `${m}/latest/of`, /no date/],
  ['months of events', one('months: {of: award}'), 'unit-mismatch', `${m}/months/of`, /no spans/],
  [
    'tolerance of days',
    one('months: {of: employment, tolerate: {where: {basis: licence}, upTo: 1}}'),
    'unit-mismatch',
    `${m}/months/tolerate`,
    /has days/,
  ],
  [
    'an exception of another grain',
    one('months: {of: insurance, except: {of: residence}}'),
    'unit-mismatch',
    `${m}/months/except/of`,
    /calendar months/,
  ],
  ['an exception of events', one('months: {of: residence, except: {of: award}}'), 'unit-mismatch', `${m}/months/except/of`, /in days/],
  [
    'one record and a chain',
    one(`months: {${onTime}, single: last, continuous: {gap: 0}}`),
    'wrong-choice',
    `${m}/months/continuous`,
    /leave one of them out/,
  ],
  [
    'one record and a tolerance',
    one(`months: {${onTime}, single: last, tolerate: {where: {payment: back-paid}, upTo: 1}}`),
    'wrong-choice',
    `${m}/months/tolerate`,
    /leave one of them out/,
  ],
  [
    'one record and an exception',
    one(`months: {${onTime}, single: longest, except: {of: study}}`),
    'wrong-choice',
    `${m}/months/except`,
    /leave one of them out/,
  ],
  [
    'an overlap with events',
    one('overlap: {of: home, with: [{of: study}, {of: award}]}'),
    'unit-mismatch',
    `${m}/overlap/with/1/of`,
    /no spans/,
  ],
  ['an overlap with nothing', one('overlap: {of: home, with: []}'), 'wrong-form', `${m}/overlap/with`, /one or more/],
  ['figures alone', one('least: [1, 2]'), 'missing-field', `${m}/least/0`, /at least one/],
  ['a negative figure', one('difference: {of: m, less: -1}'), 'wrong-form', `${m}/difference/less`, /0 or more/],
  ['a measure that rests on itself', one('added: [m, 1]'), 'circle', `${m}/added/0`, /itself/],
  ['the sum of spans', one('sum: {of: home, amount: rent}'), 'unit-mismatch', `${m}/sum/of`, /no event/],
  ['an unknown amount', one('sum: {of: donation, amount: value}'), 'unknown-name', `${m}/sum/amount`, /no amount "value"/],
  [
    'multiples of nothing',
    one('sum: {of: donation, amount: amount, perRecord: {unit: 0}}'),
    'wrong-form',
    `${m}/sum/perRecord/unit`,
    /more than 0/,
  ],
  ['limits that say nothing', one('sum: {of: donation, amount: amount, perYear: {}}'), 'wrong-form', `${m}/sum/perYear`, /one or more/],
  [
    'years that reach nothing',
    one('yearsWith: {of: incomeTax, amount: amount, atLeast: 0}'),
    'wrong-form',
    `${m}/yearsWith/atLeast`,
    /more than 0/,
  ],
  ['more months than a year has', one('yearsWith: {of: home, atLeast: 13}'), 'wrong-form', `${m}/yearsWith/atLeast`, /12 months/],
  ['years of events without amount', one('yearsWith: {of: award, atLeast: 1}'), 'unit-mismatch', `${m}/yearsWith/of`, /name the amount/],
  ['an unknown code', one('codes: {of: award, code: grade}'), 'unknown-name', `${m}/codes/code`, /no code "grade"/],
  ['bounds of a code', one('count: {of: award, where: {level: {atLeast: 1}}}'), 'unit-mismatch', `${m}/count/where/level`, /is a code/],
  [
    'bounds beside codes',
    one('count: {of: award, where: {level: {not: city, atLeast: 1}}}'),
    'unit-mismatch',
    `${m}/count/where/level`,
    /is a code/,
  ],
  [
    'a code that is no amount',
    one('count: {of: donation, where: {amount: {not: large}}}'),
    'unit-mismatch',
    `${m}/count/where/amount`,
    /is an amount/,
  ],
  [
    'a code that is not to be, misspelt',
    one('count: {of: award, where: {level: {not: [city, town]}}}'),
    'unknown-name',
    `${m}/count/where/level`,
    /"town"/,
  ],
  ['no bound', one('count: {of: donation, where: {amount: {}}}'), 'wrong-form', `${m}/count/where/amount`, /one or more/],
]

t.test('what is refused, each with its place', async t => {
  for (const [what, scheme, code, pointer, words] of refused) {
    const { findings } = lintScheme(scheme, vocabularyOf)
    const errors = findings.filter(finding => finding.severity === 'error')
    t.match(errors, [{ code, pointer, message: words }], what)
    t.equal(errors.length, 1, `${what}: one error and none that follows from it`)
  }
})
