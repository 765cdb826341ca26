import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { syntheticNumber } from '../support/office.ts'
import { beijingRules, build, keptLog } from './support.ts'

/** Sends raw bytes and gives all that comes back. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', chunk => {
    text += chunk
  })
  await once(socket, 'connect')
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

t.test('over real sockets', async t => {
  const log = keptLog()
  let ready: () => boolean | Promise<boolean> = () => true
  const { app, office, key: newKey } = await build(t, { logger: log.options as never, ready: () => ready(), runLimitMilliseconds: 5000 })
  const key = await newKey()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(url).port)

  t.match(
    await raw(port, `GET / HTTP/9.9\r\nAuthorization: Bearer ${key}\r\n\r\n`),
    /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"invalid-request"/,
  )
  t.match(await raw(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 [\s\S]*headers-too-large/)
  t.notOk(log.text().includes(key.slice(3)), 'what is no HTTP is not logged')

  t.match(await (await fetch(`${url}/healthz`)).json(), { status: 'ok' })
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  ready = () => Promise.reject(new Error('no database'))
  const not = await fetch(`${url}/readyz`)
  t.match([not.status, not.headers.get('retry-after'), ((await not.json()) as { code: string }).code], [503, '5', 'not-ready'])
  t.equal((await fetch(`${url}/healthz`)).status, 200, 'it lives all the same')
  ready = () => true

  // A request that has begun before the stop, and a connection that is only kept alive.
  const slow = connect(port, '127.0.0.1')
  let answer = ''
  slow.on('data', chunk => {
    answer += chunk
  })
  await once(slow, 'connect')
  const body = JSON.stringify({ citizenNumber: syntheticNumber(3), name: '王五' })
  slow.write(
    `POST /v1/persons HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
  )
  await after(100)
  app.stopBeingReady()
  t.equal((await fetch(`${url}/readyz`)).status, 503, 'not ready, and still answering')
  t.equal((await fetch(`${url}/v1/schemes`)).status, 200)
  const closed = app.close()
  await after(50)
  await t.rejects(fetch(`${url}/healthz`), 'no new connection is taken')
  slow.write(body)
  await once(slow, 'close')
  t.match(answer, /^HTTP\/1\.1 201 [\s\S]*"person":/, 'what had begun is finished')
  await closed
  t.equal(office.pool.ended, false, 'the pool is not the app’s to end')
})

t.test('closing waits for a run that is at work', async t => {
  const { app, call, office, key: newKey, inForce } = await build(t, { runLimitMilliseconds: 20_000 })
  const key = await newKey()
  const post = (url: string, body: unknown) => call('POST', url, { key, body })
  await inForce('beijing/2020')
  await post('/v1/rounds', { round: '2020', rules: beijingRules(10) })
  for (const to of ['open', 'closed']) await post('/v1/rounds/2020/steps', { to })
  t.equal((await post('/v1/rounds/2020/runs', {})).status, 202)
  for (let state = 'queued'; state === 'queued'; ) state = (await call('GET', '/v1/rounds/2020/runs', { key })).body.job.state
  await app.close()
  const runs = await office.db.selectFrom('runs').select(['state', 'finished_at']).execute()
  t.match(runs, [{ state: 'verified', finished_at: String }])
})

t.test('without its database it says so, and comes back with it', async t => {
  const { call, office, key: newKey } = await build(t)
  const key = await newKey()
  const connectNow = office.pool.connect
  office.pool.connect = (() =>
    Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }))) as never
  t.match(await call('GET', '/v1/rounds', { key }), {
    status: 503,
    headers: { 'retry-after': '5' },
    body: { code: 'database-unavailable' },
  })
  t.match(await call('GET', '/v1/schemes'), { status: 503 })
  office.pool.connect = connectNow
  t.equal((await call('GET', '/v1/rounds', { key })).status, 200)
})

t.test('a process stops in order on SIGTERM', async t => {
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'server-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let out = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  while (!out.includes('listening http')) await once(child.stdout, 'data')
  const url = /listening (http\S+)/.exec(out)?.[1]
  t.equal((await fetch(`${url}/healthz`)).status, 200)
  child.kill('SIGTERM')
  await after(60)
  t.equal((await fetch(`${url}/readyz`)).status, 503, 'while it drains, it is not ready')
  const [code] = await once(child, 'exit')
  t.equal(code, 0)
  t.match(out, /"msg":"stopping"[\s\S]*the database is ended[\s\S]*"msg":"stopped"/)
})
