import t from 'tap'
import { takeApplicants } from '../../src/round/bulk-intake.ts'
import { appendEvidence } from '../../src/store/evidence.ts'
import { lockRound } from '../../src/store/rounds.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { syntheticNumber } from '../support/office.ts'
import { asSuperuser } from '../support/superuser.ts'
import { beijingRules, build, keptLog, runEnded, statementsOf } from './support.ts'

const round = '/v1/rounds/2020'
const birth = { kind: 'birth', source: 'register', state: 'verified', record: { date: '1980-07-01' } }

/** An office with an open round and so many persons, without evidence, who have applied. */
async function open(t: Parameters<typeof build>[0], applicants: number, options: Parameters<typeof build>[1] = {}) {
  const built = await build(t, options)
  const key = await built.key()
  const post = (url: string, body: unknown) => built.call('POST', url, { key, body })
  const get = (url: string) => built.call('GET', url, { key })
  await built.inForce('beijing/2020')
  await post('/v1/rounds', { round: '2020', rules: beijingRules(10) })
  await post(`${round}/steps`, { to: 'open' })
  const taken: { person: number; publicNumber: string; citizenNumber: string }[] = []
  for (let i = 0; i < applicants; i++) {
    const citizenNumber = syntheticNumber(i, '19800701')
    const { person } = (await post('/v1/persons', { citizenNumber, name: '张三' })).body
    const { publicNumber } = (await post(`${round}/applications`, { person })).body
    taken.push({ person, publicNumber, citizenNumber })
  }
  return { ...built, admin: key, post, get, taken }
}

t.test('numbers that were lost are told again, in every state of the round', async t => {
  const { post, call, key, taken } = await open(t, 1)
  const [{ person, publicNumber, citizenNumber }] = taken as [(typeof taken)[0]]
  const registered = (body: object) => ({ status: 409, body: { code: 'person-exists', errors: [{ pointer: '/citizenNumber' }], ...body } })
  t.match(await post('/v1/persons', { citizenNumber, name: '张三' }), registered({ person, detail: new RegExp(`person ${person}\\.`) }))
  const other = await call('POST', '/v1/persons', { key: await key(undefined, 'otheroffice'), body: { citizenNumber, name: '张三' } })
  t.match(other, { status: 201 }, 'another authority is not told the number')
  t.not(other.body.person, person)

  const applied = {
    status: 409,
    body: { code: 'second-application', publicNumber, errors: [{ pointer: '/person', message: new RegExp(publicNumber) }] },
  }
  t.match(await post(`${round}/applications`, { person }), applied)
  await post(`${round}/steps`, { to: 'closed' })
  t.match(await post(`${round}/applications`, { person }), applied, 'when the round is closed too')
  const late = (await post('/v1/persons', { citizenNumber: syntheticNumber(900), name: '李四' })).body
  const refused = await post(`${round}/applications`, { person: late.person })
  t.match(refused, { status: 409, body: { code: 'round-not-open' } })
  t.notOk('publicNumber' in refused.body || 'person' in refused.body)
})

t.test('a refusal of statements points at each that is meant', async t => {
  const { post, taken } = await open(t, 2)
  const [first, second] = taken.map(({ person }) => `/v1/persons/${person}/evidence`) as [string, string]
  const none = (kind: string) => ({ kind, source: 'register', state: 'verified', record: null })
  const taking = (url: string, ...statements: unknown[]) => post(url, { statements })
  const numbers = (await taking(first, birth, none('crime'))).body.evidence as number[]
  const refusal = (status: number, code: string, ...pointers: string[]) => ({
    status,
    body: { code, errors: Object.assign([...pointers.map(pointer => ({ code, pointer }))], { length: pointers.length }) },
  })

  t.match(await taking(first, none('detention'), none('crime'), birth), refusal(409, 'same-statement', '/statements/1', '/statements/2'))
  t.match(await taking(second, none('crime'), none('detention'), none('crime')), refusal(409, 'same-statement', '/statements/2'))
  t.match(
    await taking(first, birth, { ...birth, supersedes: 9_999 }, { ...birth, supersedes: numbers[0] }),
    refusal(422, 'unknown-evidence', '/statements/1/supersedes'),
  )
  t.match(await taking(second, { ...birth, supersedes: numbers[0] }), refusal(422, 'unknown-evidence', '/statements/0/supersedes'))
  const correction = { ...birth, supersedes: numbers[0] }
  t.match(await taking(first, correction, correction), refusal(409, 'evidence-superseded', '/statements/1/supersedes'))
  t.match(await taking(first, { ...none('crime'), supersedes: numbers[0] }), {
    status: 422,
    body: { code: 'invalid-facts', errors: [{ code: 'other-kind', pointer: '/statements/0/supersedes' }] },
  })
  const raced = await Promise.all([1, 2, 3, 4].map(() => taking(first, none('detention'), correction)))
  t.same(raced.map(({ status }) => status).sort(), [201, 409, 409, 409], 'one of several who do the same is taken')
  for (const lost of raced.filter(({ status }) => status === 409))
    t.match(lost.body.errors[0].pointer, /^\/statements\/(0|1\/supersedes)$/, lost.body.code)
})

t.test('what did not count is told, and evidence is taken after the freeze', async t => {
  const { post, get, call, admin, taken } = await open(t, 2)
  const [{ person }] = taken as [(typeof taken)[0]]
  await post(`/v1/persons/${person}/evidence`, { statements: [birth, { ...birth, source: 'applicant', state: 'declared' }] })
  t.match((await get(round)).body, { pendingRecords: null, alsoElsewhere: null })
  await post(`${round}/steps`, { to: 'closed' })
  await post(`${round}/runs`, {})
  await runEnded(call, admin, '2020')
  t.match((await get(round)).body, { pendingRecords: 1, alsoElsewhere: 0 })
  t.equal((await post(`/v1/persons/${person}/evidence`, { statements: statementsOf(12).slice(1, 2) })).status, 201)
  t.match((await get(round)).body, { state: 'ranked', pendingRecords: 1 })
})

t.test('evidence that contradicts itself stops the run and is named by the public number, but not in the log', async t => {
  const log = keptLog()
  const { post, call, admin, taken, app } = await open(t, 1, { logger: log.options as never })
  const [{ person, publicNumber }] = taken as [(typeof taken)[0]]
  const attested = (source: string, value: string) => {
    return { kind: 'attested', source, state: 'verified', record: { measure: 'monthsEmployed', value } }
  }
  await post(`/v1/persons/${person}/evidence`, { statements: [attested('tax', '10'), attested('labour', '12')] })
  await post(`${round}/steps`, { to: 'closed' })
  t.match(await post(`${round}/runs`, {}), { status: 202, body: { state: 'queued', problem: null } })
  const { job } = (await runEnded(call, admin, '2020')).body
  t.match(job, {
    state: 'failed',
    problem: { code: 'unusable-evidence', errors: [{ code: 'attested-twice', pointer: new RegExp(`^/${publicNumber}/attested/1`) }] },
  })
  await app.close()
  t.notMatch(log.text(), new RegExp(publicNumber))
})

t.test('a run that breaks off leaves no evidence in the log', async t => {
  const log = keptLog()
  const { post, get, call, admin, office, taken, app } = await open(t, 1, { logger: log.options as never })
  const [{ person }] = taken as [(typeof taken)[0]]
  const others = Array.from({ length: 600 }, (_, i) => ({ citizenNumber: syntheticNumber(i + 1), name: '张三', statements: [] }))
  await takeApplicants(office, { authority: 'testoffice', client: 'test' }, '2020', others)
  await post(`${round}/steps`, { to: 'closed' })
  // Past the intake, which would have refused it.
  const record = JSON.stringify({ date: '1980-02-30' })
  const recorded = { recorded_by: 'test', recorded_at: office.now(), valid_from: null, valid_to: null, supersedes: null }
  await appendEvidence(office.db, 'testoffice', person, [{ kind: 'birth', source: 'register', state: 'verified', record, ...recorded }])
  t.equal((await post(`${round}/runs`, {})).status, 202)
  const ended = await runEnded(call, admin, '2020')
  t.match(ended.body.job, { state: 'failed', problem: { code: 'unusable-evidence', detail: /1980-02-30/ } }, 'the office is told')
  t.match((await get(round)).body, { state: 'closed' })
  await log.has('run failed')
  await app.close()
  t.match(log.text(), /"code":"unusable-evidence".*"found":\["impossible-date birth"\]/)
  t.notMatch(log.text(), /1980-02-30/)
})

t.test('a compressed body is refused in words', async t => {
  const { call, admin } = await open(t, 0)
  const send = (encoding: string, body: unknown = { to: 'closed' }) =>
    call('POST', `${round}/steps`, { key: admin, body, headers: { 'content-encoding': encoding } })
  t.match(await send('gzip', Buffer.from([0x1f, 0x8b, 8, 0])), {
    status: 415,
    headers: { 'accept-encoding': 'identity' },
    body: { code: 'compressed-body', detail: /uncompressed/ },
  })
  t.match(await send('br'), { status: 415 })
  t.match(await call('GET', round, { key: admin, headers: { 'content-encoding': 'gzip' } }), { status: 200 }, 'no body, nothing to refuse')
  t.match(await send('identity'), { status: 200, body: { state: 'closed' } })
})

t.test('late applicants do not hold the pool while a run has the round', async t => {
  const { post, get, call, office, admin } = await open(t, 1)
  const { person } = (await post('/v1/persons', { citizenNumber: syntheticNumber(901), name: '李四' })).body
  await post(`${round}/steps`, { to: 'closed' })
  await post(`${round}/runs`, {})
  await runEnded(call, admin, '2020')
  const began = performance.now()
  await inTransaction(office.pool, async ({ db }) => {
    await lockRound(db, 'testoffice', '2020')
    const late = Array.from({ length: 40 }, () => post(`${round}/applications`, { person }))
    t.equal((await get('/v1/rounds')).status, 200)
    t.equal((await post('/v1/persons', { citizenNumber: syntheticNumber(902), name: '王五' })).status, 201)
    for (const { status, body } of await Promise.all(late)) t.match([status, body.code], [409, 'round-not-open'])
  })
  t.ok(performance.now() - began < 2000, 'nobody has waited for the lock')

  // An open round that somebody else has: they wait, and are told to try again.
  await office.db.updateTable('rounds').set({ state: 'open' }).execute()
  await inTransaction(office.pool, async ({ db }) => {
    await lockRound(db, 'testoffice', '2020')
    t.match(await post(`${round}/applications`, { person }), { status: 409, body: { code: 'round-busy' } })
  })
  t.equal((await post(`${round}/applications`, { person })).status, 201)
})

t.test('an edition that was altered is not handed out', async t => {
  const log = keptLog()
  const { post, call, admin, office, taken } = await open(t, 2, { logger: log.options as never })
  for (const [i, { person }] of taken.entries()) await post(`/v1/persons/${person}/evidence`, { statements: statementsOf(100 + i) })
  await post(`${round}/steps`, { to: 'closed' })
  await post(`${round}/runs`, {})
  await runEnded(call, admin, '2020')
  const { headers, body } = await post(`${round}/editions`, { kind: 'notice', reason: '公示' })
  const url = headers.location as string
  const asked = () => call('GET', url, { headers: { 'if-none-match': `"${body.digest}"` } })

  const alter = (set: string) => asSuperuser(office.pool, `update editions set ${set}`)
  const first = await office.db.selectFrom('editions').select('document').executeTakeFirstOrThrow()
  const restored = `document = '${first.document.replaceAll("'", "''")}'`
  const altered = { status: 500, headers: { 'cache-control': 'no-store' }, body: { code: 'round-altered' } }
  await alter(`document = replace(document, '公示', '公告')`)
  t.match(await asked(), altered, 'before it was ever read')
  await alter(restored)
  t.match(await asked(), { status: 304 })
  t.match(await call('GET', url), { status: 200, text: first.document })
  await alter(`document = replace(document, '公示', '公告')`)
  t.match(await asked(), altered, 'after it was read in this process')
  await alter(`document = 'x'`)
  t.match(await asked(), altered, 'no JSON')
  await alter(`document = 'null'`)
  t.match(await asked(), altered)
  await alter(`${restored}, edition = 2`)
  t.match(await call('GET', url.replace(/1$/, '2')), altered, 'under the number of another')
  await log.has('not what was sealed')
})

t.test('a public number is understood as people type it', async t => {
  const { post, taken } = await open(t, 1)
  const [{ publicNumber, citizenNumber }] = taken as [(typeof taken)[0]]
  const [a, b, c] = publicNumber.split('-') as [string, string, string]
  const wide = publicNumber.replace(/[0-9A-Z]/g, sign => String.fromCodePoint((sign.codePointAt(0) as number) + 0xfee0))
  const asked = (typed: string) => post('/v1/score-queries', { round: '2020', publicNumber: typed, citizenNumber })
  for (const typed of [
    publicNumber,
    publicNumber.toLowerCase(),
    a + b + c,
    ` ${a} ${b} ${c} `.toLowerCase(),
    `${a}–${b}－${c}`,
    `${a}${b}-${c}`,
    wide,
  ])
    t.match(await asked(typed), { status: 409, body: { code: 'not-scored-yet' } }, `"${typed}" is found`)
  for (const typed of ['', '-', `${a}-${b}`, `${publicNumber}2`, `${a}-${b}-${c.slice(1)}!`, '%'])
    t.match(await asked(typed), { status: 404, body: { code: 'no-such-applicant' } }, `"${typed}" is none`)
})
