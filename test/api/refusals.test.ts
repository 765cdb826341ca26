import t from 'tap'
import type { Scope } from '../../src/round/clients.ts'
import { schemeFile, syntheticNumber } from '../support/office.ts'
import { asSuperuser } from '../support/superuser.ts'
import { beijing, beijingRules, build, keptLog, type Method, runEnded, statementsOf } from './support.ts'

const year = '2020'

/** An office with scheme, open round and one person who has applied. */
async function open(t: Parameters<typeof build>[0], options: Parameters<typeof build>[1] = {}) {
  const built = await build(t, options)
  const key = await built.key()
  const post = (url: string, body: unknown) => built.call('POST', url, { key, body })
  await built.inForce('beijing/2020')
  await post('/v1/rounds', { round: year, rules: beijingRules(10) })
  await post(`/v1/rounds/${year}/steps`, { to: 'open' })
  const { person } = (await post('/v1/persons', { citizenNumber: syntheticNumber(1), name: '李四' })).body
  const { publicNumber } = (await post(`/v1/rounds/${year}/applications`, { person })).body
  const counts = async () => {
    const tables = ['persons', 'evidence', 'applications', 'rounds', 'schemes'] as const
    const count = (table: (typeof tables)[number]) =>
      built.office.db
        .selectFrom(table)
        .select(e => e.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    return Promise.all(tables.map(async table => (await count(table)).n))
  }
  return { ...built, adminKey: key, post, person, publicNumber, counts }
}

t.test('bad input is refused with pointer and remedy, and nothing is half stored', async t => {
  const { post, call, adminKey, person, counts } = await open(t)
  const before = await counts()
  const statement = (kind: string, record: object | null, more: object = {}) => ({
    kind,
    source: 'register',
    state: 'verified',
    record,
    ...more,
  })
  const good = statement('birth', { date: '1980-07-01' })
  const take = (...statements: unknown[]): [string, unknown] => [`/v1/persons/${person}/evidence`, { statements }]
  const insurance = (from: unknown, to: unknown) => statement('insurance', { insurance: 'pension', payment: 'on-time', from, to })
  const scheme = (change: (text: string) => string): [string, unknown] => ['/v1/schemes', { source: change(beijing.source), cases: [] }]

  const cases: [what: string, request: [string, unknown], status: number, code: string, faults: object[]][] = [
    [
      'unknown field',
      ['/v1/persons', { citizenNumber: syntheticNumber(2), name: 'x', nmae: 'y' }],
      400,
      'invalid-request',
      [{ code: 'unknown-field', pointer: '/nmae', message: /unknown field "nmae"; did you mean "name"/ }],
    ],
    [
      'unknown field inside a statement',
      take({ ...good, rocord: {} }),
      400,
      'invalid-request',
      [{ code: 'unknown-field', pointer: '/statements/0/rocord', message: /did you mean "record"/ }],
    ],
    [
      'unknown field of a kind',
      take(statement('birth', { date: '1980-07-01', place: 'x' })),
      422,
      'invalid-facts',
      [{ code: 'unknown-field', pointer: '/statements/0/record/place', message: /known: date/ }],
    ],
    [
      'missing field',
      ['/v1/persons', { name: 'x' }],
      400,
      'invalid-request',
      [{ code: 'missing-field', pointer: '', message: /"citizenNumber" is missing/ }],
    ],
    [
      'wrong type, not coerced',
      ['/v1/rounds/2020/applications', { person: `${person}` }],
      400,
      'invalid-request',
      [{ code: 'wrong-type', pointer: '/person', message: /must be/ }],
    ],
    ['no body', ['/v1/persons', 'null'], 400, 'invalid-request', [{ code: 'wrong-type', pointer: '' }]],
    [
      'impossible date',
      take(statement('birth', { date: '2021-02-29' })),
      422,
      'invalid-facts',
      [{ code: 'impossible-date', pointer: '/statements/0/record/date', message: /YYYY-MM-DD/ }],
    ],
    [
      'span that ends before it starts',
      take(good, insurance('2019-12', '2019-11')),
      422,
      'invalid-facts',
      [{ code: 'span-ends-before-start', pointer: '/statements/1/record/to' }],
    ],
    [
      'evidence that the vocabulary does not know',
      take(good, statement('horoscope', {})),
      422,
      'invalid-facts',
      [{ code: 'unknown-kind', pointer: '/statements/1/kind', message: /known: / }],
    ],
    [
      'two faults at once',
      take(insurance('2019-13', '2019-11'), statement('birth', { date: 'soon' })),
      422,
      'invalid-facts',
      [{ pointer: '/statements/0/record/from' }, { pointer: '/statements/1/record/date' }],
    ],
    [
      'a figure as JSON number',
      take(statement('incomeTax', { amount: 12.5, date: '2018-12-01' })),
      422,
      'invalid-facts',
      [{ code: 'wrong-type', pointer: '/statements/0/record/amount', message: /as a text/ }],
    ],
    [
      'wrong check digit',
      ['/v1/persons', { citizenNumber: '11010519491231002Y', name: 'x' }],
      422,
      'invalid-person',
      [{ code: 'wrong-citizen-number', pointer: '/citizenNumber', message: /check/ }],
    ],
    [
      'no name and wrong number',
      ['/v1/persons', { citizenNumber: '1', name: ' ' }],
      422,
      'invalid-person',
      [{ pointer: '/citizenNumber' }, { pointer: '/name' }],
    ],
    [
      'the same person again',
      ['/v1/persons', { citizenNumber: syntheticNumber(1).toLowerCase(), name: '李四' }],
      409,
      'person-exists',
      [{ pointer: '/citizenNumber' }],
    ],
    [
      'a second application',
      ['/v1/rounds/2020/applications', { person }],
      409,
      'second-application',
      [{ pointer: '/person', message: /One application/ }],
    ],
    ['an application of nobody', ['/v1/rounds/2020/applications', { person: 999_999 }], 404, 'unknown-person', [{ pointer: '/person' }]],
    [
      'superseding what is not there',
      take({ ...good, supersedes: 999_999 }),
      422,
      'unknown-evidence',
      [{ pointer: '/statements/0/supersedes' }],
    ],
    [
      'a scheme whose bands leave a gap',
      scheme(text => text.replace('{below: 46,', '{below: 45,')),
      422,
      'invalid-scheme',
      [{ code: /gap/, pointer: /^\/items\/age/, message: /^line \d+, column \d+: / }],
    ],
    [
      'a scheme whose bands overlap',
      scheme(text => text.replace('{from: 46,', '{from: 45,')),
      422,
      'invalid-scheme',
      [{ code: /overlap/, pointer: /^\/items\/age/ }],
    ],
    ['the version with another content', scheme(text => text.replace('北京市积分落户', '北京')), 409, 'scheme-version-exists', [{}]],
    ['a scheme that is no YAML', ['/v1/schemes', { source: 'a: [', cases: [] }], 422, 'invalid-scheme', [{ code: 'unreadable-document' }]],
    [
      'rules with an unknown field',
      ['/v1/rounds', { round: '2021', rules: `${beijingRules(10)}\nquta: 1` }],
      422,
      'invalid-rules',
      [{ code: 'unknown-field', pointer: '/quta', message: /did you mean "quota"/ }],
    ],
    [
      'rules that name another scheme',
      ['/v1/rounds', { round: '2021', rules: beijingRules(10).replace('version: "2020"', 'version: "1999"') }],
      404,
      'unknown-scheme',
      [{}],
    ],
    [
      'a name of a round',
      ['/v1/rounds', { round: 'A B', rules: beijingRules(10) }],
      400,
      'invalid-request',
      [{ code: 'wrong-form', pointer: '/round' }],
    ],
    ['a round that exists', ['/v1/rounds', { round: '2020', rules: beijingRules(10) }], 409, 'round-exists', [{ pointer: '/round' }]],
    [
      'a lot seed where no lots are drawn',
      ['/v1/rounds', { round: '2021', rules: beijingRules(10), lotSecretDigest: `sha256:${'0'.repeat(64)}` }],
      422,
      'lot-not-committed',
      [{ pointer: '/lotSecretDigest' }],
    ],
    [
      'an impossible date of an estimate',
      ['/v1/estimates', { scheme: { scheme: 'beijing', version: '2020' }, asOf: '2019-02-30', facts: {} }],
      400,
      'invalid-request',
      [{ code: 'impossible-date', pointer: '/asOf' }],
    ],
    [
      'facts of an estimate',
      ['/v1/estimates', { scheme: { scheme: 'beijing', version: '2020' }, asOf: '2019-12-31', facts: { birth: {} } }],
      422,
      'invalid-facts',
      [{ code: 'wrong-type', pointer: '/facts/birth' }],
    ],
    [
      'a step that is none',
      ['/v1/rounds/2020/steps', { to: 'final' }],
      400,
      'invalid-request',
      [{ code: 'unknown-value', pointer: '/to', message: /one of: open, closed/ }],
    ],
    ['a step back', ['/v1/rounds/2020/steps', { to: 'open' }], 409, 'round-state', [{}]],
    ['malformed JSON', ['/v1/persons', '{"name": "李四",}'], 400, 'malformed-json', [{ message: /see character 15/ }]],
    ['no UTF-8', ['/v1/persons', Buffer.from([0x22, 0xff, 0x22])], 400, 'malformed-json', [{}]],
    ['a field given twice', ['/v1/rounds/2020/steps', '{"to":"closed","to":"open"}'], 400, 'invalid-request', [{ code: 'field-twice' }]],
    ['a body too deep', ['/v1/estimates', '['.repeat(40) + ']'.repeat(40)], 400, 'invalid-request', [{ code: 'too-deep' }]],
    [
      'a prototype',
      ['/v1/rounds/2020/steps', '{"to":"closed","__proto__":{}}'],
      400,
      'invalid-request',
      [{ code: 'unknown-field', pointer: '/__proto__' }],
    ],
    [
      'NUL in a text',
      ['/v1/persons', { citizenNumber: syntheticNumber(2), name: 'a\0b' }],
      400,
      'invalid-request',
      [{ code: 'wrong-text', pointer: '/name' }],
    ],
    [
      'half a surrogate pair',
      ['/v1/persons', '{"citizenNumber":"1","name":"\\ud800"}'],
      400,
      'invalid-request',
      [{ code: 'wrong-text', pointer: '/name' }],
    ],
    ['a body too large', ['/v1/persons', { citizenNumber: '1', name: 'x'.repeat(70_000) }], 413, 'body-too-large', [{}]],
  ]
  for (const [what, [url, body], status, code, errors] of cases) {
    const answer = await post(url, body)
    t.match(
      answer,
      {
        status,
        headers: { 'content-type': 'application/problem+json; charset=utf-8' },
        body: { type: `/problems/${code}`, status, code, errors },
      },
      what,
    )
    t.ok(answer.body.detail.length > 10 && answer.body.instance.startsWith('urn:uuid:'), `${what}: told in words`)
  }
  t.same(await counts(), before, 'nothing was stored by any of them')

  const odd: [Method, string, object, number, string][] = [
    ['GET', '/v1/rounds?limit=0', {}, 400, 'invalid-request'],
    ['GET', '/v1/rounds?limit=ten', {}, 400, 'invalid-request'],
    ['GET', '/v1/rounds?order=name', {}, 400, 'invalid-request'],
    ['GET', '/v1/rounds?limit=1&limit=2', {}, 400, 'invalid-request'],
    ['GET', '/v1/persons/0/evidence', {}, 400, 'invalid-request'],
    ['GET', '/v1/persons/999999/evidence', {}, 404, 'unknown-person'],
    ['GET', '/v1/rounds/%00', {}, 400, 'invalid-request'],
    ['GET', '/v1/rounds/%zz', {}, 404, 'not-found'],
    ['GET', `/v1/rounds/${'a'.repeat(500)}`, {}, 404, 'not-found'],
    ['GET', '/v1/nothing', {}, 404, 'not-found'],
    ['DELETE', '/v1/rounds/2020', {}, 405, 'method-not-allowed'],
    ['GET', '/v1/schemes:lint', {}, 405, 'method-not-allowed'],
    [
      'POST',
      '/v1/persons',
      { body: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported-media-type',
    ],
    ['POST', '/v1/persons', { headers: { 'content-type': 'application/json' } }, 400, 'malformed-json'],
    ['POST', '/v1/persons', {}, 400, 'invalid-request'],
    ['GET', '/problems/no-such', {}, 404, 'unknown-problem'],
  ]
  for (const [method, url, options, status, code] of odd)
    t.match(await call(method, url, { key: adminKey, ...options }), { status, body: { status, code } }, `${method} ${url.slice(0, 40)}`)
  t.match((await call('DELETE', '/v1/rounds/2020')).headers, { allow: 'GET, HEAD' })
  t.match((await call('GET', '/v1/nothing', { headers: { 'accept-language': 'zh-CN,zh;q=0.9' } })).body, { title: '没有这个地址' })
  t.match(await call('GET', '/problems/second-application'), { status: 200, text: /该申请人已提交过申请/ })
})

t.test('a key opens what its scopes allow, and only its own authority', async t => {
  const { call, key: newKey, person, publicNumber, office } = await open(t)
  const none = await newKey([])
  const routes: [Method, string, object | undefined, Scope][] = [
    ['POST', '/v1/schemes', { source: 'x', cases: [] }, 'schemes:write'],
    [
      'POST',
      '/v1/schemes/beijing/2020/activation',
      { digest: `sha256:${'0'.repeat(64)}`, casesDigest: `sha256:${'0'.repeat(64)}` },
      'schemes:activate',
    ],
    ['POST', '/v1/schemes:lint', { source: 'x' }, 'schemes:write'],
    ['POST', '/v1/persons', { citizenNumber: '1', name: 'x' }, 'persons:write'],
    [
      'POST',
      `/v1/persons/${person}/evidence`,
      { statements: [{ kind: 'x', source: 'x', state: 'verified', record: null }] },
      'evidence:write',
    ],
    ['GET', `/v1/persons/${person}/evidence`, undefined, 'evidence:write'],
    ['POST', '/v1/rounds', { round: 'x', rules: 'x' }, 'rounds:write'],
    ['GET', '/v1/rounds', undefined, 'rounds:read'],
    ['GET', '/v1/rounds/2020', undefined, 'rounds:read'],
    ['POST', '/v1/rounds/2020/steps', { to: 'open' }, 'rounds:write'],
    ['POST', '/v1/rounds/2020/applications', { person }, 'persons:write'],
    ['GET', `/v1/rounds/2020/applications/${publicNumber}`, undefined, 'rounds:read'],
    ['POST', '/v1/rounds/2020/runs', {}, 'rounds:run'],
    ['GET', '/v1/rounds/2020/runs', undefined, 'rounds:read'],
    ['GET', '/v1/rounds/2020/runs/1', undefined, 'rounds:read'],
    ['POST', '/v1/rounds/2020/editions', { kind: 'notice', reason: 'x' }, 'rounds:publish'],
    ['POST', '/v1/score-queries', { round: year, publicNumber, citizenNumber: syntheticNumber(1) }, 'scores:query'],
  ]
  for (const [method, url, body, scope] of routes) {
    const nobody = await call(method, url, { body })
    t.match(
      nobody,
      { status: 401, headers: { 'www-authenticate': 'Bearer realm="settlement-points"' }, body: { code: 'unauthenticated' } },
      `${method} ${url} without key`,
    )
    const refused = await call(method, url, { key: none, body })
    t.match(
      refused,
      { status: 403, headers: { 'www-authenticate': `Bearer realm="settlement-points", error="insufficient_scope", scope="${scope}"` } },
      `${url} needs ${scope}`,
    )
    t.match(refused.body.detail, scope)
    const allowed = await call(method, url, { key: await newKey([scope]), body })
    t.notOk([401, 403].includes(allowed.status), `${url} with ${scope} alone: ${allowed.status}`)
  }
  for (const authorization of ['Bearer', 'Basic eDp5', `Bearer sp_${'A'.repeat(43)}`, 'Bearer sp_short', `bearer  ${none} x`])
    t.match(
      await call('GET', '/v1/rounds', { headers: { authorization } }),
      { status: 401, headers: { 'www-authenticate': /invalid_token/ } },
      authorization.slice(0, 20),
    )
  await office.db.updateTable('clients').set({ revoked_at: office.now() }).execute()
  t.equal((await call('GET', '/v1/rounds', { key: none })).status, 401, 'a revoked key opens nothing')

  const other = await newKey(undefined, 'otheroffice')
  t.same((await call('GET', '/v1/rounds', { key: other })).body.items, [])
  for (const [method, url, body] of routes.filter(([, url]) => /rounds\/2020|persons\//.test(url)))
    t.match(
      (await call(method, url, { key: other, body: url.includes('evidence') && body ? { statements: statementsOf(12) } : body })).status,
      404,
      `${method} ${url} of another authority`,
    )
  t.match(await call('POST', '/v1/score-queries', { key: other, body: { round: year, publicNumber, citizenNumber: syntheticNumber(1) } }), {
    status: 404,
  })
  const same = await call('POST', '/v1/persons', { key: other, body: { citizenNumber: syntheticNumber(1), name: '李四' } })
  t.match(same, { status: 201, body: { alsoUnder: ['testoffice'] } }, 'the same person under another authority is reported')
})

t.test('neither log nor answer tells more than it may', async t => {
  const log = keptLog()
  const { call, post, adminKey, publicNumber, office, app } = await open(t, { logger: log.options as never })
  const [citizenNumber, name, wrong] = [syntheticNumber(7), '欧阳修', '11010519491231002Y']
  await post('/v1/persons', { citizenNumber, name })
  await post('/v1/persons', { citizenNumber, name, extra: citizenNumber })
  await post('/v1/persons', { citizenNumber: wrong, name })
  await post('/v1/persons', `{"citizenNumber":"${citizenNumber}","name":"${name}"`)
  await post('/v1/score-queries', { round: year, publicNumber, citizenNumber: syntheticNumber(1) })
  await post('/v1/score-queries', { round: year, publicNumber: 'AAAA-BBBB-CCCC', citizenNumber })
  await call('GET', `/v1/rounds/${year}/applications/${publicNumber}`, { key: adminKey })
  await call('GET', `/v1/score-queries/${citizenNumber}?name=${encodeURIComponent(name)}`, { key: adminKey })
  await call('GET', `/v1/%zz${citizenNumber}`, { key: adminKey })
  await call('GET', '/v1/published/testoffice/2020/editions')

  // An error of ours in the middle of the work: the caller learns where to ask, the log where it happened.
  office.db.selectFrom = () => {
    throw new Error('a fault of ours')
  }
  const broken = await call('GET', '/v1/rounds')
  t.match(broken, { status: 401 }, 'no key is not looked up')
  const fault = await call('GET', '/v1/schemes')
  t.match(fault, { status: 500, body: { code: 'internal-error', errors: [], detail: /not of the request/ } })
  t.notMatch(fault.text, /a fault of ours/)
  await app.close()

  const text = log.text()
  t.match(text, /"type":"Error","message":"a fault of ours"/)
  t.ok(text.includes(fault.body.instance.replace('urn:uuid:', '')), 'found by the instance')
  for (const [what, secret] of Object.entries({
    citizenNumber,
    wrong,
    other: syntheticNumber(1),
    name,
    escaped: encodeURIComponent(name),
    publicNumber,
    adminKey,
    short: adminKey.slice(3, 20),
  }))
    t.notOk(text.includes(secret), `the log does not hold the ${what}`)
  const lines = text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  t.match(
    lines.find(line => line.route === '/v1/persons'),
    { method: 'POST', status: 201, authority: 'testoffice', milliseconds: Number },
  )
  const unpublished = lines.find(line => line.route?.startsWith('/v1/published'))
  t.match(unpublished, { status: 404, problem: 'nothing-published' })
  t.notOk('path' in unpublished, 'a path is logged only of what is public')
})

t.test('an error of a run in the background is told and logged', async t => {
  const log = keptLog()
  const { call, post, adminKey: key, office } = await open(t, { logger: log.options as never })
  await post(`/v1/rounds/${year}/steps`, { to: 'closed' })
  const { randomBytes, db } = office
  let failed = false
  office.db = new Proxy(db, {
    get(target, name) {
      // A run is read outside of a transaction at its end alone.
      if (name === 'selectFrom')
        return (table: 'runs') => {
          if (table === 'runs' && !failed) {
            failed = true
            throw new Error('the disk is full')
          }
          return target.selectFrom(table)
        }
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  t.ok(randomBytes)
  t.equal((await post(`/v1/rounds/${year}/runs`, {})).status, 202)
  await log.has('run failed')
  const { body } = await call('GET', `/v1/rounds/${year}/runs`, { key })
  t.match(
    body,
    { job: { state: 'failed', problem: { code: 'internal-error' } }, runs: [{ run: 1, state: 'verified' }] },
    'its finished stages are kept',
  )
  t.match(log.text(), /the disk is full/)
  t.notMatch(JSON.stringify(body), /disk/)

  office.db = db
  await asSuperuser(office.pool, `update frozen_inputs set document = '{"crime":[]}'`)
  t.equal((await post(`/v1/rounds/${year}/runs`, {})).status, 202, 'it can be run again')
  const again = (await runEnded(call, key, year)).body
  t.match(again.job, { state: 'failed', run: 2, problem: { code: 'run-does-not-hold' } }, 'a run that does not hold is no success')
  t.match(again.runs[1], { state: 'failed', report: { holds: false, findings: [{ code: 'R3' }] } })
  const refused = await post(`/v1/rounds/${year}/editions`, { kind: 'notice', reason: 'x' })
  t.match(refused, { status: 409, body: { code: 'run-does-not-hold', errors: [{ code: 'R3' }] } }, 'what does not hold is never sealed')
})

t.test('model scheme: lots', async t => {
  const { call, key: newKey, inForce } = await build(t)
  const key = await newKey()
  const post = (url: string, body: unknown) => call('POST', url, { key, body })
  await inForce('model/2017')
  const rules = schemeFile('model/2017/rounds.yaml')
  const draw = `draw: {series: {zh-CN: 双色球, en: A lottery}, numbers: [{count: 1, from: 1, to: 16, order: drawn}], assumption: a test}`
  const lots = `zone: "+08:00"\n${rules.replace(/rule: (admit-all|admit-none|lot)/, `rule: lot, ${draw}`)}`
  t.match(await post('/v1/rounds', { round: 'lots', rules: lots }), {
    status: 422,
    body: { code: 'lot-not-committed', detail: /lotSecretDigest/ },
  })
})
