import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { startEmbedded } from '../../src/store/embedded/start.ts'
import { formatKeys, generateKeys } from '../../src/store/encryption.ts'
import { home, points } from './processes.ts'

const SETTLEMENT_KEYS = formatKeys(generateKeys(count => Buffer.alloc(count, 7)))
const commands = [['migrate'], ['round', 'run', 'r'], ['client', 'add', 'c', '--authority', 'an-office', '--scopes', 'rounds:read']]

type Asserts = Pick<typeof import('tap').t, 'same' | 'match' | 'notMatch'>

async function sentence(t: Asserts, args: string[], env: { [name: string]: string }, message: string): Promise<void> {
  const { code, out, err } = await points(args, env)
  t.same({ code, out, lines: err.split('\n').length }, { code: 2, out: '', lines: 2 }, `${args.join(' ')}: ${err}`)
  t.match(err, message)
  t.notMatch(err, /a-secret/)
}

t.test('a database that cannot be used: one sentence, exit code 2, no secret', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mistakes '))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  const rules = join(folder, 'hba')
  await writeFile(rules, 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n')
  await chmod(rules, 0o644)
  const server = await startEmbedded({ dataDir: join(folder, 'pg'), settings: { hba_file: rules } })
  t.teardown(server.stop)
  const client = new pg.Client(server.url)
  await client.connect()
  await client.query("create role clerk login password 'right'")
  await client.query('create database filled owner clerk')
  await client.end()
  const at = (user: string, database: string) => server.url.replace('postgres@', `${user}@`).replace(/[^/]*$/, database)

  const mistakes: [url: string, message: string][] = [
    ['postgres://clerk:a-secret@127.0.0.1:1/x', 'nothing answers at 127.0.0.1:1; start PostgreSQL there'],
    ['postgres://clerk:a-secret@localhost:1/x', 'nothing answers at localhost:1; start PostgreSQL there'],
    ['postgres://clerk:a-secret@no-such-host.invalid/x', 'the host of no-such-host.invalid:5432 is not known'],
    [at('clerk:a-secret', 'filled'), 'does not let user "clerk" in; correct user and password'],
    [at('clerk', 'filled'), 'wants a password; add it'],
    [at('postgres', 'nowhere'), 'has no database "nowhere"; create it'],
    ['postgres://clerk:a-secret#1@127.0.0.1/x', 'it is no URL; write special characters of the password by their code'],
  ]
  for (const [DATABASE_URL, message] of mistakes)
    await Promise.all(commands.map(args => sentence(t, args, { DATABASE_URL, SETTLEMENT_KEYS }, message)))
  const env = (user: string, database: string) => ({ DATABASE_URL: at(user, database), SETTLEMENT_KEYS })
  await sentence(
    t,
    ['migrate'],
    env('clerk:right', 'postgres'),
    'user "clerk" may not do this in the database "postgres"; make this user its owner',
  )
  await sentence(
    t,
    ['round', 'run', 'r'],
    env('clerk:right', 'filled'),
    'the database "filled" is not up to date; run: npm run -s points -- migrate',
  )
  t.match(await points(['migrate'], env('clerk:right', 'filled')), { code: 0, err: '' }, 'and with all of it right it works')
})

t.test('a home that cannot be used: one sentence, at once', async t => {
  const file = join(await home(t), 'file')
  await writeFile(file, '')
  const homes = [file, join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/x', '/proc/x/below'] : [])]
  for (const SETTLEMENT_HOME of homes) {
    const began = performance.now()
    await sentence(t, ['migrate'], { SETTLEMENT_HOME }, `SETTLEMENT_HOME: ${SETTLEMENT_HOME} is no folder that can be made or written`)
    t.ok(performance.now() - began < 10_000)
  }
})
