import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import type pg from 'pg'
import t from 'tap'
import { problemOf } from '../../src/api/error-to-problem.ts'
import { readConfig } from '../../src/config.ts'
import { connect } from '../../src/store/connect.ts'
import { identityOf } from '../../src/store/database-identity.ts'
import { formatKeys, generateKeys } from '../../src/store/encryption.ts'
import { inOneState } from '../../src/store/reader.ts'
import { project } from '../support/office.ts'
import { caughtUp, replicaOf } from '../support/servers/copies.ts'
import { folderFor } from '../support/servers/folder.ts'
import { ask, databaseOf, startServer } from '../support/servers/postgres.ts'
import { onEach } from '../support/servers/programs.ts'

t.test('a replica is named beside its server', async t => {
  const [DATABASE_URL, DATABASE_READ_URL] = ['postgres://one/points', 'postgres://other/points']
  const SETTLEMENT_KEYS = 'read later'
  t.match(readConfig({ DATABASE_URL, DATABASE_READ_URL, SETTLEMENT_KEYS }), { databaseUrl: DATABASE_URL, readUrl: DATABASE_READ_URL })
  const wrong = { name: 'Refusal', code: 'wrong-configuration', message: /DATABASE_READ_URL/ }
  t.throws(() => readConfig({ DATABASE_READ_URL }), wrong, 'not alone')
  t.throws(() => readConfig({ DATABASE_URL, DATABASE_READ_URL: 'other', SETTLEMENT_KEYS }), wrong, 'not as something else')
})

onEach(t, 'a read that a replica lets go of', async (t, _version, programs) => {
  const folder = await folderFor(t)
  const server = await startServer(t, programs, join(folder, 'pg'))
  const replica = await replicaOf(t, server, join(folder, 'replica'), { max_standby_streaming_delay: '0' })
  await ask(server.url, 'create table lists as select 1 as one')
  await caughtUp(server, replica)
  const store = connect(server.url, { readUrl: replica.url })
  t.teardown(store.close)
  t.equal(await identityOf(store.replica as pg.Pool), await identityOf(store.pool))
  const read = inOneState(store.reads, async db => {
    await sql`select one from lists`.execute(db)
    await Promise.all([sql`select pg_sleep(30)`.execute(db), ask(server.url, 'drop table lists')])
  })
  const error = await read.catch(error => error)
  t.match(error, { code: '40001', message: /conflict with recovery/ })
  t.match(problemOf(error), { problem: { code: 'database-unavailable', status: 503 }, unexpected: false })
  await t.rejects(sql`create table written (one int)`.execute(store.reads), { code: '25006' }, 'nothing is written to a replica')
})

onEach(t, 'a replica that is none of this server', async (t, _version, programs) => {
  const server = await startServer(t, programs, join(await folderFor(t), 'pg'))
  await ask(server.url, 'create database other')
  const ended = async (readUrl: string): Promise<{ code: number | null; said: string }> => {
    const environment = { DATABASE_URL: server.url, DATABASE_READ_URL: readUrl, SETTLEMENT_KEYS: formatKeys(generateKeys(randomBytes)) }
    const child = spawn(process.execPath, ['--no-warnings', join(project, 'src/cli/points.mjs'), 'serve'], {
      env: { ...process.env, ...environment, PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', piece => {
      said += piece
      if (said.includes('listening on')) child.kill('SIGTERM')
    })
    const [code] = await once(child, 'close')
    return { code, said }
  }
  t.match(await ended(databaseOf(server.url, 'other')), { code: 2, said: /DATABASE_READ_URL leads to another database/ })
  t.match(await ended(databaseOf(server.url, 'nowhere')), { code: 2, said: /DATABASE_READ_URL: .* has no database "nowhere"/ })
  await ask(server.url, 'create role portal login; revoke execute on function pg_control_system() from public')
  const portal = Object.assign(new URL(server.url), { username: 'portal' })
  t.match(await ended(portal.href), { code: 0, said: /listening on/ }, 'one that does not tell who it is may be right')
  t.match(await ended('postgres://127.0.0.1:1/points'), { code: 0, said: /DATABASE_READ_URL: nothing answers[^\n]*asked to wait/ })
})
