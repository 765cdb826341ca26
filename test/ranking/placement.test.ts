import t from 'tap'
import { callUp } from '../../src/ranking/call-up.ts'
import {
  type Competitor,
  createPlacement,
  type Placed,
  type PlacedGroup,
  type PlacementRules,
  type PlacementSummary,
} from '../../src/ranking/placement.ts'

type Case = Partial<PlacementRules> & { places?: number | { [pool: string]: number | { places: number; own: number } } }
type Head = { name: string; total: number; pool: string; weight: number }

/** "a90 b80.2 c80n d80n2" are heads with their totals, pools and weights; without more a head is of the pool "" and weighs 1. */
function headsOf(text: string): Head[] {
  return text.split(' ').map(word => {
    const [, name = '', total, pool = '', weight] = /^([a-z])(\d\d)([a-z]?)\.?(\d*)$/.exec(word) ?? []
    return { name, total: Number(total), pool, weight: Number(weight || 1) }
  })
}

const lotNamed = (name: string) => Buffer.alloc(32, name)
const listed = (placed: PlacedGroup) => Array.from(placed, (_, i) => placed.at(i) as Placed)

function rulesOf({ places = 0, ...rest }: Case): PlacementRules {
  const listed = typeof places === 'number' ? { '': places } : places
  const pools = Object.entries(listed).map(([pool, of]) => ({
    pool,
    where: null,
    ...(typeof of === 'number' ? { places: of, own: of } : of),
  }))
  return { pools, secondRound: null, line: 'admit-none', straddle: null, reserve: null, ...rest }
}

/** Heads with those of a pool and a weight as one competitor with a count, and for each head the position of its competitor. */
function counted(competitors: Competitor[]): { kinds: Competitor[]; kindAt: number[] } {
  const kinds: Required<Competitor>[] = []
  const kindAt = competitors.map(({ pool, weight, lot }) => {
    const found = kinds.findIndex(kind => kind.pool === pool && kind.weight === weight)
    const at = found < 0 ? kinds.push({ pool, weight, lot, count: 0 }) - 1 : found
    ;(kinds[at] as Required<Competitor>).count++
    return at
  })
  return { kinds, kindAt }
}

/** Places heads, whose lots are in the order of their names, and writes each as "a1 first", "b2 none #1 lot". */
function place(rules: PlacementRules, heads: string): { list: string[]; summary: PlacementSummary } {
  const groups = [...Map.groupBy(headsOf(heads), ({ total }) => total)].sort(([a], [b]) => b - a)
  const competitors = (group: Head[]) =>
    group.map(({ name, pool, weight }) => ({ pool: rules.pools.findIndex(one => one.pool === pool), weight, lot: () => lotNamed(name) }))
  const placement = createPlacement(rules)
  if (rules.secondRound) for (const [, group] of groups) placement.survey(competitors(group))
  const list = groups.flatMap(([total, group]) =>
    listed(placement.place([total], competitors(group))).map(({ rank, outcome, reserve, lot }, i) => {
      const { name } = group[i] as Head
      if (lot) t.same(lot, lotNamed(name))
      return [`${name}${rank} ${outcome}`, ...(reserve === null ? [] : [`#${reserve}`]), ...(lot ? ['lot'] : [])].join(' ')
    }),
  )
  if (rules.line !== 'lot')
    sameCounted(
      rules,
      groups.map(([total, group]) => [total, competitors(group)]),
      placement.summary(),
    )
  return { list, summary: placement.summary() }
}

/** Without lots it must not matter whether heads compete one by one or are only counted. */
function sameCounted(rules: PlacementRules, groups: [number, Competitor[]][], summary: PlacementSummary): void {
  const [single, together] = [createPlacement(rules), createPlacement(rules)]
  if (rules.secondRound)
    for (const [, group] of groups) {
      single.survey(group)
      together.survey(counted(group).kinds)
    }
  for (const [total, group] of groups) {
    const { kinds, kindAt } = counted(group)
    const placed = together.place([total], kinds)
    t.same(
      kindAt.map(at => placed.at(at)),
      listed(single.place([total], group)),
    )
  }
  t.same(together.summary(), summary)
}

const persons = (straddle: 'all-in' | 'none' | 'next-smaller', places: number, line: PlacementRules['line'] = 'admit-none') => ({
  straddle,
  places,
  line,
})
const second = (percent: string, atRoom: 'admit-none' | 'admit-all' = 'admit-none', rounding: 'down' | 'up' = 'down') => ({
  secondRound: { percent, rounding, atRoom },
})

const cases: [name: string, rules: Case, heads: string, expected: string][] = [
  // One place each.
  ['no place', { places: 0 }, 'a90', 'a1 none'],
  ['room for all', { places: 5 }, 'a50 b90', 'b1 first, a2 first'],
  ['ranks 1-2-2-4', { places: 4 }, 'a90 b70 c70 d50', 'a1 first, b2 first, c2 first, d4 first'],
  ['step 1: no place is left', { places: 3 }, 'a90 b70 c70 d50', 'a1 first, b2 first, c2 first, d4 none'],
  [
    'step 8: admit-all, and then it has stopped',
    { places: 2, line: 'admit-all' },
    'a90 b70 c70 d50',
    'a1 first, b2 first, c2 first, d4 none',
  ],
  ['step 8: admit-none, and then it has stopped', { places: 2 }, 'a90 b70 c70 d50', 'a1 first, b2 none, c2 none, d4 none'],
  ['step 8: lot', { places: 2, line: 'lot' }, 'a90 c70 b70 d50', 'a1 first, c2 none lot, b2 first lot, d4 none'],
  [
    'step 6: nobody draws where the line falls between groups',
    { places: 3, line: 'lot' },
    'a90 b70 c70 d50',
    'a1 first, b2 first, c2 first, d4 none',
  ],
  // Persons.
  ['step 4: next-smaller passes over', persons('next-smaller', 3), 'a90.2 b80.2 c70', 'a1 first, b2 none, c3 first'],
  ['step 4: none stops', persons('none', 3), 'a90.2 b80.2 c70', 'a1 first, b2 none, c3 none'],
  ['step 7: all-in goes beyond and stops', persons('all-in', 3), 'a90.2 b80.2 c70', 'a1 first, b2 first, c3 none'],
  ['step 4: under none the others of the group still fit', persons('none', 3), 'a80.4 b80.2 c70', 'a1 none, b1 first, c3 none'],
  ['step 5: nobody is left of a group', persons('next-smaller', 1), 'a90.2 b90.3 c80', 'a1 none, b1 none, c3 first'],
  ['step 8: a group too large together, one of it too large alone', persons('all-in', 3), 'a80.4 b80 c70', 'a1 none, b1 none, c3 none'],
  ['step 8: admit-all places all of it', persons('all-in', 3, 'admit-all'), 'a80.4 b80 c70', 'a1 first, b1 first, c3 none'],
  ['step 8: the too large leave first', persons('next-smaller', 2, 'admit-all'), 'a80.3 b80.2 c80', 'a1 none, b1 first, c1 first'],
  ['step 7: a single one under lot draws none', persons('all-in', 3, 'lot'), 'a80.4 b70', 'a1 first, b2 none'],
  ['step 8: lot with all-in', persons('all-in', 3, 'lot'), 'a80 b80.4 c80', 'a1 first lot, b1 first lot, c1 none lot'],
  ['step 8: lot with all-in, once no place is left', persons('all-in', 2, 'lot'), 'a80.2 b80', 'a1 first lot, b1 none lot'],
  ['step 8: lot with none', persons('none', 3, 'lot'), 'a80 b80.3 c80', 'a1 first lot, b1 none lot, c1 none lot'],
  [
    'step 8: lot with next-smaller can cut two groups',
    persons('next-smaller', 3, 'lot'),
    'a80 b80.3 c80 d70 e70',
    'a1 first lot, b1 none lot, c1 first lot, d4 first lot, e4 none lot',
  ],
  [
    'step 4: who is too large before the lot draws none',
    persons('next-smaller', 2, 'lot'),
    'a80.3 b80.2 c80',
    'a1 none, b1 first lot, c1 none lot',
  ],
  // Pools.
  [
    'each pool ranks and fills by itself',
    { places: { n: 1, s: 2 } },
    'a90n b80n c80s d70s e60s',
    'a1 first, b2 none, c1 first, d2 first, e3 none',
  ],
  ['a tie across pools is none', { places: { n: 1, s: 1 } }, 'a90n b90s', 'a1 first, b1 first'],
  // Second round.
  [
    'unused places go on',
    { places: { n: 2, s: 2 }, ...second('50') },
    'a90n b80n c70n d60n e50s',
    'a1 first, b2 first, c3 second, d4 none, e1 first',
  ],
  ['no unused place, no second round', { places: { n: 1, s: 1 }, ...second('100') }, 'a90n b80n e50s', 'a1 first, b2 none, e1 first'],
  [
    'a first round that went beyond its places leaves none',
    { places: { n: 1, s: 1 }, line: 'admit-all', ...second('100') },
    'a90n b90n c80s d70s',
    'a1 first, b1 first, c1 first, d2 none',
  ],
  [
    'a pool that went beyond its room has none',
    { places: { n: 1, s: 9 }, line: 'admit-all', ...second('100') },
    'a90n b90n c90n d80n',
    'a1 first, b1 first, c1 first, d4 none',
  ],
  [
    'step 2: a pool without room is passed',
    { places: { n: 1, s: 1, w: 1 }, ...second('0') },
    'a90n b80n c70s d60s',
    'a1 first, b2 none, c1 first, d2 none',
  ],
  [
    'step 3: admit-none at the room',
    { places: { n: 1, s: 9 }, ...second('100') },
    'a90n b80n c80n d70n',
    'a1 first, b2 none, c2 none, d4 none',
  ],
  [
    'step 3: admit-all at the room',
    { places: { n: 1, s: 9 }, ...second('100', 'admit-all') },
    'a90n b80n c80n d70n',
    'a1 first, b2 second, c2 second, d4 none',
  ],
  [
    'step 8: lot at the room',
    { places: { n: 1, s: 9 }, line: 'lot', ...second('100') },
    'a90n b80n c80n d70n',
    'a1 first, b2 second lot, c2 none lot, d4 none',
  ],
  [
    'step 8: the line cuts through the group of the second round',
    { places: { n: 1, s: 1, w: 1 }, line: 'admit-all', ...second('100') },
    'a90n b90s c80n d80s e70n',
    'a1 first, b1 first, c2 second, d2 second, e3 none',
  ],
  [
    'step 3: too heavy for the room ends it after the group',
    { places: { n: 1, s: 9 }, straddle: 'none', ...second('100') },
    'a90n b80n2 c80n d70n',
    'a1 first, b2 none, c2 second, d4 none',
  ],
  [
    'step 3: too heavy for the room ends it even if nobody takes it',
    { places: { n: 1, s: 9 }, straddle: 'all-in', ...second('100') },
    'a90n b80n2 c70n',
    'a1 first, b2 none, c3 none',
  ],
  [
    'step 3: next-smaller keeps the room open',
    { places: { n: 1, s: 9 }, straddle: 'next-smaller', ...second('100') },
    'a90n b80n2 c70n',
    'a1 first, b2 none, c3 second',
  ],
  [
    'step 8: under lot the room ends at once',
    { places: { n: 1, s: 9 }, straddle: 'none', line: 'lot', ...second('100') },
    'a90n b80n2 c80n',
    'a1 first, b2 none lot, c2 none lot',
  ],
  [
    'step 8: under lot next-smaller passes on at the room',
    { places: { n: 1, s: 9 }, straddle: 'next-smaller', line: 'lot', ...second('100') },
    'a90n b80n2 c80n',
    'a1 first, b2 none lot, c2 second lot',
  ],
  [
    'step 8: a single one under lot that does not fit its room',
    { places: { n: 1, s: 9 }, straddle: 'all-in', line: 'lot', ...second('100') },
    'a90n b80n2 c70n',
    'a1 first, b2 none lot, c3 none',
  ],
  // What is over the places is a percentage of a pool's own.
  ['10% of 15 down', { places: { n: { places: 1, own: 15 }, s: 9 }, ...second('10') }, 'a90n b80n c70n', 'a1 first, b2 second, c3 none'],
  [
    '10% of 15 up',
    { places: { n: { places: 1, own: 15 }, s: 9 }, ...second('10', 'admit-none', 'up') },
    'a90n b80n c70n d60n',
    'a1 first, b2 second, c3 second, d4 none',
  ],
  [
    '12.5% of 8 up is no more',
    { places: { n: { places: 1, own: 8 }, s: 9 }, ...second('12.5', 'admit-none', 'up') },
    'a90n b80n c70n',
    'a1 first, b2 second, c3 none',
  ],
  // Reserve.
  [
    'equal chains have one number',
    { places: 1, line: 'admit-all', reserve: 2 },
    'a90 b80 c80 d70',
    'a1 first, b2 none #1, c2 none #1, d4 none',
  ],
  [
    'under lot each has its own',
    { places: 1, line: 'lot', reserve: 2 },
    'a90 c80 b80 d70',
    'a1 first, c2 none #2 lot, b2 none #1 lot, d4 none',
  ],
  [
    'beside one on the list a lot is carried',
    { places: 1, line: 'lot', reserve: 1 },
    'a90 b80 c80',
    'a1 first, b2 none #1 lot, c2 none lot',
  ],
  ['alone on the list too', { places: 1, line: 'lot', reserve: 1 }, 'a90 b80 c70', 'a1 first, b2 none #1 lot, c3 none'],
  ['no place on the list, no lot', { places: 1, line: 'lot', reserve: 0 }, 'a90 b80', 'a1 first, b2 none'],
  [
    'those passed over stand on it, those admitted below them do not',
    { ...persons('next-smaller', 1), reserve: 2 },
    'a90.2 b80 c70 d60',
    'a1 none #1, b2 first, c3 none #2, d4 none',
  ],
  ['each pool has its list', { places: { n: 0, s: 0 }, reserve: 1 }, 'a90n b80s c70s', 'a1 none #1, b1 none #1, c2 none'],
  [
    'the second round goes first',
    { places: { n: 1, s: 1 }, reserve: 1, ...second('100') },
    'a90n b80n c70n',
    'a1 first, b2 second, c3 none #1',
  ],
]
for (const [name, rules, heads, expected] of cases) {
  t.test(name, async t => {
    t.same(place(rulesOf(rules), heads).list, expected.split(', '))
  })
}

t.test('the figures of pools and of the second round', async t => {
  const rules = rulesOf({ places: { n: 3, s: 4 }, line: 'admit-all', straddle: 'all-in', ...second('100') })
  // North: a takes 2 places, b and c are cut by the line and admitted: 4 of 3 places. South has e, and 3 places are unused.
  const { list, summary } = place(rules, 'a90n2 b80n c80n d70n f60n2 e50s')
  t.same(list, ['a1 first', 'b2 first', 'c2 first', 'd4 second', 'f5 none', 'e1 first'])
  t.same(summary, {
    pools: [
      { pool: 'n', places: 3, heads: 5, admitted: 3, admittedSecond: 1, unused: 0, cutOff: [80], atLine: 2 },
      { pool: 's', places: 4, heads: 1, admitted: 1, admittedSecond: 0, unused: 3, cutOff: [50], atLine: 0 },
    ],
    secondRound: { places: 2, cutOff: [70], atLine: 0 },
  })
  // Two groups come to the lot, and who was too large before it does not count.
  const twice = place(rulesOf(persons('next-smaller', 3, 'lot')), 'a80.9 b80 c80.3 d80 e70 f70').summary
  t.match(twice.pools, [{ admitted: 3, cutOff: [70], atLine: 5 }])
  const worst = place(rulesOf({ places: { n: 1, s: 2 }, ...second('200') }), 'a90n b80n c70n').summary
  t.match(worst.secondRound, { places: 2, cutOff: [70] })
  const cut = place(rulesOf({ places: { n: 1, s: 1, w: 1 }, ...second('100') }), 'a90n b90s c80n d80s').summary
  t.match(cut.secondRound, { places: 1, cutOff: null, atLine: 2 })
})

t.test('of nobody at all', async t => {
  const none = { admitted: 0, admittedSecond: 0, heads: 0, cutOff: null, atLine: 0 }
  t.same(createPlacement(rulesOf({ places: 2 })).summary(), { pools: [{ pool: '', places: 2, unused: 2, ...none }], secondRound: null })
  t.match(createPlacement(rulesOf({ places: { n: 2 }, ...second('0') })).summary().secondRound, { places: 2, cutOff: null, atLine: 0 })
})

t.test('heads may be one and the same object', async t => {
  const head = { pool: 0, weight: 1, lot: () => Buffer.of(1) }
  const placed = createPlacement(rulesOf({ places: 2 })).place([9], [head, head])
  t.same(
    listed(placed).map(({ outcome }) => outcome),
    ['first', 'first'],
  )
})

t.test('a second round that was not surveyed is an error of the caller', async t => {
  const placement = createPlacement(rulesOf({ places: { n: 1 }, ...second('0') }))
  t.throws(() => placement.place([9], [{ pool: 0, weight: 1, lot: () => Buffer.of(1) }]), /surveyed/)
})

t.test('a call-up fills what is free by the same procedure', async t => {
  const order = [{ direction: 'desc' as const }]
  const waiting = (text: string) => headsOf(text).map(({ name, total, weight }) => ({ chain: [total], weight, lot: () => lotNamed(name) }))
  const called = (rules: Pick<PlacementRules, 'line' | 'straddle'>, text: string, free: number) => {
    const flags = callUp({ order, ...rules }, waiting(text), free)
    return headsOf(text)
      .filter((_, i) => flags[i])
      .map(({ name }) => name)
      .join('')
  }
  t.equal(called({ line: 'admit-none', straddle: null }, 'a60 b80 c70 d70', 1), 'b', 'in any order')
  t.equal(called({ line: 'admit-none', straddle: null }, 'a60 b80 c70 d70', 2), 'b')
  t.equal(called({ line: 'admit-all', straddle: null }, 'a60 b80 c70 d70', 2), 'bcd')
  t.equal(called({ line: 'lot', straddle: null }, 'a60 b80 d70 c70', 2), 'bc')
  t.equal(called({ line: 'admit-none', straddle: 'next-smaller' }, 'a80.2 b70', 1), 'b')
  t.equal(called({ line: 'admit-none', straddle: null }, 'a60', 0), '')
  t.same(callUp({ order, line: 'lot', straddle: null }, [], 5), [])
})
