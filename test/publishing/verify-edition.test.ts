import { createHash } from 'node:crypto'
import t from 'tap'
import { type Edition, listDigest, sealEdition } from '../../src/publishing/edition.ts'
import { verifyEdition } from '../../src/publishing/verify-edition.ts'
import type { Json } from '../../src/values/canonical-json.ts'
import { digestOf } from '../../src/values/digest.ts'

const digest = `sha256:${'0'.repeat(64)}`
const both = (text: string) => ({ 'zh-CN': text, en: text })
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest()
const secret = '00112233445566778899aabbccddeeff'
const numbers = '1,2,5'

function lotOf(publicNumber: string): string {
  const parts = [sha256(Buffer.from(secret, 'hex')), sha256(Buffer.from(numbers)), Buffer.from(publicNumber)]
  return sha256(Buffer.concat(parts)).toString('hex')
}

const head = {
  format: 2 as const,
  kind: 'notice' as const,
  authority: 'testoffice',
  round: '2020',
  edition: 1,
  supersedes: null,
  reason: 'a test',
  sealedAt: '2020-03-01T08:00:00.000Z',
  sealedBy: 'test',
  asOf: '2019-12-31',
  scheme: { scheme: 'model', version: '2017', digest },
  rules: { rules: 'model/2017', digest },
  inputs: digest,
  run: 1,
}
const decided = { decision: { number: '1', body: both('body') }, capacityBasis: both('basis') }
const entry = (rank: number, publicNumber: string, total: string, more: object = {}) => ({
  rank,
  publicNumber,
  name: '张*',
  total,
  ...more,
})

/** One pool, three places, five eligible; two are equal at the line and drawn for. */
function plain(): Edition {
  const drawn = ['CCCC', 'DDDD'].map(publicNumber => ({ publicNumber, lot: lotOf(publicNumber) }))
  const [won, lost] = [...drawn].sort((a, b) => (a.lot < b.lot ? -1 : 1)) as [(typeof drawn)[0], (typeof drawn)[0]]
  return {
    ...head,
    counts: { applicants: 6, eligible: 5, admitted: 3, atLine: 2 },
    order: [{ key: 'total', direction: 'desc' }],
    quota: { places: 3, unit: 'applicants', ...decided },
    line: {
      rule: 'lot',
      secret,
      secretDigest: `sha256:${sha256(Buffer.from(secret, 'hex')).toString('hex')}`,
      draws: [{ name: '2020026', heldOn: '2020-03-02', numbers }],
      lots: drawn.map(one => ({ ...one, placed: one === won })),
    },
    cutOff: ['70.00'],
    reserve: [
      { number: 1, publicNumber: lost.publicNumber },
      { number: 2, publicNumber: 'EEEE' },
    ],
    entries: [entry(1, 'BBBB', '90.00'), entry(2, 'AAAA', '80.00'), entry(3, won.publicNumber, '70.00')],
  }
}

/** Two pools and a second round: the inner pool is full, the outer one leaves a place, of which the inner has room for one. */
function pooled(): Edition {
  return {
    ...head,
    counts: { applicants: 9, eligible: 6, admitted: 4, atLine: 0 },
    order: [{ key: 'total', direction: 'desc' }],
    quota: { unit: 'applicants', ...decided },
    line: { rule: 'admit-none' },
    pools: [
      {
        ...{ pool: 'inner', name: both('inner'), places: 2, eligible: 5, admitted: 2, admittedSecond: 1, unused: 0, atLine: 0 },
        ...{ cutOff: ['80.00'], reserve: [{ number: 1, publicNumber: 'EEEE' }] },
      },
      {
        ...{ pool: 'outer', name: both('outer'), places: 2, carriedOver: [{ places: 1, from: '2019' }], eligible: 1, admitted: 1 },
        ...{ admittedSecond: 0, unused: 1, atLine: 0, cutOff: ['60.00'], reserve: [] },
      },
    ],
    setAside: [{ pool: 'third', name: both('third'), reason: ['R4', 'R12'] }],
    secondRound: { percent: '50', rounding: 'down', atRoom: 'admit-none', places: 1, cutOff: ['70.00'], atLine: 0 },
    entries: [
      entry(1, 'BBBB', '90.00', { pool: 'inner' }),
      entry(2, 'AAAA', '80.00', { pool: 'inner' }),
      entry(3, 'CCCC', '70.00', { pool: 'inner', through: 'second-round' }),
      entry(1, 'FFFF', '60.00', { pool: 'outer' }),
    ] as Edition['entries'],
  }
}

/** The plain list with one admitted by a correction, and one place lapsed and given to the reserve list. */
function amended(): Edition {
  const before = plain()
  const [, called] = before.reserve as [object, { number: number; publicNumber: string }]
  return {
    ...before,
    kind: 'call-up',
    edition: 4,
    supersedes: digest,
    amendments: [
      { edition: 2, kind: 'correction', added: ['GGGG'], removed: [], changed: [], decision: '7', ground: 'evidence' },
      { edition: 4, kind: 'call-up', added: [called.publicNumber], removed: ['AAAA'], changed: [] },
    ],
    reserve: before.reserve?.slice(0, 1) as NonNullable<Edition['reserve']>,
    entries: [
      before.entries[0] as Edition['entries'][0],
      entry(2, 'GGGG', '85.00', { through: 'correction' }),
      before.entries[2] as Edition['entries'][0],
      entry(5, called.publicNumber, '65.00', { through: 'call-up' }),
    ] as Edition['entries'],
  }
}

function scoreLine(): Edition {
  const entries = [entry(0, 'AAAA', '120.00'), entry(0, 'BBBB', '125.50')].map(one => ({ ...one, rank: null }))
  return { ...head, counts: { applicants: 3, eligible: 2, admitted: 2, atLine: 0 }, scoreLine: '120', entries }
}

/** Three share the last place of two, and all are admitted. */
function admitAll(): Edition {
  const { reserve: _, ...rest } = plain()
  return {
    ...rest,
    counts: { applicants: 6, eligible: 5, admitted: 4, atLine: 3 },
    quota: { places: 2, unit: 'applicants', ...decided },
    line: { rule: 'admit-all' },
    entries: [entry(1, 'BBBB', '90.00'), ...['AAAA', 'CCCC', 'DDDD'].map(one => entry(2, one, '70.00'))],
  } as Edition
}

/** Two share the last place of two, and neither is admitted. */
function admitNone(): Edition {
  const { reserve: _, ...rest } = plain()
  return {
    ...rest,
    counts: { applicants: 6, eligible: 5, admitted: 1, atLine: 2 },
    quota: { places: 2, unit: 'applicants', ...decided },
    line: { rule: 'admit-none' },
    cutOff: ['90.00'],
    entries: [entry(1, 'BBBB', '90.00')],
  } as Edition
}

/** Places of persons: the second household was too large and passed over. */
function persons(): Edition {
  const { reserve: _, ...rest } = plain()
  return {
    ...rest,
    counts: { applicants: 6, eligible: 5, admitted: 2, atLine: 0 },
    quota: { places: 4, unit: 'persons', ...decided },
    straddle: 'next-smaller',
    line: { rule: 'admit-none' },
    entries: [entry(1, 'BBBB', '90.00'), entry(3, 'AAAA', '70.00')],
  } as unknown as Edition
}

/** The same with places rounded up. */
function pooledUp(): Edition {
  const list = pooled()
  return { ...list, secondRound: { ...(list.secondRound as object), percent: '40', rounding: 'up' } } as Edition
}

const lists = { plain, admitAll, admitNone, persons, pooled, pooledUp, amended, scoreLine }
const codesOf = (edition: Edition) =>
  verifyEdition(JSON.stringify(sealEdition(edition))).faults.map(({ code, pointer }) => `${code} ${pointer}`)

t.test('lists that are right have no fault', async t => {
  for (const [name, list] of Object.entries(lists)) t.strictSame(codesOf(list()), [], name)
})

// biome-ignore lint/suspicious/noExplicitAny: what is altered has any shape
type Alter = (edition: any) => void
const oneMoreInSecond: Alter = e => {
  e.entries.splice(3, 0, entry(4, 'GGGG', '65.00', { pool: 'inner', through: 'second-round' }))
  e.pools[0].admittedSecond = 2
  e.counts.admitted = 5
}
const alterations: [list: keyof typeof lists, what: string, alter: Alter, fault: string][] = [
  ['plain', 'ranks exchanged', e => ([e.entries[0].rank, e.entries[1].rank] = [2, 1]), 'wrong-order /entries/0/rank'],
  ['plain', 'a total raised above a better rank', e => (e.entries[1].total = '95.00'), 'wrong-order /entries/1/total'],
  ['plain', 'somebody twice', e => (e.entries[1].publicNumber = 'BBBB'), 'wrong-order /entries/1/publicNumber'],
  ['plain', 'one more admitted', e => e.entries.push(entry(4, 'ZZZZ', '60.00')), 'wrong-count /counts/admitted'],
  ['plain', 'more admitted than there are places', e => (e.quota.places = 2), 'wrong-count /counts/admitted'],
  ['plain', 'another cut-off', e => (e.cutOff = ['60.00']), 'wrong-cut-off /cutOff/0'],
  ['plain', 'another secret', e => (e.line.secret = secret.replace('00', '01')), 'wrong-lot /line/secret'],
  ['plain', 'another draw', e => (e.line.draws[0].numbers = '1,2,6'), 'wrong-lot /line/lots/0/lot'],
  ['plain', 'a later entry of a draw', e => e.line.draws.push({ ...e.line.draws[0], numbers: '3,4,5' }), 'wrong-lot /line/lots/0/lot'],
  ['plain', 'no draw', e => (e.line.draws = []), 'wrong-lot /line/draws'],
  [
    'plain',
    'the loser of the lot named as placed',
    e => (e.line.lots = e.line.lots.map((one: object) => ({ ...one, placed: true }))),
    'wrong-lot',
  ],
  ['plain', 'a lot of another', e => (e.line.lots[0].lot = e.line.lots[1].lot), 'wrong-lot /line/lots/0/lot'],
  ['plain', 'a reserve number skipped', e => (e.reserve[1].number = 3), 'wrong-reserve /reserve/1/number'],
  ['plain', 'on the list and on the reserve list', e => (e.reserve[1].publicNumber = 'AAAA'), 'wrong-reserve /reserve/1/publicNumber'],
  ['plain', 'pools and none', e => (e.entries[0].pool = 'inner'), 'wrong-form /entries/0/pool'],
  ['plain', 'a correction without an amendment', e => (e.kind = 'correction'), 'wrong-amendment /amendments'],
  ['plain', 'come in by a correction that nothing tells', e => (e.entries[1].through = 'correction'), 'wrong-amendment /entries/1/through'],
  ['pooled', 'an entry in another pool', e => (e.entries[1].pool = 'outer'), 'wrong-order /entries/2/pool'],
  ['pooled', 'an entry in a pool that is set aside', e => (e.entries[3].pool = 'third'), 'wrong-form /entries/3/pool'],
  ['pooled', 'the second round called the first', e => delete e.entries[2].through, 'wrong-count /pools/0/admitted'],
  ['pooled', 'no room for the second round', e => (e.secondRound.percent = '40'), 'wrong-count /pools/0/admittedSecond'],
  ['pooled', 'other places of the second round', e => (e.secondRound.places = 2), 'wrong-count /secondRound/places'],
  ['pooled', 'unused places', e => (e.pools[1].unused = 0), 'wrong-count /pools/1/unused'],
  ['pooled', 'counts of the pools', e => (e.counts.eligible = 7), 'wrong-count /counts/eligible'],
  ['pooled', 'a pool here and set aside', e => (e.setAside[0].pool = 'outer'), 'wrong-form /pools'],
  ['pooled', 'the cut-off of a pool', e => (e.pools[0].cutOff = null), 'wrong-cut-off /pools/0/cutOff'],
  ['amended', 'who was removed is back', e => e.entries.splice(1, 0, entry(2, 'AAAA', '80.00')), 'wrong-amendment /amendments'],
  ['amended', 'who was added is gone', e => e.entries.splice(1, 1), 'wrong-amendment /amendments'],
  ['amended', 'one more that no amendment tells', e => e.entries.push(entry(6, 'ZZZZ', '60.00')), 'wrong-amendment /entries'],
  ['amended', 'a correction without its decision', e => delete e.amendments[0].decision, 'wrong-amendment /amendments/0'],
  ['amended', 'the amendment of this edition left out', e => e.amendments.pop(), 'wrong-amendment /amendments'],
  ['admitAll', 'the line names fewer than share the last rank', e => (e.counts.atLine = 2), 'wrong-count /counts/atLine'],
  ['admitAll', 'one fewer of those who share the line', e => [e.entries.pop(), e.counts.admitted--], 'wrong-count /counts/atLine'],
  ['admitAll', 'the line before the places are full', e => (e.quota.places = 1), 'wrong-count /counts/atLine'],
  ['admitAll', 'equal totals with two ranks', e => (e.entries[3].rank = 4), 'wrong-order /entries/3/rank'],
  ['admitNone', 'those at the line do not reach over the places', e => (e.counts.atLine = 1), 'wrong-count /counts/atLine'],
  [
    'persons',
    'a rank too good for its place',
    e => {
      e.entries = [entry(1, 'BBBB', '90.00'), entry(2, 'AAAA', '80.00'), entry(2, 'CCCC', '80.00'), entry(3, 'DDDD', '70.00')]
      e.counts.admitted = 4
    },
    'wrong-order /entries/3/rank',
  ],
  [
    'plain',
    'those who share the line do not reach over the places',
    e => {
      e.quota.places = 6
      e.counts.eligible = 3
    },
    'wrong-count /counts/atLine',
  ],
  ['plain', 'two who were drawn share a reserve number', e => (e.reserve[1].number = 1), 'wrong-reserve /reserve/1/number'],
  ['plain', 'lots in another order', e => e.line.lots.reverse(), 'wrong-lot /line/lots/1/publicNumber'],
  ['plain', 'places of persons without a word on large households', e => (e.quota.unit = 'persons'), 'wrong-form /straddle'],
  ['amended', 'two amendments of one edition', e => (e.amendments[0].edition = 4), 'wrong-amendment /amendments/1/edition'],
  [
    'pooled',
    'more admitted in the second round than were left',
    e => {
      e.secondRound.percent = '100'
      oneMoreInSecond(e)
    },
    'wrong-count /secondRound/places',
  ],
  [
    'pooled',
    'another rank beyond the room',
    e => {
      e.secondRound.atRoom = 'admit-all'
      oneMoreInSecond(e)
    },
    'wrong-count /pools/0/admittedSecond',
  ],
  ['scoreLine', 'below the score line', e => (e.entries[0].total = '119.99'), 'wrong-order /entries/0/total'],
  ['scoreLine', 'a rank', e => (e.entries[0].rank = 1), 'wrong-form /entries/0/rank'],
  ['scoreLine', 'one left out', e => e.entries.pop(), 'wrong-count /counts/admitted'],
]

t.test('each alteration of a list is found, though it is sealed anew', async t => {
  for (const [list, what, alter, fault] of alterations) {
    const edition = lists[list]()
    alter(edition)
    const found = codesOf(edition)
    t.ok(
      found.some(one => one.startsWith(fault)),
      `${list}, ${what}: ${found.join('; ')}`,
    )
  }
})

t.test('what was changed after sealing has another digest, and what is no edition is refused', async t => {
  const edition = { ...sealEdition(plain()), reason: 'another' }
  t.match(verifyEdition(JSON.stringify(edition)).faults, [{ code: 'wrong-digest', pointer: '/digest' }])
  for (const text of ['', '[]', '{}', JSON.stringify({ ...sealEdition(plain()), format: 3 })])
    t.throws(() => verifyEdition(text), { code: 'no-edition' }, text.slice(0, 20))
})

t.test('the list digest of a round without pools covers entries and cut-off, and is that of the first format', async t => {
  const { entries, cutOff } = plain()
  t.equal(listDigest(plain()), digestOf({ entries, cutOff } as unknown as Json))
  const pools = pooled().pools ?? []
  const others = pools.map(pool => ({ ...pool, cutOff: ['81.00'] }))
  t.not(listDigest(pooled()), listDigest({ ...pooled(), pools: others }))
})

t.test('editions of the first format are still checked', async t => {
  const { format: _, run: __, ...first } = head
  const edition = {
    ...first,
    format: 1,
    order: [{ key: 'total', direction: 'desc' }],
    quota: { places: 2, unit: 'applicants', ...decided },
    line: { rule: 'admit-all', lotSeed: null, lotSeedDigest: null },
    counts: { applicants: 3, eligible: 3, admitted: 2, atLine: 0 },
    cutOff: ['80.00'],
    entries: [entry(1, 'BBBB', '90.00'), entry(2, 'AAAA', '80.00')],
  }
  const seal = (content: object) => JSON.stringify({ ...content, digest: digestOf(content as Json) })
  t.strictSame(verifyEdition(seal(edition)).faults, [])
  t.match(verifyEdition(seal({ ...edition, cutOff: ['81.00'] })).faults, [{ code: 'wrong-cut-off' }])
  t.match(verifyEdition(seal({ ...edition, quota: { ...edition.quota, places: 1 } })).faults, [{ code: 'wrong-count' }])
  t.match(verifyEdition(seal({ ...edition, line: { ...edition.line, rule: 'lot' } })).faults, [{ code: 'wrong-lot' }])
})
