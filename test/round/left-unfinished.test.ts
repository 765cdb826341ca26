import { createHash } from 'node:crypto'
import t from 'tap'
import { runRound } from '../../src/round/run.ts'
import { engine } from '../../src/scoring/engine.ts'
import { closedRound, drawOnNextDay, frozenAndDrawn, rulesWith, runIt, type Year } from '../support/year.ts'

/* Which unfinished run a call goes on with, and what becomes of the others. */

const secret = '00'.repeat(16)
const lotSecretDigest = `sha256:${createHash('sha256').update(Buffer.alloc(16)).digest('hex')}`

/** Leaves a run that is scored and not ranked. */
async function leaveScored({ office, actor, round }: Year): Promise<void> {
  const stopped = new Error('stopped')
  const progress = ({ stage }: { stage: string }) => {
    if (stage === 'rank') throw stopped
  }
  await runRound(office, actor, round, { lotSecret: secret, progress, seconds: () => 0 }).catch(error => {
    if (error !== stopped) throw error
  })
}

t.test('a run that would be made otherwise now is removed, and not gone on with', async t => {
  const year = await closedRound(t, { applicants: 100, rules: rulesWith({ line: 'lot', places: 5 }), lotSecretDigest })
  const runs = async () => (await year.office.pool.query('select run, state, engine, draw from runs order by run')).rows
  await frozenAndDrawn(year)
  await leaveScored(year)
  t.strictSame(await runs(), [{ run: 1, state: 'scored', engine, draw: '1,5,9' }])

  await drawOnNextDay(year, { numbers: [2, 5, 9] })
  t.match(await runIt(year, secret), { report: { holds: true } })
  const drawnAgain = { run: 1, state: 'verified', engine, draw: '2,5,9' }
  t.strictSame(await runs(), [drawnAgain])

  await leaveScored(year)
  await year.office.pool.query("update runs set engine = 'another' where run = 2")
  t.match(await runIt(year, secret), { report: { holds: true } })
  t.strictSame(await runs(), [drawnAgain, { ...drawnAgain, run: 2 }])
  t.match(await year.office.pool.query('select distinct run from entries order by run'), { rows: [{ run: 1 }, { run: 2 }] })
})
