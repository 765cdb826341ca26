import t from 'tap'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { lintScheme } from '../../src/scoring/scheme/lint.ts'
import { shapeCheck } from '../../src/values/shape.ts'
import { vocabularyOf } from '../support/cases.ts'

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

t.test('a day that there is not', async t => {
  const read = (date: string) => () => readFacts(vocabularyOf('1') as never, { birth: [{ date }] })
  t.throws(read('1980-02-30'), { message: /there is no day "1980-02-30"/ })
  t.throws(read('1980/02/03'), { message: /of the form YYYY-MM-DD/ })
})
