import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { connect } from '../../src/store/connect.ts'
import { startEmbedded } from '../../src/store/embedded/start.ts'

const holder = join(import.meta.dirname, 'hold-database.ts')

async function query(url: string, sql: string): Promise<unknown[]> {
  const store = connect(url)
  try {
    return (await store.pool.query(sql)).rows
  } finally {
    await store.close()
  }
}

/** Another process that holds the database; its URL. */
async function hold(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--no-warnings', holder, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [url] = await once(child.stdout as NodeJS.ReadableStream, 'data')
  return { child, url: String(url).trim() }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'close')
  child.kill(signal)
  await gone
}

const postmasterOf = (dataDir: string): number => Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])

t.test('the embedded server, whatever is killed', async t => {
  // A space in the path, and a folder that nobody but we may enter.
  const home = await mkdtemp(join(tmpdir(), 'embedded server '))
  t.teardown(() => rm(home, { recursive: true, force: true }))
  await chmod(home, 0o700)
  const dataDir = join(home, 'a b', 'pg')

  const abandoned = join(home, 'a b', 'pg.new-999999999')
  await mkdir(abandoned, { recursive: true })
  await writeFile(join(abandoned, 'PG_VERSION'), '18\n')
  const first = await startEmbedded({ dataDir, settings: { work_mem: '5MB' } })
  t.same(await readdir(join(home, 'a b')), ['pg'], 'what a killed initdb left is gone')
  t.same(await query(first.url, 'show work_mem'), [{ work_mem: '5MB' }])
  t.match(
    await query(first.url, "select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses"),
    [{ encoding: 'UTF8', addresses: '127.0.0.1' }],
  )
  await query(first.url, 'create table kept as select 1 as one')
  await first.stop()

  let held = await hold(dataDir)
  t.same(await query(held.url, 'select one from kept'), [{ one: 1 }])
  await t.test('in use by another process', async t => {
    await t.rejects(startEmbedded({ dataDir }), { name: 'Refusal', code: 'database-in-use', message: `process ${postmasterOf(dataDir)}` })
    t.same(await query(held.url, 'select one from kept'), [{ one: 1 }], 'and that one goes on')
  })

  await t.test('its node was killed with -9', async t => {
    await kill(held.child, 'SIGKILL')
    held = await hold(dataDir)
    t.same(await query(held.url, 'select one from kept'), [{ one: 1 }])
  })

  await t.test('an orphaned server runs on', async t => {
    // As without setpriv: stopped, the server cannot follow the signal that its parent's death sends until it goes on.
    const orphan = postmasterOf(dataDir)
    process.kill(orphan, 'SIGSTOP')
    await kill(held.child, 'SIGKILL')
    setTimeout(() => process.kill(orphan, 'SIGCONT'), 500)
    held = await hold(dataDir)
    t.same(await query(held.url, 'select one from kept'), [{ one: 1 }])
  })

  await t.test('PostgreSQL was killed with -9', async t => {
    process.kill(postmasterOf(dataDir), 'SIGKILL')
    await kill(held.child, 'SIGKILL')
    held = await hold(dataDir)
    t.same(await query(held.url, 'select one from kept'), [{ one: 1 }])
    process.kill(postmasterOf(dataDir), 'SIGKILL')
    await kill(held.child, 'SIGTERM')
  })

  await t.test('a lock whose process number another program has got', async t => {
    await writeFile(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n1\n1\n\n127.0.0.1\n\nready\n`)
    const again = await startEmbedded({ dataDir })
    t.same(await query(again.url, 'select one from kept'), [{ one: 1 }])
    await again.stop()
  })

  await t.test('an orphan without anybody', async t => {
    const { child, url } = await hold(dataDir)
    // Its keeper is ended by hand: what remains is a server that nobody uses, as when its process died without setpriv.
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%keeper'")
    await client.end()
    const again = await startEmbedded({ dataDir })
    t.same(await query(again.url, 'select one from kept'), [{ one: 1 }])
    await again.stop()
    await kill(child, 'SIGKILL')
  })

  await t.test('a server that dies says so; one that is stopped does not', async t => {
    const again = await startEmbedded({ dataDir })
    process.kill(postmasterOf(dataDir), 'SIGKILL')
    t.equal(await again.died, 'SIGKILL')
    await again.stop()
    const stopped = await startEmbedded({ dataDir })
    await stopped.stop()
    t.equal(await Promise.race([stopped.died, after(50, 'nothing')]), 'nothing')
  })

  await t.test('what cannot be', async t => {
    await t.rejects(startEmbedded({ dataDir, settings: { shared_buffers: 'many' } }), /PostgreSQL did not start:\n.*shared_buffers/)
    await writeFile(join(home, 'note'), '')
    await t.rejects(startEmbedded({ dataDir: home }), { code: 'data-folder-not-empty' })
    await t.rejects(startEmbedded({ dataDir: join(home, 'note', 'pg') }), { code: 'ENOTDIR' })
    if (process.platform === 'linux') await t.rejects(startEmbedded({ dataDir: '/proc/x/pg' }), { code: 'ENOENT' }, 'at once')
  })
})

t.test('two starts at once on a new folder: one has it, the other is told', async t => {
  const home = await mkdtemp(join(tmpdir(), 'embedded server '))
  t.teardown(() => rm(home, { recursive: true, force: true }))
  await chmod(home, 0o755)
  const dataDir = join(home, 'pg')
  const children = [1, 2].map(() => spawn(process.execPath, ['--no-warnings', holder, dataDir], { stdio: ['ignore', 'pipe', 'pipe'] }))
  const outcomes = await Promise.all(
    children.map(child =>
      Promise.race([
        once(child.stdout as NodeJS.ReadableStream, 'data').then(() => 'has it'),
        once(child.stderr as NodeJS.ReadableStream, 'data').then(([text]) =>
          /is in use by another process/.test(text) ? 'told' : String(text),
        ),
      ]),
    ),
  )
  t.same(outcomes.sort(), ['has it', 'told'])
  await Promise.all(children.filter(child => child.exitCode === null).map(child => kill(child, 'SIGTERM')))
})
