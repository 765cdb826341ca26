import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { compareBytes } from '../../src/ranking/byte-order.ts'
import { lotOf, lotSeedDigest, readLotSeed } from '../../src/ranking/lot.ts'
import { chainOf, type Direction, formatKeyValue } from '../../src/ranking/order-keys.ts'
import type { LineRule } from '../../src/ranking/quota-line.ts'
import { rank } from '../../src/ranking/rank.ts'

const seed = Buffer.alloc(16, 7)

/** Ranks totals that are named a, b, c …, and writes the outcome as "a1+ b2- …". */
function ranked(totals: number[], places: number, line: LineRule) {
  const entries = totals.map((total, i) => ({ id: String.fromCharCode(97 + i), chain: [total] }))
  const { placed, summary } = rank(entries, { directions: ['desc'], places, line, lotSeed: seed })
  const { admitted, cutOff, atLine } = summary
  return { list: placed.map(p => `${p.entry.id}${p.rank}${p.admitted ? '+' : '-'}`).join(' '), admitted, cutOff: cutOff?.[0], atLine }
}

const table: [totals: number[], places: number, line: LineRule, expected: object][] = [
  [[], 5, 'admit-all', { list: '', admitted: 0, cutOff: undefined, atLine: 0 }],
  [[5, 9], 5, 'admit-none', { list: 'b1+ a2+', admitted: 2, cutOff: 5, atLine: 0 }],
  [[9, 7, 7, 5], 0, 'admit-all', { list: 'a1- b2- c2- d4-', admitted: 0, cutOff: undefined, atLine: 0 }],
  [[9, 7, 7, 5], 3, 'admit-none', { list: 'a1+ b2+ c2+ d4-', admitted: 3, cutOff: 7, atLine: 0 }],
  [[9, 7, 7, 5], 2, 'admit-all', { list: 'a1+ b2+ c2+ d4-', admitted: 3, cutOff: 7, atLine: 2 }],
  [[9, 7, 7, 5], 2, 'admit-none', { list: 'a1+ b2- c2- d4-', admitted: 1, cutOff: 9, atLine: 2 }],
  [[7, 7, 7], 2, 'admit-none', { list: 'a1- b1- c1-', admitted: 0, cutOff: undefined, atLine: 3 }],
  [[7, 7, 7], 3, 'admit-none', { list: 'a1+ b1+ c1+', admitted: 3, cutOff: 7, atLine: 0 }],
]
for (const [totals, places, line, expected] of table) {
  t.test(`${totals.length} applicants, ${places} places, ${line}`, async t => {
    t.same(ranked(totals, places, line), expected)
  })
}

t.test('lots: SHA-256 of seed and public number, the smallest are drawn', async t => {
  const lot = (id: string) =>
    createHash('sha256')
      .update(Buffer.concat([seed, Buffer.from(id)]))
      .digest('hex')
  t.equal(lotOf(seed, 'é').toString('hex'), lot('é'))
  t.equal(lotSeedDigest(seed), `sha256:${createHash('sha256').update(seed).digest('hex')}`)
  const drawn = ['b', 'c', 'd'].sort((x, y) => (lot(x) < lot(y) ? -1 : 1))
  const { list, admitted, atLine } = ranked([9, 7, 7, 7, 5], 2, 'lot')
  t.same({ list, admitted, atLine }, { list: `a1+ ${drawn[0]}2+ ${drawn[1]}2- ${drawn[2]}2- e5-`, admitted: 2, atLine: 3 })
  t.same(readLotSeed('0707070707070707070707070707070A').at(-1), 10)
  for (const wrong of ['', '07', `${'07'.repeat(16)}0`, 'g7'.repeat(16)]) t.throws(() => readLotSeed(wrong), { code: 'invalid-lot-seed' })
})

t.test('ties stand in the order of UTF-8 bytes', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      return Math.sign(compareBytes(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b))
    }),
  )
  t.ok(compareBytes('\uffee', '\u{1f600}') < 0)
})

t.test('chains take what the keys name, and an unknown value leaves none', async t => {
  const order = [
    { key: 'total', direction: 'desc' },
    { key: 'item', of: 'employment', direction: 'desc' },
    { key: 'date', of: 'registeredSince', direction: 'asc' },
  ] as const
  const scored = { total: 9713, item: () => 3000, measure: () => 16495 }
  t.same(chainOf(order, scored), { chain: [9713, 3000, 16495] })
  t.same(chainOf(order, { ...scored, item: () => null, measure: () => undefined }), {
    reason: 'order-key-missing',
    missing: order.slice(1),
  })
  t.equal(formatKeyValue(9713, { kind: 'decimal', scale: 2 }), '97.13')
  t.equal(formatKeyValue(16495, { kind: 'date' }), '2015-03-01')
})

// The oracle: docs/ranking.md word by word, counting for each entry all others.
type Entry = { id: string; chain: number[] }
function oracle(entries: Entry[], directions: Direction[], places: number, line: LineRule) {
  const better = (a: Entry, b: Entry): boolean => {
    const i = directions.findIndex((_, key) => a.chain[key] !== b.chain[key])
    return i >= 0 && (directions[i] === 'desc') === (a.chain[i] as number) > (b.chain[i] as number)
  }
  const equal = (a: Entry, b: Entry) => !better(a, b) && !better(b, a)
  const lot = (e: Entry) => createHash('sha256').update(seed).update(e.id, 'utf8').digest('hex')
  const ranks = new Map(entries.map(e => [e.id, entries.filter(other => better(other, e)).length + 1]))
  const rankOf = (e: Entry) => ranks.get(e.id) as number
  // Position q is held by those with at most q − 1 better and, with their equals, at least q.
  const atQ =
    places === 0 ? undefined : entries.find(e => rankOf(e) <= places && rankOf(e) - 1 + entries.filter(o => equal(o, e)).length >= places)
  const sharing = atQ ? entries.filter(e => equal(e, atQ)) : []
  const cut = atQ !== undefined && rankOf(atQ) - 1 + sharing.length > places
  const admits = (e: Entry): boolean => {
    if (places === 0) return false
    if (entries.length <= places) return true
    if (!cut) return rankOf(e) <= places
    if (!equal(e, atQ)) return better(e, atQ)
    const left = places - (rankOf(atQ) - 1)
    return line === 'admit-all' || (line === 'lot' && sharing.filter(other => lot(other) < lot(e)).length < left)
  }
  const admitted = entries.filter(admits)
  const last = admitted.find(e => !admitted.some(other => better(e, other)))
  return {
    ranks: entries.map(e => `${e.id} ${rankOf(e)} ${admits(e)}`).sort(),
    summary: { applicants: entries.length, admitted: admitted.length, cutOff: last?.chain ?? null, atLine: cut ? sharing.length : 0 },
  }
}

t.test('random rankings agree with the oracle', async t => {
  const run = { seed: Date.now() % 2 ** 31, numRuns: 2000 }
  t.comment(`seed ${run.seed}`)
  const entries = fc.uniqueArray(
    fc.record({
      id: fc.string({ maxLength: 3, unit: 'grapheme' }),
      chain: fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 3 }),
    }),
    {
      selector: e => e.id,
      maxLength: 25,
    },
  )
  const direction = fc.constantFrom<Direction>('desc', 'asc')
  fc.assert(
    fc.property(
      entries,
      fc.array(direction, { minLength: 1, maxLength: 3 }),
      fc.nat(26),
      fc.constantFrom<LineRule>('admit-all', 'admit-none', 'lot'),
      (list, directions, places, line) => {
        const chains = list.map(({ id, chain }) => ({ id, chain: chain.slice(0, directions.length) }))
        const { placed, summary } = rank(chains, { directions, places, line, lotSeed: seed })
        const ranks = placed.map(p => `${p.entry.id} ${p.rank} ${p.admitted}`).sort()
        if (JSON.stringify({ ranks, summary }) !== JSON.stringify(oracle(chains, directions, places, line))) throw new Error('differs')
        if (placed.some((p, i) => p.admitted !== i < summary.admitted)) throw new Error('the admitted are not the first')
      },
    ),
    run,
  )
})
