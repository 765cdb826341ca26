import { readFileSync } from 'node:fs'
import t from 'tap'
import { population } from '../../src/cli/demo/population.ts'
import { explainedText } from '../../src/cli/view/explained.ts'
import { binWidth, distributionOf, plot } from '../../src/cli/view/plot.ts'
import { progressView } from '../../src/cli/view/progress.ts'
import { bar, drawsBlocks } from '../../src/cli/view/terminal.ts'
import { displayWidth, wrapped } from '../../src/cli/view/width.ts'
import type { Language } from '../../src/cli/view/words.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { scorer } from '../../src/scoring/score.ts'
import { readVocabulary } from '../../src/scoring/vocabulary.ts'
import { type DayNumber, parseDate } from '../../src/values/civil-date.ts'

const schemes = new URL('../../schemes/', import.meta.url)
const vocabulary = readVocabulary(readFileSync(new URL('vocabulary/1.yaml', schemes), 'utf8'))
const asOf = parseDate('2016-12-31') as DayNumber

// Every kind of node and condition once.
const small = scorer(
  readScheme(
    `
scheme: small
version: "1"
vocabulary: "1"
title: {zh-CN: 小方案, en: Small scheme}
status: complete
sources:
  rules: {title: Rules, where: here, mark: OWN}
calendar: {monthEnd: last-day, assumption: for the test}
measures:
  age: {age: {of: birth, on: reference}, source: {ref: rules, article: "1"}}
  crimes: {count: {of: crime}, source: {ref: rules, article: "1"}}
  permitHeld: {covers: {of: permit, on: reference}, source: {ref: rules, article: "1"}}
  monthsInsured: {months: {of: insurance}, source: {ref: rules, article: "2"}}
  education: {codes: {of: education, code: certificate}, source: {ref: rules, article: "3"}}
  bloodDonated: {sum: {of: bloodDonation, amount: volume}, source: {ref: rules, article: "4"}}
  volunteerHours: {sum: {of: volunteering, amount: hours}, source: {ref: rules, article: "4"}}
  honourLevels: {codes: {of: award, code: level}, source: {ref: rules, article: "4"}}
  detentions: {count: {of: detention}, source: {ref: rules, article: "5"}}
gates:
  permit:
    title: {zh-CN: 持有居住证, en: Holds a permit}
    source: {ref: rules, article: art. 1}
    require: {measure: permitHeld, is: "yes"}
  age:
    title: {zh-CN: 年龄, en: Working age and no crime}
    assumption: {zh-CN: 为测试而假定。, en: Assumed for the test.}
    require: {all: [{measure: age, atLeast: 18, below: 60}, {not: {measure: crimes, above: 0}}]}
items:
  education:
    title: {zh-CN: 文化程度, en: Education}
    source: {ref: rules, article: art. 3}
    scale: 2
    rounding: none
    value:
      choice:
        of: education
        rows:
          - {row: bachelor, holds: [bachelor-diploma, bachelor-degree], points: 15}
          - {row: college, holds: [college], points: 10.5}
        otherwise: 0
  insurance:
    title: {zh-CN: 社会保险, en: Insurance}
    source: {ref: rules, article: art. 2}
    scale: 2
    rounding: half-up
    value:
      bands:
        of: monthsInsured
        rows:
          - {below: 12, then: {points: 0}}
          - {from: 12, then: {limit: {of: {rate: {of: monthsInsured, points: 1, per: 12, count: exact}}, atMost: 10}}}
  bonus:
    title: {zh-CN: 学历加分, en: Bonus for bachelors}
    source: {ref: rules}
    scale: 2
    rounding: none
    value: {decide: {rows: [{if: {chosen: {item: education, row: bachelor}}, then: {points: 1}}], otherwise: {points: 0}}}
  service:
    title: {zh-CN: 社会贡献, en: Service}
    source: {ref: rules, article: art. 4}
    scale: 2
    rounding: none
    value:
      limit:
        of:
          sum:
            - highest:
                - title: {zh-CN: 献血, en: blood}
                  source: {ref: rules, article: art. 4.1}
                  limit: {of: {rate: {of: bloodDonated, points: 2, per: 200, count: whole}}, atMost: 3}
                - title: {zh-CN: 志愿, en: hours}
                  round: {of: {rate: {of: volunteerHours, points: 2, per: 50, count: begun}}, scale: 1, mode: floor}
              title: {zh-CN: 献血或志愿, en: blood or hours}
            - title: {zh-CN: 荣誉, en: honours}
              decide:
                rows: [{if: {measure: honourLevels, holds: city}, then: {points: 5}}]
                otherwise: {points: 0}
        atMost: 6
        atLeast: 1
  law:
    title: {zh-CN: 守法, en: Offences}
    source: {ref: rules, article: art. 5}
    scale: 2
    rounding: none
    value: {deduct: {rate: {of: detentions, points: 30, per: 1, count: whole}}}
totals:
  settlement:
    title: {zh-CN: 总分, en: Points in all}
    source: {ref: rules, article: art. 6}
    scale: 1
    rounding: half-even
    floor: 0
`,
    () => vocabulary,
  ),
  asOf,
)

const verified = { source: 'office', state: 'verified' }
const birth = [{ date: '1985-03-04', ...verified }]
const answered = {
  birth,
  crime: [],
  permit: [{ from: '2016-01-01', ...verified }],
  insurance: [{ insurance: 'pension', payment: 'on-time', from: '2013-03', to: '2016-12', ...verified }],
  education: [
    { certificate: 'bachelor-diploma', issued: '2007-06-30', ...verified },
    { certificate: 'bachelor-degree', issued: '2007-06-30' },
  ],
  bloodDonation: [{ date: '2016-01-01', volume: '500', ...verified }],
  volunteering: [{ date: '2016-02-01', hours: '51.5', ...verified }],
  award: [{ date: '2015-01-01', level: 'city', ...verified }],
  detention: [],
}
const told = (facts: object, language: Language, columns = 80) =>
  explainedText(explain(small, readFacts(vocabulary, facts)).explanation, language, { vocabulary, columns })

t.test('an explained score: gates, points, steps, totals', async t => {
  t.equal(
    told(answered, 'en'),
    `Scheme small 1, as of 2016-12-31

Gates
  yes      Holds a permit
           Rule: rules, art. 1
           residence permit held: yes (1 record); asked: yes
  yes      Working age and no crime
           Assumption: Assumed for the test.
           age: 31 years (1 record); asked: 18 or older, under 60
           criminal records: 0 (nothing on record); asked: not more than 0

Points
  Education ..................................................... 15.00 of 15.00
    Rule: rules, art. 3
    education: bachelor's diploma, bachelor's degree (2 records, 1 only
      declared)
      Rule: rules, 3
      since 2007-06-30: bachelor's diploma
      since 2007-06-30: bachelor's degree, only declared
    The best row that applies is bachelor: 15 points
  Insurance ...................................................... 3.83 of 10.00
    Rule: rules, art. 2
    months insured: 46 (1 record)
      Rule: rules, 2
      2013-03 to 2016-12: pension, on time
    In the band from 12
    1 point for each 12 months, in proportion: 23/6 points
    At most 10: not reached
    Rounded half up to 2 decimals: 23/6 becomes 3.83
  Bonus for bachelors ............................................. 1.00 of 1.00
    Rule: rules
    Because of row taken under Education: bachelor
    1 point
  Service ......................................................... 6.00 of 6.00
    Rule: rules, art. 4
    - blood or hours: 4
      - blood: 3
        Rule: rules, art. 4.1
        blood donated: 500 millilitres (1 record)
          Rule: rules, 4
          2016-01-01: 500 millilitres
        2 points for each full 200 millilitres: 2 times, 4 points
        At most 3: 4 is cut to it
      - hours: 4
        volunteer hours: 51.5 (1 record)
          Rule: rules, 4
          2016-02-01: 51.5 hours
        2 points for each 50 hours begun: 2 times, 4 points
        Rounded down to 1 decimal: changes nothing
      The highest of these: 4
    - honours: 5
      levels of honours: city (1 record)
        Rule: rules, 4
        2015-01-01: city
      Because of levels of honours: city
      5 points
    Sum: 9
    At most 6: 9 is cut to it
  Offences ................................................................ 0.00
    Rule: rules, art. 5
    detentions: 0 records (nothing on record)
      Rule: rules, 5
    30 points for each record: 0 points
    Taken away: 0

Totals
  Points in all ................................................... 25.8 of 32.0
    exact: no evidence is missing
    Education 15.00 + Insurance 3.83 + Bonus for bachelors 1.00 + Service 6.00 +
      Offences 0.00
    Rounded half to even to 1 decimal: 25.83 becomes 25.8
  All gates are passed.
`,
  )
})

t.test('missing evidence is told as missing', async t => {
  const unanswered = { birth, crime: [], insurance: [] }
  t.equal(
    told(unanswered, 'en'),
    `Scheme small 1, as of 2016-12-31

Gates
  MISSING  Holds a permit
           Rule: rules, art. 1
           residence permit held: MISSING, no register has answered; asked: yes
  yes      Working age and no crime
           Assumption: Assumed for the test.
           age: 31 years (1 record); asked: 18 or older, under 60
           criminal records: 0 (nothing on record); asked: not more than 0

Points
  Education ............................................. at least 0.00 of 15.00
    Rule: rules, art. 3
    education: MISSING, no register has answered
      Rule: rules, 3
    Evidence is missing, so this is the least it can be.
  Insurance ...................................................... 0.00 of 10.00
    Rule: rules, art. 2
    months insured: 0 (nothing on record)
      Rule: rules, 2
    In the band below 12
    0 points
    Rounded half up to 2 decimals: changes nothing
  Bonus for bachelors .................................... at least 0.00 of 1.00
    Rule: rules
    Which case holds is not known
    row taken under Education: open; asked: bachelor
    Evidence is missing, so this is the least it can be.
  Service ................................................ at least 1.00 of 6.00
    Rule: rules, art. 4
    - blood or hours: open
      - blood: open
        Rule: rules, art. 4.1
        blood donated: MISSING, no register has answered
          Rule: rules, 4
      - hours: open
        volunteer hours: MISSING, no register has answered
          Rule: rules, 4
    - honours: open
      Which case holds is not known
      levels of honours: MISSING, no register has answered
        Rule: rules, 4
    Evidence is missing, so this is the least it can be.
  Offences ................................................................ open
    Rule: rules, art. 5
    detentions: MISSING, no register has answered
      Rule: rules, 5
    A check is missing that could take points away, so this is open.

Totals
  Points in all ........................................................... open
    open: a check is missing that could take points away
    Education 0.00 + Insurance 0.00 + Bonus for bachelors 0.00 + Service 1.00 +
      Offences open
  Not known for lack of evidence: Holds a permit.
`,
  )
  t.equal(
    told(unanswered, 'zh-CN'),
    `方案 small 1，截止日期 2016-12-31

申请条件
  缺材料  持有居住证
          依据：rules，art. 1
          持有居住证：缺失，登记机关尚未答复；要求：是
  符合    年龄
          假定：为测试而假定。
          年龄：31（记录 1 条）；要求：满 18、未满 60
          刑事犯罪记录：0 次（登记机关无记录）；要求：并非多于 0

各项得分
  文化程度 ................................................... 至少 0.00 / 15.00
    依据：rules，art. 3
    学历学位：缺失，登记机关尚未答复
      依据：rules，3
    缺少材料，此为最低得分。
  社会保险 ........................................................ 0.00 / 10.00
    依据：rules，art. 2
    社会保险缴费月数：0（登记机关无记录）
      依据：rules，2
    属于 12 以下一档
    0 分
    四舍五入，保留 2 位小数：无变化
  学历加分 .................................................... 至少 0.00 / 1.00
    依据：rules
    尚不知属于哪种情形
    “文化程度”采用的档次：未定；要求：bachelor
    缺少材料，此为最低得分。
  社会贡献 .................................................... 至少 1.00 / 6.00
    依据：rules，art. 4
    - 献血或志愿：未定
      - 献血：未定
        依据：rules，art. 4.1
        献血量：缺失，登记机关尚未答复
          依据：rules，4
      - 志愿：未定
        志愿服务时长：缺失，登记机关尚未答复
          依据：rules，4
    - 荣誉：未定
      尚不知属于哪种情形
      荣誉级别：缺失，登记机关尚未答复
        依据：rules，4
    缺少材料，此为最低得分。
  守法 .................................................................... 未定
    依据：rules，art. 5
    行政拘留次数：缺失，登记机关尚未答复
      依据：rules，5
    缺少可能扣分的核查，得分未定。

总分
  总分 .................................................................... 未定
    未定：缺少可能扣分的核查
    文化程度 0.00 + 社会保险 0.00 + 学历加分 0.00 + 社会贡献 1.00 + 守法 未定
  因缺材料尚不能确定：持有居住证。
`,
  )
})

t.test('what fails, what is attested, what is raised', async t => {
  const text = told(
    {
      ...answered,
      birth: [{ date: '1950-03-04', ...verified }],
      permit: [],
      crime: [{ date: '2010-01-01', ...verified }],
      education: [],
      detention: [1, 2].map(day => ({ date: `2016-01-0${day}`, ...verified })),
      attested: [{ measure: 'monthsInsured', value: '7', source: 'hrss', state: 'verified' }],
    },
    'en',
  )
  const lines = text.split('\n').map(line => line.trim())
  for (const line of [
    'residence permit held: no (nothing on record); asked: yes',
    'age: 66 years (1 record); asked: 18 or older, under 60',
    'criminal records: 1 (1 record); asked: not more than 0',
    'months insured: 7 (attested by hrss)',
    'In the band below 12',
    'No row applies: 0 points',
    'Taken away: -60',
    'At least 0.0: the sum is raised to it',
    'Not passed: Holds a permit, Working age and no crime.',
  ])
    t.ok(lines.includes(line), line)
})

t.test('without the vocabulary codes stay codes', async t => {
  const { explanation } = explain(small, readFacts(vocabulary, answered))
  t.match(explainedText(explanation, 'zh-CN'), '学历学位：bachelor-diploma、bachelor-degree（记录 2 条，其中 1 条仅为自报）')
})

t.test('no line is wider than the terminal, whoever is explained', async t => {
  for (const place of ['model/2017', 'beijing/2020']) {
    const scheme = scorer(
      readScheme(readFileSync(new URL(`${place}/scheme.yaml`, schemes), 'utf8'), () => vocabulary),
      asOf,
    )
    let widest = 0
    for (const { statements } of population({ seed: 'view', applicants: 60, asOf })) {
      const facts: { [kind: string]: object[] } = {}
      for (const { kind, source, state, record } of statements) {
        if (state !== 'verified') continue
        facts[kind] ??= []
        if (record) facts[kind].push({ ...record, source, state })
      }
      const { explanation } = explain(scheme, readFacts(vocabulary, facts))
      for (const language of ['en', 'zh-CN'] as const)
        for (const columns of [40, 80])
          for (const line of explainedText(explanation, language, { vocabulary, columns }).split('\n'))
            widest = Math.max(widest, displayWidth(line) - columns)
    }
    t.ok(widest <= 0, place)
  }
})

t.test('width: wide characters take two columns, marks none', async t => {
  for (const [text, width] of [
    ['', 0],
    ['abc', 3],
    ['落户', 4],
    ['𠮷野', 4],
    ['（1）', 5],
    ['e\u0301', 1],
    ['“a”', 3],
  ] as const)
    t.equal(displayWidth(text), width, text)
})

t.test('lines break at spaces and between wide characters, not before a closing mark', async t => {
  t.same(wrapped('points for each month', 12), ['points for', 'each month'])
  t.same(wrapped('points for each month', 14, '- ', '    '), ['- points for', '    each month'])
  t.same(wrapped('积分落户方案', 8), ['积分落户', '方案'])
  t.same(wrapped('积分落户，方案', 8), ['积分落', '户，方案'])
  t.same(wrapped('unbreakableword', 6), ['unbrea', 'kablew', 'ord'])
  t.same(wrapped('', 10), [''])
})

t.test('bars in eighths', async t => {
  t.equal(bar(8, 8, 4, true), '████')
  t.equal(bar(4, 8, 3, true), '█▌')
  t.equal(bar(1, 100_000, 10, true), '▏', 'one is not nothing')
  t.equal(bar(0, 8, 10, true), '')
  t.equal(bar(4, 8, 3, false), '##')
  t.equal(bar(1, 100_000, 10, false), '#')
})

t.test('a terminal that shows blocks', async t => {
  t.ok(drawsBlocks({ TERM: 'xterm', LANG: 'zh_CN.UTF-8' }))
  t.ok(drawsBlocks({ LANG: 'C.utf8' }))
  t.notOk(drawsBlocks({ TERM: 'dumb', LANG: 'C.UTF-8' }))
  t.notOk(drawsBlocks({ LC_ALL: 'C', LANG: 'en_US.UTF-8' }))
  t.notOk(drawsBlocks({}))
})

const totals = [
  { total: 1250, count: 3 },
  { total: 1999, count: 1 },
  { total: 2000, count: 40 },
  { total: 3100, count: 1 },
]

t.test('bins of a round width', async t => {
  t.equal(binWidth(0, 0, 20), 1)
  t.equal(binWidth(0, 19, 20), 1)
  t.equal(binWidth(0, 20, 20), 2)
  t.equal(binWidth(3000, 19_000, 20), 1000)
  t.equal(binWidth(-300, 150, 10), 50)
  t.same(distributionOf(totals, 2, 4), { scale: 2, from: 1000, width: 1000, counts: [4, 40, 1] })
  t.same(distributionOf([{ total: -250, count: 2 }], 2), { scale: 2, from: -250, width: 1, counts: [2] })
  t.same(distributionOf([], 2).counts, [])
})

t.test('a plot', async t => {
  const distribution = distributionOf(totals, 2, 4)
  t.equal(
    plot(distribution, { cutOff: 2000, columns: 60, blocks: true }),
    `        points  applicants
30.00 to 39.99           1 ▕▍
20.00 to 29.99          40 ▕███████████████ ◀ cut-off 20.00
10.00 to 19.99           4 ▕█▌
`,
  )
  t.equal(
    plot(distribution, { cutOff: null, columns: 60, blocks: false }),
    `        points  applicants
30.00 to 39.99           1 |#
20.00 to 29.99          40 |###############################
10.00 to 19.99           4 |###
`,
  )
  t.equal(
    plot(distribution, { cutOff: 2000, columns: 40, blocks: false }),
    `        points  applicants
30.00 to 39.99           1 |#
20.00 to 29.99          40 |######### <
10.00 to 19.99           4 |#
< cut-off 20.00
`,
    'narrow: the cut-off is told below',
  )
  t.equal(plot(distributionOf([], 2), { cutOff: null, columns: 60, blocks: true }), 'Nobody has a total.\n')
  for (const columns of [20, 40, 80, 300])
    for (const line of plot(distribution, { cutOff: 2000, columns, blocks: true }).split('\n'))
      t.ok(displayWidth(line) < Math.min(101, Math.max(41, columns + 1)), `${columns} columns`)
})

/** A view with a clock that the test moves, and what it wrote. */
function shown(options: { terminal: boolean; blocks?: boolean; columns?: number }) {
  const written: string[] = []
  const clock = { now: 0 }
  const view = progressView({
    output: { columns: options.columns, write: text => written.push(text) },
    terminal: options.terminal,
    blocks: options.blocks ?? false,
    now: () => clock.now,
  })
  return { view, written, clock }
}

t.test('progress on a terminal: drawn again, at most ten times a second', async t => {
  const { view, written, clock } = shown({ terminal: true, columns: 60 })
  for (let done = 0; done < 20_000; done += 10) {
    clock.now = done / 10
    view.report({ stage: 'score', done, total: 20_000 })
  }
  t.equal(written.length, 20)
  t.equal(written[10], '\rscore  #############............   50 %  10,000/s  1 s left\u001b[K')
  clock.now = 2_000
  view.report({ stage: 'score', done: 20_000, total: 20_000 })
  t.equal(written.at(-1), '\rscore: 20,000 in 2.0 s (10,000/s)\u001b[K\n')
  t.ok(written.every(text => displayWidth(text.replace('\r', '').replace('\u001b[K', '').trimEnd()) < 60))
})

t.test('progress on a narrow terminal keeps to one line', async t => {
  for (const columns of [5, 12, 20, 30, 45, 200]) {
    const { view, written, clock } = shown({ terminal: true, blocks: true, columns })
    view.report({ stage: 'verify', done: 0, total: 7_000_000 })
    clock.now = 90_000
    view.report({ stage: 'verify', done: 1_000_000, total: 7_000_000 })
    const line = (written[1] ?? '').slice(1, -3)
    t.ok(displayWidth(line) < columns, `${columns}: ${line}`)
  }
})

t.test('progress elsewhere: one plain line a stage', async t => {
  const { view, written, clock } = shown({ terminal: false })
  view.report({ stage: 'score', done: 0, total: 10 })
  clock.now = 1_500
  view.report({ stage: 'score', done: 10, total: 10 })
  view.report({ stage: 'score', done: 10, total: 10 }) // a stage may tell its end twice
  view.report({ stage: 'rank', done: 0, total: 10 })
  view.report({ stage: 'verify', done: 4, total: 10 })
  view.end()
  view.end()
  t.same(written, ['score: 10 in 1.5 s (7/s)\n', 'rank: 0 of 10 in 0.0 s\n', 'verify: 4 of 10 in 0.0 s\n'])
})

t.test('no rate over less than a tenth of a second', async t => {
  const { view, written, clock } = shown({ terminal: false })
  for (const [stage, milliseconds] of [
    ['rank', 99],
    ['verify', 100],
  ] as const) {
    view.report({ stage, done: 0, total: 20_000 })
    clock.now += milliseconds
    view.report({ stage, done: 20_000, total: 20_000 })
  }
  t.same(written, ['rank: 20,000 in 0.1 s\n', 'verify: 20,000 in 0.1 s (200,000/s)\n'])
})
