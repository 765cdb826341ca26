import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { keptProblem } from '../../src/api/error-to-problem.ts'
import { startWorker } from '../../src/api/runs-at-work.ts'
import { Left, WrongKeys } from '../../src/round/do-job.ts'
import { cancelRun, jobOf, orderRun, placeOfSecret, refuseWhileAtWork } from '../../src/round/jobs.ts'
import { moveRound } from '../../src/round/rounds.ts'
import { runRound } from '../../src/round/run.ts'
import { connect } from '../../src/store/connect.ts'
import { encrypt, generateKeys } from '../../src/store/encryption.ts'
import { openQueue } from '../../src/store/jobs.ts'
import { close, closedRound, copyOf, publishIt, refusalOf, runIt, type Year } from '../support/year.ts'
import { holdScoring, leftOf, sender, untilJob, work } from './support.ts'

/* What befalls a job in an office: few connections, beats that fail, workers with other keys, steps that slip in between. */

const nothing = { runs: 0, entries: 0, standings: 0 }

/** A run that has come to its stage of ranking and not through it. */
async function leaveUnfinished({ office, actor, round }: Year): Promise<void> {
  const stopped = new Error('stopped')
  const progress = ({ stage }: { stage: string }) => {
    if (stage === 'rank') throw stopped
  }
  await runRound(office, actor, round, { progress, seconds: () => 0 }).catch(error => {
    if (error !== stopped) throw error
  })
}

t.test('jobs in hostile places', async t => {
  const closed = await closedRound(t, { applicants: 300 })
  await close(closed)

  await t.test('first orders of a process with one connection', async t => {
    const year = await copyOf(t, closed)
    const { actor, round, url } = year
    const store = connect(url, { max: 1 })
    t.teardown(() => store.close())
    const office = { ...year.office, ...store }
    const queue = openQueue(store.pool, { works: false, onError: error => t.fail(error.message) })
    t.teardown(() => queue.stop(0))
    const since = performance.now()
    const orders = await Promise.all(Array.from({ length: 4 }, () => refusalOf(orderRun(office, queue, actor, round, {}))))
    t.strictSame(orders.toSorted(), ['round-busy', 'round-busy', 'round-busy', 'taken'])
    const another = openQueue(store.pool, { works: false, onError: error => t.fail(error.message) })
    t.teardown(() => another.stop(0))
    t.match(await cancelRun(office, another, actor, round), { state: 'cancelled' })
    t.ok(performance.now() - since < 5000, 'none waits for a second connection')
  })

  await t.test('a worker lives on while its pool is all in use', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const letGo = await holdScoring(t, year)
    const worked = work(office, await orderRun(office, sender(t, office), actor, round, {}))
    await untilJob(year, job => job.stage === 'score')
    const clients = await Promise.all(Array.from({ length: 9 }, () => office.pool.connect()))
    // Asked while they are all in use: a beat that waits for one comes through as soon as the first is given back.
    const ask = 'select extract(epoch from heartbeat_at)::float8 as seconds from round_jobs'
    const beatAt = async () => (await clients[0]?.query(ask))?.rows[0].seconds as number
    const before = await beatAt()
    await sleep(1200)
    t.ok((await beatAt()) - before > 0.4, 'it beats on a connection of its own')
    for (const client of clients) client.release()
    t.match(await jobOf(office, actor, round), { silent: false })
    await office.pool.query("update round_jobs set worker = 'gone', attempt = attempt + 1, heartbeat_at = heartbeat_at - interval '4 s'")
    t.match(await jobOf(office, actor, round), { state: 'working', silent: true })
    await office.pool.query("update round_jobs set heartbeat_at = clock_timestamp() - interval '2 s'")
    t.match(await jobOf(office, actor, round), { state: 'working', silent: false }, 'two seconds are no silence')
    await letGo()
    await t.rejects(worked, Left)
  })

  await t.test('a job is taken, given back and ended while the pool is all in use', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    const clients = await Promise.all(Array.from({ length: 10 }, () => office.pool.connect()))
    const set = (values: string) => clients[0]?.query(`update round_jobs set ${values}`)
    const since = performance.now()
    await set("lot_secret_encrypted = '\\x0102'")
    await t.rejects(work(office, ordered), WrongKeys)
    t.match((await clients[0]?.query('select state, attempt from round_jobs'))?.rows, [{ state: 'queued', attempt: 1 }])
    await set("lot_secret_encrypted = null, state = 'working', broke_off = 9")
    t.match(await work(office, ordered), { state: 'failed', error: { code: 'run-broke-off' } })
    t.ok(performance.now() - since < 3000, 'none waits for a connection')
    for (const client of clients) client.release()
    const held = await Promise.all([office.jobs.pool.connect(), office.jobs.pool.connect()])
    const asked = performance.now()
    await t.rejects(office.jobs.pool.query('select 1'))
    t.ok(performance.now() - asked < 5000, 'a sign of life that comes late is none')
    for (const client of held) client.release()
  })

  await t.test('a beat that failed is made good, and a cancelled run is not verified', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const letGo = await holdScoring(t, year)
    const queue = sender(t, office)
    const worked = work(office, await orderRun(office, queue, actor, round, {}))
    await untilJob(year, job => job.stage === 'score')
    await office.pool.query('alter table round_jobs rename column heartbeat_at to gone')
    await sleep(1200)
    await office.pool.query('alter table round_jobs rename column gone to heartbeat_at')
    await cancelRun(office, queue, actor, round)
    await sleep(1200)
    await letGo()
    t.match(await worked, { state: 'cancelled' })
    t.strictSame(await leftOf(year), nothing)
  })

  await t.test('a worker of whom nothing is heard lets go, and its job is not lost', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const letGo = await holdScoring(t, year)
    const worked = work(office, await orderRun(office, sender(t, office), actor, round, {}))
    await untilJob(year, job => job.stage === 'score')
    await office.pool.query('alter table round_jobs rename column heartbeat_at to gone')
    await sleep(6500)
    await letGo()
    await t.rejects(worked, Left)
    await office.pool.query('alter table round_jobs rename column gone to heartbeat_at')
    t.match(await jobOf(office, actor, round), { state: 'queued' })
    t.match(await office.pool.query('select verified_run from rounds'), { rows: [{ verified_run: null }] })
  })

  await t.test('a job that has no worker any more is cancelled at once, with what it left', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const queue = sender(t, office)
    await orderRun(office, queue, actor, round, {})
    await leaveUnfinished(year)
    t.match(await leftOf(year), { runs: 1 })
    await office.pool.query("update round_jobs set attempt = 1, state = 'queued'")
    const held = await office.pool.connect()
    await held.query('begin')
    await held.query('select 1 from rounds for update')
    t.match(
      await cancelRun(office, queue, actor, round),
      { state: 'queued', cancelAsked: true },
      'while a stage is still at work it is asked',
    )
    await held.query('rollback')
    held.release()
    t.match(await cancelRun(office, queue, actor, round), { state: 'cancelled', finishedAt: String })
    t.strictSame(await leftOf(year), nothing)
  })

  await t.test('the figures of a run that another worker goes on with are whole', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    await leaveUnfinished(year)
    let clock = 0
    const { seconds, run } = await runRound(office, actor, round, { progress: () => {}, seconds: () => clock++ })
    t.match(seconds, { freeze: 0, score: 0, rank: Number, verify: Number })
    t.ok((seconds.rank as number) > 0 && (seconds.verify as number) > 0)
    t.strictSame(run.seconds, seconds)
    t.ok(run.finished_at)
  })

  await t.test('nothing comes between the stages of a job', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    await runIt(year)
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    await t.rejects(refuseWhileAtWork(office.db, actor.authority, round), {
      code: 'round-busy',
      message: new RegExp(`${ordered.job}.*points round cancel ${round}`),
    })
    await leaveUnfinished(year)
    t.match(await leftOf(year), { runs: 2 })
    // As if it had slipped in.
    await office.pool.query("update round_jobs set state = 'done', finished_at = now()")
    t.equal(await refusalOf(refuseWhileAtWork(office.db, actor.authority, round)), 'taken')
    await office.pool.query("update round_jobs set state = 'queued', finished_at = null")
    t.equal(await refusalOf(publishIt(year)), 'round-busy', 'a list is not published while a job has not ended')
    await office.pool.query("update round_jobs set state = 'done', finished_at = now()")
    await publishIt(year)
    await office.pool.query("update round_jobs set state = 'queued', finished_at = null")
    t.match(await work(office, ordered), { state: 'failed', error: { code: 'round-state' } })
    t.match(await leftOf(year), { runs: 1 }, 'of the run that cannot be finished nothing is left')
  })

  await t.test('a worker with other keys gives the job back and takes no more', async t => {
    const year = await copyOf(t, closed)
    const { office, actor, round } = year
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    const other = { ...office, keys: generateKeys(office.randomBytes) }
    // Under a key that the other worker has not.
    const key = { ...office.keys, current: 'k9', encryption: { ...office.keys.encryption, k9: Buffer.alloc(32, 9) } }
    const place = placeOfSecret({ authority: actor.authority, job: ordered.job })
    await office.pool.query('update round_jobs set lot_secret_encrypted = $1', [encrypt(key, 'secret', place, office.randomBytes)])
    await t.rejects(work(other, ordered), WrongKeys)
    t.match(await jobOf(office, actor, round), { job: ordered.job, state: 'queued' })
    const lines: [string, string][] = []
    const line = (level: string) => (_: object, message: string) => void lines.push([level, message])
    const queue = openQueue(other.jobs.pool, { works: true, onError: error => t.fail(error.message) })
    const worker = startWorker(other, queue, { atOnce: 1, log: { info: line('info'), warn: line('warn'), error: line('error') } })
    await sleep(3500)
    await worker.stop(0)
    t.equal(lines.filter(([level]) => level === 'error').length, 1)
    t.match(lines.at(-1), ['error', /SETTLEMENT_KEYS/])
    t.match(await jobOf(office, actor, round), { state: 'queued' })
    const { rows } = await office.pool.query('select attempt, broke_off from round_jobs')
    t.match(rows, [{ attempt: 2, broke_off: 0 }], 'taken twice in all')
  })

  await t.test('a fault of the service is told by the number of the job', async t => {
    const { office, actor, round } = await copyOf(t, closed)
    const ordered = await orderRun(office, sender(t, office), actor, round, {})
    await office.pool.query('alter table frozen_inputs rename to gone')
    t.match(await work(office, ordered), { state: 'failed' })
    const told = (await jobOf(office, actor, round))?.problem
    t.match(told, { code: 'internal-error', faults: [{ message: new RegExp(`operator the job ${ordered.job}`) }] })
    t.match(keptProblem(told as NonNullable<typeof told>, ordered.job).detail, `operator the job ${ordered.job}`)
  })

  await t.test('no step is taken before the one before it', async t => {
    const year = await copyOf(t, closed)
    const behind = { ...year, office: { ...year.office, now: () => '2020-03-01T07:59:59.999Z' } }
    t.equal(await refusalOf(runIt(behind)), 'clock-behind')
    t.match(await year.office.pool.query('select state from rounds'), { rows: [{ state: 'closed' }] })
    t.equal(await refusalOf(moveRound(year.office, year.actor, year.round, 'open')), 'round-state')
    t.match(await runIt(year), { report: { holds: true } }, 'the same moment is no earlier one')
  })
})

t.test('the queue tells of a database that is away once a minute', async t => {
  const { office } = await closedRound(t, { applicants: 1 })
  let told = 0
  const queue = openQueue(office.jobs.pool, { works: true, onError: () => told++ })
  await queue.work(1, async () => {})
  await office.pool.query('alter schema jobs rename to gone')
  await sleep(3000)
  await office.pool.query('alter schema gone rename to jobs')
  await queue.stop(0)
  t.equal(told, 1)
})
