import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { problemOf } from '../../src/api/error-to-problem.ts'
import { connect } from '../../src/store/connect.ts'
import { migrate } from '../../src/store/migrate.ts'
import { inOneState } from '../../src/store/reader.ts'
import { migrations } from '../support/database.ts'
import { caughtUp, replicaOf } from '../support/servers/copies.ts'
import { folderFor } from '../support/servers/folder.ts'
import { bounce } from '../support/servers/pgbouncer.ts'
import { portalsOf } from '../support/servers/portals.ts'
import { ask, databaseOf, startServer } from '../support/servers/postgres.ts'
import { onEach, pgbouncer } from '../support/servers/programs.ts'
import { closedRoundIn, copyOf, publishedDigest, runIn } from '../support/servers/round.ts'

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
    const behind = await bounce(t, pgbouncer.found as string, server, join(folder, 'pgbouncer'), 4)
    const round = { ...(await copyOf(server, closed, 'bounced')), url: behind('bounced') }
    const stop = await strangers(round.url, 4)
    await runIn(round)
    digests.set(`${version} through pgbouncer`, await publishedDigest(round))
    t.ok((await stop()) > 20, 'strangers were at work on the same connections')
    await ask(server.url, 'create database migrated')
    const store = connect(behind('migrated'))
    t.ok((await migrate(store.pool, migrations)).length > 0, 'migrations go through it too')
    await store.close()
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

    await replica.kill()
    await portals.see('asked to wait')
    t.equal(await portals.office(`/v1/rounds/${round.round}`), 200, 'without the replica the office works on')
    await replica.start()
    await portals.see('the published list')
    await portals.see('a score with its rank')
    await portals.stop()
    t.pass(`no answer contradicted another: ${JSON.stringify(Object.fromEntries(portals.tally))}`)
  })
})

onEach(t, 'a read that a replica lets go of', async (t, _version, programs) => {
  const folder = await folderFor(t)
  const server = await startServer(t, programs, join(folder, 'pg'))
  const replica = await replicaOf(t, server, join(folder, 'replica'), { max_standby_streaming_delay: '0' })
  await ask(server.url, 'create table lists as select 1 as one')
  await caughtUp(server, replica)
  const store = connect(server.url, { readUrl: replica.url })
  t.teardown(store.close)
  const read = inOneState(store.reads, async db => {
    await sql`select one from lists`.execute(db)
    await Promise.all([sql`select pg_sleep(30)`.execute(db), ask(server.url, 'drop table lists')])
  })
  const error = await read.catch(error => error)
  t.match(error, { code: '40001', message: /conflict with recovery/ })
  t.match(problemOf(error), { problem: { code: 'database-unavailable', status: 503 }, unexpected: false })
  await t.rejects(sql`create table written (one int)`.execute(store.reads), { code: '25006' }, 'nothing is written to a replica')
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
