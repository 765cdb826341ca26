import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { connect } from '../../src/store/connect.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../support/database.ts'
import { caughtUp, replicaOf } from '../support/servers/copies.ts'
import { folderFor } from '../support/servers/folder.ts'
import { bounce } from '../support/servers/pgbouncer.ts'
import { portalsOf } from '../support/servers/portals.ts'
import { ask, databaseOf, startServer } from '../support/servers/postgres.ts'
import { exit, jobIsDone, order, points } from '../support/servers/processes.ts'
import { onEach, pgbouncer } from '../support/servers/programs.ts'
import { closedRoundIn, closedRoundsIn, copyOf, publishedDigest, type Round, runIn } from '../support/servers/round.ts'

/*
 * One round on every kind of server that an office can have: the list and every standing are the same to the byte.
 */

const applicants = 3000
const digests = new Map<string, string>()

onEach(t, 'a whole round', async (t, version, programs) => {
  const folder = await folderFor(t)
  const server = await startServer(t, programs, join(folder, 'pg'))
  const closed = await closedRoundIn(server, 'closed', applicants)

  const direct = await copyOf(server, closed, 'direct')
  await runIn(direct)
  digests.set(`${version} direct`, await publishedDigest(direct))

  await t.test('through pgbouncer in transaction mode', { skip: pgbouncer.missing }, async t => {
    const { behind, transactions } = await bounce(t, pgbouncer.found as string, server, join(folder, 'pgbouncer'), 4)
    const round = { ...(await copyOf(server, closed, 'bounced')), url: behind('bounced') }
    const stop = await strangers(round.url, 4)
    await runIn(round)
    digests.set(`${version} through pgbouncer`, await publishedDigest(round))
    const others = await stop()
    t.ok(others > 20, 'strangers were at work on the same connections')
    const all = await transactions('bounced')
    t.ok(all >= others + 10, `${all} transactions went through it, ${others} of them of strangers`)
    await ask(server.url, 'create database migrated')
    const store = connect(behind('migrated'))
    t.ok((await migrate(store.pool, migrations)).length > 0, 'migrations go through it too')
    await store.close()
  })

  await t.test('three offices, whose rounds three workers run side by side', async t => {
    const offices = ['first', 'second', 'third']
    const rounds = await closedRoundsIn(server, 'three', applicants, offices)
    const bouncer = pgbouncer.found === undefined ? undefined : await bounce(t, pgbouncer.found, server, join(folder, 'for-workers'), 12)
    const [{ url }] = rounds as [Round]
    const through = rounds.map(round => ({ ...round, url: bouncer?.behind('three') ?? url }))
    const workers = through.map(round => points(round, ['worker']))
    t.teardown(async () => {
      for (const worker of workers) worker.kill('SIGKILL')
      await Promise.all(workers.map(exit))
    })
    while (!workers.every(({ said }) => said.includes('worker takes runs'))) await sleep(50)
    await Promise.all(through.map(order))
    await Promise.all(through.map((round, i) => jobIsDone(round, workers[i] as (typeof workers)[0])))
    if (bouncer) t.ok((await bouncer.transactions('three')) > 60, 'by way of pgbouncer')
    t.strictSame(await ask(url, 'select count(distinct worker)::int as workers from round_jobs'), [{ workers: 3 }])
    for (const round of rounds) digests.set(`${version} by a worker, ${round.actor.authority} office`, await publishedDigest(round))
  })

  await t.test('portals read from a replica meanwhile', async t => {
    const replica = await replicaOf(t, server, join(folder, 'replica'))
    const round = { ...(await copyOf(server, closed, 'replicated')), readUrl: databaseOf(replica.url, 'replicated') }
    await caughtUp(server, replica)
    const portals = await portalsOf(t, round)
    await portals.see('nothing published')
    await portals.see('no score yet')
    await runIn(round)
    await portals.see('a score without its rank')
    digests.set(`${version} with a replica`, await publishedDigest(round))
    await portals.see('the published list')
    await portals.see('a score with its rank')
    t.match(await portals.figures(), /^settlement_pool_connections\{pool="replica",state="(busy|idle)"\} [1-9]/m, 'they do read there')

    await replica.kill()
    await portals.see('asked to wait for the list')
    await portals.see('asked to wait for a score')
    t.equal(await portals.office(`/v1/rounds/${round.round}`), 200, 'without the replica the office works on')
    await replica.start()
    await portals.see('the published list')
    await portals.see('a score with its rank')
    await portals.stop()
    t.pass(`no answer contradicted another: ${JSON.stringify(Object.fromEntries(portals.tally))}`)
  })
})

t.test('one and the same digest', async t => {
  const [first] = digests.values()
  t.ok(digests.size > 0)
  for (const [where, digest] of digests) t.equal(digest, first, where)
})

/** Others who leave on every connection what a session can be left with; gives how often, when they are stopped. */
async function strangers(url: string, connections: number): Promise<() => Promise<number>> {
  const left = [
    "set timezone = 'America/New_York'",
    "set datestyle = 'SQL, DMY'",
    "set intervalstyle = 'sql_standard'",
    "set bytea_output = 'escape'",
    "set work_mem = '64kB'",
    'set enable_hashjoin = off',
    'set extra_float_digits = -5',
    'listen strange',
  ].join('; ')
  let stopping = false
  let times = 0
  const working = Array.from({ length: connections }, async () => {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    for (; !stopping; times++) {
      await client.query(`begin; ${left}; commit`)
      await sleep(5)
    }
    await client.end()
  })
  return async () => {
    stopping = true
    await Promise.all(working)
    return times
  }
}
