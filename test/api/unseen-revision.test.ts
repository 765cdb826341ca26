import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { project, syntheticNumber } from '../support/office.ts'
import { newNames, quillmere, quillmereRules } from '../support/quillmere.ts'
import { build, runEnded } from './support.ts'

type Year = '2026' | '2027'
type Records = { [kind: string]: { [field: string]: string }[] }

const insured = (from: string) => [{ insurance: 'pension', payment: 'on-time', from, to: '2026-06' }]
/** Who applies, oldest first: their birth, and since when they are insured. */
const applicants: { [name: string]: Records } = {
  oldest: { birth: [{ date: '1960-01-01' }], insurance: insured('2024-07') },
  older: { birth: [{ date: '1970-01-01' }], insurance: insured('2021-07') },
  younger: { birth: [{ date: '1980-01-01' }], insurance: insured('2021-07') },
  youngest: { birth: [{ date: '1990-01-01' }], insurance: insured('2010-01') },
}
const names = Object.keys(applicants)
const ducks: Records = {
  duckKeeping: [
    { date: '2027-04-01', plumage: 'tealwing', hatched: '3' },
    { date: '2027-05-01', plumage: 'shelduck', hatched: '9' },
  ],
}
/** The kind of the revision: the oldest keeps ducks, and of the others the register has none. */
const newFacts = (name: string): Records => (name === 'oldest' ? ducks : { duckKeeping: [] })

t.test('a revision with an indicator that nobody knew, through the API alone', async t => {
  const { call, key: newKey } = await build(t)
  const [author, second, office] = [await newKey(['schemes:write']), await newKey(['schemes:activate']), await newKey()]
  const post = (url: string, body: unknown, key = office) => call('POST', url, { key, body })

  const store = async (version: Year) => (await post('/v1/schemes', quillmere(version), author)).body
  const activate = (version: Year, { digest, casesDigest }: { digest: string; casesDigest: string }) =>
    post(`/v1/schemes/quillmere/${version}/activation`, { digest, casesDigest }, second)
  const estimate = async (version: Year, facts: Records) =>
    (await call('POST', '/v1/estimates', { body: { scheme: { scheme: 'quillmere', version }, asOf: `${version}-06-30`, facts } })).body
  const replay = async (receipt: unknown, facts: unknown) => (await call('POST', '/v1/replays', { body: { receipt, facts } })).body

  const persons: { [name: string]: { person: number; citizenNumber: string } } = {}
  const take = (name: string, facts: Records) =>
    post(`/v1/persons/${persons[name]?.person}/evidence`, {
      statements: Object.entries(facts).flatMap(([kind, records]) =>
        (records.length > 0 ? records : [null]).map(record => ({ kind, source: 'register', state: 'verified', record })),
      ),
    })

  /** A round from its draft to its notice, and how everybody came out: their rank, whether they are admitted, and their points. */
  const wholeRound = async (round: string, version: Year) => {
    t.equal((await post('/v1/rounds', { round, rules: quillmereRules(version) })).status, 201)
    await post(`/v1/rounds/${round}/steps`, { to: 'open' })
    const numbers: { [name: string]: string } = {}
    for (const name of names)
      numbers[name] = (await post(`/v1/rounds/${round}/applications`, { person: persons[name]?.person })).body.publicNumber
    await post(`/v1/rounds/${round}/steps`, { to: 'closed' })
    await post(`/v1/rounds/${round}/runs`, {})
    t.match((await runEnded(call, office, round)).body, { job: { state: 'done', problem: null }, runs: [{ state: 'verified' }] })
    t.equal((await post(`/v1/rounds/${round}/editions`, { kind: 'notice', reason: '公示' })).status, 201)
    const { items } = (await call('GET', `/v1/published/testoffice/${round}/editions/1/entries`)).body
    const published = items.map((entry: { publicNumber: string }) => names.find(name => numbers[name] === entry.publicNumber))
    const standings: { [name: string]: unknown } = {}
    for (const name of names) {
      const asked = { round, publicNumber: numbers[name], citizenNumber: persons[name]?.citizenNumber }
      const { rank, admitted, items: points } = (await post('/v1/score-queries', asked)).body
      standings[name] = { rank, admitted, ...points }
    }
    return { published, standings }
  }

  const first = await store('2026')
  t.match(await activate('2026', first), { status: 200, body: { state: 'active', supersedes: null, storedBy: { client: 'client-1' } } })
  for (const [i, name] of names.entries()) {
    const citizenNumber = syntheticNumber(i)
    persons[name] = { person: (await post('/v1/persons', { citizenNumber, name: '张三' })).body.person, citizenNumber }
    t.equal((await take(name, applicants[name] as Records)).status, 201)
  }
  const firstYear = {
    published: ['youngest', 'older'],
    standings: {
      youngest: { rank: 1, admitted: true, work: '10.00' },
      older: { rank: 2, admitted: true, work: '5.00' },
      younger: { rank: 3, admitted: false, work: '5.00' },
      oldest: { rank: 4, admitted: false, work: '2.00' },
    },
  }
  t.same(await wholeRound('2026', '2026'), firstYear, 'the cap of ten, and of equal totals the older first')
  const receipts: { receipt: { scheme: object }; facts: Records }[] = []
  for (const name of names) {
    const facts = applicants[name] as Records
    receipts.push({ facts, receipt: (await estimate('2026', facts)).receipt })
  }

  const next = await store('2027')
  t.match(next, { state: 'draft', stored: true })
  t.match(await take('oldest', ducks), { status: 422, body: { errors: [{ code: 'unknown-kind' }, { code: 'unknown-kind' }] } })
  t.match(await post('/v1/rounds', { round: '2027', rules: quillmereRules('2027') }), { status: 409, body: { code: 'scheme-not-active' } })
  t.match(await activate('2027', next), { status: 200, body: { state: 'active', supersedes: '2026', activatedBy: { client: 'client-2' } } })
  t.match((await call('GET', '/v1/schemes/quillmere/2026')).body, { state: 'superseded', supersededBy: '2027' })
  for (const name of names) t.equal((await take(name, newFacts(name))).status, 201)

  t.same(
    await wholeRound('2027', '2027'),
    {
      published: ['oldest', 'youngest'],
      standings: {
        oldest: { rank: 1, admitted: true, work: '2.00', wetland: '6.00' },
        youngest: { rank: 2, admitted: true, work: '4.00', wetland: '0.00' },
        younger: { rank: 3, admitted: false, work: '4.00', wetland: '0.00' },
        older: { rank: 4, admitted: false, work: '4.00', wetland: '0.00' },
      },
    },
    'the new item lifts the last to the first, the cap of four makes three equal, and of them the younger come first',
  )
  t.same(await wholeRound('2026-late', '2026'), firstYear, "a round by last year's version comes out as it did")

  for (const { receipt, facts } of receipts) {
    t.match(receipt.scheme, { version: '2026', digest: first.digest })
    t.match(await replay(receipt, facts), { equal: true, difference: null })
  }
  for (const name of names) {
    const facts = { ...applicants[name], ...newFacts(name) }
    const { receipt } = await estimate('2027', facts)
    t.match(receipt.scheme, { version: '2027', digest: next.digest })
    t.match(await replay(receipt, facts), { equal: true, difference: null })
    const altered = { ...facts, duckKeeping: [{ date: '2027-04-01', plumage: 'tealwing', hatched: '4' }] }
    t.match(await replay(receipt, altered), {
      equal: false,
      difference: { pointer: '/facts/digest', receipt: receipt.facts.digest, now: /^sha256:/ },
    })
  }
})

t.test('no code, no migration, no shipped scheme and no vocabulary knows a name of it', t => {
  const files = ['src', 'migrations', 'schemes'].flatMap(folder =>
    readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name)),
  )
  t.ok(files.length > 100)
  for (const file of files) {
    const text = readFileSync(file, 'utf8').toLowerCase()
    const known = newNames.filter(name => text.includes(name.toLowerCase()))
    if (known.length > 0) t.fail(`${file} has ${known.join(', ')}`)
  }
  t.end()
})
