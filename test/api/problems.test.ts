import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { problemOf } from '../../src/api/error-to-problem.ts'
import { loggedError } from '../../src/api/logging.ts'
import { isProblemCode, problems } from '../../src/api/problems.ts'
import { isUnavailable } from '../../src/store/errors.ts'
import { Refusal } from '../../src/values/refusal.ts'

const source = join(import.meta.dirname, '../../src')

/** The terminal and the configuration: nothing that answers a request imports them. */
const terminal = /^(cli[/\\]|config\.ts$)/

t.test('every refusal in the source has a line in the registry', async t => {
  const found = new Map<string, string>()
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    name => name.endsWith('.ts') && !terminal.test(name),
  )) {
    const text = readFileSync(join(source, file), 'utf8')
    // The code of a refusal is written out where it is thrown, or, in a class of its own, is what it gives to `super`.
    const thrown = [...text.matchAll(/new Refusal\(\s*'([^']+)'/g)]
    const derived = /extends Refusal\b/.test(text) ? [...text.matchAll(/super\(\s*'([^']+)'/g)] : []
    for (const [, code] of [...thrown, ...derived]) found.set(code as string, file)
    const computed = text.match(/new Refusal\(\s*[^'\s.)]/g)
    t.equal(computed, null, `${file}: the code of a refusal is written out, so that it can be found`)
  }
  const constraints = readFileSync(join(source, 'store/errors.ts'), 'utf8').matchAll(/^ {2}\w+: \[\s*'([^']+)'/gm)
  for (const [, code] of constraints) found.set(code as string, 'store/errors.ts')
  t.ok(found.size > 40, `${found.size} codes`)
  for (const [code, file] of found) t.ok(isProblemCode(code), `${code} (${file}) is in src/api/problems.ts`)
})

t.test('the registry is in order', async t => {
  for (const [code, { status, title }] of Object.entries(problems)) {
    t.match(code, /^[a-z]+(-[a-z]+)*$/)
    t.ok(status >= 400 && status < 600 && title.en !== '' && /\p{Script=Han}/u.test(title['zh-CN']), code)
  }
  const titles = Object.values(problems).map(({ title }) => title.en)
  t.equal(new Set(titles).size, titles.length, 'no two problems have the same title')
})

t.test('what an error means', async t => {
  const of = (error: unknown) => problemOf(error).problem
  t.match(of(new Refusal('round-busy', 'Wait.')), { status: 409, detail: 'Wait.', errors: [{ code: 'round-busy', pointer: '' }] })
  t.match(of(new Refusal('encrypted-value-damaged', 'row 7')), { status: 500, code: 'encrypted-value-damaged', errors: [] })
  t.notMatch(JSON.stringify(of(new Refusal('encrypted-value-damaged', 'row 7'))), /row 7/, 'inside details stay inside')
  t.match(of(new Refusal('not-in-the-list', 'secret')), { status: 500, code: 'internal-error', errors: [] })
  t.match(of('thrown text'), { status: 500, code: 'internal-error' })
  const many = of(
    new Refusal(
      'invalid-facts',
      Array.from({ length: 150 }, () => ({ code: 'x', pointer: '/a', message: 'm' })),
    ),
  )
  t.match(many, { detail: /150 faults; the first 100/ })
  t.equal(many.errors.length, 100)

  const down = (fields: object, message = '') => of(Object.assign(new Error(message), fields)).code
  t.equal(down({ code: 'ECONNREFUSED', syscall: 'connect' }), 'database-unavailable')
  t.equal(down({ code: '57P01' }), 'database-unavailable')
  t.equal(down({}, 'Connection terminated unexpectedly'), 'database-unavailable')
  t.equal(down({}, 'timeout exceeded when trying to connect'), 'database-unavailable')
  t.equal(down({ code: 'ENOENT', syscall: 'open' }), 'internal-error', 'a missing file is no missing database')
  t.equal(down({ code: '23505' }), 'internal-error')
  t.equal(isUnavailable(undefined), false)
})

t.test('an error of PostgreSQL is logged without the values it quotes', async t => {
  const error = Object.assign(new Error('invalid input "11010519491231002X"'), {
    severity: 'ERROR',
    code: '22P02',
    detail: 'Key (name)=(李四)',
    table: 'persons',
  })
  const text = JSON.stringify(loggedError(error))
  t.match(text, /22P02.*persons/)
  t.notMatch(text, /1101|李四/)
})

t.test('a refusal is logged without what it quotes of evidence', async t => {
  const fault = (i: number) => ({ code: 'impossible-date', pointer: `/7K2M-X9QF-3HTA/birth/${i}/zhangsan`, message: 'no day "1980-02-30"' })
  const doubled = { code: 'attested-twice', pointer: '/7K2M-X9QF-3HTA/attested/1', message: 'two sources attest "monthsEmployed"' }
  const logged = loggedError(new Refusal('unusable-evidence', [fault(0), fault(1), doubled]))
  const found = ['impossible-date birth', 'attested-twice attested']
  t.match(logged, { type: 'Refusal', code: 'unusable-evidence', faults: 3, found, stack: /at / })
  t.notMatch(JSON.stringify(logged), /7K2M|1980|zhangsan|sources/)
  const keys = loggedError(new Refusal('encryption-key-missing', 'the key k1 is not in SETTLEMENT_KEYS'))
  t.match(keys, { message: /k1/ }, 'of the service itself the operator is told all')
  t.notMatch(JSON.stringify(loggedError(new Refusal('not-in-the-list', 'secret'))), /secret/)
  try {
    JSON.parse('{"birth": 1980-07-01}')
  } catch (error) {
    t.notMatch(JSON.stringify(loggedError(error)), /1980|birth/, 'a text that is no JSON is not quoted')
  }
})
