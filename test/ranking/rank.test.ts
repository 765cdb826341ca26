import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { compareBytes } from '../../src/ranking/byte-order.ts'
import { lotOf, lotSecretDigest, readLotSecret } from '../../src/ranking/lot.ts'
import { chainOf, formatKeyValue, type OrderKey } from '../../src/ranking/order-keys.ts'
import { type Entry, type RankRules, rank } from '../../src/ranking/rank.ts'
import type { LineRule, Unit } from '../../src/ranking/rules.ts'

const lottery = { secret: Buffer.alloc(16, 7), draw: '1,5,9' }
const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const lot = (id: string) => sha256(sha256(lottery.secret), sha256(Buffer.from('1,5,9')), Buffer.from(id)).toString('hex')

const rulesOf = (places: number, line: LineRule, rest: Partial<RankRules> = {}): RankRules => ({
  order: [{ direction: 'desc' }],
  unit: 'applicants',
  pools: [{ pool: '', places, own: places, where: null }],
  secondRound: null,
  line,
  straddle: null,
  reserve: null,
  ...rest,
})

/** Ranks totals that are named a, b, c …, and writes the outcome as "a1+ b2- …". */
function ranked(totals: number[], places: number, line: LineRule) {
  const entries = totals.map((total, i) => ({ id: String.fromCharCode(97 + i), chain: [total] }))
  const { ranked, summary } = rank(entries, rulesOf(places, line), line === 'lot' ? lottery : undefined)
  const [pool] = summary.pools
  const list = ranked.map(({ entry, placed }) => `${entry.id}${placed?.rank}${placed?.outcome === 'first' ? '+' : '-'}`).join(' ')
  return { list, admitted: pool?.admitted, cutOff: pool?.cutOff?.[0], atLine: pool?.atLine }
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

t.test('lots: SHA-256 of the digests of secret and draw, and the public number; the smallest is first', async t => {
  t.equal(lotOf(lottery, 'é').toString('hex'), lot('é'))
  t.equal(lotSecretDigest(lottery.secret), `sha256:${sha256(lottery.secret).toString('hex')}`)
  const drawn = ['b', 'c', 'd'].sort((x, y) => (lot(x) < lot(y) ? -1 : 1))
  const { list, admitted, atLine } = ranked([9, 7, 7, 7, 5], 2, 'lot')
  t.same({ list, admitted, atLine }, { list: `a1+ ${drawn[0]}2+ ${drawn[1]}2- ${drawn[2]}2- e5-`, admitted: 2, atLine: 3 })
  t.throws(
    () =>
      rank(
        [
          { id: 'a', chain: [1] },
          { id: 'b', chain: [1] },
        ],
        rulesOf(1, 'lot'),
      ),
    TypeError,
  )
  t.same(readLotSecret('0707070707070707070707070707070A').at(-1), 10)
  for (const wrong of ['', '07', `${'07'.repeat(16)}0`, 'g7'.repeat(16)])
    t.throws(() => readLotSecret(wrong), { code: 'invalid-lot-secret' })
})

const household = (unit: Unit, places: number, entries: Entry[]) => {
  const { ranked } = rank(entries, rulesOf(places, 'admit-none', { unit, straddle: unit === 'persons' ? 'none' : null, reserve: 9 }))
  return ranked.map(({ entry, head, placed }) => `${entry.id} ${head} ${placed?.rank} ${placed?.outcome} ${placed?.reserve}`)
}

t.test('of a household only the head competes: the best chain, then the smallest number', async t => {
  const entries = [
    { id: 'd', chain: [6] },
    { id: 'c', chain: [7], household: 'h' },
    { id: 'b', chain: [8], household: 'h' },
    { id: 'a', chain: [9] },
    { id: 'B', chain: [8], household: 'h' },
  ]
  t.same(household('households', 2, entries), [
    'a true 1 first null',
    'B true 2 first null',
    'b false undefined undefined undefined',
    'c false undefined undefined undefined',
    'd true 3 none 1',
  ])
  t.match(household('applicants', 2, entries)[2], 'b true 2 none 1', 'where applications count, a household means nothing')
})

t.test('what the head says of persons counts', async t => {
  const entries = [
    { id: 'a', chain: [9], household: 'h', persons: 2 },
    { id: 'b', chain: [8], household: 'h', persons: 9 },
    { id: 'c', chain: [7], persons: 1 },
  ]
  t.same(household('persons', 3, entries), ['a true 1 first null', 'b false undefined undefined undefined', 'c true 2 first null'])
  t.match(household('persons', 1, entries)[0], 'a true 1 none 1')
})

t.test('a pool that the rules have not is an error of the caller', async t => {
  t.throws(() => rank([{ id: 'a', chain: [1], pool: 'nowhere' }], rulesOf(1, 'admit-all')), RangeError)
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
  const order: OrderKey[] = [
    { key: 'total', direction: 'desc' },
    { key: 'item', of: 'employment', direction: 'desc' },
    { key: 'date', of: 'registeredSince', direction: 'asc' },
    { key: 'submission', to: 'day', direction: 'asc' },
    { key: 'submission', to: 'moment', direction: 'asc' },
  ]
  const rules = { order, zone: '+08:00' }
  const submission = Date.parse('2026-11-28T16:00:00.123Z')
  const scored = { total: 9713, item: () => 3000, measure: () => 16495, submission }
  const day = Date.parse('2026-11-29') / 86_400_000
  t.same(chainOf(rules, scored), { chain: [9713, 3000, 16495, day, submission] })
  t.same(chainOf(rules, { ...scored, item: () => null, measure: () => undefined }), {
    reason: 'order-key-missing',
    missing: order.slice(1, 3),
  })
  t.equal(formatKeyValue(9713, { kind: 'decimal', scale: 2 }), '97.13')
  t.equal(formatKeyValue(16495, { kind: 'date' }), '2015-03-01')
  t.equal(formatKeyValue(submission, { kind: 'instant' }), '2026-11-28T16:00:00.123Z')
})
