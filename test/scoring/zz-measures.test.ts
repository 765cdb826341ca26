import t from 'tap'
import { measured, type Parts } from '../support/zz-harness.ts'

/*
 * Each kind of measure by itself: a table of evidence and what it counts, worked out by hand. Every measure is asked as of 2016-12-31
 * where a line does not say otherwise.
 */

type Line = [what: string, facts: object, wanted: string | string[] | undefined, rest?: Parts & { asOf?: string; more?: string }]

function table(name: string, measure: string, source: string, lines: Line[]) {
  t.test(name, async t => {
    for (const [what, facts, wanted, { asOf = '2016-12-31', ...rest } = {}] of lines)
      t.same(measured(measure, source, facts, asOf, rest), wanted, what)
  })
}

const born = (...dates: string[]) => ({ birth: dates.map(date => ({ date })) })
table('age', 'age', 'age: {of: birth}', [
  ['the same birthday twice', born('1980-12-31', '1980-12-31'), '36'],
  ['the birthday itself', born('1980-12-31'), '36'],
  ['the day after', born('1981-01-01'), '35'],
  ['born on the date', born('2016-12-31'), '0'],
  ['born later', born('2017-01-01'), undefined],
  ['two dates that differ', born('1980-12-31', '1981-12-31'), undefined],
  ['no date in the register', born(), undefined],
  ['not asked for', {}, undefined],
  ['29 February, last-day: a year older on the 28th', born('1980-02-29'), '21', { asOf: '2001-02-28' }],
  ['29 February, next-day: not yet', born('1980-02-29'), '20', { asOf: '2001-02-28', monthEnd: 'next-day' }],
  ['29 February, next-day: on 1 March', born('1980-02-29'), '21', { asOf: '2001-03-01', monthEnd: 'next-day' }],
  ['29 February in a leap year', born('1980-02-29'), '20', { asOf: '2000-02-29' }],
  ['the day before it in a leap year', born('1980-02-29'), '19', { asOf: '2000-02-28' }],
])
t.test('age on another date', async t => {
  const dates = '{yearStart: {from: reference, move: start-of-year, source: {ref: s}}}'
  t.equal(measured('age', 'age: {of: birth, on: yearStart}', born('1970-01-01'), '2016-12-31', { dates }), '46')
  t.equal(measured('age', 'age: {of: birth, on: yearStart}', born('1970-01-02'), '2016-12-31', { dates }), '45')
  t.equal(measured('age', 'age: {of: birth, on: 2010-01-01}', born('1970-01-01'), '2016-12-31'), '40')
})

const insured = (...spans: [from: string, to?: string, payment?: string, insurance?: string][]) => ({
  insurance: spans.map(([from, to, payment = 'on-time', insurance = 'pension']) => ({
    insurance,
    payment,
    from,
    ...(to && { to }),
  })),
})
const onTime = 'of: insurance, where: {insurance: pension, payment: on-time}'
table('months of month grain', 'monthsInsured', `months: {${onTime}}`, [
  ['one month', insured(['2016-12', '2016-12']), '1'],
  ['a leap February is a month', insured(['2016-02', '2016-02']), '1'],
  ['a year', insured(['2016-01', '2016-12']), '12'],
  ['going on', insured(['2016-01']), '12'],
  ['going on beyond the date', insured(['2016-01', '2018-06']), '12'],
  ['wholly after the date', insured(['2017-01', '2018-06']), '0'],
  ['two spans that overlap', insured(['2015-01', '2016-03'], ['2016-01', '2016-12']), '24'],
  ['one inside the other', insured(['2015-01', '2016-12'], ['2015-05', '2015-06']), '24'],
  ['two that touch', insured(['2015-01', '2015-12'], ['2016-01', '2016-12']), '24'],
  ['two with a gap', insured(['2015-01', '2015-12'], ['2016-02', '2016-12']), '23'],
  ['out of order', insured(['2016-02', '2016-12'], ['2015-01', '2015-12']), '23'],
  ['the same twice', insured(['2016-01', '2016-12'], ['2016-01', '2016-12']), '12'],
  ['another code', insured(['2016-01', '2016-12', 'back-paid'], ['2015-01', '2015-12', 'on-time', 'medical']), '0'],
  ['nothing in the register', insured(), '0'],
  ['not asked for', {}, undefined],
  ['attested', { ...insured(['2016-01', '2016-12']), attested: [{ measure: 'monthsInsured', value: '258' }] }, '258'],
  ['attested without spans', { attested: [{ measure: 'monthsInsured', value: '0' }] }, '0'],
  ['the month of the date counts, whatever its day', insured(['2016-01']), '2', { asOf: '2016-02-01' }],
])
table('months in a window', 'monthsInsured', `months: {${onTime}, window: {from: 2015-03-15, until: 2016-02-01}}`, [
  ['the months of both ends count', insured(['2010-01']), '12'],
  ['the month before', insured(['2010-01', '2015-02']), '0'],
  ['the first month', insured(['2010-01', '2015-03']), '1'],
  ['the last month', insured(['2016-02']), '1'],
  ['the month after', insured(['2016-03']), '0'],
  ['the window is cut at the date', insured(['2010-01']), '5', { asOf: '2015-07-31' }],
  ['a window that has not begun', insured(['2010-01']), '0', { asOf: '2015-02-28' }],
])
table('months without a break', 'monthsInsuredContinuous', `months: {${onTime}, continuous: {endingOn: reference, gap: 0}}`, [
  ['reaches the date', insured(['2015-01']), '24'],
  ['ended the month before', insured(['2015-01', '2016-11']), '0'],
  ['a gap of a month', insured(['2014-01', '2015-05'], ['2015-07']), '18'],
  ['spans that touch', insured(['2014-01', '2015-06'], ['2015-07']), '36'],
  ['begins after the date', insured(['2017-01']), '0'],
])
table('months with gaps of two', 'monthsInsuredContinuous', `months: {${onTime}, continuous: {endingOn: reference, gap: 2}}`, [
  ['a gap of two is bridged and does not count', insured(['2014-01', '2015-04'], ['2015-07']), '34'],
  ['a gap of three is not', insured(['2014-01', '2015-03'], ['2015-07']), '18'],
  ['two gaps of two', insured(['2013-01', '2013-10'], ['2014-01', '2015-04'], ['2015-07']), '44'],
  ['ended two months before the date', insured(['2016-01', '2016-10']), '10'],
  ['ended three months before', insured(['2016-01', '2016-09']), '0'],
])
table('months that end on an earlier date', 'monthsInsuredContinuous', `months: {${onTime}, continuous: {endingOn: 2015-12-31, gap: 0}}`, [
  ['what comes after it does not count', insured(['2015-01']), '12'],
  ['a break after it does not matter', insured(['2015-01', '2016-02'], ['2016-06']), '12'],
  ['begins after it', insured(['2016-01']), '0'],
])
table(
  'months tolerated',
  'monthsInsuredContinuous',
  `months: {${onTime}, continuous: {endingOn: reference, gap: 0}, tolerate: {where: {insurance: pension, payment: back-paid}, upTo: 5}}`,
  [
    ['five close the gap and count', insured(['2015-01', '2015-07'], ['2015-08', '2015-12', 'back-paid'], ['2016-01']), '24'],
    ['six do not count at all', insured(['2015-01', '2015-06'], ['2015-07', '2015-12', 'back-paid'], ['2016-01']), '12'],
    [
      'three and three are six',
      insured(
        ['2014-01', '2014-09'],
        ['2014-10', '2014-12', 'back-paid'],
        ['2015-01', '2015-09'],
        ['2015-10', '2015-12', 'back-paid'],
        ['2016-01'],
      ),
      '12',
    ],
    ['five at the end', insured(['2016-01', '2016-07'], ['2016-08', '2016-12', 'back-paid']), '12'],
    ['none', insured(['2016-01']), '12'],
  ],
)

const employed = (...spans: [from: string, to?: string][]) => ({
  employment: spans.map(([from, to]) => ({ basis: 'contract', from, ...(to && { to }) })),
})
table('months of day grain', 'monthsEmployed', 'months: {of: employment}', [
  ['a full month, both days included', employed(['2016-11-15', '2016-12-14']), '1'],
  ['a day short', employed(['2016-11-15', '2016-12-13']), '0'],
  ['a calendar year', employed(['2016-01-01']), '12'],
  ['from 2 January eleven', employed(['2016-01-02']), '11'],
  ['from 31 January until 28 February', employed(['2015-01-31', '2015-02-27']), '1'],
  ['the same, next-day', employed(['2015-01-31', '2015-02-27']), '0', { monthEnd: 'next-day' }],
  ['a day more, next-day', employed(['2015-01-31', '2015-02-28']), '1', { monthEnd: 'next-day' }],
  ['from 29 February until 28 February, last-day', employed(['2012-02-29', '2013-02-27']), '12'],
  ['the same, next-day', employed(['2012-02-29', '2013-02-27']), '11', { monthEnd: 'next-day' }],
  ['spans that touch are one stretch', employed(['2016-01-10', '2016-01-24'], ['2016-01-25', '2016-02-09']), '1'],
  ['spans a day apart are two, and their days are not added', employed(['2016-01-10', '2016-01-24'], ['2016-01-26', '2016-02-10']), '0'],
  ['spans that overlap count once', employed(['2015-01-01', '2016-06-30'], ['2016-01-01', '2016-12-31']), '24'],
  ['beyond the date', employed(['2016-12-01', '2030-01-01']), '1'],
])
const resident = (...spans: [from: string, to?: string][]) => ({
  residence: spans.map(([from, to]) => ({ from, ...(to && { to }) })),
})
table('days without a break', 'monthsResident', 'months: {of: residence, continuous: {endingOn: reference, gap: 1}}', [
  ['a gap of exactly a month', resident(['2016-01-01', '2016-05-31'], ['2016-07-01']), '11'],
  ['a gap of a month and a day', resident(['2016-01-01', '2016-05-30'], ['2016-07-01']), '6'],
  ['a gap from 31 January to the end of February is a month, last-day', resident(['2015-01-01', '2015-01-30'], ['2015-02-28']), '22'],
  ['a leap February', resident(['2016-01-01', '2016-01-30'], ['2016-02-29']), '10'],
  ['next-day bridges to 1 March', resident(['2015-01-01', '2015-01-30'], ['2015-03-01']), '22', { monthEnd: 'next-day' }],
  ['last-day does not', resident(['2014-01-01', '2015-01-30'], ['2015-03-01']), '22'],
  ['ended a month before the date', resident(['2016-01-01', '2016-11-30']), '11'],
  ['ended a month and a day before', resident(['2016-01-01', '2016-11-29']), '0'],
])

table('overlap', 'monthsStudyInsured', `overlap: {of: study, with: {${onTime}}}`, [
  ['both', { study: [{ from: '2015-07', to: '2016-06' }], ...insured(['2016-01']) }, '6'],
  ['in several pieces', { study: [{ from: '2015-01', to: '2015-03' }, { from: '2016-11' }], ...insured(['2015-03', '2016-11']) }, '2'],
  ['apart', { study: [{ from: '2014-01', to: '2015-12' }], ...insured(['2016-01']) }, '0'],
  ['after the date', { study: [{ from: '2016-12', to: '2018-12' }], ...insured(['2016-01', '2018-12']) }, '1'],
  ['other insurance', { study: [{ from: '2016-01' }], ...insured(['2016-01', '2016-12', 'back-paid']) }, '0'],
  ['no study, whatever the insurance', { study: [] }, '0'],
  ['study, and insurance not asked for', { study: [{ from: '2016-01' }] }, undefined],
  ['study not asked for', insured(['2016-01']), undefined],
])
t.test('overlap in a window', async t => {
  const facts = { study: [{ from: '2015-01' }], ...insured(['2015-01']) }
  t.equal(
    measured(
      'monthsStudyInsured',
      `overlap: {of: study, with: {${onTime}}, window: {from: 2016-03-01, until: 2016-05-31}}`,
      facts,
      '2016-12-31',
    ),
    '3',
  )
})

const attested = (...values: [measure: string, value: string | string[]][]) => ({
  attested: values.map(([measure, value]) => ({ measure, value })),
})
const insuredMeasure = `monthsInsured: {months: {${onTime}}, source: {ref: s}}`
table('whole years', 'wholeYearsEmployed', 'wholeYears: {of: monthsEmployed}', [
  ['eleven months', attested(['monthsEmployed', '11']), '0', { more: 'monthsEmployed: {months: {of: employment}, source: {ref: s}}' }],
  ['twelve months', attested(['monthsEmployed', '12']), '1', { more: 'monthsEmployed: {months: {of: employment}, source: {ref: s}}' }],
  ['95 months', attested(['monthsEmployed', '95']), '7', { more: 'monthsEmployed: {months: {of: employment}, source: {ref: s}}' }],
  ['missing', {}, undefined, { more: 'monthsEmployed: {months: {of: employment}, source: {ref: s}}' }],
])
const twoMeasures = { more: `${insuredMeasure}, monthsOwnHome: {months: {of: home, where: {tenure: own}}, source: {ref: s}}` }
table('least', 'monthsOwnHomeInsured', 'least: [monthsOwnHome, monthsInsured]', [
  ['the first', attested(['monthsOwnHome', '3'], ['monthsInsured', '4']), '3', twoMeasures],
  ['the second', attested(['monthsOwnHome', '5'], ['monthsInsured', '4']), '4', twoMeasures],
  ['one is missing', attested(['monthsOwnHome', '5']), undefined, twoMeasures],
])
table('difference', 'monthsRentCredited', 'difference: {of: monthsInsured, less: monthsOwnHome}', [
  ['more', attested(['monthsOwnHome', '3'], ['monthsInsured', '10']), '7', twoMeasures],
  ['never below 0', attested(['monthsOwnHome', '11'], ['monthsInsured', '10']), '0', twoMeasures],
  ['one is missing', attested(['monthsInsured', '10']), undefined, twoMeasures],
])

const donated = (...gifts: [date: string, amount: string][]) => ({ donation: gifts.map(([date, amount]) => ({ date, amount })) })
table('sum', 'moneyDonated', 'sum: {of: donation, amount: amount, window: {from: 2012-01-01}}', [
  ['cents add up', donated(['2016-01-01', '0.10'], ['2016-01-02', '0.20']), '0.30'],
  ['the first day of the window and the reference date', donated(['2012-01-01', '1'], ['2016-12-31', '2']), '3.00'],
  ['the days outside', donated(['2011-12-31', '1'], ['2017-01-01', '2']), '0.00'],
  ['nothing', donated(), '0.00'],
  ['not asked for', {}, undefined],
])
table('sum of the large ones', 'moneyDonated', 'sum: {of: donation, amount: amount, where: {amount: {atLeast: 100, below: 200}}}', [
  ['both edges', donated(['2016-01-01', '99.99'], ['2016-01-01', '100'], ['2016-01-01', '199.99'], ['2016-01-01', '200']), '299.99'],
])
const detained = (...dates: string[]) => ({ detention: dates.map(date => ({ date })) })
table('count', 'detentions', 'count: {of: detention, window: {from: 2014-01-01}}', [
  ['each by itself, also of one day', detained('2014-01-01', '2014-01-01', '2016-12-31'), '3'],
  ['outside the window', detained('2013-12-31', '2017-01-01'), '0'],
  ['none', detained(), '0'],
  ['not asked for', {}, undefined],
])
table('count by code', 'honours', 'count: {of: award, where: {level: [national, provincial]}}', [
  ['a list of codes', { award: ['national', 'city', 'provincial', 'county'].map(level => ({ level, date: '2010-01-01' })) }, '2'],
])
const taxed = (...payments: [date: string, amount: string][]) => ({ incomeTax: payments.map(([date, amount]) => ({ date, amount })) })
table('years with enough', 'taxYears', 'yearsWith: {of: incomeTax, amount: amount, atLeast: 100000, window: {from: 2014-01-01}}', [
  ['reached exactly, in two parts', taxed(['2015-01-01', '60000'], ['2015-12-31', '40000.00']), '1'],
  ['a cent short', taxed(['2015-01-01', '99999.99']), '0'],
  ['two years are not added', taxed(['2015-12-31', '60000'], ['2016-01-01', '60000']), '0'],
  ['three years', taxed(['2014-01-01', '100000'], ['2015-05-01', '100000'], ['2016-12-31', '100000']), '3'],
  ['before the window', taxed(['2013-12-31', '100000']), '0'],
])

const grades = (...held: [grade: string, issued: string, expires?: string][]) => ({
  skill: held.map(([grade, issued, expires]) => ({ grade, issued, ...(expires && { expires }) })),
})
table('codes', 'skills', 'codes: {of: skill, code: grade}', [
  [
    'in the order of the records, each once',
    grades(['level-3', '2010-01-01'], ['junior-title', '2009-01-01'], ['level-3', '2012-01-01']),
    ['level-3', 'junior-title'],
  ],
  ['issued on the date', grades(['level-3', '2016-12-31']), ['level-3']],
  ['issued the day after', grades(['level-3', '2017-01-01']), []],
  ['expires on the date', grades(['level-3', '2010-01-01', '2016-12-31']), ['level-3']],
  ['expired the day before', grades(['level-3', '2010-01-01', '2016-12-30']), []],
  ['none', grades(), []],
  ['not asked for', {}, undefined],
])
table('codes of a trait and of events', 'honourLevels', 'codes: {of: award, code: level}', [
  ['an event holds for ever after', { award: [{ level: 'city', date: '1990-01-01' }] }, ['city']],
  ['not before it happened', { award: [{ level: 'city', date: '2017-01-01' }] }, []],
])
table('codes of months that hold now', 'skills', 'codes: {of: home, code: tenure}', [
  [
    'in the month of the date',
    {
      home: [
        { tenure: 'own', from: '2015-01', to: '2016-12' },
        { tenure: 'rent', from: '2014-01', to: '2016-11' },
      ],
    },
    ['own'],
  ],
])
const permit = (from: string, to?: string) => ({ permit: [{ from, ...(to && { to }) }] })
table('covers', 'permitHeld', 'covers: {of: permit}', [
  ['begins on the date', permit('2016-12-31'), 'yes'],
  ['begins the day after', permit('2017-01-01'), 'no'],
  ['ends on the date', permit('2012-01-01', '2016-12-31'), 'yes'],
  ['ended the day before', permit('2012-01-01', '2016-12-30'), 'no'],
  ['none', { permit: [] }, 'no'],
  ['not asked for', {}, undefined],
])
table('covers an earlier date', 'permitHeld', 'covers: {of: permit, on: 2014-06-30}', [
  ['then', permit('2014-06-30', '2014-06-30'), 'yes'],
  ['only later', permit('2014-07-01'), 'no'],
])
table('earliest', 'residentSince', 'earliest: {of: residence}', [
  ['the first of several', resident(['2012-05-01', '2013-01-01'], ['2010-02-28', '2010-03-01']), '2010-02-28'],
  ['none', resident(), undefined],
  ['only later than the date', resident(['2017-01-01']), undefined],
  ['not asked for', {}, undefined],
])
table('earliest month', 'residentSince', 'earliest: {of: home}', [
  [
    'is its first day',
    {
      home: [
        { tenure: 'rent', from: '2012-05' },
        { tenure: 'own', from: '2013-01' },
      ],
    },
    '2012-05-01',
  ],
])

t.test('dates are derived from the reference date', async t => {
  // The date shows through an event on that very day.
  const on = (rule: string, asOf: string, date: string) =>
    measured('detentions', 'count: {of: detention, window: {from: d, until: d}}', detained(date), asOf, {
      dates: `{d: {${rule}, source: {ref: s}}}`,
    })
  for (const [rule, asOf, date] of [
    ['from: reference', '2016-12-31', '2016-12-31'],
    ['from: reference, move: start-of-year', '2016-12-31', '2016-01-01'],
    ['from: reference, shift: {years: -1}, move: end-of-year', '2016-02-29', '2015-12-31'],
    ['from: reference, move: start-of-month', '2016-02-29', '2016-02-01'],
    ['from: reference, shift: {months: -1}, move: end-of-month', '2016-03-31', '2016-02-29'],
    ['from: reference, shift: {years: -1}', '2016-02-29', '2015-02-28'],
    ['from: reference, shift: {years: -5, days: 1}', '2016-12-31', '2012-01-01'],
    ['from: reference, shift: {years: -1, months: -1, days: -1}', '2016-03-31', '2015-02-27'],
    ['from: 2010-05-05, move: start-of-year', '2016-12-31', '2010-01-01'],
  ] as const)
    t.equal(on(rule, asOf, date), '1', `${rule} of ${asOf} is ${date}`)
  t.equal(on('from: reference, move: start-of-year', '2016-12-31', '2016-01-02'), '0', 'and no other day')
  t.equal(
    measured('detentions', 'count: {of: detention, window: {from: b, until: b}}', detained('2015-01-01'), '2016-05-05', {
      dates: '{a: {from: reference, shift: {years: -1}, source: {ref: s}}, b: {from: a, move: start-of-year, assumption: x}}',
    }),
    '1',
    'a date may rest on one above it',
  )
})

const asked = { sex: [{ sex: 'male' }] }
table('a trait', 'sex', 'codes: {of: sex, code: sex}', [
  ['one code', asked, ['male']],
  ['the same from two registers', { sex: [{ sex: 'male' }, { sex: 'male', source: 'police' }] }, ['male']],
  ['registers that contradict each other', { sex: [{ sex: 'male' }, { sex: 'female' }] }, undefined],
  ['a register without an answer', { sex: [] }, undefined],
  ['attested', { attested: [{ measure: 'sex', value: ['female'] }] }, ['female']],
  ['attested without an answer', { attested: [{ measure: 'sex', value: [] }] }, undefined],
  ['attested with two', { attested: [{ measure: 'sex', value: ['female', 'male'] }] }, undefined],
])

const backwards = { workArea: [{ moved: 'home', from: '2001-01', to: '2020-12' }] }
table('a window that ends before it begins', 'detentions', 'count: {of: workArea, window: {from: 2015-01-01, until: 2010-01-01}}', [
  ['holds nothing, not even what covers it', backwards, '0'],
])
table('a date after the reference date', 'livesMovedOut', 'covers: {of: workArea, on: 2020-01-01}', [
  ['is covered by what has begun and goes on until then', backwards, 'yes'],
])
