import t from 'tap'
import { explainedText } from '../../src/cli/view/explained.ts'
import { kindsTold } from '../../src/cli/view/explained-steps.ts'
import { displayWidth } from '../../src/cli/view/width.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import type { NodeExplanation } from '../../src/scoring/explanation.ts'
import { nodeKinds } from '../../src/scoring/points/kinds/all.ts'
import { prospects } from '../../src/scoring/prospects.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { scorer, scoreTexts } from '../../src/scoring/score.ts'
import { day, vocabularyOf } from '../support/cases.ts'

/*
 * Every kind of node, condition and measure in the words of both languages, as somebody reads them who has the scheme at hand.
 */

const rules = `
scheme: kinds
version: "1"
vocabulary: "1"
title: {zh-CN: 各类规则, en: All kinds}
status: incomplete
absent: [{zh-CN: 其余各项, en: the rest}]
sources:
  s: {title: A book of rules, where: on paper, mark: R}
calendar: {monthEnd: last-day, assumption: for the test}
units:
  credits: {title: {zh-CN: 学分, en: credits}, scale: 0}
evidence:
  course:
    title: {zh-CN: 课程, en: courses}
    shape: event
    attributes:
      level: {title: {zh-CN: 程度, en: level}, codes: {low: {zh-CN: 初等, en: basic}, high: {zh-CN: 高等, en: advanced}}, default: low}
      credits: {title: {zh-CN: 学分, en: credits}, unit: credits}
dates:
  fiveYearsBack: {from: reference, shift: {years: -5, days: 1}, source: {ref: s}}
  firstPermit: {of: permit, which: first, source: {ref: s}}
measures:
  education: {codes: {of: education, code: certificate}, source: {ref: s}}
  monthsInsured: {months: {of: insurance, window: {from: fiveYearsBack}}, source: {ref: s}}
  monthsEmployed: {months: {of: employment, window: {from: firstPermit}}, source: {ref: s}}
  age: {age: {of: birth}, source: {ref: s}}
  yearsUnder55: {title: {zh-CN: 比55岁年轻的岁数, en: years younger than 55}, difference: {of: 55, less: age}, source: {ref: s, article: art. 9}}
  courseLevels: {title: {zh-CN: 课程程度, en: levels of courses}, codes: {of: course, code: level}, source: {ref: s}}
  owners: {title: {zh-CN: 专利权人数, en: number of owners}, amount: {of: patent, amount: owners, take: highest}, source: {ref: s}}
  permitHeld: {covers: {of: permit}, source: {ref: s}}
  crimes: {count: {of: crime}, source: {ref: s}}
  residentSince: {earliest: {of: residence}, source: {ref: s}}
checks:
  work: {title: {zh-CN: 工作与社保, en: work and insurance}, same: [monthsInsured, monthsEmployed], source: {ref: s}}
gates:
  line:
    title: {zh-CN: 分数线, en: Score line}
    source: {ref: s, article: art. 1}
    require: {value: {total: all}, atLeast: 60}
  group:
    title: {zh-CN: 分组, en: Group}
    source: {ref: s, article: art. 2}
    require:
      any:
        - {value: {items: [rate, table]}, atLeast: 900}
        - {value: {rate: {of: age, points: 1, per: 1, count: whole}}, above: 90}
        - {not: {all: [{measure: permitHeld, is: "yes"}, {measure: crimes, atMost: 3}]}}
        - {all: [{measure: monthsInsured, above: 90}, {measure: monthsEmployed, above: 90}, {measure: age, above: 18}]}
  since:
    title: {zh-CN: 居住日期, en: Residence in time}
    source: {ref: s, article: art. 3}
    require: {all: [{measure: residentSince, until: fiveYearsBack}, {date: reference, from: 2016-01-01, until: 2016-12-31}]}
freezes:
  crime:
    title: {zh-CN: 犯罪冻结, en: Frozen for a crime}
    source: {ref: s, article: art. 4}
    when: {measure: crimes, above: 0}
items:
  rate:
    {title: {zh-CN: 甲, en: Rate}, source: {ref: s}, scale: 2, rounding: none, value: {rate: {of: monthsInsured, points: 0.5, per: 1, count: exact, after: 12, upTo: 40}}}
  table:
    title: {zh-CN: 乙, en: Table}
    source: {ref: s}
    scale: 2
    rounding: none
    value:
      table: {down: {of: age, from: [18, 30, 45]}, across: {of: courseLevels, codes: [low, high]}, points: [[1, 2], [3, 4], [5, 6]], otherwise: 0}
  choice:
    title: {zh-CN: 丙, en: Choice}
    source: {ref: s}
    scale: 2
    rounding: none
    value:
      choice:
        of: education
        rows:
          - {row: full, holds: [bachelor-diploma, bachelor-degree], points: 15, source: {ref: s, article: art. 7}}
          - {row: half, holds: [college], points: 5, title: {zh-CN: 专科, en: college}}
        otherwise: 0
  lowest:
    title: {zh-CN: 丁, en: Lowest}
    source: {ref: s}
    scale: 2
    rounding: half-up
    value:
      lowest:
        - {title: {zh-CN: 百分比, en: percentage}, percent: {of: {rate: {of: monthsEmployed, points: 1, per: 1, count: whole}}, percent: 30}}
        - {title: {zh-CN: 均分, en: share}, share: {of: {points: 30}, among: owners, plus: 1, scale: 2, mode: half-up}}
        - {title: {zh-CN: 按年龄, en: by age}, percent: {of: {points: 50}, percent: yearsUnder55}}
  each:
    title: {zh-CN: 戊, en: Courses}
    source: {ref: s}
    scale: 2
    rounding: none
    value:
      each:
        of: course
        window: {from: fiveYearsBack}
        give: {decide: {rows: [{if: {measure: level, is: high}, then: {rate: {of: credits, points: 2, per: 1, count: whole}}}], otherwise: {points: 1}}}
        best: 2
  perYear:
    title: {zh-CN: 己, en: Courses by year}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {each: {of: course, give: {rate: {of: credits, points: 2, per: 1, count: whole}}, perYear: {atMost: 7}}}
  bonus:
    title: {zh-CN: 庚, en: Bonus}
    source: {ref: s}
    scale: 2
    rounding: none
    value:
      decide:
        rows:
          - {if: {chosen: {item: choice, row: half}}, then: {points: 9}}
          - {if: {value: {items: [rate, choice]}, atLeast: 20}, then: {limit: {of: {items: [rate, choice]}, atMost: 18}}}
        otherwise: {points: 0}
  settled:
    title: {zh-CN: 辛, en: Settled}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {limit: {of: {sum: [{points: 8}, {rate: {of: monthsInsured, points: 1, per: 1, count: whole}}]}, atMost: 8}}
totals:
  all: {title: {zh-CN: 总分, en: In all}, scale: 2, rounding: none}
  half:
    title: {zh-CN: 半数, en: Half}
    source: {ref: s}
    scale: 0
    rounding: floor
    value: {percent: {of: {sum: [{total: all}, {deduct: {points: 1}}]}, percent: 50}}
    gates: [since]
`
const bound = scorer(readScheme(rules, vocabularyOf), day('2016-12-31'))
const { scheme } = bound
const state = 'verified'
const full = {
  education: [
    { certificate: 'bachelor-diploma', issued: '2007-06-30', state },
    { certificate: 'bachelor-degree', issued: '2007-06-30', state },
  ],
  insurance: [
    { insurance: 'pension', payment: 'on-time', from: '2013-01', to: '2013-12', state },
    { insurance: 'pension', payment: 'on-time', from: '2014-01', to: '2014-12', state },
    { insurance: 'pension', payment: 'on-time', from: '2016-01', to: '2016-12', state },
  ],
  employment: [{ basis: 'contract', from: '2015-01-01', to: '2015-12-31', state }],
  permit: [{ from: '2015-01-01', state }],
  birth: [{ date: '1985-03-04', state }],
  course: [
    { date: '2014-01-01', level: 'high', credits: '3', state },
    { date: '2016-01-01', credits: '2', state },
    { date: '2016-05-01', level: 'high', credits: '2' },
  ],
  patent: [{ date: '2015-01-01', patent: 'invention', owners: '2', state }],
  crime: [{ date: '2010-01-01', state }],
  residence: [{ from: '2010-01-01', state }],
  housingFund: [],
  attested: [{ measure: 'monthsEmployed', value: '13', source: 'hrss', state }],
}

function told(facts: object, language: 'en' | 'zh-CN'): string[] {
  const read = readFacts(scheme.vocabulary, facts)
  const { score, explanation } = explain(bound, read)
  const text = explainedText(explanation, language, {
    scheme,
    score: scoreTexts(scheme, score),
    prospects: prospects(bound, read),
    columns: 100,
  })
  const lines = text.split('\n')
  for (const line of lines) if (displayWidth(line) > 100) throw new Error(`too wide: ${line}`)
  return lines.map(line => line.trim())
}

t.test('every kind of node has words, and every kind stands in this test', async t => {
  const all = nodeKinds.map(kind => kind.name).sort()
  t.strictSame([...kindsTold].sort(), all)
  const { explanation } = explain(bound, readFacts(scheme.vocabulary, full))
  const seen = new Set<string>()
  const visit = (node: NodeExplanation): void => {
    seen.add(node.node)
    node.parts?.forEach(visit)
    for (const part of node.condition?.parts ?? []) if (part.steps) visit(part.steps)
  }
  for (const { steps } of [...explanation.items, ...explanation.totals]) visit(steps)
  // Of these the other test of the view has the words.
  const elsewhere = ['bands', 'highest', 'round']
  t.strictSame([...new Set([...seen, ...elsewhere])].sort(), all)
})

t.test('a kind of node or a test without words is an error, not a gap', async t => {
  const { explanation } = explain(bound, readFacts(scheme.vocabulary, full))
  const [first] = explanation.items
  const unknown = { ...explanation, items: [{ ...first, steps: { ...first?.steps, node: 'other' } }] }
  t.throws(() => explainedText(unknown as never, 'en'), { message: /a kind of node without words: other/ })
})

t.test('all kinds, in English', async t => {
  const lines = told(full, 'en')
  for (const line of [
    'All kinds, version 1, as of 2016-12-31',
    'The scheme is incomplete, so every total is a lower bound. It lacks: the rest.',
    // gates and freezes
    'In all at least 83.90; asked: at least 60',
    'One of these would have been enough:',
    'Rate 12.00 + Table 4.00: 16; asked: at least 900',
    '1 point for each year: 31 points',
    'points: 31; asked: more than 90',
    'All of these together:',
    'months employed: 13 (attested by hrss); asked: more than 90',
    'residence permit held: yes (1 record); asked: not yes',
    'criminal records: 1 (1 record); asked: not at most 3',
    'first registration of residence: 2010-01-01 (1 record); asked: until 2012-01-01',
    'the reference date 2016-12-31; asked: from 2016-01-01 until 2016-12-31',
    'FROZEN   Frozen for a crime',
    // measures and their records
    'months insured: 36, counted from 2012-01-01 (3 records)',
    '2013-01 to 2014-12: pension, on time',
    '2016-01 to 2016-12: pension, on time',
    'months employed: 13 (attested by hrss)',
    'years younger than 55: 24; 55 less age, at least 0',
    'Rule: A book of rules, art. 9',
    // nodes
    '0.5 points for each month, beyond the first 12, up to 40: 12 points',
    'In the table at row from 30 to below 45, column advanced: 4 points',
    'Rule: A book of rules, art. 7',
    "The best row that applies is bachelor's diploma and bachelor's degree: 15 points",
    '- percentage: 3.9',
    '30 % of 13: 3.9 points',
    '30 divided by 3 (1 more than these), rounded half up to 2 decimals: 10 points',
    '24 % of 50: 12 points',
    'The lowest of these: 3.9',
    'courses, counted from 2012-01-01 (3 records, 1 only declared)',
    '- 2014-01-01: advanced, 3 credits; 6 points',
    '- 2016-01-01: basic, 2 credits; 1 point; does not count',
    '- 2016-05-01: advanced, 2 credits, only declared; 4 points',
    'Because of level: advanced',
    'Does not hold: level: advanced',
    '2 points for each credit: 6 points',
    'Only the 2 records with the most points count',
    'At most 7 a calendar year: in 2016 8 is cut to it',
    'Sum: 13',
    'Because of Rate 12.00 + Choice 15.00: 27; asked: at least 20',
    'Rate 12.00 + Choice 15.00: 27 points',
    'At most 18: 27 is cut to it',
    'In all: at least 83.90',
    'Taken away: -1',
    'Rounded down to 0 decimals: 41.45 becomes 41',
    // the end
    'Eligible: no',
    'Not passed: Group.',
    'The points stay, but cannot be used while this holds: Frozen for a crime.',
    'Evidence that these rules do not ask for: housing fund paid.',
    'work and insurance: these should agree and do not: months insured: 36, counted from 2012-01-01 (3',
    'months employed: 13 (attested by hrss): the evidence says otherwise; what is attested counts',
    's: A book of rules; on paper; read in the official text',
  ])
    t.ok(lines.includes(line), line)
})

t.test('all kinds, in Chinese', async t => {
  const lines = told(full, 'zh-CN')
  for (const line of [
    '各类规则，版本 1，截止日期 2016-12-31',
    '本方案不完整，各总分均为最低分。所缺部分：其余各项。',
    '总分 至少 83.90；要求：不少于 60',
    '符合以下之一即可：',
    '甲 12.00 + 乙 4.00：16；要求：不少于 900',
    '得分：31；要求：多于 90',
    '同时符合以下各项：',
    '持有居住证：是（记录 1 条）；要求：并非是',
    '居住登记日期：2010-01-01（记录 1 条）；要求：至 2012-01-01 止',
    '截止日期 2016-12-31；要求：自 2016-01-01 起至 2016-12-31 止',
    '冻结    犯罪冻结',
    '社会保险缴费月数：36，计算自 2012-01-01 起（记录 3 条）',
    '2013-01 至 2014-12：基本养老保险、正常缴费',
    '就业月数：13（由 hrss 直接证明）',
    '每 1 个月计 0.5 分，仅计超出 12 的部分，最多计至 40：12 分',
    '表中行“30 至 45（不含）”、列“高等”：4 分',
    '符合的最高档次为“本科学历并学士学位”：15 分',
    '13 的 30%：3.9 分',
    '30 除以 3（比上述数多 1），四舍五入，保留 2 位小数：10 分',
    '取其中最低的：3.9',
    '- 2016-01-01：初等、2 学分；1 分；不计',
    '只计得分最高的 2 条记录',
    '每个自然年最多 7 分：2016 年 8 减至上限',
    '因甲 12.00 + 丙 15.00：27；要求：不少于 20',
    '总分：至少 83.90',
    '资格：不符合',
    '积分保留，但冻结期间不得使用：犯罪冻结。',
    '本方案不采用的材料：住房公积金缴存。',
    '就业月数：13（由 hrss 直接证明）：与材料记载不一致，以直接证明的为准',
    's：A book of rules；on paper；据官方原文',
  ])
    t.ok(lines.includes(line), line)
})

t.test('what is missing, and what is known all the same', async t => {
  const { insurance: _, course: __, attested: ___, permit: ____, ...rest } = full
  const lines = told(rest, 'en')
  for (const line of [
    'months insured: MISSING, no register has answered',
    'The same whatever is missing: 8 points',
    'courses: MISSING, no register has answered',
    'Which case holds is not known',
    'Rate 0.00 + Choice 15.00: open; asked: at least 20',
    'In all at least 23.00; asked: at least 60',
    'Evidence that no register has given: courses, social insurance paid, residence permit.',
    'Eligible: no',
  ])
    t.ok(lines.includes(line), line)
  const chinese = told(rest, 'zh-CN')
  for (const line of ['无论所缺材料如何均为：8 分', '课程：缺失，登记机关尚未答复']) t.ok(chinese.includes(line), line)
})

t.test('what would change an item', async t => {
  const { explanation } = explain(bound, readFacts(scheme.vocabulary, full))
  const about = (prospect: object, language: 'en' | 'zh-CN') => {
    const all = [{ item: 'rate', points: '12.00', stillPossible: '2.00', rises: null, falls: null, ways: [], ...prospect }]
    const lines = explainedText(explanation, language, { scheme, prospects: all, columns: 100 }).split('\n')
    const start = lines.findIndex(line => line.startsWith(language === 'en' ? 'What would change it' : '何以改变得分'))
    return lines.slice(start + 2, lines.indexOf('', start)).map(line => line.trim())
  }
  const way = (points: string, to = '40') => ({ measure: 'monthsInsured', from: '36', to, points })
  t.strictSame(about({ points: null }, 'en'), ['Not known before the missing evidence is there'])
  t.strictSame(about({ points: null }, 'zh-CN'), ['所缺材料补齐之前尚不能确定'])
  t.strictSame(about({}, 'en'), ['2.00 points below the most that anybody can get', 'No single change gives more'])
  t.strictSame(about({ stillPossible: '0.00' }, 'en'), ['Nobody can have more'])
  t.strictSame(
    about(
      {
        stillPossible: null,
        rises: { date: '2017-01-01', points: '12.50' },
        falls: { date: '2018-01-31', points: '11.50' },
        ways: ['20.00', '13.00', '9.50', '100.00', '15.00', '14.00', '16.00'].map(points => way(points)),
      },
      'en',
    ),
    [
      'The scheme names no limit for it',
      'If nothing happens and all goes on, it rises on 2017-01-01 to 12.50 points',
      'If nothing happens and all goes on, it falls on 2018-01-31 to 11.50 points',
      'With 40 instead of 36 months insured: 9.50 points',
      'With 40 instead of 36 months insured: 13.00 points',
      'With 40 instead of 36 months insured: 14.00 points',
      'With 40 instead of 36 months insured: 15.00 points',
      'With 40 instead of 36 months insured: 16.00 points',
      'and 2 ways more',
    ],
    'the least gain first, five of them',
  )
  const ways = [
    { measure: 'age', from: '31', to: '45', points: '6.00' },
    { measure: 'permitHeld', from: 'no', to: 'yes', points: '7.00' },
    { measure: 'education', from: ['college'], to: ['college', 'bachelor-diploma', 'bachelor-degree'], points: '8.00' },
  ]
  t.strictSame(about({ ways }, 'en').slice(1), [
    'With 45 instead of 31 years (age): 6.00 points',
    'With "yes" instead of "no" (residence permit held): 7.00 points',
    "With bachelor's diploma and bachelor's degree as well (education): 8.00 points",
  ])
  t.strictSame(about({ ways: [...ways, way('9.00'), way('9.50'), way('9.75')] }, 'zh-CN'), [
    '距最高分 2.00 分',
    '年龄达 45（现为 31）时：6.00 分',
    '持有居住证为“是”（现为“否”）时：7.00 分',
    '另有本科学历并学士学位（学历学位）时：8.00 分',
    '社会保险缴费月数达 40（现为 36）时：9.00 分',
    '社会保险缴费月数达 40（现为 36）时：9.50 分',
    '另有 1 种途径',
  ])
})
