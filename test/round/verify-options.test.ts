import t from 'tap'
import type { RunOptions } from '../../src/round/run.ts'
import { runRound } from '../../src/round/run.ts'
import { closedRound } from '../support/year.ts'

t.test('a run is verified in part, or in full when it is asked for', async t => {
  const { office, actor, round } = await closedRound(t, { applicants: 20 })
  const run = (more: Partial<RunOptions>) => runRound(office, actor, round, { progress: () => {}, seconds: () => 0, ...more })

  const cancelling = new AbortController()
  const cancel: RunOptions['progress'] = ({ stage }) => {
    if (stage === 'verify') cancelling.abort()
  }
  await t.rejects(run({ progress: cancel, signal: cancelling.signal }), { code: 'run-cancelled' })
  for (const table of ['runs', 'entries', 'standings', 'run_pools'])
    t.equal((await office.pool.query(`select from ${table}`)).rowCount, 0, `nothing is left in ${table}`)

  const usual = (await run({})).report.sample
  t.ok((usual?.size ?? 0) > 20)
  const full = (await run({ full: true })).report.sample
  t.match(full, { size: 20, checked: 20 })
})
