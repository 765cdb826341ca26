import { join } from 'node:path'
import t from 'tap'
import { readText } from '../../src/cli/files.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { lintScheme } from '../../src/scoring/scheme/lint.ts'
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
  ['', 1, 1, /the document is empty, begin with: scheme: <name>/],
  ['# nothing yet\n', 1, 1, /the document is empty, begin with/],
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
    'two bounds of each record',
    rain,
    'each: {of: languageTest, give: {points: 1}, perYear: {atMost: 2}, best: 3}',
    '/items/rain/value/each',
    'perYear and best cannot both stand here: take one of them out',
  ],
]
t.test('one mistake in the shape of a scheme is one finding', async t => {
  for (const [what, was, now, pointer, message] of misshapen) {
    const { findings } = lintScheme(good.replace(was, now), vocabularyOf)
    t.strictSame(
      findings.map(finding => [finding.pointer, finding.message]),
      [[pointer, message]],
      what,
    )
  }
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
