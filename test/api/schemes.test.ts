import t from 'tap'
import { syntheticNumber } from '../support/office.ts'
import { town, townRules } from '../support/town.ts'
import { build, runEnded } from './support.ts'

const activation = '/v1/schemes/town/2026/activation'

t.test('a scheme from draft to force', async t => {
  const { call, key: newKey, office } = await build(t)
  const [author, second] = [await newKey(['schemes:write']), await newKey(['schemes:write', 'schemes:activate'])]
  const both = await newKey(['schemes:write', 'schemes:activate'])
  const store = (body: unknown, key = author) => call('POST', '/v1/schemes', { key, body })
  type Reviewed = { digest: string; casesDigest: string }
  const activate = ({ digest, casesDigest }: Reviewed, key = second, url = activation) =>
    call('POST', url, { key, body: { digest, casesDigest } })
  const refusal = (status: number, code: string, ...errors: object[]) => ({
    status,
    body: { code, errors: Object.assign(errors, { length: errors.length }) },
  })

  t.match(await store({ source: town().source }), refusal(400, 'invalid-request', { code: 'missing-field', message: /"cases"/ }))
  const bare = (await store({ ...town(), cases: [] })).body
  t.match(await call('POST', activation, { key: second, body: { digest: bare.digest } }), {
    status: 400,
    body: { errors: [{ message: /"casesDigest"/ }] },
  })
  t.match(await activate(bare), refusal(409, 'cases-not-green', { code: 'no-case', pointer: '/cases' }))
  const red = await store(town({ expected: '11' }))
  t.match(red, { status: 201, body: { state: 'draft', digest: bare.digest, stored: true } }, 'a draft may have cases that fail')
  t.not(red.body.casesDigest, bare.casesDigest)
  t.match(await activate(bare), refusal(409, 'scheme-changed', { pointer: '/casesDigest' }), 'its cases were swapped')
  t.match(
    await activate(red.body),
    refusal(409, 'cases-not-green', {
      code: 'case-failed',
      pointer: '/cases/0',
      message:
        /^language\.yaml, line \d+, "B2 and three months": total: expected 14\.00, got 13\.00; items\.language: expected 11\.00, got 10\.00$/,
    }),
  )
  const broken = { ...town(), cases: [{ name: 'a.yaml', text: 'source: x\n' }] }
  t.match(await store(broken), {
    status: 422,
    body: { code: 'invalid-cases', errors: [{ pointer: '/cases/0', message: /^a\.yaml, line 1/ }] },
  })
  const linted = await call('POST', '/v1/schemes:lint', { key: author, body: broken })
  t.match(linted, { status: 200, body: { findings: [{ file: 'a.yaml', severity: 'error', line: 1 }] } })
  t.notOk(
    (await call('POST', '/v1/schemes:lint', { key: author, body: { source: town().source } })).body.findings.some(
      (f: object) => 'file' in f,
    ),
  )

  t.equal((await store(town({ points: '20' }), both)).status, 201)
  t.match(await activate(bare), refusal(409, 'scheme-changed', { pointer: '/digest' }, { pointer: '/casesDigest' }), 'both were swapped')
  const green = (await store(town(), both)).body
  t.equal(green.digest, bare.digest)
  t.match(await activate(green, both), refusal(403, 'second-person-needed', {}))
  t.match(await call('POST', '/v1/rounds', { key: await newKey(), body: { round: '2026', rules: townRules() } }), {
    ...refusal(409, 'scheme-not-active', { pointer: '/scheme' }),
  })
  const draft = await call('GET', '/v1/schemes/town/2026')
  t.match(draft.body, {
    state: 'draft',
    storedBy: { authority: 'testoffice', client: 'client-3' },
    activatedAt: null,
    activatedBy: null,
    ...town(),
  })

  const activated = await activate(green)
  t.match(activated, {
    status: 200,
    body: { state: 'active', activatedAt: office.now().replace('.000', ''), activatedBy: { client: 'client-2' }, supersedes: null },
  })
  t.match(await activate(green), refusal(409, 'scheme-state', {}))
  t.match(await store(town()), { status: 200, body: { state: 'active', stored: false } })
  t.match(await store(town({ points: '20' })), refusal(409, 'scheme-version-exists', {}))
  t.match(await activate(green, second, '/v1/schemes/town/1999/activation'), refusal(404, 'unknown-scheme', {}))

  const next = (await store(town({ version: '2027' }))).body
  t.match(await activate(next, second, '/v1/schemes/town/2027/activation'), { status: 200, body: { supersedes: '2026' } })
  t.match((await call('GET', '/v1/schemes')).body.items, [
    { version: '2026', state: 'superseded', supersededBy: '2027', supersededAt: String, storedBy: { client: 'client-3' } },
    { version: '2027', state: 'active', supersedes: '2026', supersededBy: null, storedBy: { client: 'client-1' } },
  ])
})

t.test('a new indicator works through the API alone, while the service runs', async t => {
  const { call, key: newKey, inForce } = await build(t)
  await inForce('model/2017')
  const key = await newKey()
  const post = (url: string, body: unknown) => call('POST', url, { key, body })
  const { person } = (await post('/v1/persons', { citizenNumber: syntheticNumber(1), name: '张三' })).body
  const evidence = {
    statements: [
      { kind: 'languageTest', source: 'school', state: 'verified', record: { date: '2025-05-05', band: 'b2' } },
      { kind: 'attested', source: 'water-works', state: 'verified', record: { measure: 'monthsOfRain', value: '4' } },
    ],
  }
  const take = () => post(`/v1/persons/${person}/evidence`, evidence)
  t.match(
    await take(),
    { status: 422, body: { errors: [{ code: 'unknown-kind' }, { code: 'unknown-measure' }] } },
    'before there is such a scheme',
  )
  const { digest, casesDigest } = (await post('/v1/schemes', town())).body
  t.match(await take(), { status: 422 }, 'a draft takes nothing in')
  await call('POST', activation, { key: await newKey(['schemes:activate']), body: { digest, casesDigest } })
  t.match(await take(), { status: 201 })

  await post('/v1/rounds', { round: '2026', rules: townRules() })
  await post('/v1/rounds/2026/steps', { to: 'open' })
  const { publicNumber } = (await post('/v1/rounds/2026/applications', { person })).body
  await post('/v1/rounds/2026/steps', { to: 'closed' })
  await post('/v1/rounds/2026/runs', {})
  t.match((await runEnded(call, key, '2026')).body.job, { state: 'done', problem: null })
  const asked = await post('/v1/score-queries', { round: '2026', publicNumber, citizenNumber: syntheticNumber(1) })
  t.match(asked, { status: 200, body: { total: '14.00', items: { language: '10.00', rain: '4.00' }, eligible: 'yes' } })
})
