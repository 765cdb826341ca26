import { readFileSync } from 'node:fs'
import t from 'tap'
import { readFacts, readRecord } from '../../src/scoring/evidence/read-facts.ts'
import { readVocabulary } from '../../src/scoring/vocabulary.ts'
import { parseDate, parseMonth } from '../../src/values/civil-date.ts'
import { Refusal } from '../../src/values/refusal.ts'
import { vocabulary } from '../support/cases.ts'

const pension = { insurance: 'pension', payment: 'on-time', from: '2010-03' }

t.test('facts as they are read', async t => {
  const facts = readFacts(vocabulary, {
    insurance: [{ ...pension, to: '2019-12', source: 'hrss', state: 'verified' }, pension],
    permit: [{ from: '2012-02-29', to: '2012-02-29' }],
    education: [{ certificate: 'college', issued: '2003-07-01' }],
    sex: [{ sex: 'female' }],
    donation: [{ amount: '1234.5', date: '2016-02-29' }],
    detention: [],
    attested: [
      { measure: 'volunteerHours', value: '12.5', source: 'league', state: 'verified' },
      { measure: 'skills', value: ['level-3', 'level-3', 'junior-title'] },
      { measure: 'permitHeld', value: 'no' },
      { measure: 'residentSince', value: '2010-02-28' },
    ],
  })
  t.same(facts.kinds.get('insurance'), [
    {
      from: parseMonth('2010-03'),
      to: parseMonth('2019-12'),
      codes: { insurance: 'pension', payment: 'on-time', place: 'city' },
      amounts: {},
      source: 'hrss',
      state: 'verified',
    },
    {
      from: parseMonth('2010-03'),
      to: Number.POSITIVE_INFINITY,
      codes: { insurance: 'pension', payment: 'on-time', place: 'city' },
      amounts: {},
      source: 'applicant',
      state: 'declared',
    },
  ])
  t.equal(facts.kinds.get('permit')?.[0]?.to, parseDate('2012-02-29'), 'a span of one day ends on the day it begins')
  t.equal(facts.kinds.get('donation')?.[0]?.amounts.amount, 123_450)
  t.same(facts.kinds.get('detention'), [], 'a register that has nothing')
  t.notOk(facts.kinds.has('crime'), 'a register that was not asked')
  t.same(
    [...facts.attested].map(([name, { value }]) => [name, value]),
    [
      ['volunteerHours', 125],
      ['skills', ['level-3', 'junior-title']],
      ['permitHeld', 0],
      ['residentSince', parseDate('2010-02-28')],
    ],
    'attested values stand in units of the measure, codes once each',
  )
})

t.test('an attribute with a default may be left out', async t => {
  const read = (record: object) => readRecord(vocabulary, 'patent', { patent: 'design', date: '2016-01-01', ...record })
  t.match(read({}), { codes: { patent: 'design', rank: 'first' }, amounts: { owners: 1 } })
  t.match(read({ owners: '3', rank: 'other' }), { codes: { patent: 'design', rank: 'other' }, amounts: { owners: 3 } })
  t.same(
    refusalOf(() => read({ rank: 'second' }))?.faults.map(fault => [fault.code, fault.pointer]),
    [['unknown-code', '/patent/0/rank']],
    'a code that is given must be one of the list',
  )
})

// Each line: what is wrong, the facts, and the one fault with its place.
const refusals: [string, unknown, string, string][] = [
  ['no map', [], 'wrong-type', ''],
  ['nothing', null, 'wrong-type', ''],
  ['unknown kind', { horoscope: [] }, 'unknown-kind', '/horoscope'],
  ['a name of JavaScript', { constructor: [] }, 'unknown-kind', '/constructor'],
  ['a record where a list is meant', { birth: { date: '1980-01-01' } }, 'wrong-type', '/birth'],
  ['a list of texts', { birth: ['1980-01-01'] }, 'wrong-type', '/birth/0'],
  ['unknown field', { birth: [{ date: '1980-01-01', place: 'x' }] }, 'unknown-field', '/birth/0/place'],
  ['a field of another shape', { permit: [{ from: '2012-01-01', expires: '2013-01-01' }] }, 'unknown-field', '/permit/0/expires'],
  ['an end for a trait', { sex: [{ sex: 'male', to: '2012-01-01' }] }, 'unknown-field', '/sex/0/to'],
  ['no date', { birth: [{}] }, 'missing-field', '/birth/0'],
  ['no code', { education: [{ issued: '2003-07-01' }] }, 'missing-field', '/education/0'],
  ['a number for a date', { birth: [{ date: 19800101 }] }, 'wrong-type', '/birth/0/date'],
  ['null for an end', { permit: [{ from: '2012-01-01', to: null }] }, 'wrong-type', '/permit/0/to'],
  ['30 February', { birth: [{ date: '1980-02-30' }] }, 'impossible-date', '/birth/0/date'],
  ['29 February of no leap year', { birth: [{ date: '1900-02-29' }] }, 'impossible-date', '/birth/0/date'],
  ['a month where a day is meant', { permit: [{ from: '2012-01' }] }, 'impossible-date', '/permit/0/from'],
  ['a day where a month is meant', { home: [{ tenure: 'own', from: '2012-01-01' }] }, 'impossible-date', '/home/0/from'],
  ['month 13', { home: [{ tenure: 'own', from: '2012-13' }] }, 'impossible-date', '/home/0/from'],
  ['span ends before it starts', { permit: [{ from: '2012-01-02', to: '2012-01-01' }] }, 'span-ends-before-start', '/permit/0/to'],
  ['months too', { insurance: [pension, { ...pension, to: '2010-02' }] }, 'span-ends-before-start', '/insurance/1/to'],
  [
    'expires before it is issued',
    { skill: [{ grade: 'level-1', issued: '2012-01-02', expires: '2012-01-01' }] },
    'span-ends-before-start',
    '/skill/0/expires',
  ],
  ['unknown code', { education: [{ certificate: 'phd', issued: '2003-07-01' }] }, 'unknown-code', '/education/0/certificate'],
  ['a code of another list', { education: [{ certificate: 'level-1', issued: '2003-07-01' }] }, 'unknown-code', '/education/0/certificate'],
  ['a number for a figure', { donation: [{ amount: 1000, date: '2016-01-01' }] }, 'wrong-type', '/donation/0/amount'],
  ['three decimals of yuan', { donation: [{ amount: '0.001', date: '2016-01-01' }] }, 'wrong-form', '/donation/0/amount'],
  ['half a millilitre', { bloodDonation: [{ volume: '200.5', date: '2016-01-01' }] }, 'wrong-form', '/bloodDonation/0/volume'],
  ['beyond 2^53', { donation: [{ amount: '90071992547409.92', date: '2016-01-01' }] }, 'wrong-form', '/donation/0/amount'],
  ['a power of ten', { donation: [{ amount: '1e3', date: '2016-01-01' }] }, 'wrong-form', '/donation/0/amount'],
  ['a negative amount', { donation: [{ amount: '-1', date: '2016-01-01' }] }, 'negative-amount', '/donation/0/amount'],
  ['a source with capitals', { birth: [{ date: '1980-01-01', source: 'The Police' }] }, 'wrong-form', '/birth/0/source'],
  ['rejected evidence', { birth: [{ date: '1980-01-01', state: 'rejected' }] }, 'unknown-value', '/birth/0/state'],
  ['unknown measure', { attested: [{ measure: 'height', value: '180' }] }, 'unknown-measure', '/attested/0/measure'],
  ['unknown field of an attested measure', { attested: [{ measure: 'age', value: '40', on: 'x' }] }, 'unknown-field', '/attested/0/on'],
  [
    'attested twice',
    {
      attested: [
        { measure: 'age', value: '40' },
        { measure: 'taxYears', value: '1' },
        { measure: 'age', value: '40' },
      ],
    },
    'attested-twice',
    '/attested/2/measure',
  ],
  ['a number attested', { attested: [{ measure: 'age', value: 40 }] }, 'wrong-type', '/attested/0/value'],
  ['nothing attested', { attested: [{ measure: 'age' }] }, 'wrong-type', '/attested/0/value'],
  ['half a year attested', { attested: [{ measure: 'age', value: '40.5' }] }, 'wrong-form', '/attested/0/value'],
  ['negative months attested', { attested: [{ measure: 'monthsInsured', value: '-1' }] }, 'negative-amount', '/attested/0/value'],
  ['true for yes', { attested: [{ measure: 'permitHeld', value: true }] }, 'unknown-value', '/attested/0/value'],
  ['one code for a list', { attested: [{ measure: 'skills', value: 'level-1' }] }, 'wrong-type', '/attested/0/value'],
  ['a code of no list', { attested: [{ measure: 'skills', value: ['level-1', 'level-9'] }] }, 'unknown-code', '/attested/0/value/1'],
  [
    'an impossible date attested',
    { attested: [{ measure: 'residentSince', value: '2010-02-30' }] },
    'impossible-date',
    '/attested/0/value',
  ],
  ['an attested record that is none', { attested: ['age'] }, 'wrong-type', '/attested/0'],
  ['too many records', { detention: Array.from({ length: 2001 }, () => ({ date: '2016-01-01' })) }, 'too-many', '/detention'],
]

t.test('facts that are refused, each with its place', async t => {
  for (const [what, facts, code, pointer] of refusals) {
    const refusal = refusalOf(() => readFacts(vocabulary, facts))
    t.equal(refusal?.code, 'invalid-facts', what)
    t.same(
      refusal?.faults.map(fault => [fault.code, fault.pointer]),
      [[code, pointer]],
      what,
    )
    t.ok(refusal?.faults[0]?.message, `${what}: says what to do`)
  }
})

t.test('every fault of the facts is told at once, with escaped pointers', async t => {
  const refusal = refusalOf(() =>
    readFacts(vocabulary, { 'a/b~c': [], birth: [{ date: 'x' }, { datum: '1980-01-01' }], sex: [{ sex: 'x' }] }, '/facts'),
  )
  t.same(
    refusal?.faults.map(fault => fault.pointer),
    ['/facts/a~1b~0c', '/facts/birth/0/date', '/facts/birth/1/datum', '/facts/birth/1', '/facts/sex/0/sex'],
  )
})

t.test('one record by itself', async t => {
  t.equal(readRecord(vocabulary, 'birth', { date: '1980-07-01' })?.from, parseDate('1980-07-01'))
  t.same(
    refusalOf(() => readRecord(vocabulary, 'birth', { date: '1980-02-30' }))?.faults.map(fault => fault.pointer),
    ['/birth/0/date'],
  )
})

t.test('vocabularies that are refused', async t => {
  const text = readFileSync(new URL('../../schemes/vocabulary/1.yaml', import.meta.url), 'utf8')
  t.equal(readVocabulary(text).digest, readVocabulary(`# a comment\n${text}`).digest, 'layout does not count')
  const broken: [string, string, string, string][] = [
    ['unit: hours}', 'unit: days}', 'unknown-name', '/kinds/volunteering/attributes/hours/unit'],
    ['  birth:\n', '  attested:\n', 'reserved-name', '/kinds/attested'],
    [
      '      level:\n        title: {zh-CN: 级别',
      '      date:\n        title: {zh-CN: 级别',
      'reserved-name',
      '/kinds/award/attributes/date',
    ],
    ['shape: event', 'shape: happening', 'unknown-value', '/kinds/birth/shape'],
    ['shape: trait', 'shape: trait\n    grain: month', 'wrong-form', '/kinds/sex/grain'],
    ['  birth:\n', '  Birth:\n', 'wrong-form', '/kinds/Birth'],
    ['default: first}', 'default: second}', 'unknown-name', '/kinds/patent/attributes/rank/default'],
    ['default: 1}', 'default: 1.5}', 'unit-mismatch', '/kinds/patent/attributes/owners/default'],
    ['default: 1}', 'default: -1}', 'wrong-form', '/kinds/patent/attributes/owners/default'],
    ['unit: persons,', 'unit: codes,', 'unit-mismatch', '/kinds/patent/attributes/owners/unit'],
    ['  years: {title: {zh-CN: 年, en: years}, scale: 0}\n', '', 'missing-field', '/units'],
    ['scale: 2}', 'scale: 7}', 'wrong-form', '/units/yuan/scale'],
  ]
  for (const [from, to, code, pointer] of broken) {
    const changed = text.replace(from, to)
    t.not(changed, text, `${from}: the text has changed`)
    const refusal = refusalOf(() => readVocabulary(changed))
    t.match(refusal?.faults[0], { code, pointer }, `${from.trim()} → ${to.trim()}`)
  }
})

function refusalOf(work: () => unknown): Refusal | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
