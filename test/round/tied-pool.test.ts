import t from 'tap'
import { takeApplicants } from '../../src/round/bulk-intake.ts'
import { freezeRound } from '../../src/round/freeze.ts'
import { noProgress } from '../../src/round/progress.ts'
import { moveRound } from '../../src/round/rounds.ts'
import { person } from '../support/people.ts'
import { draftRound } from '../support/year.ts'
import { bachelor, college, origin, rules } from './out-round.ts'

const named = (pool: string, more = '') => `  - {pool: ${pool}, name: {zh-CN: 甲, en: A}, places: "2"${more}, ${origin}}`

t.test('an application in a pool that its evidence excludes stops the freeze, and is named', async t => {
  const tied = named('a', ', where: {measure: education, is: college}')
  const year = await draftRound(t, { rules: rules({ quota: ['unit: applicants', 'pools:', tied, named('b')] }) })
  const { office, actor, round } = year
  await moveRound(office, actor, round, 'open')
  await takeApplicants(office, actor, round, [
    { ...person(0, college), pool: 'a' },
    { ...person(1, bachelor), pool: 'a' },
    { ...person(2, bachelor), pool: 'b' },
  ])
  await moveRound(office, actor, round, 'closed')
  const { rows } = await office.pool.query('select public_number as number from applications order by application')
  await t.rejects(freezeRound(office, actor, round, noProgress), {
    code: 'unusable-evidence',
    faults: [{ code: 'wrong-pool', pointer: `/${rows[1].number}/pool`, message: /education is college/ }],
  })
  t.equal((await office.pool.query('select from frozen_inputs')).rowCount, 0)
})
