import { readFileSync } from 'node:fs'
import t from 'tap'
import { points } from './processes.ts'

const args = ['score', '--scheme', 'schemes/model/2017/scheme.yaml', '--as-of', '2016-12-31']
const [, line] = /<<'END'\n {4}(.*)\n {4}END/.exec(readFileSync('README.md', 'utf8')) as unknown as string[]
const facts = `${line}\n`

t.test('NDJSON: prospects only if they are asked for', async t => {
  const [plain, explained] = await Promise.all([points(args, {}, facts), points([...args, '--explain', '--prospects'], {}, facts)])
  t.notOk('prospects' in JSON.parse(plain.out) || 'explanation' in JSON.parse(plain.out))
  const { total, explanation, prospects } = JSON.parse(explained.out)
  t.equal(total, '73.00')
  t.equal(explanation.format, 2)
  t.match(
    prospects.find(({ item }: { item: string }) => item === 'insurance'),
    {
      points: '18.00',
      stillPossible: '12.00',
      rises: { date: '2017-01-01', points: '18.50' },
      ways: [{ measure: 'monthsInsured', from: '36', to: '37', points: '18.50' }],
    },
  )
})

t.test('in words, each applicant under his id, for people', async t => {
  const english = await points([...args, '--text', 'en', '--prospects'], {}, facts)
  t.match(english, { code: 0, err: '' })
  t.match(english.out, /^Applicant a\nModel scheme [\s\S]*, as of 2016-12-31\n\nGates\n/)
  for (const words of [
    'Education ..................................................... 10.00 of 50.00\n    Rule: ',
    '\n    With 37 instead of 36 months insured: 18.50 points\n',
    '\nSources\n  plan: ',
  ])
    t.ok(english.out.includes(words), words)
  const chinese = await points([...args, '--text', 'zh-CN'], {}, facts + facts.replace('"a"', '"b"'))
  t.match(chinese.out, /^申请人 a\n[\s\S]*\n\n申请人 b\n/)
  t.notMatch(chinese.out, '何以改变得分', 'only with --prospects')
})

t.test('a line that is refused is told apart from the texts', async t => {
  const { code, out, err } = await points([...args, '--text', 'en'], {}, `{"id":"x","facts":{"nothing":[]}}\n${facts}`)
  t.equal(code, 1)
  t.match(out, /^Applicant a\n/)
  t.match(err, /^line 1: \/facts\/nothing: the vocabulary knows no evidence[^\n]*\nscore: 1 line is refused; the others are scored\n$/)
})

t.test('another language is refused', async t => {
  const { code, err } = await points([...args, '--text', 'fr'], {}, facts)
  t.equal(code, 2)
  t.match(err, /en, zh-CN/)
})
