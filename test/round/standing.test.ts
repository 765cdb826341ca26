import { readFileSync } from 'node:fs'
import t from 'tap'
import { readRules } from '../../src/ranking/rules.ts'
import { fitTogether } from '../../src/round/standing.ts'
import { casesOf, day, shippedScheme } from '../support/cases.ts'

// Zhongshan's points serve settlement, school and housing, each behind gates of its own. A round ranks by one of them.
const scheme = shippedScheme('zhongshan/2014')
const text = readFileSync(new URL('../../schemes/zhongshan/2014/rounds.yaml', import.meta.url), 'utf8')
const cases = casesOf('zhongshan/2014').filter(one => one.asOf === '2016-04-30')
const standing = (rules: string, name: (reasons: string[]) => boolean) => {
  const one = cases.find(({ expect }) => name(expect.reasons ?? []))
  return fitTogether(scheme, readRules(rules), day('2016-04-30')).judge(JSON.stringify(one?.facts), '')
}
const onlySchool = (reasons: string[]) => reasons.join() === 'gate-failed schoolChild'
const allLines = (reasons: string[]) => reasons.filter(reason => /Line$/.test(reason)).length === 3

t.test('a round tells the reasons that concern the total it ranks', async t => {
  t.match(standing(text, onlySchool), { eligible: 'yes', reasons: [] }, 'who gets no school place may settle')
  const school = text.replace(/^total: settlement$/m, 'total: school')
  t.match(standing(school, onlySchool), { eligible: 'no', reasons: [{ code: 'gate-failed', gate: 'schoolChild' }], chain: null })
  t.same(standing(text, allLines).reasons, [{ code: 'gate-failed', gate: 'settlementLine' }])
  t.same(standing(school, allLines).reasons, [{ code: 'gate-failed', gate: 'schoolLine' }])
})
