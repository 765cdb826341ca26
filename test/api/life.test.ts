import t from 'tap'
import { syntheticNumber } from '../support/office.ts'
import { beijing, beijingRules, build, runEnded, someFacts, statementsOf } from './support.ts'

const applicants = 253
/** The line cuts through three who are equal, and all of them are admitted. */
const places = 249
const admitted = 250

t.test('the whole life of a round over HTTP', async t => {
  const { call, key: newKey, office } = await build(t)
  const key = await newKey()
  const post = (url: string, body: unknown) => call('POST', url, { key, body })
  const get = (url: string) => call('GET', url, { key })

  const stored = await post('/v1/schemes', beijing)
  t.match(stored, { status: 201, headers: { location: '/v1/schemes/beijing/2020' }, body: { state: 'draft', stored: true } })
  t.match(
    await post('/v1/schemes', beijing),
    { status: 200, body: { scheme: 'beijing', version: '2020', status: 'complete', state: 'draft', stored: false } },
    'storing it again changes nothing',
  )
  t.same(
    (await post('/v1/schemes:lint', beijing)).body.findings.filter((f: { severity: string }) => f.severity === 'error'),
    [],
  )
  t.match(await post('/v1/rounds', { round: '2020', rules: beijingRules(places) }), { status: 409, body: { code: 'scheme-not-active' } })
  const second = await newKey(['schemes:activate'])
  const { digest, casesDigest } = stored.body
  const activated = await call('POST', '/v1/schemes/beijing/2020/activation', { key: second, body: { digest, casesDigest } })
  t.match(activated, { status: 200, body: { state: 'active', supersedes: null } })
  t.same((await call('GET', '/v1/schemes')).body.items, [activated.body])
  t.same((await call('GET', '/v1/schemes/beijing/2020')).body, { ...activated.body, ...beijing })

  const estimate = await call('POST', '/v1/estimates', {
    body: { scheme: { scheme: 'beijing', version: '2020' }, asOf: '2019-12-31', facts: someFacts() },
  })
  t.match(estimate, { status: 200, body: { eligible: 'undetermined', items: { employment: '29.50' }, explanation: { format: 2 } } })

  const drafted = await post('/v1/rounds', { round: '2020', rules: beijingRules(places) })
  t.match(drafted, { status: 201, headers: { location: '/v1/rounds/2020' }, body: { state: 'draft', asOf: '2019-12-31' } })
  t.match(await post('/v1/rounds/2020/applications', { person: 1 }), { status: 409, body: { code: 'round-not-open' } })
  t.match(await post('/v1/rounds/2020/steps', { to: 'open' }), { status: 200, body: { state: 'open' } })

  const persons: { person: number; publicNumber: string; citizenNumber: string }[] = []
  for (let i = 0; i < applicants; i++) {
    const citizenNumber = syntheticNumber(i, '19800701')
    const { person } = (await post('/v1/persons', { citizenNumber, name: '张三丰' })).body
    const taken = await post(`/v1/persons/${person}/evidence`, { statements: statementsOf(100 + (i % 100)) })
    t.equal(taken.status, 201)
    const applied = await post('/v1/rounds/2020/applications', { person })
    persons.push({ person, publicNumber: applied.body.publicNumber, citizenNumber })
  }
  const [first] = persons as [(typeof persons)[0]]
  t.match(await post('/v1/rounds/2020/applications', { person: first.person }), { status: 409, body: { code: 'second-application' } })
  t.match(await get(`/v1/rounds/2020/applications/${first.publicNumber}`), { status: 200, body: { person: first.person } })

  t.match(await post('/v1/rounds/2020/runs', {}), { status: 409, body: { code: 'round-state' } }, 'an open round is not run')
  t.equal((await post('/v1/rounds/2020/steps', { to: 'closed' })).status, 200)
  const query = { round: '2020', publicNumber: first.publicNumber, citizenNumber: first.citizenNumber }
  t.match(await post('/v1/score-queries', query), { status: 409, body: { code: 'not-scored-yet' } })
  t.match(await post('/v1/rounds/2020/runs', { lotSecret: '00' }), { status: 422, body: { code: 'lot-secret-wrong' } })

  const both = await Promise.all([post('/v1/rounds/2020/runs', {}), post('/v1/rounds/2020/runs', {})])
  const [begun, busy] = both.sort((a, b) => a.status - b.status)
  t.match(begun, { status: 202, headers: { location: '/v1/rounds/2020/runs' }, body: { job: String, orderedBy: String } })
  t.match(busy, { status: 409, body: { code: 'round-busy', detail: new RegExp(begun?.body.job) } }, 'one run of a round at a time')
  const ended = await runEnded(call, key, '2020')
  t.match(ended.body, {
    job: { state: 'done', run: 1, problem: null },
    runs: [
      {
        run: 1,
        state: 'verified',
        applicants,
        eligible: applicants,
        admitted,
        pools: [{ pool: '', atLine: 3 }],
        report: { holds: true, findings: [] },
      },
    ],
  })
  t.ok(ended.body.runs[0].seconds.score > 0)
  t.equal((await get('/v1/rounds/2020/runs/1')).body.pools[0].cutOff.length, 1)
  t.match(await get('/v1/rounds/2020/runs/2'), { status: 404, body: { code: 'unknown-run' } })

  const before = await post('/v1/score-queries', query)
  t.match(before, { status: 200, body: { eligible: 'yes', rank: null, admitted: null } }, 'the rank is not told before the notice')
  t.match(await call('GET', '/v1/published/testoffice/2020/editions'), { status: 404, body: { code: 'nothing-published' } })
  t.match(await post('/v1/rounds/2020/editions', { kind: 'final', reason: 'too early' }), { status: 409, body: { code: 'round-state' } })

  const notice = await post('/v1/rounds/2020/editions', { kind: 'notice', reason: '公示' })
  t.match(notice, { status: 201, body: { edition: 1, counts: { admitted }, listDigest: /^sha256:/ } })
  t.match((await post('/v1/score-queries', query)).body, { rank: Number, admitted: Boolean })
  const final = await post('/v1/rounds/2020/editions', { kind: 'final', reason: 'no objection was upheld' })
  t.match(final.body, { edition: 2, supersedes: notice.body.digest, listDigest: notice.body.listDigest })
  t.same(
    (await get('/v1/rounds/2020')).body.steps.map((step: { to: string }) => step.to),
    ['open', 'closed', 'frozen', 'ranked', 'notice', 'final'],
  )

  await t.test('the published edition is what was sealed', async t => {
    const edition = await call('GET', final.headers.location as string)
    const stored = await office.db.selectFrom('editions').select('document').where('edition', '=', 2).executeTakeFirstOrThrow()
    t.equal(edition.text, stored.document, 'byte for byte')
    const etag = `"${final.body.digest}"`
    t.match(edition.headers, { etag, 'cache-control': /public/ })
    const cached = await call('GET', final.headers.location as string, { headers: { 'if-none-match': `"other", W/${etag}` } })
    t.match(cached, { status: 304, text: '', headers: { etag } })
    t.equal((await call('GET', final.headers.location as string, { headers: { 'if-none-match': '"other"' } })).status, 200)
    t.match(await call('GET', '/v1/published/testoffice/2020/editions/3'), { status: 404, body: { code: 'unknown-edition' } })
    t.match(await call('GET', '/v1/published/testoffice/2020/editions/3/entries'), { status: 404, body: { code: 'unknown-edition' } })
  })

  await t.test('the list is read in pages', async t => {
    const sizes: number[] = []
    const seen: { position: number; name: string }[] = []
    let next: string | null = '/v1/published/testoffice/2020/editions/1/entries?limit=100'
    while (next !== null) {
      const { body } = await call('GET', next)
      sizes.push(body.items.length)
      seen.push(...body.items)
      next = body.next
    }
    t.same(sizes, [100, 100, 50])
    t.same(
      seen.map(entry => entry.position),
      Array.from({ length: admitted }, (_, i) => i + 1),
    )
    t.ok(seen.every(entry => entry.name === '张**'))
    for (const after of ['x', Buffer.from('["a"]').toString('base64url'), Buffer.from('[99999999999]').toString('base64url')])
      t.match(
        await call('GET', `/v1/published/testoffice/2020/editions/1/entries?after=${after}`),
        { status: 400, body: { errors: [{ code: 'wrong-page-key', pointer: '/after', in: 'query' }] } },
        `a page key that is none: ${after}`,
      )
  })

  await t.test('evidence is read in pages, superseded statements too', async t => {
    const url = `/v1/persons/${first.person}/evidence`
    const all = (await get(url)).body.items
    const [birth] = all
    const {
      evidence: [fresh],
    } = (
      await post(url, {
        statements: [{ kind: 'birth', source: 'register', state: 'rejected', record: birth.record, supersedes: birth.evidence }],
      })
    ).body
    const page = (await get(`${url}?limit=1`)).body
    t.same([page.items.length, page.items[0].evidence], [1, birth.evidence])
    const rest = (await get(page.next)).body
    t.ok(rest.items.length === 1 && rest.next)
    t.equal((await get(url)).body.items.at(-1).evidence, fresh)
    t.match(
      await post(url, {
        statements: [{ kind: 'birth', source: 'register', state: 'rejected', record: birth.record, supersedes: birth.evidence }],
      }),
      { status: 409, body: { code: 'evidence-superseded' } },
    )
  })
})
