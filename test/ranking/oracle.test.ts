import { createHash } from 'node:crypto'
import t from 'tap'
import { type AfterTheList, afterCorrection, afterTheRun, callUp, correct, lapse } from '../support/oracle-ranking/after-the-list.ts'
import { chainOf } from '../support/oracle-ranking/chains.ts'
import { decide } from '../support/oracle-ranking/ranking.ts'
import type { Application, Lottery, OracleRules, Pool } from '../support/oracle-ranking/rules.ts'

/*
 * Rounds that were worked out by hand from docs/ranking.md, so that the oracle of the random rounds is itself tested. Applications are written as
 * "b7x2/h@shiqi": public number b, 7 points, 2 persons, household h, pool shiqi. The outcome is written as "b2+": rank 2, and + first round, ++ second
 * round, - not admitted, -r3 on the reserve list with number 3, = represented.
 */

const plain: OracleRules = {
  scoreLine: null,
  gate: null,
  order: [{ key: 'total', direction: 'desc' }],
  unit: 'applicants',
  hasPools: false,
  pools: [],
  secondRound: null,
  line: 'admit-all',
  straddle: null,
  reserve: null,
  zone: null,
}
const households: OracleRules = { ...plain, unit: 'households' }
const persons: OracleRules = { ...plain, unit: 'persons', straddle: 'next-smaller' }
const lottery: Lottery = { secret: Buffer.alloc(16, 7), draw: '1,5,9' }
const only = (places: number): Pool[] => [{ pool: '', places, carriedOver: [] }]

function application(text: string): Application {
  const [, publicNumber, points, weight, household, pool] = /^(.)(-?\d+)(?:x(\d))?(?:\/(\w+))?(?:@(\w+))?$/u.exec(text) as RegExpExecArray
  return {
    publicNumber: publicNumber as string,
    eligibleByScheme: true,
    total: Number(points) * 100,
    items: {},
    measures: {},
    submittedAt: 0,
    pool: pool ?? null,
    household: household ?? null,
    persons: Number(weight ?? 1),
  }
}
const applications = (text: string) => text.split(' ').filter(Boolean).map(application)

function decided(text: string, rules: OracleRules) {
  const { outcome } = decide(applications(text), rules, lottery)
  const signs = { first: '+', second: '++', none: '-', represented: '=' }
  const list = outcome.applications.flatMap(({ publicNumber, standing }) =>
    standing
      ? [`${publicNumber}${standing.rank ?? ''}${signs[standing.outcome]}${standing.reserve === null ? '' : `r${standing.reserve}`}`]
      : [],
  )
  return { list: list.join(' '), outcome }
}

const cases: [what: string, applications: string, rules: OracleRules, expected: string][] = [
  ['nobody', '', { ...plain, pools: only(3) }, ''],
  ['no place', 'a9 b7', { ...plain, pools: only(0) }, 'a1- b2-'],
  ['ranks are 1-2-2-4', 'd5 a9 c7 b7', { ...plain, pools: only(3) }, 'a1+ b2+ c2+ d4-'],
  ['the line cuts: all of them', 'a9 b7 c7 d5', { ...plain, pools: only(2) }, 'a1+ b2+ c2+ d4-'],
  ['the line cuts: none of them, nor anybody below', 'a9 b7 c7 d5', { ...plain, pools: only(2), line: 'admit-none' }, 'a1+ b2- c2- d4-'],
  ['the smaller value is better', 'a9 b7', { ...plain, order: [{ key: 'total', direction: 'asc' }], pools: only(1) }, 'a2- b1+'],
  ['a household has one head', 'a9/h b7/h c5 d3', { ...households, pools: only(2) }, 'a1+ b= c2+ d3-'],
  ['of equals the smallest number is head', 'b9/h a9/h', { ...households, pools: only(1) }, 'a1+ b='],
  ['numbers are compared by their bytes', '\u{1f600}9/h \uffee9/h', { ...households, pools: only(1) }, '\uffee1+ \u{1f600}='],
  ['too large: the next smaller', 'a9x3 b8x4 c7x2', { ...persons, pools: only(5) }, 'a1+ b2- c3+'],
  ['too large: none further', 'a9x3 b8x4 c7x2', { ...persons, straddle: 'none', pools: only(5) }, 'a1+ b2- c3-'],
  ['too large: all in', 'a9x3 b8x4 c7x2', { ...persons, straddle: 'all-in', pools: only(5) }, 'a1+ b2+ c3-'],
  ['of equals only one fits', 'a9x4 b9x1 c7x2', { ...persons, pools: only(3) }, 'a1- b1+ c3+'],
  ['of equals only one fits, and then none', 'a9x4 b9x1 c7x2', { ...persons, straddle: 'none', pools: only(3) }, 'a1- b1+ c3-'],
  ['all in, and of equals none', 'a9x4 b9x1', { ...persons, straddle: 'all-in', line: 'admit-none', pools: only(3) }, 'a1- b1-'],
  ['all in, and of equals all', 'a9x4 b9x1 c7', { ...persons, straddle: 'all-in', pools: only(3) }, 'a1+ b1+ c3-'],
  ['reserve numbers are shared', 'a9 b7 c6 d6 e5', { ...plain, pools: only(1), reserve: 2 }, 'a1+ b2-r1 c3-r2 d3-r2 e5-'],
  ['a gate', 'a9 b7', { ...plain, gate: '7.01', pools: only(2) }, 'a1+'],
  ['a score line', 'a9 b7 c6', { ...plain, scoreLine: '7', order: [] }, 'a+ b+'],
]
for (const [what, text, rules, expected] of cases) t.test(what, async t => t.equal(decided(text, rules).list, expected))

t.test('figures of a round: cut-off, at line, unused', async t => {
  const one = (text: string, rules: OracleRules) => decided(text, rules).outcome.pools[0]
  t.strictSame(one('a9 b7 c7 d5', { ...plain, pools: only(2) }), {
    pool: '',
    places: 2,
    heads: 4,
    admitted: 3,
    admittedSecond: 0,
    unused: 0,
    cutOff: [700],
    atLine: 2,
  })
  t.match(one('a9 b7', { ...plain, pools: [{ pool: '', places: 3, carriedOver: [1, 1] }] }), {
    places: 5,
    unused: 3,
    cutOff: [700],
    atLine: 0,
  })
  t.match(one('a7 b7', { ...plain, line: 'admit-none', pools: only(1) }), { admitted: 0, unused: 1, cutOff: null, atLine: 2 })
  t.match(
    one('a9x5 b9x1 c9x1 d9x1', { ...persons, pools: only(2) }),
    { admitted: 3, unused: 0, atLine: 3 },
    'who is too large has left the group',
  )
})

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest()
const lot = (number: string) =>
  sha256(Buffer.concat([sha256(lottery.secret as Buffer), sha256('1,5,9'), Buffer.from(number)])).toString('hex')
const byLot = (numbers: string) => [...numbers].sort((a, b) => (lot(a) < lot(b) ? -1 : 1))

t.test('lots decide among equals, and number the reserve', async t => {
  const { outcome } = decided('a9 b7 c7 d7 e5 f4', { ...plain, line: 'lot', pools: only(2), reserve: 3 })
  const of = (number: string | undefined) => outcome.applications.find(one => one.publicNumber === number)?.standing
  const [first, second, third] = byLot('bcd')
  t.match(of(first), { rank: 2, outcome: 'first', reserve: null, lot: lot(first as string) })
  t.match(of(second), { rank: 2, outcome: 'none', reserve: 1, lot: lot(second as string) })
  t.match(of(third), { rank: 2, outcome: 'none', reserve: 2, lot: lot(third as string) })
  t.match(of('a'), { outcome: 'first', lot: null }, 'no lot above the line')
  t.match(of('e'), { rank: 5, reserve: 3, lot: lot('e') }, 'the reserve list carries lots')
  t.match(of('f'), { reserve: null, lot: null })
  t.equal(outcome.pools[0]?.atLine, 3)
  const short = decided('a9 b7 c7 d7 e5', { ...plain, line: 'lot', pools: only(1), reserve: 1 }).outcome
  t.strictSame(
    short.applications.map(({ publicNumber, standing }) => `${publicNumber} ${standing?.reserve} ${standing?.lot === lot(publicNumber)}`),
    ['a null false', ...['b', 'c', 'd'].map(number => `${number} ${number === first ? 1 : null} true`), 'e null false'],
    'all equals of one on the reserve list carry their lots',
  )
})

t.test('lots with households of several sizes', async t => {
  const [first, second, third] = byLot('bcd') as [string, string, string]
  const weights = (heavy: string) => ['b', 'c', 'd'].map(number => `${number}7x${number === heavy ? 3 : 2}`).join(' ')
  const outcomes = (heavy: string, straddle: 'all-in' | 'none' | 'next-smaller') => {
    const { outcome } = decided(`a9 ${weights(heavy)} e5`, { ...persons, straddle, line: 'lot', pools: only(5) })
    const placed = outcome.applications.flatMap(({ publicNumber, standing }) => (standing?.outcome === 'first' ? [publicNumber] : []))
    return placed.join('')
  }
  const sorted = (...numbers: string[]) => numbers.sort().join('')
  // Four are left after a. Whoever is second is too large for the two that the first leaves.
  t.equal(outcomes(second, 'next-smaller'), sorted('a', first, third))
  t.equal(outcomes(second, 'none'), sorted('a', first))
  t.equal(outcomes(second, 'all-in'), sorted('a', first, second))
})

const pool = (name: string, places: number, ...carriedOver: number[]): Pool => ({ pool: name, places, carriedOver })
const second = (percent: string, rounding: 'down' | 'up', atRoom: 'admit-none' | 'admit-all') => ({ percent, rounding, atRoom })
const east = 'a9@east b8@east c7@east d6@east'
const west = 'e5@west'

t.test('pools are ranked and filled by themselves', async t => {
  const rules = { ...plain, hasPools: true, pools: [pool('east', 2), pool('west', 3)], reserve: 1 }
  const { list, outcome } = decided(`${east} ${west}`, rules)
  t.equal(list, 'a1+ b2+ c3-r1 d4- e1+')
  t.match(outcome.pools, [
    { pool: 'east', heads: 4, admitted: 2, unused: 0, cutOff: [800] },
    { pool: 'west', heads: 1, admitted: 1, unused: 2, cutOff: [500] },
  ])
})

t.test('a second round goes over the places of a pool by a percentage of its own', async t => {
  const inRound = (percent: string, rounding: 'down' | 'up', ...carriedOver: number[]) =>
    decided(`${east} ${west}`, {
      ...plain,
      hasPools: true,
      pools: [pool('east', 1, ...carriedOver), pool('west', 9)],
      secondRound: second(percent, rounding, 'admit-none'),
    }).list
  t.equal(inRound('100', 'down'), 'a1+ b2++ c3- d4- e1+')
  t.equal(inRound('150', 'down'), 'a1+ b2++ c3- d4- e1+')
  t.equal(inRound('150', 'up'), 'a1+ b2++ c3++ d4- e1+')
  t.equal(inRound('100', 'up', 1), 'a1+ b2+ c3++ d4- e1+', 'not of the places that are carried over')
  t.equal(inRound('0', 'up'), 'a1+ b2- c3- d4- e1+')
})

t.test('a second round: the best of all pools first, ties at the room of a pool, and the line', async t => {
  const rules = { ...plain, hasPools: true, pools: [pool('east', 1), pool('south', 1), pool('west', 3)] }
  const text = 'a9@east b7@east c7@east d6@east e9@south f8@south g5@west'
  const all = decided(text, { ...rules, secondRound: second('100', 'down', 'admit-all') })
  t.equal(all.list, 'a1+ b2++ c2++ d4- e1+ f2++ g1+')
  t.match(all.outcome.secondRound, { places: 2, cutOff: [700], atLine: 2 })
  const none = decided(text, { ...rules, secondRound: second('100', 'down', 'admit-none') })
  t.equal(none.list, 'a1+ b2- c2- d4- e1+ f2++ g1+', 'both together are more than the room, and nobody of the pool comes after them')
  t.match(none.outcome.secondRound, { places: 2, cutOff: [800], atLine: 0 })
})

t.test('the day of the application is that of the zone', async t => {
  const rules: OracleRules = { ...plain, zone: '+08:00', order: [{ key: 'submission', to: 'day', direction: 'asc' }] }
  const at = (time: string) => chainOf({ ...application('a1'), submittedAt: Date.parse(time) }, rules)
  t.strictSame(at('1970-01-01T15:59:59.999Z'), [0])
  t.strictSame(at('1970-01-01T16:00:00.000Z'), [1])
  t.strictSame(at('1969-12-31T15:59:59.999Z'), [-1])
})

t.test('call-ups fill what has lapsed from the reserve list', async t => {
  const rules = { ...persons, pools: only(6), reserve: 9 }
  const list = applications('a9x3 b8x3 c7x4 d6x2 e5x1')
  const run = afterTheRun(list, rules, null)
  const called = (after: AfterTheList) => {
    const { free, calledUp } = callUp(after, '', rules, null)
    return `${free}: ${calledUp.map(head => head.publicNumber).join('')}`
  }
  t.equal(called(run), '0: ')
  const lapsed = lapse(run, ['alone: b'])
  t.equal(called(lapsed), '3: de', 'c is too large')
  t.equal(called({ ...lapsed, passed: new Set(['alone: d']) }), '3: e', 'nobody is called up twice')
  t.equal(callUp(lapsed, '', { ...rules, straddle: 'all-in' }, null).calledUp[0]?.publicNumber, 'c')
})

t.test('the allotment with a second round', async t => {
  const rules = { ...plain, hasPools: true, pools: [pool('east', 1), pool('west', 9)], secondRound: second('100', 'down', 'admit-none') }
  const { allotments } = afterTheRun(applications(`${east} ${west}`), rules, null)
  t.strictSame(
    [...allotments],
    [
      ['east', 2],
      ['west', 1],
    ],
  )
})

t.test('late corrections', async t => {
  const rules = { ...plain, pools: only(2) }
  const after = afterTheRun(applications('a9 b8 c7 d6'), rules, null)
  const corrected = (text: string, of = after, by: OracleRules = rules) => {
    const { head, change } = correct(of, application(text), by, lottery)
    return `${head?.rank ?? 'none'} ${change}`
  }
  t.equal(corrected('c9'), '1 admitted', 'beyond the quota: with a and b')
  t.equal(corrected('c8'), '2 admitted', 'as good as one who holds a place')
  t.equal(corrected('c8', after, { ...rules, line: 'admit-none' }), '2 admitted')
  t.equal(corrected('d7'), '3 null')
  t.equal(corrected('a7'), '2 null', 'the filling admits it with its equals')
  t.equal(corrected('a7', after, { ...rules, line: 'admit-none' }), '2 struck-off', 'its own place is no ground to keep it')
  t.equal(corrected('a5'), '4 struck-off')
  t.equal(corrected('b9'), '1 null')
  t.equal(corrected('a9', lapse(after, ['alone: a'])), '1 null', 'what has lapsed stays lapsed')
  const { head, change, holds } = correct(after, { ...application('a9'), eligibleByScheme: false }, rules, null)
  t.strictSame({ head, change, holds }, { head: null, change: 'struck-off', holds: false })

  const struck = afterCorrection(after, application('a5'), correct(after, application('a5'), rules, null))
  t.strictSame([...struck.holding], ['alone: b'], 'nobody else moves')
  t.equal(corrected('d8', struck), '1 admitted')

  const lots: OracleRules = { ...rules, line: 'lot', pools: only(1) }
  const [winner, loser] = byLot('ab') as [string, string]
  const drawn = afterTheRun(applications(`${winner}9 ${loser}8`), lots, lottery)
  t.equal(corrected(`${loser}9`, drawn, lots), '1 null', 'under lot an equal chain is decided by the lot')

  const families = { ...persons, pools: only(5) }
  const housed = afterTheRun(applications('a9x3 b8x2 c5x3 d5x2'), families, null)
  t.equal(corrected('c8x3', housed, families), '2 null', 'the equal that holds a place is lighter')
  t.equal(corrected('d8x2', housed, families), '2 admitted')
})

t.test('a corrected household has the head of the new filling', async t => {
  const rules = { ...households, pools: only(1), reserve: 5 }
  const after = afterTheRun(applications('a9/h b8/h c7 d6'), rules, null)
  const { head, change } = correct(after, application('a5/h'), rules, null)
  t.match({ head, change }, { head: { publicNumber: 'b', rank: 1, reserve: null }, change: null })
})
