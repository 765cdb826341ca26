import { join } from 'node:path'
import t from 'tap'
import { readText } from '../../src/cli/files.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { lintScheme } from '../../src/scoring/scheme/lint.ts'
import { nearest } from '../../src/values/nearest.ts'
import type { Refusal } from '../../src/values/refusal.ts'
import { shapeCheck } from '../../src/values/shape.ts'
import { vocabularyOf } from '../support/cases.ts'
import { town } from '../support/town.ts'

// What office people get wrong in YAML: one finding, where it is, and the remedy.
const broken: [yaml: string, line: number, column: number, message: RegExp][] = [
  ['a: x\ntitle: art. 3: the rule\nb: c\n', 2, 8, /": " in it must stand in quotes/],
  ['a: {title: art. 3: the rule, b: c}\n', 1, 12, /": " in it must stand in quotes/],
  ['a: {x: one，y: two, z: 3}\n', 1, 8, /Chinese comma/],
  ['a： 1\nb: 2\n', 1, 1, /Chinese colon/],
  ['a: {x： 1, y: 2}\n', 1, 5, /Chinese colon/],
  ['a:\n\tb: 1\n', 2, 1, /indent with blanks/],
  ['a: 1\n  b: 2\n', 1, 4, /indentation/],
  ['a: {x: 1\nb: 2\n', 2, 1, /"}" is missing/],
  ['a: "x\nb: 2\n', 3, 1, /quotation mark is not closed/],
  ['a: @x\n', 1, 4, /begins with @ must stand in quotes/],
  ['a:1\nb: 2\n', 1, 1, /a colon and a blank/],
  ['a:\n  - {x: 1}\n - {x: 2}\n', 3, 1, /^this line begins at another column than the lines around it$/],
  ['a:\n  - {x: 1}\n   - {x: 2}\n', 3, 4, /another column/],
  ['a:\n  - x: 1\n   y: 2\n', 3, 1, /another column/],
  ['a:\n  x: {z: 1}\n   y: 2\n', 3, 1, /another column/],
  [' a: 1\nb: 2\n', 2, 1, /another column/],
  ['', 1, 1, /^the document is empty; begin with: scheme: <name>$/],
  ['# nothing yet\n', 1, 1, /^the document is empty; begin with/],
  ['---\n', 1, 1, /^the document is empty; begin with/],
  ['a:\n  -\n', 2, 4, /^a value is missing here$/],
  ['a: {x: 【one, two】, z: 3}\n', 1, 14, /^write Latin brackets \[ \]$/],
  ['a: [one, two】\nb: 2\n', 2, 1, /^write Latin brackets \[ \]$/],
  ['a: 【{x: 1}】\n', 1, 4, /^write Latin brackets \[ \]$/],
  ['a: ｛x: 1, y: 2｝\n', 1, 4, /^write Latin braces \{ \}$/],
  ['a: {x: ｛z: 1｝, y: 2}\n', 1, 8, /^write Latin braces \{ \}$/],
  ['a: {x: 1｝\nb: 2\n', 2, 1, /^write Latin braces \{ \}$/],
  ['a: {x: 【trial】: the rule, y: 2}\n', 1, 8, /": " in it must stand in quotes/],
]
t.test('YAML that cannot be read', async t => {
  for (const [yaml, line, column, message] of broken) {
    const { findings } = lintScheme(yaml, vocabularyOf)
    t.match(findings, [{ line, column, severity: 'error', code: 'unreadable-document', message }], JSON.stringify(yaml))
    t.equal(findings.length, 1)
    t.notMatch(findings[0]?.message, /line \d/, 'the position is told once')
  }
})

t.test('limits of a shape in plain words', async t => {
  const check = shapeCheck({ properties: { list: { type: 'array', minItems: 1 }, text: { type: 'string', minLength: 1, maxLength: 3 } } })
  const words = [{ list: [] }, { text: '' }, { text: 'long' }].map(value => check(value)[0]?.message)
  t.same(words, ['must not be empty: give one or more', 'must not be empty', 'must have at most 3 characters'])
})

// What office people get wrong in the shape of a scheme: one finding for one mistake.
const { source: good } = town()
const rain = 'rate: {of: monthsOfRain, points: 1, per: 1, count: exact}'
const misshapen: [what: string, was: string, now: string, pointer: string, message: string][] = [
  [
    'a misspelt cap',
    rain,
    `limit: {of: {${rain}}, atmost: 3}`,
    '/items/rain/value/limit/atmost',
    'unknown field "atmost"; did you mean "atMost"?',
  ],
  ['neither cap nor floor', rain, `limit: {of: {${rain}}}`, '/items/rain/value/limit', 'give atMost or atLeast'],
  ['a misspelt kind of node', 'rate: {of', 'rates: {of', '/items/rain/value/rates', 'unknown field "rates"; did you mean "rate"?'],
  [
    'a misspelt name of a field',
    'rounding: none',
    'roundin: none',
    '/items/language/roundin',
    'unknown field "roundin"; did you mean "rounding"?',
  ],
  [
    'a capital letter',
    'settlement: {',
    'Settlement: {',
    '/totals/Settlement',
    'the name "Settlement" cannot be used here; begin with a small letter, then letters, digits, _ or -, in all 60 at most',
  ],
  [
    'one language',
    'title: {zh-CN: 总分, en: total}',
    'title: total',
    '/totals/settlement/title',
    'write both languages: {zh-CN: …, en: …}',
  ],
  [
    'full-width digits',
    'points: 1, per',
    'points: １０, per',
    '/items/rain/value/rate/points',
    'must be a decimal figure such as 0.25; write Latin digits',
  ],
  [
    'Chinese brackets',
    'holds: [b1]',
    'holds: 【b1】',
    '/items/language/value/choice/rows/0/holds',
    'must be a list; write Latin brackets [ ]',
  ],
  [
    'two bounds of each record',
    rain,
    'each: {of: languageTest, give: {points: 1}, perYear: {atMost: 2}, best: 3}',
    '/items/rain/value/each',
    'perYear and best cannot both stand here: take one of them out',
  ],
]
t.test('one mistake in the shape of a scheme is one finding', async t => {
  for (const [what, was, now, pointer, message] of misshapen) {
    const { findings, stoppedAtForm } = lintScheme(good.replace(was, now), vocabularyOf)
    t.strictSame(
      findings.map(finding => [finding.pointer, finding.message]),
      [[pointer, message]],
      what,
    )
    t.equal(stoppedAtForm, true, `${what}: no further than the form`)
  }
  const [sound, unread] = [good, ''].map(text => lintScheme(text, vocabularyOf).stoppedAtForm)
  t.same([sound, unread], [undefined, undefined])
})

// A name that nobody knows, and what was probably meant.
const meant: [what: string, was: string, now: string, pointer: string, message: string][] = [
  [
    'a measure',
    'of: monthsOfRain, points',
    'of: monthsofrain, points',
    '/items/rain/value/rate/of',
    'there is no measure "monthsofrain" under /measures; did you mean "monthsOfRain"?',
  ],
  [
    'no measure that is near',
    'of: monthsOfRain, points',
    'of: hail, points',
    '/items/rain/value/rate/of',
    'there is no measure "hail" under /measures',
  ],
  [
    'a kind of evidence',
    'months: {of: rain}',
    'months: {of: rian}',
    '/measures/monthsOfRain/months/of',
    'neither the vocabulary nor the scheme has a kind of evidence "rian"; did you mean "rain"?',
  ],
  [
    'no kind that is near',
    'months: {of: rain}',
    'months: {of: thunderstorm}',
    '/measures/monthsOfRain/months/of',
    'neither the vocabulary nor the scheme has a kind of evidence "thunderstorm"; `points vocabulary` lists them',
  ],
  [
    'an attribute',
    'months: {of: rain}',
    'months: {of: rain, where: {amuont: {atLeast: 1}}}',
    '/measures/monthsOfRain/months/where/amuont',
    'rain has no attribute "amuont"; did you mean "amount"?',
  ],
  [
    'a code of an attribute',
    'months: {of: rain}',
    'months: {of: insurance, where: {payment: ontime}}',
    '/measures/monthsOfRain/months/where/payment',
    '"ontime" is no code of insurance.payment; did you mean "on-time"?',
  ],
  [
    'a code between Chinese brackets',
    'months: {of: rain}',
    'months: {of: insurance, where: {payment: 【on-time】}}',
    '/measures/monthsOfRain/months/where/payment',
    '"【on-time】" is no code of insurance.payment; write Latin brackets [ ]',
  ],
  [
    'a code in full width',
    'months: {of: rain}',
    'months: {of: insurance, where: {payment: ｏｎ-ｔｉｍｅ}}',
    '/measures/monthsOfRain/months/where/payment',
    '"ｏｎ-ｔｉｍｅ" is no code of insurance.payment; did you mean "on-time"?',
  ],
  [
    'another figure is another code',
    'holds: [b1]',
    'holds: [b3]',
    '/items/language/value/choice/rows/0/holds/0',
    '"languageBands" never gives the code "b3"; it gives: b1, b2',
  ],
  [
    'a source',
    'sources: {s: {',
    'sources: {rules: {',
    '/measures/languageBands/source/ref',
    'there is no source "s" under /sources; there are: rules',
  ],
  [
    'a source that is near',
    'sources: {s: {title: a source, mark: OWN}}',
    'sources: {s: {title: a source, mark: OWN}, rules: {title: a source, mark: OWN}}\ndates: {d: {from: reference, source: {ref: rulse, article: "1"}}}',
    '/dates/d/source/ref',
    'there is no source "rulse" under /sources; did you mean "rules"?',
  ],
  [
    'a date',
    'months: {of: rain}',
    'months: {of: rain, window: {from: referense}}',
    '/measures/monthsOfRain/months/window/from',
    'there is no date "referense" under /dates; did you mean "reference"?',
  ],
  ['an item', rain, 'items: [langauge]', '/items/rain/value/items/0', 'there is no item "langauge" above; did you mean "language"?'],
  [
    'a total',
    'totals:',
    'totals:\n  first: {title: {zh-CN: 初, en: first}, scale: 2, rounding: none, value: {total: frist}}',
    '/totals/first/value/total',
    'there is no total "frist" above; there are: none',
  ],
  [
    'a total that is near',
    'totals:',
    'totals:\n  first: {title: {zh-CN: 初, en: first}, scale: 2, rounding: none}\n  next: {title: {zh-CN: 次, en: next}, scale: 2, rounding: none, value: {total: frist}}',
    '/totals/next/value/total',
    'there is no total "frist" above; did you mean "first"?',
  ],
]
t.test('an unknown name says what was probably meant', async t => {
  for (const [what, was, now, pointer, message] of meant) {
    t.ok(good.includes(was), `${what}: ${was}`)
    const errors = lintScheme(good.replace(was, now), vocabularyOf).findings.filter(({ severity }) => severity === 'error')
    t.match(
      errors.filter(error => error.pointer === pointer),
      [{ code: 'unknown-name', message }],
      what,
    )
  }
})

t.test('of a document that is nothing but slips the first hundred are compared with what is known', async t => {
  const slips = Array.from({ length: 300 }, () => '{rate: {of: monthsofrain, points: 1, per: 1, count: whole}}')
  const unknown = lintScheme(good.replace(rain, `sum: [${slips.join(', ')}]`), vocabularyOf).findings.filter(
    ({ code }) => code === 'unknown-name',
  )
  t.equal(unknown.length, 300)
  t.equal(unknown.filter(({ message }) => message.endsWith('did you mean "monthsOfRain"?')).length, 100)
})

t.test('the nearest name', async t => {
  t.equal(nearest('TEACONTEST', ['teaContext', 'teaContest']), 'teaContest')
  t.equal(nearest('ｃｏｌｌｅｇｅ', ['college']), 'college')
  t.equal(nearest('level-6', ['level-5']), undefined)
  t.equal(nearest('rian', ['rent', 'yuan', 'rain']), 'rain', 'letters that changed places are one slip')
  t.equal(nearest('rule', ['rain', 'rules']), 'rules')
  t.equal(nearest('hail', ['rain']), undefined, 'two letters of a short word make another word')
  t.equal(nearest('volunterHour', ['volunteerHours']), 'volunteerHours')
  t.equal(nearest('id', ['to']), undefined)
  t.equal(nearest('x', []), undefined)
})

t.test('names in facts', async t => {
  const messages = (facts: object) => {
    try {
      readFacts(vocabularyOf('1') as never, facts)
      return []
    } catch (error) {
      return (error as Refusal).faults.map(({ message }) => message)
    }
  }
  t.same(messages({ bloodDonaton: [] }), ['the vocabulary knows no evidence "bloodDonaton"; did you mean "bloodDonation"?'])
  t.same(messages({ crime: [{ date: '2020-01-01', sorce: 'court' }] }), [
    'unknown field of crime; did you mean "source"? known: date, source, state',
  ])
  t.same(messages({ sex: [{ sex: 'femal' }] }), ['did you mean "female"? must be one of: female, male'])
  t.same(messages({ attested: [{ measure: 'monthsinsured', value: '1' }] }), [
    'the vocabulary knows no such measure; did you mean "monthsInsured"?',
  ])
  t.same(messages({ attested: [{ measure: 'education', value: ['colege'] }] }), [
    'the vocabulary has no such code in any list; did you mean "college"?',
  ])
  t.same(messages({ volunteering: [{ date: '2020-01-01', hours: '１０' }] }), [
    'must be a decimal with at most 1 decimals; write Latin digits',
  ])
})

t.test('decimals that an item lacks', async t => {
  const message = (rate: string) =>
    lintScheme(good.replace(rain, `rate: {of: monthsOfRain, ${rate}}`), vocabularyOf).findings.find(({ code }) => code === 'not-exact')
      ?.message
  const remedy = 'say under "rounding" how it is rounded (half-up, …), or round a part inside'
  t.equal(message('points: 0.125, per: 1, count: exact'), `may need 3 decimals and has 2: ${remedy}`)
  t.equal(message('points: 1, per: 12, count: exact'), `may need decimals without end and has 2: ${remedy}`)
  t.equal(message('points: 0.25, per: 1, count: exact'), undefined)
})

t.test('a short word is not taken for another', async t => {
  const check = shapeCheck({ type: 'object', properties: { to: {} }, required: ['to'], additionalProperties: false })
  t.same(
    check({ id: 1 }).map(({ message }) => message),
    ['"to" is missing', 'unknown field "id"; known here: to'],
  )
})

t.test('a file that cannot be read', async t => {
  const folder = t.testdir({ 'gbk.yaml': Buffer.from([0xb3, 0xc7]) })
  t.throws(() => readText(join(folder, 'absent.yaml')), {
    code: 'unreadable-file',
    message: /^there is no file .*absent\.yaml; check the path\.$/,
  })
  t.throws(() => readText(folder), { code: 'unreadable-file', message: /is a folder; name a file in it/ })
  t.throws(() => readText(join(folder, 'gbk.yaml')), { code: 'not-utf8' })
})

t.test('a day that there is not', async t => {
  const read = (date: string) => () => readFacts(vocabularyOf('1') as never, { birth: [{ date }] })
  t.throws(read('1980-02-30'), { message: /there is no day "1980-02-30"/ })
  t.throws(read('1980/02/03'), { message: /of the form YYYY-MM-DD/ })
})
