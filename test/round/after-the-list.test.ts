import t from 'tap'
import { verifyEdition } from '../../src/publishing/verify-edition.ts'
import type { BulkApplicant } from '../../src/round/bulk-intake.ts'
import { callUp } from '../../src/round/call-up.ts'
import { correctApplication } from '../../src/round/correct.ts'
import { noProgress } from '../../src/round/progress.ts'
import { publish } from '../../src/round/publish.ts'
import { enterSettlements } from '../../src/round/settlements.ts'
import { canonicalJson, type Json } from '../../src/values/canonical-json.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { holds, nothing, person, rejected, verified } from '../support/people.ts'
import { refusalOf } from '../support/year.ts'
import {
  at,
  bachelor,
  college,
  evidenceOf,
  type Known,
  list,
  origin,
  putRight,
  rankedRound,
  reserveAndTerm,
  rules,
  score,
} from './out-round.ts'

type Test = Parameters<Parameters<typeof t.test>[0]>[0]

async function sealed(t: Test, sealing: Promise<Awaited<ReturnType<typeof publish>>>) {
  const { edition } = await sealing
  t.strictSame(verifyEdition(canonicalJson(edition as unknown as Json)).faults, [], `edition ${edition.edition} holds`)
  return edition
}

t.test('corrections, settlements and call-ups of a round with a reserve list', async t => {
  const text = rules({ quota: ['places: "2"', 'unit: applicants'], more: reserveAndTerm })
  const year = await rankedRound(t, text, [
    person(0, bachelor),
    person(1, college),
    person(2),
    person(3, {
      education: [verified(holds('college'))],
      insurance: [verified({ insurance: 'pension', payment: 'on-time', from: '2015-01' })],
    }),
    person(4, { insurance: [verified({ insurance: 'pension', payment: 'on-time', from: '2016-01' })] }),
  ])
  const { actor, round, known } = year
  const [a, b, c, d, e] = known as [Known, Known, Known, Known, Known]
  const correct = (of: Known, records: number[], ground: 'evidence' | 'eligibility' = 'evidence') =>
    correctApplication(year.office, actor, round, { publicNumber: of.number, records, decision: '2020-7', ground })

  t.equal(await refusalOf(correct(c, [1])), 'round-state', 'nothing is corrected before the list is out')
  const notice = await sealed(t, publish(year.office, actor, round, { kind: 'notice', reason: 'first', progress: noProgress }))
  t.strictSame(list(notice), [
    [1, a.number, '83.00', 'first-round'],
    [2, b.number, '73.00', 'first-round'],
  ])
  t.strictSame(notice.reserve, [
    { number: 1, publicNumber: d.number },
    { number: 2, publicNumber: c.number },
    { number: 3, publicNumber: e.number },
  ])
  t.match(await score(year, 3, d), {
    rank: 3,
    admitted: false,
    outcome: 'not-admitted',
    reserve: 1,
    represented: false,
    receipt: /^sha256:/,
  })

  // What a correction refuses leaves nothing behind.
  const before = await fingerprint(year.office.pool)
  t.equal(await refusalOf(correct(c, [await evidenceOf(year, d, 'education')])), 'unknown-evidence', 'the record of another person')
  t.equal(await refusalOf(correct(c, [await evidenceOf(year, c, 'education')])), 'invalid-correction', 'a kind of which nothing is held')
  const scored = await evidenceOf(year, c, 'insurance')
  await t.rejects(correct(c, [scored]), { code: 'invalid-correction', faults: [{ code: 'nothing-corrected', pointer: '/records/0' }] })
  t.equal(await refusalOf(correct({ ...c, number: 'AAAA-AAAA-AAAA' }, [1])), 'unknown-application')
  t.equal(await refusalOf(callUp(year.office, actor, round, { reason: 'early' })), 'round-state')
  t.strictSame(await fingerprint(year.office.pool), before)

  const record = await putRight(year, c, 'education', verified(holds('bachelor-degree')))
  // Nothing counts twice.
  await t.rejects(correct(c, [record, scored]), { code: 'invalid-correction', faults: [{ pointer: '/records/1' }] })
  const first = await sealed(t, correct({ ...c, number: c.number.toLowerCase().replaceAll('-', '') }, [record]))
  t.strictSame(
    list(first),
    [
      [1, a.number, '83.00', 'first-round'],
      [1, c.number, '83.00', 'correction'],
      [2, b.number, '73.00', 'first-round'],
    ].sort((x, y) => (x[0] === y[0] ? (String(x[1]) < String(y[1]) ? -1 : 1) : 0)),
    'admitted beyond the quota; nobody else moves',
  )
  t.match(first, { kind: 'correction', supersedes: notice.digest, counts: notice.counts })
  t.strictSame(first.amendments, [
    { edition: 2, kind: 'correction', added: [c.number], removed: [], changed: [], decision: '2020-7', ground: 'evidence' },
  ])
  t.match(await score(year, 2, c), {
    rank: 1,
    admitted: true,
    outcome: 'correction',
    total: '83.00',
    correction: { edition: 2, ground: 'evidence' },
  })
  t.match(await score(year, 3, d), { rank: 3, reserve: 1, correction: null }, 'the rank of another stays')
  const salts = await year.office.pool.query('select salt from corrections union select salt from frozen_inputs')
  t.equal(salts.rowCount, 6, 'a corrected input has a salt of its own')

  const final = await sealed(t, publish(year.office, actor, round, { kind: 'final', reason: 'second', progress: noProgress }))
  t.strictSame(list(final), list(first), 'the final list is that of the notice with what was corrected since')

  const settle = (day: string, settled: Known[], lapsed: Known[]) =>
    enterSettlements(at(year, day), actor, round, { settled: settled.map(one => one.number), lapsed: lapsed.map(one => one.number) })
  t.equal(await refusalOf(settle('2020-03-31', [a], [])), 'invalid-settlements', 'the term goes to the end of its last day')
  t.equal(await refusalOf(settle('2020-04-01', [a, d], [])), 'invalid-settlements', 'not on the list')
  t.equal(await refusalOf(settle('2020-04-01', [a], [a])), 'invalid-settlements', 'twice')
  const early = callUp(at(year, '2020-04-01'), actor, round, { reason: 'early' })
  t.equal(await refusalOf(early), 'settlements-open')
  await settle('2020-04-01', [a, c], [b])
  t.equal(await refusalOf(settle('2020-04-01', [], [b])), 'invalid-settlements', 'entered once')
  t.match(await score(year, 1, b), { admitted: true, settlement: 'lapsed' })

  // Two places, and two hold one: who was corrected into the list took the place that lapsed.
  t.match((await sealed(t, callUp(at(year, '2020-04-01'), actor, round, { reason: 'one lapsed' }))).amendments?.at(-1), {
    kind: 'call-up',
    added: [],
    removed: [b.number],
  })
  t.match(await score(year, 1, b), { admitted: false, outcome: 'lapsed' })
  t.equal(await refusalOf(callUp(at(year, '2020-04-01'), actor, round, { reason: 'none' })), 'nothing-to-call-up')

  const crime = await putRight(year, a, 'crime', verified({ date: '2003-03-01' }))
  const struck = await sealed(
    t,
    correctApplication(at(year, '2020-04-02'), actor, round, {
      publicNumber: a.number,
      records: [crime],
      decision: '2020-8',
      ground: 'eligibility',
    }),
  )
  t.match(struck.amendments?.at(-1), { added: [], removed: [a.number], ground: 'eligibility' })
  t.match(await score(year, 0, a), { eligible: 'no', admitted: false, outcome: 'struck-off', rank: null })

  const called = await sealed(t, callUp(at(year, '2020-04-03'), actor, round, { reason: 'one was struck off' }))
  t.strictSame(
    list(called).filter(row => row[3] === 'call-up'),
    [[3, d.number, '67.00', 'call-up']],
  )
  t.strictSame(called.reserve, [{ number: 3, publicNumber: e.number }])
  t.match(await score(year, 3, d), { admitted: true, outcome: 'call-up', reserve: 1 })
  t.equal(await refusalOf(settle('2020-05-03', [d], [])), 'invalid-settlements', 'who is called up has a term of its own')
  await settle('2020-05-04', [], [d])
  const last = await sealed(t, callUp(at(year, '2020-05-04'), actor, round, { reason: 'another lapsed' }))
  t.strictSame(
    list(last).map(row => row[1]),
    [c.number, e.number],
  )
  t.strictSame(
    (await year.office.pool.query('select kind from editions order by edition')).rows.map(row => row.kind),
    ['notice', 'correction', 'final', 'call-up', 'correction', 'call-up', 'call-up'],
  )
  for (const table of ['settlements', 'corrections', 'amendments']) {
    await t.rejects(year.office.pool.query(`delete from ${table}`), { code: 'SP001' }, table)
    await t.rejects(year.office.pool.query(`truncate ${table}`), { code: 'SP001' }, table)
  }
  await t.rejects(
    year.office.pool.query(
      `insert into amendments select authority, round, edition, 'x', change, application, listed_before, listed from amendments limit 1`,
    ),
    { code: 'SP001' },
  )
})

t.test('the reserve list begins behind all who are admitted at the line', async t => {
  const more = [`reserve: {places: "2", ${origin}}`]
  const text = rules({ quota: ['places: "1"', 'unit: applicants'], more })
  const insured = (from: string) => ({ insurance: [verified({ insurance: 'pension', payment: 'on-time', from })] })
  const equal = [0, 1, 2].map(i => person(i, insured('2013-12')))
  const applicants = [...equal, person(3), person(4, insured('2015-01')), person(5, insured('2016-01'))]
  const { office } = await rankedRound(t, text, applicants)
  const { rows } = await office.pool.query('select rank, outcome, reserve from standings order by application')
  t.strictSame(rows, [
    ...Array(3).fill({ rank: 1, outcome: 'first', reserve: null }),
    { rank: 4, outcome: 'none', reserve: 1 },
    { rank: 5, outcome: 'none', reserve: 2 },
    { rank: 6, outcome: 'none', reserve: null },
  ])
})

t.test('a correction that takes points away strikes off only who would not be admitted', async t => {
  const text = rules({ quota: ['places: "2"', 'unit: applicants'], more: reserveAndTerm })
  const year = await rankedRound(t, text, [person(0, bachelor), person(1, bachelor), person(2)])
  const { office, actor, round, known } = year
  const [a, b, c] = known as [Known, Known, Known]
  await publish(office, actor, round, { kind: 'notice', reason: 'first', progress: noProgress })
  const lower = await putRight(year, a, 'education', verified(holds('college')))
  const kept = await sealed(
    t,
    correctApplication(office, actor, round, { publicNumber: a.number, records: [lower], decision: '1', ground: 'evidence' }),
  )
  t.strictSame(list(kept), [
    [1, b.number, '83.00', 'first-round'],
    [2, a.number, '73.00', 'first-round'],
  ])
  const none = await putRight(year, a, 'education', nothing)
  const tied = await sealed(
    t,
    correctApplication(office, actor, round, { publicNumber: a.number, records: [none], decision: '2', ground: 'evidence' }),
  )
  t.equal(tied.entries.length, 2, 'equal to the first who is not admitted: all of them would be, so the place is kept')
  const rejectedBirth = await putRight(year, b, 'crime', rejected({ date: '2003-03-01' }))
  const undetermined = await sealed(
    t,
    correctApplication(office, actor, round, { publicNumber: b.number, records: [rejectedBirth], decision: '3', ground: 'eligibility' }),
  )
  t.same(
    list(undetermined).map(row => row[1]),
    [a.number],
    'whom nothing is known of any more is struck off',
  )
  t.match(await score(year, 1, b), { eligible: 'undetermined', missing: ['crime'], outcome: 'struck-off' })
  t.match(await score(year, 2, c), { rank: 3, admitted: false })
})

const pools = [
  'unit: applicants',
  'pools:',
  `  - {pool: inner, name: {zh-CN: 内区, en: Inner}, places: "2", ${origin}}`,
  `  - {pool: outer, name: {zh-CN: 外区, en: Outer}, places: "1", carriedOver: [{places: "1", from: "2015", ${origin}}], ${origin}}`,
]
const inPool = (pool: string, applicant: BulkApplicant): BulkApplicant => ({ ...applicant, pool })

t.test('a pool that does not hold is left out with its reason, and added by a new edition once it holds', async t => {
  const year = await rankedRound(t, rules({ quota: pools, more: [`reserve: {places: "3", ${origin}}`] }), [
    inPool('outer', person(0, bachelor)),
    inPool('outer', person(1)),
    inPool('outer', person(2, { crime: [verified({ date: '2003-03-01' })] })),
    inPool('inner', person(3)),
    inPool('inner', person(4, college)),
    inPool('inner', person(5, bachelor)),
  ])
  const { office, actor, round, known } = year
  const publishIt = (kind: 'notice' | 'final') => publish(office, actor, round, { kind, reason: 'a test', progress: noProgress })
  const alter = (by: number) =>
    office.pool.query('update entries set total = total + $1 where application = (select min(application) from applications)', [by])
  await alter(1)
  const notice = await sealed(t, publishIt('notice'))
  t.strictSame(
    notice.pools?.map(({ pool, places, admitted, cutOff, reserve }) => ({ pool, places, admitted, cutOff, reserve })),
    [{ pool: 'inner', places: 2, admitted: 2, cutOff: ['73.00'], reserve: [{ number: 1, publicNumber: known[3]?.number }] }],
  )
  t.match(notice.setAside, [{ pool: 'outer', reason: ['R4', 'R12', 'R14'] }])
  t.strictSame(notice.counts, { applicants: 6, eligible: 3, admitted: 2, atLine: 0 })
  t.strictSame(
    notice.entries.map(({ pool, rank, publicNumber }) => [pool, rank, publicNumber]),
    [
      ['inner', 1, known[5]?.number],
      ['inner', 2, known[4]?.number],
    ],
  )
  t.match(await score(year, 1, known[1] as Known), { pool: 'outer', rank: null, admitted: null }, 'its pool is not out')
  t.match(await score(year, 3, known[3] as Known), { pool: 'inner', rank: 3, admitted: false, reserve: 1 })
  t.equal(
    await refusalOf(
      correctApplication(office, actor, round, {
        publicNumber: known[1]?.number as string,
        records: [1],
        decision: '1',
        ground: 'evidence',
      }),
    ),
    'pool-set-aside',
  )

  t.equal(await refusalOf(publishIt('notice')), 'run-does-not-hold', 'it still does not hold')
  await alter(-1)
  const again = await sealed(t, publishIt('notice'))
  t.match(again, { edition: 2, kind: 'notice', supersedes: notice.digest, counts: { eligible: 5, admitted: 4 } })
  t.notOk(again.setAside)
  t.match(again.pools?.[1], { pool: 'outer', places: 2, carriedOver: [{ places: 1, from: '2015' }], admitted: 2, cutOff: ['63.00'] })
  t.strictSame(again.entries.slice(0, 2), notice.entries, 'what was published of the others stays')
  t.match(await score(year, 1, known[1] as Known), { rank: 2, admitted: true, outcome: 'first-round' })
  t.equal(await refusalOf(publishIt('notice')), 'round-state', 'nothing is left to be added')

  await alter(1)
  t.equal(await refusalOf(publishIt('final')), 'run-does-not-hold', 'what was published must hold')
  await alter(-1)
  t.strictSame((await sealed(t, publishIt('final'))).entries, again.entries)
})

t.test('where a score line decides, the list has no ranks', async t => {
  const text = rules({ quota: ['places: "0"', 'unit: applicants'] })
    .replace(/^gate: .*\n/m, '')
    .replace(/^order:\n( {2}- .*\n)+/m, '')
    .replace(/^quota:\n( {2}.*\n)+/m, '')
    .replace(/^line: .*\n/m, `scoreLine: {atLeast: "70", ${origin}}\n`)
  const year = await rankedRound(t, text, [person(0, bachelor), person(1), person(2, college)])
  const { office, actor, round, known } = year
  const [a, b, c] = known as [Known, Known, Known]
  const notice = await sealed(t, publish(office, actor, round, { kind: 'notice', reason: 'first', progress: noProgress }))
  t.strictSame(
    list(notice),
    [
      [null, a.number, '83.00', 'first-round'],
      [null, c.number, '73.00', 'first-round'],
    ].sort((x, y) => (String(x[1]) < String(y[1]) ? -1 : 1)),
  )
  t.match(notice, { scoreLine: '70', counts: { applicants: 3, eligible: 2, admitted: 2, atLine: 0 } })
  t.match(await score(year, 1, b), { eligible: 'no', admitted: false, rank: null })
  const record = await putRight(year, b, 'education', verified(holds('college')))
  const raised = await sealed(
    t,
    correctApplication(office, actor, round, { publicNumber: b.number, records: [record], decision: '1', ground: 'evidence' }),
  )
  t.strictSame(raised.entries.length, 3)
  const lost = await putRight(year, c, 'education', nothing)
  const struck = await sealed(
    t,
    correctApplication(office, actor, round, { publicNumber: c.number, records: [lost], decision: '2', ground: 'evidence' }),
  )
  t.notOk(struck.entries.some(entry => entry.publicNumber === c.number))
  t.match(await score(year, 2, c), { eligible: 'no', outcome: 'struck-off', total: '63.00' })
  t.equal(await refusalOf(callUp(office, actor, round, { reason: 'x' })), 'round-state')
  await sealed(t, publish(office, actor, round, { kind: 'final', reason: 'second', progress: noProgress }))
  t.equal(await refusalOf(callUp(office, actor, round, { reason: 'x' })), 'no-reserve-list')
  t.equal(await refusalOf(enterSettlements(office, actor, round, { settled: [a.number], lapsed: [] })), 'no-settlement-term')
})

t.test('a household has one place: its head stands on the list, and a correction may choose another head', async t => {
  const text = rules({
    quota: ['places: "4"', 'unit: persons'],
    line: 'admit-none',
    more: [`straddle: {rule: next-smaller, ${origin}}`, ...reserveAndTerm],
  })
  const of = (household: string, persons: number, applicant: BulkApplicant): BulkApplicant => ({ ...applicant, household, persons })
  const year = await rankedRound(t, text, [
    of('one', 3, person(0, bachelor)),
    of('one', 3, person(1, bachelor)),
    of('two', 2, person(2, college)),
    of('three', 1, person(3)),
  ])
  const { office, actor, round, known } = year
  const [first, second, c, d] = known as [Known, Known, Known, Known]
  const [a, b] = first.number < second.number ? [first, second] : [second, first]
  const [ofA, ofB] = a === first ? [0, 1] : [1, 0]
  const notice = await sealed(t, publish(office, actor, round, { kind: 'notice', reason: 'first', progress: noProgress }))
  t.strictSame(list(notice), [
    [1, a.number, '83.00', 'first-round'],
    [3, d.number, '63.00', 'first-round'],
  ])
  t.strictSame(notice.reserve, [{ number: 1, publicNumber: c.number }])
  t.match(await score(year, ofB, b), { represented: true, rank: null, admitted: true, outcome: 'first-round' })

  const none = await putRight(year, a, 'education', nothing)
  const other = await sealed(
    t,
    correctApplication(office, actor, round, { publicNumber: a.number, records: [none], decision: '1', ground: 'evidence' }),
  )
  t.match(other.amendments, [{ removed: [a.number], added: [b.number] }], 'the other application leads now')
  t.match(await score(year, ofA, a), { represented: true, total: '63.00', admitted: true })
  t.match(await score(year, ofB, b), { represented: false, rank: 1, admitted: true, correction: null })
  const crime = await putRight(year, b, 'crime', verified({ date: '2003-03-01' }))
  const back = await sealed(
    t,
    correctApplication(office, actor, round, { publicNumber: b.number, records: [crime], decision: '2', ground: 'eligibility' }),
  )
  t.strictSame(
    list(back).map(row => row[1]),
    [d.number],
    'three persons with 63 points do not fit behind the two with 73',
  )
  await publish(office, actor, round, { kind: 'final', reason: 'second', progress: noProgress })
  const called = await sealed(t, callUp(office, actor, round, { reason: 'struck off' }))
  t.strictSame(list(called)[0], [2, c.number, '73.00', 'call-up'])
})
