import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { DiffTeller } from '../../src/cli/view/diff-text.ts'
import { diffWords } from '../../src/cli/view/diff-words.ts'
import { displayWidth } from '../../src/cli/view/width.ts'
import { type Language, words } from '../../src/cli/view/words.ts'
import { diffSchemes } from '../../src/scoring/diff/diff.ts'
import { schemeSchema } from '../../src/scoring/scheme/document-schema.ts'
import { lintScheme, readScheme } from '../../src/scoring/scheme/lint.ts'
import { readDocument, type Tree } from '../../src/values/document.ts'
import { at } from '../../src/values/refusal.ts'
import { schemeText, shippedSchemes, vocabularyOf } from '../support/cases.ts'
import { home, points } from './processes.ts'

const older = `
scheme: town
version: "1"
vocabulary: "1"
title: {zh-CN: 某镇, en: A town}
status: complete
sources: {s: {title: Rules, mark: R}}
calendar: {monthEnd: last-day, assumption: for the test}
evidence:
  course:
    title: {zh-CN: 课程, en: course}
    shape: event
    attributes:
      level: {title: {zh-CN: 程度, en: level}, codes: {low: {zh-CN: 初等, en: basic}, high: {zh-CN: 高等, en: advanced}}}
dates:
  back: {from: reference, shift: {years: -3}, source: {ref: s}}
measures:
  education: {codes: {of: education, code: certificate}, source: {ref: s}}
  monthsInsured: {months: {of: insurance, where: {payment: on-time}, continuous: {gap: 3}}, source: {ref: s}}
  detentions: {count: {of: detention, window: {from: back}}, source: {ref: s}}
  age: {age: {of: birth}, source: {ref: s}}
gates:
  age: {title: {zh-CN: 年龄, en: Age}, source: {ref: s}, require: {all: [{measure: age, atLeast: 16}, {not: {measure: detentions, above: 5}}]}}
items:
  education:
    title: {zh-CN: 文化程度, en: Education}
    source: {ref: s, article: art. 1}
    scale: 2
    rounding: none
    value:
      choice:
        of: education
        rows: [{row: doctor, holds: [doctor-degree], points: 50}, {row: bachelor, holds: [bachelor-degree], points: 25}]
        otherwise: 0
  insurance:
    title: {zh-CN: 社会保险, en: Insurance}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {limit: {of: {rate: {of: monthsInsured, points: 0.5, per: 1, count: whole}}, atMost: 24}}
  age:
    title: {zh-CN: 年龄分, en: Points for age}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {bands: {of: age, rows: [{below: 45, then: {points: 20}}, {from: 45, then: {points: 0}}]}}
  law:
    title: {zh-CN: 守法, en: Detentions}
    source: {ref: s}
    scale: 2
    rounding: none
    value: {deduct: {rate: {of: detentions, points: 30, per: 1, count: whole}}}
totals:
  all: {title: {zh-CN: 总分, en: In all}, scale: 2, rounding: none}
`
const changes: [from: string, to: string][] = [
  ['version: "1"\nvocabulary', 'version: "2"\nvocabulary'],
  [
    '{row: bachelor, holds: [bachelor-degree], points: 25}',
    '{row: bachelor, holds: [bachelor-degree], points: 20}, {row: college, holds: [college], points: 5}',
  ],
  ['atMost: 24', 'atMost: 30'],
  ['years: -3', 'years: -5'],
  ['gap: 3', 'gap: 1'],
  ['payment: on-time', 'payment: [on-time, back-paid]'],
  ['below: 45', 'below: 50'],
  ['from: 45, then: {points: 0}', 'from: 50, then: {points: 1}'],
  ['atLeast: 16', 'atLeast: 18'],
  ['en: Age}', 'en: Old enough}'],
  ['high: {zh-CN: 高等, en: advanced}', 'high: {zh-CN: 高等, en: advanced}, top: {zh-CN: 最高, en: top}'],
  ['article: art. 1', 'article: art. 2'],
]
const newer = changes.reduce((text, [from, to]) => {
  if (!text.includes(from)) throw new Error(from)
  return text.replace(from, to)
}, older)

const scheme = (text: string) => readScheme(text, vocabularyOf)
function told(was: string, now: string, language: Language = 'en'): string[] {
  const [a, b] = [scheme(was), scheme(now)]
  return new DiffTeller(a, b, language).changes(diffSchemes(a, b)).map(({ text }) => text)
}

t.test('changes in words, by item, with those of its measures', async t => {
  t.strictSame(told(older, newer), [
    'Education: the rule is s, art. 2 instead of s, art. 1',
    "Education: row bachelor's degree gives 20 instead of 25 points",
    'Education: row college diploma is new: 5 points',
    'Insurance: the cap is 30 instead of 24',
    'Insurance: months insured: the condition on a record (how it was paid) is on time, paid back later instead of on time',
    'Insurance: months insured: the gap that is bridged, in months, is 1 instead of 3',
    'Points for age: the band below 50: the end is 50 instead of 45',
    'Points for age: the band from 50: the beginning is 50 instead of 45',
    'Points for age: the band from 50 gives 1 instead of 0 points',
    'Detentions: detentions: the window begins 5 instead of 3 years before the reference date',
    'Old enough: the title is "Old enough" instead of "Age"',
    'Old enough: age: at least 18 instead of at least 16',
    'Old enough: detentions: the window begins 5 instead of 3 years before the reference date',
    'back: the day: 5 instead of 3 years before the reference date',
    'course: level: the code is new: "top"',
  ])
  t.strictSame(told(older, newer, 'zh-CN').slice(0, 10), [
    '文化程度：依据由 s、art. 1 改为 s、art. 2',
    '文化程度：档次“学士学位”由 25 分改为 20 分',
    '文化程度：新增档次“大学专科”：5 分',
    '社会保险：上限由 24 改为 30',
    '社会保险：社会保险缴费月数：计入的记录的条件（缴费方式）由正常缴费改为正常缴费、补缴',
    '社会保险：社会保险缴费月数：可接续的间断月数由 3 改为 1',
    '年龄分：50 以下一档：终点由 45 改为 50',
    '年龄分：50 及以上一档：起点由 45 改为 50',
    '年龄分：50 及以上一档由 0 分改为 1 分',
    '守法：行政拘留次数：计算时段的起点：截止日期前 5（原为 3）年',
  ])
  t.strictSame(told(older, older), [])
})

const after = (from: string, to: string) => {
  if (!older.includes(from)) throw new Error(from)
  return told(older, older.replace(from, to))
}

t.test('steps put around a node, rows moved, items and gates that come and go', async t => {
  t.strictSame(
    after(
      'value: {bands: {of: age, rows: [{below: 45, then: {points: 20}}, {from: 45, then: {points: 0}}]}}',
      'value: {limit: {of: {bands: {of: age, rows: [{below: 45, then: {points: 20}}, {from: 45, then: {points: 0}}]}}, atMost: 10}}',
    ),
    ['Points for age: a cap of 10 is new'],
  )
  t.strictSame(
    after(
      '{limit: {of: {rate: {of: monthsInsured, points: 0.5, per: 1, count: whole}}, atMost: 24}}',
      '{rate: {of: monthsInsured, points: 0.5, per: 1, count: begun}}',
    ),
    ['Insurance: a cap of 24 is gone', 'Insurance: what counts of a step begun is also the one begun instead of only full ones'],
  )
  t.strictSame(
    after(
      '[{row: doctor, holds: [doctor-degree], points: 50}, {row: bachelor, holds: [bachelor-degree], points: 25}]',
      '[{row: bachelor, holds: [bachelor-degree], points: 25}, {row: phd, holds: [doctor-degree], points: 50}]',
    ),
    ['Education: row doctoral degree: the name of the row is phd instead of doctor', 'Education: the rows stand in another order'],
  )
  t.strictSame(
    after(
      '  law:\n',
      '  bonus:\n    title: {zh-CN: 加分, en: Bonus}\n    source: {ref: s}\n    scale: 2\n    rounding: none\n    value: {limit: {of: {rate: {of: age, points: 2, per: 5, count: whole}}, atMost: 7}}\n  law:\n',
    ),
    ['Bonus is new: age: 2 points for each full 5 years, at most 7; at most 7.00 points', 'In all: the items that count: with Bonus'],
  )
  t.strictSame(
    after('gates:\n', 'gates:\n  clean: {title: {zh-CN: 清白, en: Clean}, source: {ref: s}, require: {measure: detentions, equals: 0}}\n'),
    ['In all: the gates that stand before it: with Clean', 'Clean is new: detentions: exactly 0'],
  )
  t.strictSame(after('gap: 3}}', 'gap: 3}, window: {from: back, until: 2016-06-30}}'), [
    'Insurance: months insured: the window begins 3 years before the reference date',
    'Insurance: months insured: the window ends 2016-06-30',
  ])
  t.strictSame(after('shift: {years: -3}', 'shift: {years: -3, days: 1}, move: start-of-year'), [
    'Detentions: detentions: the window begins the first day of the year of 3 years before the reference date, then 1 day later instead of 3 years before the reference date',
    'Age: detentions: the window begins the first day of the year of 3 years before the reference date, then 1 day later instead of 3 years before the reference date',
    'back: the day is the first day of the year of 3 years before the reference date, then 1 day later instead of 3 years before the reference date',
  ])
  t.strictSame(after('zh-CN: 文化程度, en', 'zh-CN: 教育, en'), ['Education: the title differs in Chinese alone'])
  const assumed = (to: string) => older.replace('assumption: for the test', `assumption: ${to}`)
  const inBoth = assumed('{zh-CN: 为测试, en: for the test}')
  const openly = assumed('{zh-CN: 为测试, en: for a trial}')
  t.strictSame(told(older, inBoth), ['the assumption differs in Chinese alone'])
  t.strictSame(told(older, inBoth, 'zh-CN'), ['假定由“for the test”改为“为测试”'])
  t.strictSame(told(inBoth, openly), ['the assumption is "for a trial" instead of "for the test"'])
  t.strictSame(told(inBoth, openly, 'zh-CN'), ['假定仅英文有变'])
  t.strictSame(after('monthEnd: last-day', 'monthEnd: next-day'), [
    'the end of a month is the 1st of the next month instead of the last day of a shorter month',
  ])
})

t.test('where a source was read', async t => {
  const read = (where: string) => older.replace('{title: Rules, mark: R}', `{title: Rules, mark: R${where && `, where: ${where}`}}`)
  const [here, elsewhere] = [read('www.town.example/1'), read('www.town.example/2')]
  t.strictSame(told(here, elsewhere), ['s: where it was read is www.town.example/2 instead of www.town.example/1'])
  t.strictSame(told(older, here), ['s: where it was read is new: www.town.example/1'])
  t.strictSame(told(here, older), ['s: where it was read is gone; it was www.town.example/1'])
  t.strictSame(told(here, elsewhere, 'zh-CN'), ['s：出处由 www.town.example/1 改为 www.town.example/2'])
  t.strictSame(told(older, here, 'zh-CN'), ['s：新增出处：www.town.example/1'])
})

t.test('every figure of every shipped scheme, when it changes, is told with what it was', async t => {
  for (const name of shippedSchemes) {
    const text = schemeText(name)
    const { tree } = readDocument(text)
    const was = scheme(text)
    const wrong: string[] = []
    let compared = 0
    for (const { pointer, figure } of sample(figuresOf(tree), 12)) {
      const other = figure.startsWith('-') ? `${Number(figure) - 1}` : `${Number(figure) + 1}`
      const { scheme: now } = lintScheme(JSON.stringify(replaced(tree, pointer, other)), vocabularyOf)
      if (!now) continue
      compared++
      for (const language of ['en', 'zh-CN'] as const) {
        const teller = new DiffTeller(was, now, language)
        const difference = diffSchemes(was, now)
        const all = teller.changes(difference)
        if (!all.some(({ text }) => text.includes(other.replace('-', '')) && text.includes(figure.replace('-', ''))))
          wrong.push(`${pointer}: ${all.map(one => one.text).join(' | ')}`)
        // Dates have no titles, and are told by their names.
        const foreign = language === 'en' ? /[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]/ : /[A-Za-z]{2}/
        for (const { section, text } of all) if (section !== 'dates' && foreign.test(text)) wrong.push(`${language}: ${text}`)
        const lines = teller.text(difference, undefined, 60).split('\n')
        if (lines.some(line => displayWidth(line) > 60 || /undefined|null|NaN|\[object/.test(line)))
          wrong.push(`${pointer}: ${lines.join('\n')}`)
      }
    }
    t.ok(compared > 5, `${name}: ${compared} figures`)
    t.strictSame(wrong, [], name)
  }
})

/** Figures of points and rules; a month or year of a shift is its own. */
function figuresOf(tree: Tree, pointer = ''): { pointer: string; figure: string }[] {
  if (typeof tree === 'string')
    return /\/(points|atMost|atLeast|below|above|equals|per|gap|upTo|years)$/.test(pointer) && /^-?\d+$/.test(tree)
      ? [{ pointer, figure: tree }]
      : []
  return Object.entries(tree).flatMap(([name, part]) => figuresOf(part as Tree, at(pointer, name)))
}

function sample<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(list.length / count))
  return list.filter((_, i) => i % step === 0)
}

function replaced(tree: Tree, pointer: string, figure: string, here = ''): Tree {
  if (here === pointer) return figure
  if (typeof tree === 'string' || !pointer.startsWith(here)) return tree
  if (Array.isArray(tree)) return tree.map((part, i) => replaced(part, pointer, figure, at(here, i)))
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, replaced(part, pointer, figure, at(here, name))]))
}

t.test('every field and every word of the language has words in both languages', async t => {
  const fields = new Set<string>()
  const choices = new Set<string>()
  const visit = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return
    const { properties = {}, enum: listed = [], ...rest } = schema as { properties?: object; enum?: string[] }
    for (const name of Object.keys(properties)) fields.add(name)
    for (const word of listed) choices.add(word)
    Object.values(properties).forEach(visit)
    Object.values(rest).forEach(visit)
  }
  visit(schemeSchema)
  // Sections and maps whose parts are told, parts of a date or a source, which are told as a whole, and figures with tests of their own.
  const others =
    '$schema scheme version zh-CN en ref article sources units evidence dates checks totals calendar window continuous tolerate perYear perRecord shift years days move above equals'
  for (const language of ['en', 'zh-CN'] as const) {
    const { nouns, kinds, enums, moves } = diffWords[language]
    const told = new Set([
      ...Object.keys(nouns).flatMap(key => [key, ...key.split('.').slice(-1)]),
      ...Object.keys(kinds),
      ...others.split(' '),
    ])
    t.strictSame(
      [...fields].filter(field => !told.has(field)),
      [],
      `fields, ${language}`,
    )
    const spoken = new Set([...Object.keys(enums), ...Object.keys(moves), ...Object.keys(words[language].marks)])
    t.strictSame(
      [...choices].filter(word => !spoken.has(word)),
      [],
      `words, ${language}`,
    )
  }
  t.strictSame(Object.keys(diffWords.en.nouns).sort(), Object.keys(diffWords['zh-CN'].nouns).sort())
})

t.test('on the command line', async t => {
  const folder = await home(t)
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const [a, b] = [await file('a.yaml', older), await file('b.yaml', newer)]
  const person = (id: string, months: string, extra: object = {}) => ({
    id,
    facts: {
      birth: [{ date: '1990-01-01' }],
      detention: [],
      education: [],
      insurance: [{ insurance: 'pension', payment: 'on-time', from: '2010-01', to: months }],
      ...extra,
    },
  })
  const facts = await file(
    'facts.ndjson',
    [
      person('up', '2015-12'),
      person('same', '2010-12'),
      person('down', '2010-12', { detention: [{ date: '2012-06-01' }] }),
      person('young', '2010-12', { birth: [{ date: '1999-06-01' }] }),
      { id: 'open', facts: { birth: [{ date: '1990-01-01' }], education: [], insurance: [] } },
    ]
      .map(line => `${JSON.stringify(line)}\n`)
      .join(''),
  )
  const asOf = ['--as-of', '2016-12-31']

  const [english, json, same, broken, noDate, noFacts, missing] = await Promise.all([
    points(['scheme', 'diff', a, b, '--facts', facts, ...asOf]),
    points(['scheme', 'diff', a, b, '--json', '--language', 'zh-CN', '--facts', facts, ...asOf]),
    points(['scheme', 'diff', a, a]),
    points(['scheme', 'diff', a, await file('broken.yaml', 'scheme: a\n')]),
    points(['scheme', 'diff', a, b, '--facts', facts]),
    points(['scheme', 'diff', a, b, ...asOf]),
    points(['scheme', 'diff', a, b, '--facts', join(folder, 'nothing.ndjson'), ...asOf]),
  ])
  t.match(english, { code: 0, err: '' })
  t.match(english.out, /^A town \(town 2\) compared with A town \(town 1\)\n\nItems\n {2}Education: the rule /)
  t.ok(
    english.out.endsWith(`
What it does
  5 applicants compared
  In all: 1 up by 6.00, 1 down by 30.00, 2 the same; 1 left open; together
    -24.00
  In all: the largest change: up 6.00, down 30.00
  In all: eligible: 3 instead of 4; 0 newly, 1 no longer
  Insurance: 1 up by 6.00, 0 down, 4 the same
  Detentions: 0 up, 1 down by 30.00, 3 the same; 1 left open
`),
    english.out,
  )
  const { was, now, changes, effect, refused } = JSON.parse(json.out)
  t.match([was.version, now.version, refused], ['1', '2', 0])
  t.match(
    changes.find(({ pointer }: { pointer: string }) => pointer === '/items/insurance/value/limit/atMost'),
    { section: 'items', part: 'insurance', what: 'changed', was: '24', now: '30', text: '社会保险：上限由 24 改为 30' },
  )
  t.match(effect.totals, [{ total: 'all', up: 1, down: 1, same: 2, open: 1, sum: '-24.00', mostGained: '6.00', mostLost: '-30.00' }])
  t.match(same, { code: 0, out: /\n\nBoth say the same\.\n$/ })
  t.match([broken.code, broken.out], [2, ''])
  t.match(broken.err, /broken\.yaml:1:1 error missing-field/)
  t.match([noDate.code, noDate.err], [2, /give it with --as-of/])
  t.match([noFacts.code, noFacts.err], [2, /--as-of has no use without --facts/])
  t.match([missing.code, missing.err], [2, /^there is no file .*nothing\.ndjson; check the path\.\n$/])
  const aFolder = await points(['scheme', 'diff', a, b, '--facts', dirname(a), ...asOf])
  t.match([aFolder.code, aFolder.err], [2, /is a folder; name a file in it\.\n$/])

  const bad = await file('bad.ndjson', `{"id":"x","facts":{"nothing":[]}}\n${JSON.stringify(person('up', '2015-12'))}\n`)
  const refusing = await points(['scheme', 'diff', a, b, '--facts', bad, ...asOf])
  t.equal(refusing.code, 1)
  t.match(refusing.err, /^line 1: \/facts\/nothing: /)
  t.match(refusing.out, /1 applicant compared\n {2}1 line is refused and left out\n/)
})
