import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { openapiText } from '../../src/api/openapi.ts'
import { project, syntheticNumber } from '../support/office.ts'
import { beijing, beijingRules, build, type Method, someFacts, statementsOf } from './support.ts'

const file = 'openapi/openapi.json'

t.test('the document that is checked in is that of the routes', async t => {
  const { app } = await build(t)
  const text = openapiText(app)
  const checkedIn = readFileSync(join(project, file), 'utf8')
  t.ok(checkedIn === text, `if not: npm run -s points -- openapi > ${file}`)
  const { components, paths, openapi } = JSON.parse(text)
  t.equal(openapi, '3.1.0')
  t.notOk(
    Object.keys(components.schemas).some(name => name.startsWith('def-')),
    'components have names',
  )
  t.ok(['Problem', 'Score', 'Edition', 'Finding'].every(name => name in components.schemas))
  t.same((await app.inject('/openapi.json')).json(), JSON.parse(text))

  const operations = Object.values(paths).flatMap(path => Object.values(path as object)) as {
    operationId: string
    responses: object
    tags: string[]
  }[]
  t.equal(new Set(operations.map(op => op.operationId)).size, operations.length)
  for (const { operationId, responses, tags } of operations)
    t.ok(tags.length === 1 && '500' in responses && '503' in responses, operationId)
  t.notOk(loose(paths), 'no request or answer takes unknown fields in silence, but where it is said')
})

/** An object schema that says nothing of further fields. */
function loose(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return undefined
  const { type, additionalProperties } = part as { type?: unknown; additionalProperties?: unknown }
  if (type === 'object' && additionalProperties === undefined) return part
  return Object.values(part)
    .map(loose)
    .find(found => found !== undefined)
}

t.test('the document passes the linter', async t => {
  const run = promisify(execFile)
  const env = { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', REDOCLY_TELEMETRY: 'off' }
  const args = [join(project, 'node_modules/@redocly/cli/bin/cli.js'), 'lint', '--config', 'openapi/redocly.yaml', file]
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: project, env }).then(
    done => ({ code: 0, ...done }),
    failed => failed,
  )
  t.equal(code, 0, `${stdout}${stderr}`)
})

t.test('the reference page asks nothing of other hosts', async t => {
  const { app } = await build(t)
  const page = await app.inject('/docs')
  const html = page.statusCode === 200 ? page : await app.inject(new URL(page.headers.location as string, 'http://here/docs/').pathname)
  t.equal(html.statusCode, 200)
  t.match(html.headers['content-security-policy'], /default-src 'self'/)
  t.notMatch(html.headers['content-security-policy'], /https?:|\.io|upgrade-insecure/)
  t.notMatch(html.payload, /(src|href)="https?:/)
  t.match(html.payload, /<title>Settlement points — API<\/title>/)
  t.match(
    (await app.inject('/docs/static/swagger-initializer.js')).payload,
    /"layout":\s*"BaseLayout"/,
    'without the bar that bears a logo',
  )
})

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))

t.test(`random requests are answered as the document says (FUZZ_SEED=${seed})`, async t => {
  const { call, key: newKey, app, inForce } = await build(t)
  const key = await newKey()
  await inForce('beijing/2020')
  await call('POST', '/v1/rounds', { key, body: { round: '2020', rules: beijingRules(10) } })
  await call('POST', '/v1/rounds/2020/steps', { key, body: { to: 'open' } })
  const { person } = (await call('POST', '/v1/persons', { key, body: { citizenNumber: syntheticNumber(1), name: '李四' } })).body

  /** A good value, and beside it what a careless or hostile caller sends. */
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', '\0', '\ud800', "'; drop table persons; --", '9'.repeat(40), '__proto__', -1, 0, 2 ** 31, 2 ** 53, 1e300, null),
  )
  /** Usually the good one, else with a member changed, left out or added. */
  const spoilt = (good: { [name: string]: unknown }): fc.Arbitrary<unknown> =>
    fc.oneof(
      { weight: 1, arbitrary: fc.constant(good) },
      {
        weight: 4,
        arbitrary: fc.tuple(fc.constantFrom(...Object.keys(good), 'extra'), anything).map(([name, value]) => ({ ...good, [name]: value })),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...Object.keys(good))
          .map(left => Object.fromEntries(Object.entries(good).filter(([name]) => name !== left))),
      },
      { weight: 1, arbitrary: anything },
    )
  const part = fc.oneof(
    fc.constantFrom('2020', 'testoffice', '1', 'beijing', '7K2M-X9QF-3HTA'),
    fc.string({ unit: 'binary', maxLength: 30 }).filter(text => text.isWellFormed() && !['', '.', '..'].includes(text)),
  )
  const path = (pattern: string): fc.Arbitrary<string> =>
    fc
      .array(part, { minLength: 3, maxLength: 3 })
      .map(parts => pattern.replace(/\{(\d)\}/g, (_, i) => encodeURIComponent(parts[Number(i)] as string)))
  const query = fc.option(
    fc
      .tuple(fc.constantFrom('after', 'limit', 'x'), anything)
      .map(([name, value]) => `?${name}=${encodeURIComponent(JSON.stringify(value))}`),
    { nil: '' },
  )
  const get = (pattern: string) =>
    fc.tuple(path(pattern), query).map(([url, search]) => ({ method: 'GET' as Method, url: url + search, body: undefined as unknown }))
  const post = (url: string, good: { [name: string]: unknown }) => spoilt(good).map(body => ({ method: 'POST' as Method, url, body }))

  const estimated = { scheme: { scheme: 'beijing', version: '2020' }, asOf: '2019-12-31', facts: someFacts() }
  const { receipt } = (await call('POST', '/v1/estimates', { body: estimated })).body
  const [statement] = statementsOf(12) as [{ record: { [name: string]: unknown } }]
  const requests = fc.oneof(
    get('/v1/schemes'),
    get('/v1/schemes/{0}/{1}'),
    get('/v1/published/{0}/{1}/editions'),
    get('/v1/published/{0}/{1}/editions/{2}'),
    get('/v1/published/{0}/{1}/editions/{2}/entries'),
    get('/v1/persons/{0}/evidence'),
    get('/v1/rounds'),
    get('/v1/rounds/{0}'),
    get('/v1/rounds/{0}/runs'),
    get('/v1/rounds/{0}/runs/{1}'),
    get('/v1/rounds/{0}/applications/{1}'),
    get('/problems/{0}'),
    post('/v1/estimates', estimated),
    spoilt(someFacts() as never).map(facts => ({
      method: 'POST' as Method,
      url: '/v1/estimates',
      body: { ...estimated, facts } as unknown,
    })),
    post('/v1/replays', { receipt, facts: someFacts() }),
    spoilt(receipt).map(one => ({ method: 'POST' as Method, url: '/v1/replays', body: { receipt: one, facts: someFacts() } as unknown })),
    post('/v1/score-queries', { round: '2020', publicNumber: 'AAAA-BBBB-CCCC', citizenNumber: syntheticNumber(1) }),
    post('/v1/persons', { citizenNumber: syntheticNumber(2), name: '王五' }),
    post(`/v1/persons/${person}/evidence`, { statements: [statement] }),
    spoilt(statement as never).map(one => ({
      method: 'POST' as Method,
      url: `/v1/persons/${person}/evidence`,
      body: { statements: [one] } as unknown,
    })),
    spoilt(statement.record).map(record => ({
      method: 'POST' as Method,
      url: `/v1/persons/${person}/evidence`,
      body: { statements: [{ ...statement, record }] } as unknown,
    })),
    post('/v1/schemes', { source: beijing.source.slice(0, 300), cases: [] }),
    post('/v1/schemes:lint', { source: beijing.source.slice(0, 300), cases: [{ name: 'a.yaml', text: 'x' }] }),
    post('/v1/schemes/beijing/2020/activation', { digest: `sha256:${'0'.repeat(64)}`, casesDigest: `sha256:${'0'.repeat(64)}` }),
    post('/v1/rounds', { round: '2021', rules: beijingRules(10) }),
    post('/v1/rounds/2020/applications', { person }),
    post('/v1/rounds/2020/steps', { to: 'open' }),
    post('/v1/rounds/2020/runs', { lotSecret: '00' }),
    post('/v1/rounds/2020/editions', { kind: 'notice', reason: 'x' }),
  )
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(requests, fc.boolean(), async ({ method, url, body }, keyed) => {
      // `call` checks that the status is documented and that the answer fits its schema.
      const { status, text } = await call(method, url, { body, ...(keyed ? { key } : {}) })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status >= 500) throw new Error(`${status}: ${text}`)
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 300), seed },
  )
  t.ok(
    [200, 400, 401, 404].every(status => statuses.has(status)),
    JSON.stringify([...statuses]),
  )
  await app.close()
})
