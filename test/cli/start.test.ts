import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { formatKeys, generateKeys } from '../../src/store/encryption.ts'
import { home, points, start, startByNpm } from './processes.ts'

const listening = /listening on (http:\S+);/
const postmasterOf = (folder: string) => Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])

for (const args of [['start'], ['run', 'demo', '--', '--applicants', '40000']])
  t.test(`npm ${args.join(' ')}, npm killed with -9: the next start has the database`, async t => {
    const SETTLEMENT_HOME = await home(t)
    const first = startByNpm(args, { SETTLEMENT_HOME, PORT: '0' })
    if (args[0] === 'start') await first.says(listening)
    else while (!postgresRuns(SETTLEMENT_HOME)) await after(50)
    first.child.kill('SIGKILL')
    const killed = performance.now()
    const next = start(['serve'], { SETTLEMENT_HOME, PORT: '0' })
    t.teardown(() => next.child.kill('SIGKILL'))
    await next.says(listening)
    t.ok(performance.now() - killed < 15_000, 'within seconds')
    await first.ended // its pipes are closed by the last of its processes
    if (args[0] === 'start') t.match(first.out(), /"msg":"stopping"[\s\S]*"msg":"stopped"/, 'the first has stopped in order')
    next.child.kill('SIGTERM')
    t.equal((await next.ended).code, 0)
  })

t.test('npm killed with -9 while the service is still loading: nothing holds the database', async t => {
  const SETTLEMENT_HOME = await home(t)
  for (const milliseconds of [300, 600, 900]) {
    const first = startByNpm(['start'], { SETTLEMENT_HOME, PORT: '0' })
    await after(milliseconds)
    first.child.kill('SIGKILL')
    await first.ended
  }
  const next = start(['serve'], { SETTLEMENT_HOME, PORT: '0' })
  t.teardown(() => next.child.kill('SIGKILL'))
  await next.says(listening)
  next.child.kill('SIGTERM')
  t.equal((await next.ended).code, 0)
})

function postgresRuns(folder: string): boolean {
  try {
    return postmasterOf(folder) > 0
  } catch {
    return false
  }
}

t.test('in use: the refusal names the process of PostgreSQL', async t => {
  const SETTLEMENT_HOME = await home(t)
  const first = start(['serve'], { SETTLEMENT_HOME, PORT: '0' })
  t.teardown(() => first.child.kill('SIGKILL'))
  await first.says(listening)
  const { code, err } = await points(['migrate'], { SETTLEMENT_HOME })
  t.equal(code, 2)
  t.match(err, new RegExp(`is in use by another process.*process ${postmasterOf(SETTLEMENT_HOME)}\\b`))

  await t.test('our own PostgreSQL dies: one fatal line, and the service ends', async t => {
    process.kill(postmasterOf(SETTLEMENT_HOME), 'SIGKILL')
    const { code, out } = await first.ended
    t.equal(code, 70)
    const fatal = out.split('\n').filter(line => line.includes('"level":60'))
    t.equal(fatal.length, 1)
    t.match(fatal[0], /our own PostgreSQL has ended \(SIGKILL\)/)
  })
})

t.test('a database that cannot be reached: the service starts, warns once and is not ready', async t => {
  const keys = formatKeys(generateKeys(count => Buffer.alloc(count, 7)))
  const service = start(['serve'], { DATABASE_URL: 'postgres://u:a-secret@127.0.0.1:1/x', SETTLEMENT_KEYS: keys, PORT: '0' })
  t.teardown(() => service.child.kill('SIGKILL'))
  const [, url] = await service.says(listening)
  await service.says(/not ready: .*nothing answers at 127\.0\.0\.1:1/)
  t.equal((await fetch(`${url}/readyz`)).status, 503)
  service.child.kill('SIGTERM')
  const { code, out } = await service.ended
  t.equal(code, 0)
  t.equal(out.split('"level":40').length, 2, 'one warning')
  t.notMatch(out, /a-secret/)
})

t.test('an address that cannot be had: one sentence, exit code 2', async t => {
  const SETTLEMENT_HOME = await home(t)
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => void other.close())
  const port = String((other.address() as { port: number }).port)
  for (const [env, message] of [
    [{ PORT: port }, `Port ${port} is in use by another program; set PORT`],
    [{ PORT: '0', HOST: 'no-such-host.invalid' }, 'HOST "no-such-host.invalid" is no address of this machine'],
  ] as const) {
    const { code, err } = await points(['serve'], { SETTLEMENT_HOME, LOG_LEVEL: 'silent', ...env })
    t.same({ code, lines: err.split('\n').length }, { code: 2, lines: 2 }, err)
    t.match(err, message)
  }
})
