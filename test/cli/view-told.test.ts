import t from 'tap'
import { explainedText } from '../../src/cli/view/explained.ts'
import type { Language } from '../../src/cli/view/words.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import { prospects } from '../../src/scoring/prospects.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { scorer, scoreTexts } from '../../src/scoring/score.ts'
import { day, vocabularyOf } from '../support/cases.ts'

/*
 * What an applicant must not be told falsely: which records count and which do not, what a limit did, on what a rule rests, and why it is open
 * whether somebody is eligible.
 */

const rules = `
scheme: told
version: "1"
vocabulary: "1"
title: {zh-CN: 某地办法, en: Rules of a place}
status: complete
sources:
  s: {title: 某地积分办法, where: on paper, mark: OWN}
  t: {title: "《某地细则》, 2016", mark: R}
calendar: {monthEnd: last-day, assumption: for the test}
dates:
  back: {from: reference, shift: {years: -5, days: 1}, source: {ref: s}}
  firstPermit: {of: permit, which: first, source: {ref: s}}
measures:
  permitHeld: {covers: {of: permit}, source: {ref: s}}
  age: {age: {of: birth}, source: {ref: s}}
  ageBegun: {title: {zh-CN: 虚龄, en: age begun}, age: {of: birth, count: begun}, source: {ref: s}}
  monthsInsured: {months: {of: insurance, where: {insurance: pension}, window: {from: back}}, source: {ref: s}}
  wholeYearsInsured: {wholeYears: {of: monthsInsured}, source: {ref: s}}
  monthsEmployed: {months: {of: employment, window: {from: firstPermit}}, source: {ref: s}}
  detentions: {count: {of: detention, window: {from: back}}, source: {ref: s}}
  crimes: {count: {of: crime}, source: {ref: s}}
  volunteerHours: {sum: {of: volunteering, amount: hours, perRecord: {unit: 2.5}, perYear: {unit: 10, atMost: 50}}, source: {ref: s}}
  bloodDonations: {title: {zh-CN: 献血次数, en: blood donations}, count: {of: bloodDonation, perYear: {atMost: 2}}, source: {ref: s}}
  bloodDonated: {sum: {of: bloodDonation, amount: volume, perRecord: {atMost: 400}}, source: {ref: s}}
  owners: {title: {zh-CN: 专利权人数, en: number of owners}, amount: {of: patent, amount: owners, take: highest}, source: {ref: s}}
  residentSince: {earliest: {of: residence}, source: {ref: s}}
gates:
  permit:
    title: {zh-CN: 持有居住证, en: Holds a permit}
    source: {ref: t, article: 第一条}
    assumption: A permit of any place counts.
    require: {measure: permitHeld, is: "yes"}
  age:
    title: {zh-CN: 年龄条件, en: Of age}
    source: {ref: s, article: 首段}
    require: {all: [{measure: age, atLeast: 16, below: 55}, {measure: ageBegun, atLeast: 16, below: 56}]}
  years:
    title: {zh-CN: 参保年限, en: Years insured}
    source: {ref: s}
    require: {measure: wholeYearsInsured, atLeast: 1}
  since:
    title: {zh-CN: 居住登记, en: Registered}
    source: {ref: s}
    require: {measure: residentSince, until: reference}
freezes:
  crime:
    title: {zh-CN: 犯罪冻结, en: Frozen for a crime}
    source: {ref: s}
    when: {measure: crimes, above: 0}
items:
  insurance:
    title: {zh-CN: 社会保险, en: Insurance}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {limit: {of: {rate: {of: wholeYearsInsured, points: 1, per: 1, count: whole}}, atMost: 10, atLeast: 0}}
  work:
    title: {zh-CN: 就业, en: Work}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {rate: {of: monthsEmployed, points: 1, per: 1, count: whole}}
  service:
    title: {zh-CN: 社会服务, en: Service}
    source: {ref: s}
    scale: 2
    rounding: none
    value:
      sum:
        - {title: {zh-CN: 志愿, en: hours}, rate: {of: volunteerHours, points: 1, per: 10, count: whole}}
        - {title: {zh-CN: 献血, en: blood}, rate: {of: bloodDonations, points: 1, per: 1, count: whole}}
        - {title: {zh-CN: 献血量, en: volume}, rate: {of: bloodDonated, points: 1, per: 400, count: whole}}
        - {title: {zh-CN: 专利, en: patents}, rate: {of: owners, points: 1, per: 1, count: whole}}
  courses:
    title: {zh-CN: 荣誉, en: Honours}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {each: {of: award, window: {from: back}, give: {points: 1}}}
  young:
    title: {zh-CN: 年轻, en: Young}
    source: {ref: s}
    scale: 2
    rounding: none
    value:
      sum:
        - {decide: {rows: [{if: {measure: age, below: 30}, then: {points: 2}, source: {ref: t, article: 第二条}}], otherwise: {points: 0}}}
        - {bands: {of: age, rows: [{below: 40, then: {points: 1}, assumption: Assumed for the row.}, {from: 40, then: {points: 0}}]}}
  law:
    title: {zh-CN: 守法, en: Offences}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {deduct: {rate: {of: detentions, points: 30, per: 1, count: whole}}}
totals:
  all: {title: {zh-CN: 总分, en: In all}, scale: 2, rounding: none}
  half: {title: {zh-CN: 半数, en: Half}, source: {ref: s}, scale: 2, rounding: none, value: {items: [insurance]}, freezes: []}
`
const bound = scorer(readScheme(rules, vocabularyOf), day('2016-12-31'))
const { scheme } = bound
const state = 'verified'
const full = {
  permit: [{ from: '2015-01-01', state }],
  birth: [{ date: '1990-03-04', state }],
  insurance: [{ insurance: 'pension', payment: 'on-time', from: '2014-01', to: '2016-12', state }],
  employment: [{ basis: 'contract', from: '2015-01-01', to: '2015-12-31', state }],
  residence: [{ from: '2010-01-01', state }],
  volunteering: [],
  bloodDonation: [],
  patent: [],
  award: [],
  detention: [],
  crime: [],
}

function told(facts: object, language: Language): string[] {
  const read = readFacts(scheme.vocabulary, facts)
  const { score, explanation } = explain(bound, read)
  const options = { scheme, score: scoreTexts(scheme, score), prospects: prospects(bound, read), columns: 100 }
  return explainedText(explanation, language, options)
    .split('\n')
    .map(line => line.trim())
}

/** The line that begins so, and those after it. */
function from(lines: string[], start: string, count: number): string[] {
  const index = lines.findIndex(line => line.startsWith(start))
  return lines.slice(index, index + count)
}

/** An item's lines, without its heading and rule. */
function item(lines: string[], title: string): string[] {
  const index = lines.findIndex(line => line.startsWith(`${title} ...`))
  const next = lines.findIndex((line, i) => i > index && (line === '' || / \.\.\.+ /.test(line)))
  return lines.slice(index + 2, next)
}

t.test('nothing on record is told only where the register has nothing', async t => {
  const facts = {
    ...full,
    permit: [{ from: '2010-01-01', to: '2014-12-31', state }],
    detention: [{ date: '2010-05-01', state }],
    crime: [],
  }
  const [english, chinese] = [told(facts, 'en'), told(facts, 'zh-CN')]
  t.strictSame(from(english, 'residence permit held', 2), [
    'residence permit held: no (1 record, not counted); asked: yes',
    'not counted: 2010-01-01 to 2014-12-31; before 2016-12-31',
  ])
  t.strictSame(from(chinese, '持有居住证：否', 2), [
    '持有居住证：否（有记录 1 条，均不计入）；要求：是',
    '不计入：2010-01-01 至 2014-12-31；早于 2016-12-31',
  ])
  t.strictSame(item(english, 'Offences').slice(0, 2), [
    'detentions: 0 records, counted from 2012-01-01 (1 record, not counted)',
    'not counted: 2010-05-01; before 2012-01-01',
  ])
  t.strictSame(item(chinese, '守法').slice(0, 2), [
    '行政拘留次数：0，计算自 2012-01-01 起（有记录 1 条，均不计入）',
    '不计入：2010-05-01；早于 2012-01-01',
  ])
  const [none, keine] = [told(full, 'en'), told(full, 'zh-CN')]
  t.equal(item(none, 'Offences')[0], 'detentions: 0 records, counted from 2012-01-01 (nothing on record)')
  t.equal(item(keine, '守法')[0], '行政拘留次数：0，计算自 2012-01-01 起（登记机关无记录）')
  t.ok(none.includes('- hours: 0 (nothing on record)'))
  t.notOk(none.some(line => line.startsWith('not counted')))
})

t.test('records that do not count, behind a measure that is made of others', async t => {
  const insurance = (kind: string, from: string, to: string) => ({ insurance: kind, payment: 'on-time', from, to, state })
  const facts = {
    ...full,
    insurance: [
      insurance('medical', '2015-01', '2015-12'),
      insurance('pension', '2010-01', '2010-12'),
      insurance('pension', '2017-01', '2017-02'),
    ],
  }
  const reasons = {
    en: [
      'not counted: 2010-01 to 2010-12: pension, on time; before 2012-01-01',
      'not counted: 2015-01 to 2015-12: medical, on time; not of the sort that counts',
      'not counted: 2017-01 to 2017-02: pension, on time; later than 2016-12-31',
    ],
    'zh-CN': [
      '不计入：2010-01 至 2010-12：基本养老保险、正常缴费；早于 2012-01-01',
      '不计入：2015-01 至 2015-12：基本医疗保险、正常缴费；不属于所计类别',
      '不计入：2017-01 至 2017-02：基本养老保险、正常缴费；晚于 2016-12-31',
    ],
  }
  const [english, chinese] = [told(facts, 'en'), told(facts, 'zh-CN')]
  t.strictSame(from(english, 'completed years insured', 4).slice(1), reasons.en, 'under the gate')
  t.strictSame(from(chinese, '社会保险缴费满年数', 4).slice(1), reasons['zh-CN'])
  t.strictSame(item(english, 'Insurance').slice(1, 5), [
    'months insured: 0, counted from 2012-01-01 (3 records, none of them counted)',
    ...reasons.en,
  ])
  t.strictSame(item(chinese, '社会保险').slice(1, 5), [
    '社会保险缴费月数：0，计算自 2012-01-01 起（有记录 3 条，均不计入）',
    ...reasons['zh-CN'],
  ])
})

t.test('beside records that count: five lines at most, and only kinds that the measure counts', async t => {
  const years = [2005, 2006, 2007, 2008, 2009, 2010, 2011]
  const facts = {
    ...full,
    detention: [...years, 2016].map(year => ({ date: `${year}-05-01`, state })),
    patent: [1, 3, 2].map(owners => ({ date: `2014-0${owners}-01`, patent: 'invention', owners: String(owners), state })),
  }
  const [english, chinese] = [told(facts, 'en'), told(facts, 'zh-CN')]
  t.strictSame(item(english, 'Offences').slice(0, 8), [
    'detentions: 1 record, counted from 2012-01-01 (1 record; 7 more not counted)',
    '2016-05-01',
    ...years.slice(0, 5).map(year => `not counted: ${year}-05-01; before 2012-01-01`),
    'and 2 records more not counted',
  ])
  t.ok(chinese.includes('行政拘留次数：1，计算自 2012-01-01 起（记录 1 条；另有 7 条不计入）'))
  t.ok(chinese.includes('另有 2 条不计入'))
  t.ok(english.includes('not counted: 2014-01-01: invention; not the one that is taken'))
  t.ok(chinese.some(line => line.startsWith('不计入：2014-01-01') && line.endsWith('不是所取的一条')))
  // The window begins with the first permit, and a permit is no employment.
  t.match(item(english, 'Work').join(' '), /^months employed: 12, .*\(1 record\) 2015-01-01 to 2015-12-31: \S+ \S+ 1 point for each month/)
})

t.test('what the scheme does not tell at hand', async t => {
  const facts = { ...full, detention: [{ date: '2010-05-01', state }], award: [{ date: '2010-05-01', level: 'city', state }] }
  const { explanation } = explain(bound, readFacts(scheme.vocabulary, facts))
  const lines = (language: Language) =>
    explainedText(explanation, language, { vocabulary: scheme.vocabulary, columns: 100 })
      .split('\n')
      .map(line => line.trim())
  t.ok(lines('en').includes('not counted: 2010-05-01; not of the sort or the time that counts'))
  t.ok(lines('zh-CN').includes('不计入：2010-05-01；不属于所计类别或时段'))
  t.ok(lines('en').includes('Rule: s, 首段'))
  // Of `each` the tree has no records but those that count.
  t.ok(told(facts, 'en').some(line => line.endsWith(', counted from 2012-01-01 (no record that counts)')))
  t.ok(told(facts, 'zh-CN').some(line => line.endsWith('，计算自 2012-01-01 起（无可计入的记录）')))
})

t.test('missing, though there are records', async t => {
  const facts = { ...full, residence: [{ from: '2017-01-01', state }], insurance: [] }
  t.strictSame(from(told(facts, 'en'), 'first registration', 1), [
    'first registration of residence: MISSING, the records that are there do not settle it;',
  ])
  t.ok(told(facts, 'zh-CN').some(line => line.startsWith('居住登记日期：缺失，已有记录不足以确定；要求：')))
})

t.test('a floor or a cap that did nothing', async t => {
  t.ok(told(full, 'en').includes('At most 10: not reached; At least 0: above the floor, unchanged'))
  t.ok(told(full, 'zh-CN').includes('最多 10 分：未达上限；最少 0 分：高于下限，不调整'))
  const none = { ...full, insurance: [] }
  t.ok(told(none, 'en').includes('At most 10: not reached; At least 0: just reached, unchanged'))
  t.ok(told(none, 'zh-CN').includes('最多 10 分：未达上限；最少 0 分：等于下限，不调整'))
  const most = { ...full, attested: [{ measure: 'wholeYearsInsured', value: '10', source: 'hrss', state }] }
  t.ok(told(most, 'en').includes('At most 10: just reached, unchanged; At least 0: above the floor, unchanged'))
  t.ok(told(most, 'zh-CN').includes('最多 10 分：正好达到上限，不调整；最少 0 分：高于下限，不调整'))
})

t.test('sums and counts that are brought down by record and by year', async t => {
  const volunteering = [
    ['2016-03-01', '33.5'],
    ['2014-02-01', '51.0'],
    ['2014-06-01', '25.0'],
  ].map(([date, hours]) => ({ date, hours, state }))
  const bloodDonation = [1, 2, 3].map(month => ({ date: `2015-0${month}-01`, volume: month === 3 ? '500' : '400', state }))
  const facts = { ...full, volunteering, bloodDonation }
  t.match(item(told(facts, 'en'), 'Service'), [
    '- hours: 8',
    'volunteer hours: 80.0 (3 records)',
    '2014-02-01: 51.0 hours; counts as 50.0',
    '2014-06-01: 25.0 hours',
    '2016-03-01: 33.5 hours; counts as 32.5',
    'of each record only full multiples of 2.5',
    'by calendar year: 2014 75.0, counts as 50.0; 2016 32.5, counts as 30.0',
    'of each calendar year only full multiples of 10, at most 50: 80.0 in all',
    /^1 point for each full 10 hours/,
    '- blood: 2',
    'blood donations: 2 records (3 records)',
    '2015-01-01: 400 millilitres',
    '2015-02-01: 400 millilitres',
    '2015-03-01: 500 millilitres',
    'by calendar year: 2015 3, counts as 2',
    'of each calendar year at most 2: 2 in all',
    /^1 point for each record/,
    '- volume: 3',
    'blood donated: 1200 millilitres (3 records)',
    '2015-01-01: 400 millilitres',
    '2015-02-01: 400 millilitres',
    '2015-03-01: 500 millilitres; counts as 400',
    'of each record at most 400',
  ])
  const chinese = told(facts, 'zh-CN')
  for (const line of [
    '2014-02-01：51.0 小时；计 50.0',
    '每条记录只计 2.5 的整数倍',
    '按自然年合计：2014 年 75.0，计 50.0；2016 年 32.5，计 30.0',
    '每个自然年只计 10 的整数倍，最多计 50：共 80.0',
    '按自然年合计：2015 年 3，计 2',
    '每条记录最多计 400',
  ])
    t.ok(chinese.includes(line), line)
})

t.test('why it is open whether somebody is eligible', async t => {
  const { detention: _, ...unchecked } = full
  t.ok(told(full, 'en').includes('All gates are passed.'))
  t.ok(told(full, 'zh-CN').includes('各项申请条件均符合。'))
  // The other total uses nothing of what is open.
  t.match(
    told(unchecked, 'en').join(' '),
    'All gates are passed; eligibility for In all is not known yet, because "Offences" has not been checked.',
  )
  t.ok(told(unchecked, 'zh-CN').includes('各项申请条件均符合；因“守法”尚未核查，“总分”的资格尚不能确定。'))
  const { crime: __, ...both } = unchecked
  const english = told(both, 'en').join(' ')
  t.match(english, 'is not known yet, because "Offences", "Frozen for a crime" have not been checked.')
  t.notMatch(english, 'Not known for lack of evidence')
  t.ok(told(both, 'zh-CN').join('').includes('因“守法”、“犯罪冻结”尚未核查，“总分”的资格尚不能确定。'))
  const { permit: ___, ...without } = { ...unchecked, employment: [] }
  t.match(
    told(without, 'en').join(' '),
    'Eligibility for In all is not known yet, because "Offences" has not been checked. Not known for lack',
  )
  const unable = { ...both, permit: [] }
  t.ok(told(unable, 'en').includes('Not known for lack of evidence: Frozen for a crime.'), 'not eligible: nothing is open')

  const open = readScheme(
    rules.replace('status: complete', 'status: incomplete\nabsent: [{zh-CN: 其余, en: the rest}]').replace(/^ {2}half: .*\n/m, ''),
    vocabularyOf,
  )
  const { score, explanation } = explain(scorer(open, day('2016-12-31')), readFacts(open.vocabulary, full))
  const text = (language: Language) => explainedText(explanation, language, { scheme: open, score: scoreTexts(open, score), columns: 100 })
  t.match(text('en'), 'All gates are passed; eligibility is not known yet, because the scheme is incomplete.')
  t.match(text('zh-CN'), '各项申请条件均符合；因方案不完整，资格尚不能确定。')
})

t.test('a rule is told by the title of its source, and with what was assumed', async t => {
  const [english, chinese] = [told({ ...full, birth: [{ date: '1990-03-04' }] }, 'en'), told(full, 'zh-CN')]
  for (const line of [
    'Rule: 《某地细则》, 2016, 第一条',
    'Assumption: A permit of any place counts.',
    'Rule: 某地积分办法, 首段',
    'Rule: 《某地细则》, 2016, 第二条',
    'Assumption: Assumed for the row.',
  ])
    t.ok(english.includes(line), line)
  for (const line of [
    '依据：《某地细则》, 2016，第一条',
    '假定：A permit of any place counts.',
    '依据：《某地积分办法》首段',
    '依据：《某地积分办法》',
  ])
    t.ok(chinese.includes(line), line)
  t.strictSame(
    chinese.filter(line => line.includes('未经核实')),
    ['s：某地积分办法；on paper；未经核实'],
  )
})

t.test('ages, and records that are all only declared', async t => {
  const facts = (states: object[]) => ({
    ...full,
    bloodDonation: states.map((one, i) => ({ date: `2015-0${i + 1}-01`, volume: '200', ...one })),
  })
  t.ok(
    told({ ...full, birth: [{ date: '1990-03-04' }] }, 'en').includes(
      'age: 26 years (1 record, only declared); asked: 16 or older, under 55',
    ),
  )
  t.ok(told({ ...full, birth: [{ date: '1990-03-04' }] }, 'zh-CN').includes('年龄：26（记录 1 条，仅为自报）；要求：满 16、未满 55'))
  t.ok(told(full, 'en').includes('age begun: 27 years (1 record); asked: at least 16, less than 56'), 'not in completed years')
  t.ok(told(full, 'zh-CN').some(line => line.startsWith('虚龄：27') && line.endsWith('要求：不少于 16、少于 56')))
  t.ok(told(facts([{}, {}]), 'en').includes('blood donations: 2 records (2 records, all only declared)'))
  t.ok(told(facts([{}, {}]), 'zh-CN').includes('献血次数：2（记录 2 条，均仅为自报）'))
  t.ok(told(facts([{}, { state }]), 'en').includes('blood donations: 2 records (2 records, 1 only declared)'))
  t.ok(told(facts([{}, { state }]), 'zh-CN').includes('献血次数：2（记录 2 条，其中 1 条仅为自报）'))
})

t.test('what would change it: a deduction, and what rests on single records', async t => {
  const section = (lines: string[], heading: string, title: string) => from(lines.slice(lines.indexOf(heading)), `${title} ...`, 3)
  const both = (facts: object, english: string, chinese: string) => [
    section(told(facts, 'en'), 'What would change it', english),
    section(told(facts, 'zh-CN'), '何以改变得分', chinese),
  ]
  t.match(both(full, 'Offences', '守法'), [
    [/^Offences/, 'Nothing taken away'],
    [/^守法/, '未扣分'],
  ])
  t.match(both({ ...full, detention: [{ date: '2016-05-01', state }] }, 'Offences', '守法'), [
    [/^Offences/, '30.00 points below the most that anybody can get'],
    [/^守法/, '距最高分 30.00 分'],
  ])
  const { employment: _, ...unknown } = full
  t.match(both(unknown, 'Work', '就业'), [
    [/^Work/, 'The scheme names no limit for it', 'Not known before the missing evidence is there'],
    [/^就业/, '方案未单列上限', '所缺材料补齐之前尚不能确定'],
  ])
  t.match(both(full, 'Honours', '荣誉'), [
    [/^Honours/, 'The scheme names no limit for it', 'Ways to more: not predicted here'],
    [/^荣誉/, '方案未单列上限', '加分途径：未作预测'],
  ])
})
