import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Left } from '../../src/round/do-job.ts'
import { cancelRun, jobOf, orderRun } from '../../src/round/jobs.ts'
import { close, closedRound, copyOf, draftRound, drawOnNextDay, refusalOf, rulesWith } from '../support/year.ts'
import { decided, holdScoring, leftOf, sender, untilJob, work } from './support.ts'

/* A run as a job: ordered, done, cancelled, left, broken off. Each time is another copy of one closed round. */

const applicants = 400
const nothing = { runs: 0, entries: 0, standings: 0 }

t.test('jobs', async t => {
  const closed = await closedRound(t, { applicants })
  await close(closed)
  const alone = await copyOf(t, closed)

  await t.test('ordered, then done', async t => {
    const { office, actor, round } = alone
    t.equal(await jobOf(office, actor, round), null)
    const queue = sender(t, office)
    const ordered = await orderRun(office, queue, actor, round, {})
    t.match(ordered, {
      state: 'queued',
      orderedBy: 'test',
      stage: null,
      run: null,
      problem: null,
      finishedAt: null,
      cancelAsked: false,
      waitsFor: null,
      silent: false,
    })
    t.match(await work(office, ordered), { authority: 'testoffice', round, state: 'done', run: 1 })
    const done = await jobOf(office, actor, round)
    t.match(done, { job: ordered.job, state: 'done', run: 1, waitsFor: null, problem: null, finishedAt: String, secondsLeft: null })
    await office.pool.query("update round_jobs set heartbeat_at = heartbeat_at - interval '1 h'")
    t.match(await jobOf(office, actor, round), { state: 'done', silent: false }, 'what has ended is not silent')
    t.match(done, { stage: 'verify', done: done?.total, total: applicants }, 'with the figures of its end')
    const bounds = await office.pool.query(`
      select chain_least, chain_most, (select array_agg(v order by i) from (select i, min(v) as v from entries, unnest(chain) with ordinality u (v, i) group by i) x) as least,
        (select array_agg(v order by i) from (select i, max(v) as v from entries, unnest(chain) with ordinality u (v, i) group by i) x) as most from runs`)
    const { chain_least, chain_most, least, most } = bounds.rows[0]
    t.strictSame([chain_least, chain_most], [least, most], 'the bounds of all chains')
    t.equal(await work(office, ordered), null, 'brought a second time, there is nothing to do')
    t.match(await decided(alone), { entries: { count: applicants } })
    const second = await orderRun(office, queue, actor, round, {})
    t.not(second.job, ordered.job, 'a ranked round can be run again')
    await work(office, second)
    t.match(await jobOf(office, actor, round), { state: 'done', run: 2 })
  })

  await t.test('of many orders at once one is taken, and the others name it', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const queue = sender(t, office)
    const told = await Promise.allSettled(Array.from({ length: 8 }, () => orderRun(office, queue, actor, round, {})))
    const taken = told.filter(one => one.status === 'fulfilled')
    t.equal(taken.length, 1)
    const [{ value: job }] = taken as [(typeof taken)[0]]
    for (const one of told)
      if (one.status === 'rejected') t.match(one.reason, { code: 'round-busy', message: new RegExp(`${job.job}.*ordered by test`) })
    const { rows } = await office.pool.query("select count(*) from jobs.job where name = 'runs'")
    t.equal(rows[0].count, 1, 'and the queue has one')
  })

  await t.test('cancelled while it waits', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const queue = sender(t, office)
    t.equal(await refusalOf(cancelRun(office, queue, actor, round)), 'nothing-at-work')
    const ordered = await orderRun(office, queue, actor, round, {})
    t.match(await cancelRun(office, queue, actor, round), { job: ordered.job, state: 'cancelled', cancelAsked: true, finishedAt: String })
    t.equal(await work(office, ordered), null)
    const { rows } = await office.pool.query("select state from jobs.job where name = 'runs'")
    t.strictSame(rows, [{ state: 'cancelled' }])
    t.strictSame(await leftOf(year), nothing)
    t.equal(await refusalOf(cancelRun(office, queue, actor, round)), 'nothing-at-work')
    const next = await orderRun(office, queue, actor, round, {})
    t.match(await work(office, next), { state: 'done' }, 'and can be ordered again')
  })

  await t.test('cancelled at work, it leaves nothing behind', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const queue = sender(t, office)
    const letGo = await holdScoring(t, year)
    const ordered = await orderRun(office, queue, actor, round, {})
    const worked = work(office, ordered)
    await untilJob(year, job => job.stage === 'score')
    t.match(await cancelRun(office, queue, actor, round), { state: 'working', cancelAsked: true, finishedAt: null })
    t.equal(await refusalOf(orderRun(office, queue, actor, round, {})), 'round-busy', 'until it has ended')
    await sleep(600)
    await letGo()
    t.match(await worked, { state: 'cancelled', run: null })
    t.match(await jobOf(office, actor, round), { state: 'cancelled', problem: null, finishedAt: String })
    t.strictSame(await leftOf(year), nothing)
    t.match(await work(office, await orderRun(office, queue, actor, round, {})), { state: 'done' })
    t.strictSame(await decided(year), await decided(alone))
  })

  await t.test('left by a worker that stops, and gone on with by another', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    const leave = new AbortController()
    leave.abort()
    await t.rejects(work(office, ordered, leave.signal), Left)
    t.match(await jobOf(office, actor, round), { job: ordered.job, state: 'queued', finishedAt: null })
    t.match(await work(office, ordered), { state: 'done' })
    t.strictSame(await decided(year), await decided(alone))
  })

  await t.test('a worker that lost its job to another stops, and does not end it', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const letGo = await holdScoring(t, year)
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    const first = work(office, ordered)
    await untilJob(year, job => job.stage === 'score')
    const lost = t.rejects(first, Left)
    // The other waits until the round is free.
    const second = work(office, ordered)
    await sleep(1200)
    await letGo()
    await lost
    t.match(await second, { state: 'done' })
    t.match(await jobOf(office, actor, round), { state: 'done' })
    t.strictSame(await decided(year), await decided(alone))
  })

  await t.test('a job that was left in order again and again is a healthy one', async t => {
    const { office, actor, round } = await copyOf(t, closed)
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    const leave = new AbortController()
    leave.abort()
    for (let i = 0; i < 11; i++) await t.rejects(work(office, ordered, leave.signal), Left)
    t.match(await work(office, ordered), { state: 'done' })
  })

  await t.test('a job under which workers break down again and again fails at last', async t => {
    const { office, actor, round } = await copyOf(t, closed)
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    await office.pool.query("update round_jobs set state = 'working', attempt = 9, broke_off = 9")
    t.match(await work(office, ordered), { state: 'failed', error: { code: 'run-broke-off' } })
    t.match(await jobOf(office, actor, round), { state: 'failed', problem: { code: 'run-broke-off', faults: [{ message: /10 times/ }] } })
  })
})

t.test('what cannot be run is not ordered', async t => {
  const { office, actor, round } = await draftRound(t)
  const queue = sender(t, office)
  const order = (name: string, lotSecret?: string) => refusalOf(orderRun(office, queue, actor, name, { lotSecret }))
  t.equal(await order('2099'), 'unknown-round')
  t.equal(await order(round), 'round-state')
  await office.pool.query("update rounds set state = 'closed'")
  t.equal(await order(round, '00'), 'lot-secret-wrong')
  t.equal(await jobOf(office, actor, round), null)
  t.equal(await refusalOf(jobOf(office, actor, '2099')), 'unknown-round')
})

t.test('a run with lots is ordered when its draw is entered, with the committed secret', async t => {
  const secret = '00'.repeat(16)
  const lotSecretDigest = `sha256:${createHash('sha256').update(Buffer.alloc(16)).digest('hex')}`
  const year = await closedRound(t, { applicants: 20, rules: rulesWith({ line: 'lot', places: 5 }), lotSecretDigest })
  const { office, actor, round } = year
  const queue = sender(t, office)
  const order = (lotSecret?: string) => refusalOf(orderRun(office, queue, actor, round, { lotSecret }))
  // Before the freeze it is ordered to freeze.
  const freeze = await orderRun(office, queue, actor, round, {})
  const outcome = await work(office, freeze)
  t.match(outcome, { state: 'done', run: null })
  t.notOk(outcome?.error, 'and nothing has failed')
  t.match(await jobOf(office, actor, round), { state: 'done', run: null, waitsFor: 'draw', problem: null, stage: 'freeze', done: 20 })
  t.equal(await order(secret), 'draw-missing')
  await drawOnNextDay(year)
  t.equal(await order(), 'lot-secret-missing')
  t.equal(await order('11'.repeat(16)), 'lot-secret-wrong')
  t.equal(await order('00'), 'invalid-lot-secret')
  t.match(await jobOf(office, actor, round), { job: freeze.job })
  t.match(await work(office, await orderRun(office, queue, actor, round, { lotSecret: secret })), { state: 'done', run: 1 })
  t.match(await jobOf(office, actor, round), { waitsFor: null })
})
