import { createHash } from 'node:crypto'
import t from 'tap'
import { engine } from '../../src/scoring/engine.ts'
import { canonicalJson, type Json } from '../../src/values/canonical-json.ts'
import { quillmere } from '../support/quillmere.ts'
import { build } from './support.ts'

const facts = {
  birth: [{ date: '1960-01-01' }],
  insurance: [{ insurance: 'pension', payment: 'on-time', from: '2025-07' }],
  duckKeeping: [{ date: '2027-04-01', plumage: 'tealwing', hatched: '3' }],
}

/** The second year of the town as a draft, which gives estimates. */
async function aTown(t: Parameters<typeof build>[0]) {
  const { call, key } = await build(t)
  const author = await key(['schemes:write'])
  const store = (texts: object) => call('POST', '/v1/schemes', { key: author, body: texts })
  const { digest } = (await store(quillmere('2027'))).body
  const estimate = (facts: unknown, asOf = '2027-06-30') =>
    call('POST', '/v1/estimates', { body: { scheme: { scheme: 'quillmere', version: '2027' }, asOf, facts } })
  const replay = (receipt: unknown, facts: unknown) => call('POST', '/v1/replays', { body: { receipt, facts } })
  return { store, digest, estimate, replay }
}

t.test('an estimate carries its receipt and what would change it', async t => {
  const { digest, estimate } = await aTown(t)
  const { receipt, prospects, items } = (await estimate(facts)).body
  t.same(items, { work: '2.00', wetland: '6.00' })
  const { salt } = receipt.facts
  const ofFacts = createHash('sha256')
    .update(Buffer.from(salt, 'hex'))
    .update(canonicalJson(facts as Json))
    .digest('hex')
  t.same(receipt, {
    receipt: 1,
    scheme: { scheme: 'quillmere', version: '2027', digest },
    engine,
    facts: { salt, digest: `sha256:${ofFacts}` },
    asOf: '2027-06-30',
    eligibleFor: { settlement: 'yes' },
    items,
    totals: { settlement: '8.00' },
  })
  t.not((await estimate(facts)).body.receipt.facts.salt, salt, 'each receipt has a salt of its own')

  const work = {
    item: 'work',
    points: '2.00',
    stillPossible: '2.00',
    rises: { date: '2028-06-01', points: '3.00' },
    falls: null,
    ways: [{ measure: 'monthsInsured', from: '24', to: '36', points: '3.00' }],
  }
  const wetland = { item: 'wetland', points: '6.00', stillPossible: '2.00', rises: null, falls: null }
  t.same(prospects, [work, { ...wetland, ways: [{ measure: 'ducklingsRaised', from: '3', to: '4', points: '8.00' }] }])
  const { duckKeeping: _, ...unasked } = facts
  const unknown = await estimate(unasked)
  t.match(unknown.body, { totalIs: 'lower-bound', receipt: { items: { wetland: '0.00' } } })
  t.match((await estimate(facts, '2027-02-29')).body, { errors: [{ code: 'impossible-date', pointer: '/asOf' }] })
})

t.test('a receipt is replayed', async t => {
  const { store, estimate, replay } = await aTown(t)
  const { receipt } = (await estimate(facts)).body
  const equal = { status: 200, body: { equal: true, difference: null, engine: { receipt: engine, now: engine } } }
  t.match(await replay(receipt, facts), equal)
  t.match(await replay(receipt, Object.fromEntries(Object.entries(facts).reverse())), equal, 'the order of names does not count')
  const older = await replay({ ...receipt, engine: 'settlement-points 1' }, facts)
  t.match(older.body, { equal: true, engine: { receipt: 'settlement-points 1', now: engine } })

  const differs = async (altered: object, difference: object, by: unknown = facts) =>
    t.match(await replay({ ...receipt, ...altered }, by), { status: 200, body: { equal: false, difference } }, JSON.stringify(altered))
  await differs({ items: { ...receipt.items, wetland: '8.00' } }, { pointer: '/items/wetland', receipt: '8.00', now: '6.00' })
  await differs({ items: { work: '2.00' } }, { pointer: '/items/wetland', receipt: null, now: '6.00' })
  await differs({ items: { ...receipt.items, 'a/b': '1.00' } }, { pointer: '/items/a~1b', receipt: '1.00', now: null })
  await differs({ items: { ...receipt.items, toString: '1.00' } }, { pointer: '/items/toString', receipt: '1.00', now: null })
  await differs({ totals: { settlement: '8.01' } }, { pointer: '/totals/settlement', receipt: '8.01', now: '8.00' })
  await differs({ totals: { settlement: null } }, { pointer: '/totals/settlement', receipt: null, now: '8.00' })
  await differs({ eligibleFor: { settlement: 'no' } }, { pointer: '/eligibleFor/settlement', receipt: 'no', now: 'yes' })
  await differs({ scheme: { ...receipt.scheme, version: '2026' } }, { pointer: '/scheme/version', receipt: '2026', now: '2027' })
  await differs({ asOf: '2028-06-01' }, { pointer: '/items/work', receipt: '2.00', now: '3.00' })
  const more = { ...facts, duckKeeping: [{ ...facts.duckKeeping[0], hatched: '4' }] }
  await differs({}, { pointer: '/facts/digest', receipt: receipt.facts.digest, now: /^sha256:/ }, more)

  const refused = async (altered: object, status: number, code: string, error: object, by: unknown = facts) =>
    t.match(
      await replay({ ...receipt, ...altered }, by),
      { status, body: { code, errors: [error] } },
      `${code}: ${JSON.stringify(altered)}`,
    )
  const elsewhere = await replay({ ...receipt, scheme: { ...receipt.scheme, digest: `sha256:${'0'.repeat(64)}` } }, facts)
  t.match(elsewhere, { status: 404, body: { code: 'unknown-scheme', detail: /no scheme with the digest sha256:0000/ } })
  await refused({ asOf: '2027-02-29' }, 422, 'invalid-receipt', { code: 'impossible-date', pointer: '/receipt/asOf' })
  await refused({ receipt: 2 }, 400, 'invalid-request', { code: 'unknown-value', pointer: '/receipt/receipt' })
  await refused({ items: { work: 2 } }, 400, 'invalid-request', { pointer: '/receipt/items/work' })
  await refused({ facts: { ...receipt.facts, salt: 'salt' } }, 400, 'invalid-request', {
    pointer: '/receipt/facts/salt',
    message: 'must be 32 hexadecimal digits',
  })
  await refused({ more: 1 }, 400, 'invalid-request', { code: 'unknown-field', pointer: '/receipt/more' })
  await refused({}, 422, 'invalid-facts', { code: 'unknown-kind', pointer: '/facts/horoscope' }, { horoscope: [] })

  const other = quillmere('2027')
  t.match(await store({ ...other, source: other.source.replace('points: 2,', 'points: 3,') }), { status: 201 })
  t.match(await replay(receipt, facts), { status: 404, body: { code: 'unknown-scheme' } }, 'the draft was stored again with other content')
})
