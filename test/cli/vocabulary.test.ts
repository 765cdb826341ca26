import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { readVocabulary } from '../../src/scoring/vocabulary.ts'
import { vocabulary } from '../support/cases.ts'
import { town } from '../support/town.ts'
import { home, points } from './processes.ts'

t.test('the whole vocabulary', async t => {
  const { code, out, err } = await points(['vocabulary'])
  t.same({ code, err }, { code: 0, err: '' })
  t.match(out, /^Vocabulary 1\n\nUnits\n {2}months +月 +months\n/)
  for (const { name, title } of [vocabulary.units, vocabulary.kinds, vocabulary.measures].flatMap(names => [...names.values()]))
    t.match(out, new RegExp(`^  ${name} +${title['zh-CN']} +${title.en.replace(/[()]/g, '\\$&')}(  \\(.*\\))?$`, 'm'), name)
  for (const code of vocabulary.codes) t.match(out, new RegExp(`^        ${code}  `, 'm'), code)
})

t.test('one name, in both languages', async t => {
  const [english, chinese] = await Promise.all([points(['vocabulary', 'patent']), points(['vocabulary', 'patent', '--language', 'zh-CN'])])
  t.equal(
    english.out,
    `Vocabulary 1

Kinds of evidence
  patent  专利授权  patent granted
    event, on a day: date (YYYY-MM-DD)
      patent  专利类型  kind of patent
        invention  发明      invention
        utility    实用新型  utility model
        design     外观设计  design
      owners  专利权人数  number of owners  (in persons, 1 if left out)
      rank  排名  rank among the owners  (first if left out)
        first  第一  first
        other  其他  other
`,
  )
  t.match(chinese.out, /^共用指标词汇，版本 1\n\n材料种类\n {2}patent {2}专利授权 {2}patent granted\n {4}event，发生于某日：date/)
  t.match(chinese.out, /owners {2}专利权人数 {2}number of owners {2}\(单位 persons，未写明时为 1\)\n/)
  const both = await points(['vocabulary', 'education'])
  t.match(both.out, /\nMeasures\n {2}education {2}学历学位 {2}education {2}\(in codes\)\n$/, 'a kind and a measure of one name')
})

t.test('a name that nobody knows', async t => {
  t.same(await points(['vocabulary', 'detenton']), {
    ...{ code: 2, out: '' },
    err: 'there is no unit, kind of evidence or measure "detenton"; did you mean "detention"?\n',
  })
  t.match(await points(['vocabulary', 'teaContest']), { code: 2, err: /"teaContest"; points vocabulary lists all\n$/ })
})

t.test('the names of a scheme', async t => {
  const file = join(await home(t), 'scheme.yaml')
  await writeFile(file, town().source)
  const { out } = await points(['vocabulary', '--scheme', file])
  t.equal(
    out.slice(out.indexOf('\nNamed by')),
    `
Named by town/2026 itself

Units
  litres  升  litres  (1 decimal)

Kinds of evidence
  languageTest  语言考试  language test
    event, on a day: date (YYYY-MM-DD)
      band  等级  band
        b1  中级    B1
        b2  中高级  B2
  rain  集雨  rain collected
    span, from a month to a month: from, to (YYYY-MM)
      amount  数量  amount  (in litres)

Measures
  languageBands  语言等级  language bands  (in codes)
  monthsOfRain   集雨月数  months of rain  (in months)
`,
  )
  const one = await points(['vocabulary', 'rain', '--scheme', file])
  t.match(one.out, /^Named by town\/2026 itself\n\nKinds of evidence\n {2}rain {2}/, 'only where the name is')
  t.match(await points(['vocabulary', 'rian', '--scheme', file]), { code: 2, err: /did you mean "rain"\?/ })
  await writeFile(file, 'scheme: town\n')
  t.match(await points(['vocabulary', '--scheme', file]), { code: 2, out: '', err: /scheme\.yaml:1:1 error missing-field/ })
})

t.test('as JSON, in the form of the document', async t => {
  const file = join(await home(t), 'scheme.yaml')
  await writeFile(file, town().source)
  const { scheme, ...document } = JSON.parse((await points(['vocabulary', '--json', '--scheme', file])).out)
  const read = readVocabulary(JSON.stringify(document))
  t.same({ ...read, text: '', digest: '' }, { ...vocabulary, text: '', digest: '' })
  t.same(Object.keys(scheme), ['scheme', 'version', 'units', 'kinds', 'measures'])
  t.same(Object.keys(scheme.kinds), ['languageTest', 'rain'])
  t.same(scheme.kinds.rain, {
    title: { 'zh-CN': '集雨', en: 'rain collected' },
    shape: 'span',
    grain: 'month',
    attributes: { amount: { title: { 'zh-CN': '数量', en: 'amount' }, unit: 'litres' } },
  })
  t.same(scheme.measures.monthsOfRain, { title: { 'zh-CN': '集雨月数', en: 'months of rain' }, unit: 'months' })
})
