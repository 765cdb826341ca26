import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { orderRun } from '../../src/round/jobs.ts'
import { randomFrom } from '../support/random-facts.ts'
import { close, copyOf, runIt } from '../support/year.ts'
import { closedRounds, decided, holdScoring, leftOf, sender, untilEnded, untilJob, worker } from './support.ts'

/* Real processes of `points worker` over one database. */

const applicants = 1500
const seed = Date.now() & 0x7fffffff
const random = randomFrom(seed)
t.comment(`seed ${seed}`)

t.test('workers', async t => {
  const closed = await closedRounds(t, 3, applicants)
  const [first] = closed as [(typeof closed)[0]]
  await close(first)
  // A copy of the database has all three rounds.
  const copies = async () => {
    const copy = await copyOf(t, first)
    return closed.map(({ actor, round }) => ({ ...copy, actor, round }))
  }
  const alone = await copies()
  const expected: object[] = []
  for (const year of alone) {
    await runIt(year)
    expected.push(await decided(year))
  }
  t.equal(new Set(expected.map(one => JSON.stringify(one))).size, 3, 'three rounds with three results')

  for (const [processes, concurrency] of [
    [3, 1],
    [1, 3],
  ] as const)
    await t.test(`three rounds side by side on ${processes} processes with ${concurrency} at once each`, async t => {
      const years = await copies()
      const [one] = years as [typeof first]
      const queue = sender(t, one.office)
      for (let i = 0; i < processes; i++) worker(t, one, concurrency)
      // All three are at work at the same moment: none can write before it is let go.
      const letGo = await holdScoring(t, one)
      for (const { office, actor, round } of years) await orderRun(office, queue, actor, round, {})
      for (const year of years) await untilJob(year, job => job.stage === 'score')
      const { rows } = await one.office.pool.query('select count(distinct worker) from round_jobs')
      t.equal(rows[0].count, processes)
      await letGo()
      for (const year of years) t.match(await untilEnded(year), { state: 'done', problem: null })
      t.strictSame(await Promise.all(years.map(decided)), expected)
    })

  await t.test('a worker killed in the middle of a run, and another one finishes it', async t => {
    const [year] = (await copies()) as [typeof first]
    const { office, actor, round } = year
    const killed = worker(t, year)
    const letGo = await holdScoring(t, year)
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    await untilJob(year, job => job.stage === 'score')
    const other = worker(t, year)
    while (!other.log().includes('worker takes runs')) await sleep(20)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    const since = performance.now()
    await letGo()
    t.match(await untilEnded(year), { job: ordered.job, state: 'done', problem: null })
    t.comment(`finished ${Math.round(performance.now() - since)} ms after the kill`)
    t.ok(performance.now() - since < 30_000, 'within a short time')
    t.strictSame(await decided(year), expected[0])
    t.match(other.log(), /"state":"done".*"msg":"run ended"/)
  })

  await t.test('workers killed at random moments, again and again', async t => {
    const [year] = (await copies()) as [typeof first]
    const { office, actor, round } = year
    await orderRun(office, sender(t, office), actor, round, {})
    for (let i = 0; i < 2; i++) {
      const child = worker(t, year)
      await untilJob(year, ({ state, finishedAt }) => state === 'working' || finishedAt !== null)
      const delay = random.below(800)
      await sleep(delay)
      child.kill('SIGKILL')
      await once(child, 'exit')
      t.comment(`killed ${delay} ms after it was taken`)
    }
    worker(t, year)
    t.match(await untilEnded(year), { state: 'done' })
    t.strictSame(await decided(year), expected[0])
    t.match(await leftOf(year), { entries: applicants }, 'of the runs that broke off nothing is left')
  })

  await t.test('on SIGTERM a worker finishes its run and takes no other one', async t => {
    const [year, next] = (await copies()) as [typeof first, typeof first]
    const { office } = year
    const queue = sender(t, office)
    const child = worker(t, year)
    const letGo = await holdScoring(t, year)
    await orderRun(office, queue, year.actor, year.round, {})
    await untilJob(year, job => job.stage === 'score')
    child.kill('SIGTERM')
    await sleep(300)
    await orderRun(office, queue, next.actor, next.round, {})
    await letGo()
    t.strictSame(await once(child, 'exit'), [0, null])
    t.match(await untilEnded(year), { state: 'done' })
    t.match(await untilJob(next, () => true), { state: 'queued' })
    t.match(child.log(), /"msg":"stopping"[\s\S]*"msg":"run ended"[\s\S]*"msg":"stopped"/)
    t.notMatch(child.log(), /citizenNumber|SETTLEMENT/)
  })
})
