import t from 'tap'
import { noProgress } from '../../src/round/progress.ts'
import { runRound } from '../../src/round/run.ts'
import { syntheticNumber } from '../support/office.ts'
import { beijingRules, build, statementsOf } from './support.ts'

const places = 2

t.test('what comes after the list, over HTTP', async t => {
  const { call, key: newKey, office, inForce } = await build(t)
  await inForce('beijing/2020')
  const key = await newKey()
  const post = (url: string, body: unknown) => call('POST', url, { key, body })
  const rules = `${beijingRules(places)}\nreserve: {places: 2, assumption: a test}\nsettlement: {within: {days: 1}, assumption: a test}\nzone: "+08:00"\n`
  t.equal((await post('/v1/rounds', { round: '2020', rules })).status, 201)
  await post('/v1/rounds/2020/steps', { to: 'open' })
  const applicants: { person: number; publicNumber: string }[] = []
  for (let i = 0; i < 4; i++) {
    const { person } = (await post('/v1/persons', { citizenNumber: syntheticNumber(i, '19800701'), name: '张三丰' })).body
    await post(`/v1/persons/${person}/evidence`, { statements: statementsOf(130 - i) })
    applicants.push({ person, publicNumber: (await post('/v1/rounds/2020/applications', { person })).body.publicNumber })
  }
  const [first, second, third, fourth] = applicants as [
    (typeof applicants)[0],
    (typeof applicants)[0],
    (typeof applicants)[0],
    (typeof applicants)[0],
  ]
  const isFourth = (one: { publicNumber: string }) => one.publicNumber === fourth.publicNumber
  await post('/v1/rounds/2020/steps', { to: 'closed' })
  const published = '/v1/published/testoffice/2020'
  t.match(await call('GET', `${published}/freeze`), { status: 404, body: { code: 'nothing-published' } }, 'not frozen yet')
  await runRound(office, { authority: 'testoffice', client: 'test' }, '2020', { progress: noProgress, seconds: () => 0 })
  const freeze = await call('GET', `${published}/freeze`)
  t.match(freeze, { status: 200, body: { round: '2020', applications: 4, inputs: /^sha256:/, lotSecretDigest: null, draws: [] } })
  t.equal(freeze.body.inputs, (await call('GET', '/v1/rounds/2020', { key })).body.inputsDigest)

  const correction = { publicNumber: fourth.publicNumber, records: [1], decision: '2020-7', ground: 'evidence' }
  t.match(await post('/v1/rounds/2020/corrections', correction), { status: 409, body: { code: 'round-state' } })
  t.match(
    await post('/v1/rounds/2020/editions', { kind: 'correction', reason: 'x' }),
    { status: 400 },
    'a correction is no edition by itself',
  )
  for (const reason of [' ', 'a\u001b[31m', 'a\nb'])
    t.match(await post('/v1/rounds/2020/editions', { kind: 'notice', reason }), { status: 400, body: { errors: [{ pointer: '/reason' }] } })
  t.match(await post('/v1/rounds/2020/corrections', { ...correction, decision: ' ' }), {
    status: 400,
    body: { errors: [{ pointer: '/decision' }] },
  })
  const notice = await post('/v1/rounds/2020/editions', { kind: 'notice', reason: '公示' })
  t.match(notice, { status: 201, body: { entries: 2, setAside: [], counts: { admitted: 2 } } })

  const evidence = (await call('GET', `/v1/persons/${fourth.person}/evidence`, { key })).body.items
  const education = evidence.find((one: { kind: string }) => one.kind === 'education')
  const better = { kind: 'education', source: 'register', state: 'verified', record: { ...education.record, certificate: 'doctor-degree' } }
  const taken = await post(`/v1/persons/${fourth.person}/evidence`, { statements: [{ ...better, supersedes: education.evidence }] })
  t.match(await post('/v1/rounds/2020/corrections', { ...correction, records: [first.person * 1000] }), {
    status: 422,
    body: { code: 'unknown-evidence', errors: [{ pointer: '/records/0' }] },
  })
  t.match(await post('/v1/rounds/2020/corrections', { ...correction, ground: 'mercy' }), {
    status: 400,
    body: { errors: [{ pointer: '/ground' }] },
  })
  const reader = await newKey(['rounds:read', 'rounds:run'])
  t.match(await call('POST', '/v1/rounds/2020/corrections', { key: reader, body: correction }), { status: 403 })
  t.match(await call('POST', '/v1/rounds/2020/call-ups', { key: reader, body: { reason: 'x' } }), { status: 403 })
  t.match(await call('POST', '/v1/rounds/2020/settlements', { key: reader, body: { settled: [], lapsed: [] } }), { status: 403 })
  const other = await newKey(['rounds:publish'], 'otheroffice')
  t.match(await call('POST', '/v1/rounds/2020/corrections', { key: other, body: correction }), {
    status: 404,
    body: { code: 'unknown-round' },
  })

  const corrected = await post('/v1/rounds/2020/corrections', { ...correction, records: taken.body.evidence })
  t.match(corrected, {
    status: 201,
    headers: { location: `${published}/editions/2` },
    body: { kind: 'correction', supersedes: notice.body.digest, entries: 3 },
  })
  t.match((await call('GET', `${published}/editions/2/entries`)).body.items.find(isFourth), {
    publicNumber: fourth.publicNumber,
    through: 'correction',
    pool: null,
  })
  t.match(JSON.parse((await call('GET', `${published}/editions/2`)).text), {
    format: 2,
    amendments: [{ decision: '2020-7', ground: 'evidence', added: [fourth.publicNumber] }],
    reserve: [{ number: 1, publicNumber: third.publicNumber }],
  })
  const query = { round: '2020', publicNumber: fourth.publicNumber, citizenNumber: syntheticNumber(3, '19800701') }
  t.match((await post('/v1/score-queries', query)).body, {
    rank: 1,
    admitted: true,
    outcome: 'correction',
    correction: { edition: 2, decision: '2020-7', ground: 'evidence' },
    receipt: /^sha256:/,
  })

  t.match(await post('/v1/rounds/2020/settlements', { settled: [], lapsed: [] }), { status: 409, body: { code: 'round-state' } })
  await post('/v1/rounds/2020/editions', { kind: 'final', reason: 'final' })
  const settlements = { settled: [first.publicNumber, fourth.publicNumber], lapsed: [second.publicNumber] }
  t.match(await post('/v1/rounds/2020/settlements', settlements), {
    status: 422,
    body: { code: 'invalid-settlements', errors: [{ code: 'term-not-over', pointer: '/settled/0' }, {}, { pointer: '/lapsed/0' }] },
  })
  t.match(await post('/v1/rounds/2020/call-ups', { reason: 'early' }), { status: 409, body: { code: 'nothing-to-call-up' } })
  office.now = () => '2020-03-03T08:00:00.000Z'
  t.match(await post('/v1/rounds/2020/call-ups', { reason: 'x' }), { status: 409, body: { code: 'settlements-open' } })
  t.match(await post('/v1/rounds/2020/settlements', settlements), { status: 200, body: { settled: 2, lapsed: 1 } })
  t.match(await post('/v1/rounds/2020/call-ups', { reason: 'one lapsed' }), {
    status: 201,
    body: { kind: 'call-up', edition: 4, entries: 2 },
  })
  t.match(
    (await call('GET', `${published}/editions`)).body.items.map((one: { kind: string }) => one.kind),
    ['notice', 'correction', 'final', 'call-up'],
  )
})
