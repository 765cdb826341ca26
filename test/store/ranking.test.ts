import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { bulkInsertApplications } from '../../src/store/applications.ts'
import { entryWriter } from '../../src/store/entries.ts'
import { bulkInsertPersons, drawPersons } from '../../src/store/persons.ts'
import { rankRun } from '../../src/store/ranking.ts'
import { insertRun } from '../../src/store/runs.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { aRound, at } from './a-round.ts'

type Applicant = { publicNumber: string; chain: number[] | null }
type Placed = { publicNumber: string; rank: number | null; admitted: boolean; lot: string | null }
type Case = {
  applicants: Applicant[]
  order: ('asc' | 'desc')[]
  quota: number
  line: 'admit-all' | 'admit-none' | 'lot'
  lotSeed: Buffer
}

/** docs/ranking.md, sentence by sentence and without any speed: each applicant is compared with each other. */
function oracle({ applicants, order, quota, line, lotSeed }: Case) {
  const better = (a: number[], b: number[]): boolean => {
    const key = a.findIndex((value, i) => value !== b[i])
    if (key < 0) return false
    return order[key] === 'desc' ? (a[key] as number) > (b[key] as number) : (a[key] as number) < (b[key] as number)
  }
  const ranked = applicants.flatMap(({ publicNumber, chain }) => (chain ? [{ publicNumber, chain }] : []))
  const rankOf = (chain: number[]) => 1 + ranked.filter(other => better(other.chain, chain)).length
  const sorted = [...ranked].sort((a, b) => rankOf(a.chain) - rankOf(b.chain))
  const lotOf = (publicNumber: string) => createHash('sha256').update(lotSeed).update(publicNumber, 'utf8').digest('hex')

  let admitted: string[] = []
  let lots: string[] = []
  let atLine = 0
  if (ranked.length <= quota) admitted = ranked.map(a => a.publicNumber)
  else if (quota > 0) {
    const last = (sorted[quota - 1] as (typeof sorted)[0]).chain
    const next = (sorted[quota] as (typeof sorted)[0]).chain
    if (better(last, next)) admitted = sorted.slice(0, quota).map(a => a.publicNumber)
    else {
      const above = sorted.filter(a => better(a.chain, last)).map(a => a.publicNumber)
      const sharing = sorted.filter(a => rankOf(a.chain) === rankOf(last)).map(a => a.publicNumber)
      atLine = sharing.length
      if (line === 'lot') lots = sharing
      const drawn = [...sharing].sort((a, b) => (lotOf(a) < lotOf(b) ? -1 : 1)).slice(0, quota - above.length)
      admitted = [...above, ...(line === 'admit-all' ? sharing : line === 'lot' ? drawn : [])]
    }
  }
  const cutOff = sorted.filter(a => admitted.includes(a.publicNumber)).at(-1)?.chain ?? null
  const placed: Placed[] = applicants.map(({ publicNumber, chain }) => ({
    publicNumber,
    rank: chain ? rankOf(chain) : null,
    admitted: admitted.includes(publicNumber),
    lot: lots.includes(publicNumber) ? lotOf(publicNumber) : null,
  }))
  return { result: { eligible: ranked.length, admitted: admitted.length, cutOff, atLine }, placed: byNumber(placed) }
}

const byNumber = (placed: Placed[]) => placed.sort((a, b) => (a.publicNumber < b.publicNumber ? -1 : 1))

const cases = fc
  .record({
    order: fc.array(fc.constantFrom('asc' as const, 'desc' as const), { minLength: 1, maxLength: 3 }),
    // Few values, so that ties are dense; now and then the ends of the safe integers.
    values: fc.array(fc.option(fc.tuple(...Array.from({ length: 3 }, () => value())), { freq: 6 }), { maxLength: 24 }),
    quota: fc.nat({ max: 28 }),
    line: fc.constantFrom('admit-all' as const, 'admit-none' as const, 'lot' as const),
    seed: fc.uint8Array({ minLength: 16, maxLength: 32 }),
  })
  .map(
    ({ order, values, quota, line, seed }): Case => ({
      applicants: values.map((chain, i) => ({
        publicNumber: `京${i}-${'é'.repeat(i % 3)}`,
        chain: chain ? chain.slice(0, order.length) : null,
      })),
      order,
      quota,
      line,
      lotSeed: Buffer.from(seed),
    }),
  )

function value(): fc.Arbitrary<number> {
  return fc.oneof({ weight: 20, arbitrary: fc.integer({ min: -1, max: 1 }) }, { weight: 1, arbitrary: fc.maxSafeInteger() })
}

t.test('the SQL ranks as docs/ranking.md says', async t => {
  const { db, pool } = await aRound(t)
  const persons = await drawPersons(db, 24)
  await inTransaction(pool, ({ client }) =>
    bulkInsertPersons(
      client,
      'haidian',
      persons.map(person => ({
        person,
        citizenNumberSealed: Buffer.alloc(0),
        citizenNumberIndex: Buffer.from(String(person)),
        nameSealed: Buffer.alloc(0),
        createdAt: at,
      })),
    ),
  )

  const undo = new Error('undo')
  async function ranked(given: Case) {
    let outcome: unknown
    const work = inTransaction(pool, async ({ db, client }) => {
      const round = { authority: 'haidian', round: '2026' }
      const rows = given.applicants.map((a, i) => ({ person: persons[i] as number, publicNumber: a.publicNumber, submittedAt: at }))
      await bulkInsertApplications(client, round, rows)
      const { rows: stored } = await client.query('select application, public_number from applications')
      const made = { engine: '0.1.0', scheme_digest: 's', rules_digest: 'r', inputs_digest: 'i', applicants: rows.length, seconds: {} }
      const run = await insertRun(db, { ...round, ...made, state: 'scored', started_at: at })
      const writer = entryWriter(client, { ...round, run })
      for (const { application, public_number } of stored) {
        const chain = given.applicants.find(a => a.publicNumber === public_number)?.chain ?? null
        const entry = { application, total: null, items: [], reasons: '[]', missing: [], chain }
        await writer.write({ ...entry, eligible: chain ? 'yes' : application % 2 === 0 ? 'no' : 'undetermined' })
      }
      await writer.end()
      const result = await rankRun(db, { ...round, run, ...given })
      const { rows: placed } = await client.query(`
        select public_number as "publicNumber", rank, admitted, encode(lot, 'hex') as lot
        from entries join applications using (authority, round, application)`)
      outcome = { result, placed: byNumber(placed) }
      throw undo
    })
    await work.catch(error => {
      if (error !== undo) throw error
    })
    return outcome
  }

  const seed = Date.now() & 0x7fffffff
  t.comment(`seed ${seed}`)
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(cases, async given => {
      const expected = oracle(given)
      const got = await ranked(given)
      if (JSON.stringify(got) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(got)}\nexpected ${JSON.stringify(expected)}`)
      const { eligible, atLine } = expected.result
      if (atLine > 0) seen.add(`cut, ${given.line}`)
      if (given.quota === 0) seen.add('no place')
      if (given.quota > eligible) seen.add('more places than applicants')
      if (eligible === 0) seen.add('nobody eligible')
      if (atLine === 0 && given.quota > 0 && given.quota < eligible) seen.add('clean line')
    }),
    {
      seed,
      numRuns: 300,
      examples: [
        [{ applicants: [], order: ['desc'], quota: 0, line: 'lot', lotSeed: randomBytes(16) }],
        [{ applicants: [{ publicNumber: 'a', chain: [0] }], order: ['desc'], quota: 0, line: 'admit-all', lotSeed: randomBytes(16) }],
        [{ applicants: [{ publicNumber: 'a', chain: null }], order: ['asc'], quota: 1, line: 'admit-none', lotSeed: randomBytes(16) }],
      ],
    },
  )
  t.same([...seen].sort(), [
    'clean line',
    'cut, admit-all',
    'cut, admit-none',
    'cut, lot',
    'more places than applicants',
    'no place',
    'nobody eligible',
  ])
})
