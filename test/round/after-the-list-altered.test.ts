import pg from 'pg'
import t from 'tap'
import { sealEdition } from '../../src/publishing/edition.ts'
import type { BulkApplicant } from '../../src/round/bulk-intake.ts'
import { callUp } from '../../src/round/call-up.ts'
import { continues } from '../../src/round/continues.ts'
import { correctApplication } from '../../src/round/correct.ts'
import { type Content, contentOf } from '../../src/round/edition-content.ts'
import { editionEntries } from '../../src/round/editions.ts'
import { judgeOf, theRound } from '../../src/round/rounds.ts'
import { enterSettlements } from '../../src/round/settlements.ts'
import { getRun, type Run } from '../../src/store/runs.ts'
import { canonicalJson, type Json } from '../../src/values/canonical-json.ts'
import { holds, person, verified } from '../support/people.ts'
import { asSuperuser } from '../support/superuser.ts'
import { publishIt, refusalOf, type Year } from '../support/year.ts'
import { at, bachelor, college, type Known, origin, putRight, rankedRound, reserveAndTerm, rules, score } from './out-round.ts'

/*
 * What somebody does who may write to the database, once a list is out: nothing of it may be sealed.
 */

type Test = Parameters<Parameters<typeof t.test>[0]>[0]
type Out = Year & { known: Known[] }

const insured = (from: string) => ({ insurance: [verified({ insurance: 'pension', payment: 'on-time', from })] })
/** In the order of their totals: the first two have the places, the others wait. */
const people = [
  person(0, bachelor),
  person(1, college),
  person(2, insured('2013-12')),
  person(3, insured('2015-01')),
  person(4, insured('2016-01')),
]
const onePool = rules({ quota: ['places: "2"', 'unit: applicants'], more: reserveAndTerm })
const later = '2020-04-15'

async function outRound(
  t: Test,
  {
    until = 'final',
    text = onePool,
    applicants = people,
  }: { until?: 'notice' | 'final'; text?: string; applicants?: BulkApplicant[] } = {},
): Promise<Out> {
  const year = await rankedRound(t, text, applicants)
  await publishIt(year)
  if (until === 'final') await publishIt(year, 'final')
  return year
}

function correct(year: Out, i: number, record: number) {
  const publicNumber = year.known[i]?.number as string
  return correctApplication(year.office, year.actor, year.round, {
    publicNumber,
    records: [record],
    decision: '2020-7',
    ground: 'evidence',
  })
}

async function raised(year: Out, i: number): Promise<number> {
  return putRight(year, year.known[i] as Known, 'education', verified(holds('bachelor-degree')))
}

function settle(year: Out, settled: number[], lapsed: number[], day = later) {
  const numbers = (of: number[]) => of.map(i => year.known[i]?.number as string)
  return enterSettlements(at(year, day), year.actor, year.round, { settled: numbers(settled), lapsed: numbers(lapsed) })
}

function call(year: Out, day = later) {
  return callUp(at(year, day), year.actor, year.round, { reason: 'a test' })
}

const application = (i: number) => `(select application from applications order by application offset ${i} limit 1)`
const amendment = (edition: number, i: number) =>
  `insert into amendments (authority, round, edition, unit, change, application, listed_before, listed, rank, reserve, through)
   select authority, round, ${edition}, int8send(application), 'called-up', application, null, true, 5, null, 'call-up' from applications where application = ${application(i)}`

async function editions(year: Out): Promise<number> {
  return Number((await year.office.pool.query('select count(*) as n from editions')).rows[0].n)
}

async function runState(year: Out): Promise<{ state: string; failures: number }> {
  return (await year.office.pool.query('select state, jsonb_array_length(failures) as failures from runs')).rows[0]
}

t.test(
  'a correction and a call-up verify the run first; a failure stays on record, and is taken back when the run holds again',
  async t => {
    const year = await outRound(t)
    const { pool } = year.office
    const record = await raised(year, 4)
    await settle(year, [0], [1])
    const alterations = [
      [
        `update entries set chain = '{99999}' where application = ${application(4)}`,
        `update entries set chain = kept.chain from kept where kept.application = entries.application`,
      ],
      [
        `update standings set reserve = null where application <> ${application(4)}`,
        `update standings set reserve = kept.reserve from kept where kept.application = standings.application`,
      ],
    ] as const
    await pool.query(
      'create table kept as select application, chain, reserve from entries join standings using (authority, round, run, application)',
    )
    let failures = 0
    for (const [alter, restore] of alterations) {
      await pool.query(alter)
      t.equal(await refusalOf(call(year)), 'run-does-not-hold', alter)
      t.equal(await refusalOf(correct(year, 4, record)), 'run-does-not-hold', alter)
      failures += 2
      t.strictSame(await runState(year), { state: 'failed', failures })
      t.equal(await refusalOf(settle(year, [0], [])), 'run-does-not-hold')
      await pool.query(restore)
      t.equal(await refusalOf(settle(year, [0], [])), 'invalid-settlements', 'entered already')
      t.strictSame(await runState(year), { state: 'verified', failures }, 'though nothing was entered')
    }
    t.equal(await editions(year), 2)
    t.equal(await refusalOf(call(year)), 'taken')
  },
)

t.test('a standing that stands twice', async t => {
  const year = await outRound(t)
  await settle(year, [0], [1])
  await year.office.pool.query(`insert into standings select * from standings where application = ${application(2)}`)
  t.equal(await refusalOf(score(year, 2, year.known[2] as Known)), 'round-altered')
  t.equal(await refusalOf(call(year)), 'run-does-not-hold')
})

t.test('parts of an edition that was never sealed', async t => {
  const parts = {
    amendments: amendment(2, 4),
    'amendments of a later one': amendment(7, 4),
    entries: `insert into edition_entries select authority, round, 2, position, rank, public_number, name_masked, total from edition_entries`,
    corrections: `insert into corrections select a.authority, a.round, 2, a.application, '{}', 'D', 'evidence', document, salt, digest, 'x', 'yes', 9999, '{}', '[]', '{}', '{9999}', ''
      from applications a join frozen_inputs using (authority, round, application) where a.application = ${application(4)}`,
  }
  for (const [what, sql] of Object.entries(parts))
    await t.test(what, async t => {
      const year = await outRound(t, { until: 'notice' })
      const record = await raised(year, 2)
      await asSuperuser(year.office.pool, sql)
      t.equal(await refusalOf(publishIt(year, 'final')), 'round-altered')
      t.equal(await refusalOf(correct(year, 2, record)), 'round-altered')
      t.equal(await editions(year), 1)
    })
})

t.test('places of others that are amended in the same transaction', async t => {
  const year = await outRound(t)
  const record = await raised(year, 2)
  await asSuperuser(
    year.office.pool,
    `create function also() returns trigger language plpgsql as $$ begin ${amendment(3, 4)}; return null; end $$;
     create trigger also after insert on corrections execute function also()`,
  )
  t.equal(await refusalOf(correct(year, 2, record)), 'round-altered')
})

t.test('what was entered of settling', async t => {
  for (const [what, enteredAt, calledAt] of [
    ['on a day within the term', '2020-03-20T08:00:00Z', later],
    ['on a day to come', '2020-04-20T08:00:00Z', '2020-03-01'],
  ] as const)
    await t.test(what, async t => {
      const year = await outRound(t)
      const record = await raised(year, 2)
      await year.office.pool.query(
        `insert into settlements select authority, round, int8send(application), application, 'lapsed', 'x', $1 from applications where application in (${application(0)}, ${application(1)})`,
        [enteredAt],
      )
      t.equal(await refusalOf(call(year, calledAt)), 'round-altered')
      t.equal(await refusalOf(correct({ ...year, office: at(year, calledAt) }, 2, record)), 'round-altered')
    })
  await t.test('of another household than the one on the list', async t => {
    const year = await outRound(t)
    await settle(year, [0], [])
    await year.office.pool.query(
      `insert into settlements select authority, round, int8send(${application(4)}), application, 'lapsed', 'x', '2020-04-10T08:00:00Z' from applications where application = ${application(1)}`,
    )
    await settle(year, [1], [])
    t.equal(await refusalOf(call(year)), 'round-altered')
  })
})

t.test('a term is counted from what was sealed', async t => {
  const year = await outRound(t)
  await asSuperuser(year.office.pool, `update editions set sealed_at = '2019-01-01T00:00:00Z'`)
  t.equal(await refusalOf(settle(year, [0], [], '2020-03-02')), 'invalid-settlements')
  await asSuperuser(year.office.pool, `update editions set kind = 'final'`)
  await asSuperuser(
    year.office.pool,
    `update edition_entries set public_number = (select public_number from applications where application = ${application(4)}) where rank = 2 and edition = 2`,
  )
  t.equal(await refusalOf(settle(year, [], [4])), 'invalid-settlements', 'who was never on a sealed list')
  t.equal(await refusalOf(settle(year, [0], [1])), 'taken')
})

t.test('a receipt that was altered is not told', async t => {
  const year = await outRound(t)
  t.match(await score(year, 0, year.known[0] as Known), { receipt: /^sha256:/ })
  await year.office.pool.query('update entries set receipt = sha256(receipt)')
  await t.rejects(score(year, 0, year.known[0] as Known), { message: /^the receipt of application/ })
})

t.test('a correction that was sealed', async t => {
  const alterations = {
    chain: [`update corrections set chain = '{99999}'`, 'round-altered'],
    document: [`update corrections set document = replace(document, '2015-12', '2014-02')`, 'round-altered'],
    receipt: [`update corrections set receipt = sha256(receipt)`, 'round-altered'],
    salt: [`update corrections set salt = sha256(salt)`, 'round-altered'],
    deleted: [`delete from corrections`, 'round-altered'],
    'one more': [
      `insert into corrections select authority, round, 1, application, records, decision, ground, document, salt, digest, engine, eligible, total, items, reasons, missing, chain, receipt from corrections`,
      'round-altered',
    ],
    reserve: [`update amendments set reserve = 1`, 'list-changed'],
    listed: [`update amendments set listed = true, rank = 1`, 'list-changed'],
    'struck off': [`update amendments set change = 'struck-off'`, 'list-changed'],
    decision: [`update corrections set decision = '2020-9'`, 'list-changed'],
  } as const
  for (const [what, [sql, code]] of Object.entries(alterations))
    await t.test(what, async t => {
      const year = await outRound(t)
      const lower = await putRight(
        year,
        year.known[4] as Known,
        'insurance',
        verified({ insurance: 'pension', payment: 'on-time', from: '2015-12' }),
      )
      await correct(year, 4, lower)
      await settle(year, [0], [1])
      await asSuperuser(year.office.pool, sql)
      t.equal(await refusalOf(call(year)), code)
      const record = await raised(year, 2)
      t.equal(await refusalOf(correct({ ...year, office: at(year, later) }, 2, record)), code)
      t.equal(await editions(year), 3)
    })
})

t.test('the final list does not stand on a correction that was altered', async t => {
  const year = await outRound(t, { until: 'notice' })
  await correct(year, 4, await raised(year, 4))
  await asSuperuser(year.office.pool, 'update corrections set receipt = sha256(receipt)')
  t.equal(await refusalOf(publishIt(year, 'final')), 'round-altered')
})

t.test('every part of a sealed document is compared with the next list', async t => {
  const year = await outRound(t, { until: 'notice' })
  const { edition } = await correct(year, 4, await raised(year, 4))
  const content = await contentNow(year)
  t.ok(continues(edition, content, new Set()))
  for (const field of Object.keys(content) as (keyof Content)[]) {
    const { [field]: _, ...without } = content
    t.notOk(
      continues(edition, { entries: [], ...without, ...(field === 'entries' ? {} : { entries: content.entries }) } as Content, new Set()),
      field,
    )
  }
  const [first, ...others] = content.entries as [Content['entries'][0], ...Content['entries']]
  t.notOk(continues(edition, { ...content, entries: [{ ...first, name: '李*' }, ...others] }, new Set()))
  const number = new Set([first.publicNumber])
  t.notOk(continues(edition, { ...content, entries: others }, number), 'no amendment says so')
  const amended = (more: object): Content => ({
    ...content,
    entries: others,
    amendments: [...(content.amendments ?? []), { edition: 3, kind: 'correction', added: [], removed: [], changed: [], ...more }],
  })
  t.ok(continues(edition, amended({ removed: [first.publicNumber] }), number))
  t.notOk(continues(edition, amended({ changed: [first.publicNumber] }), number))
  t.notOk(continues(edition, amended({ removed: [first.publicNumber], added: ['AAAA'] }), number))
  const { amendments } = amended({ removed: [first.publicNumber] })
  t.notOk(continues(edition, { ...amended({}), amendments: amendments?.slice(1) ?? [] }, number), 'what was amended before is gone')
})

async function contentNow({ office, actor, round }: Out): Promise<Content> {
  const stored = await theRound(office, actor.authority, round)
  const run = (await getRun(office.db, { authority: actor.authority, round, run: 1 })) as Run
  return contentOf(office, office.db, { round: stored, run, judge: await judgeOf(office, stored), setAside: new Map() })
}

t.test('a round whose notice is of the first format goes on', async t => {
  const text = rules({ quota: ['places: "2"', 'unit: applicants'] })
  for (const [what, change, outcome] of [
    ['as it was', {}, 'taken'],
    ['other counts', { counts: { applicants: 5, eligible: 4, admitted: 2, atLine: 0 } }, 'list-changed'],
    ['other inputs', { inputs: `sha256:${'0'.repeat(64)}` }, 'list-changed'],
  ] as const) {
    const year = await outRound(t, { until: 'notice', text })
    const { rows } = await year.office.pool.query('select document from editions')
    const { format: _, digest: __, run: ___, line, quota, ...same } = JSON.parse(rows[0].document)
    const first = {
      ...same,
      ...change,
      format: 1,
      quota: { ...quota, unit: 'persons 人' },
      line: { ...line, lotSeed: null, lotSeedDigest: null },
    }
    const sealed = sealEdition(first as never)
    await asSuperuser(
      year.office.pool,
      `update editions set digest = '${sealed.digest}', document = ${pg.escapeLiteral(canonicalJson(sealed as unknown as Json))}`,
    )
    t.equal(await refusalOf(publishIt(year, 'final')), outcome, what)
  }
})

t.test('the pages of a list', async t => {
  const year = await outRound(t)
  const { authority } = year.actor
  const page = (edition: number) => editionEntries(year.office, { authority, round: year.round, edition, limit: 10 })
  for (const alter of [
    `update edition_entries set name_masked = '李*' where rank = 2`,
    `delete from edition_entries where rank = 2`,
    `insert into edition_entries select authority, round, edition, 3, 3, 'AAAA', name_masked, total from edition_entries where rank = 2`,
  ]) {
    const other = await outRound(t)
    await asSuperuser(other.office.pool, alter)
    const altered = editionEntries(other.office, { authority, round: other.round, edition: 2, limit: 10 })
    t.equal(await refusalOf(altered), 'round-altered', alter)
  }
  t.equal((await page(2)).length, 2)
  t.strictSame(await page(3), [], 'of an edition that is not there')
})

t.test('two at once: the second waits and is refused, or goes on', async t => {
  const year = await outRound(t, { until: 'notice' })
  const records = await Promise.all([2, 3, 4].map(i => raised(year, i)))
  const outcomes = await Promise.all([refusalOf(correct(year, 2, records[0] as number)), refusalOf(correct(year, 3, records[1] as number))])
  t.ok(outcomes.includes('taken'), `${outcomes}`)
  t.ok(
    outcomes.every(one => one === 'taken' || one === 'round-busy'),
    `${outcomes}`,
  )
  const withFinal = await Promise.all([refusalOf(correct(year, 4, records[2] as number)), refusalOf(publishIt(year, 'final'))])
  t.ok(withFinal.includes('taken'), `${withFinal}`)
  t.ok(
    withFinal.every(one => one === 'taken' || one === 'round-busy'),
    `${withFinal}`,
  )

  const other = await outRound(t)
  const settledAndCalled = await Promise.all([refusalOf(settle(other, [0], [1])), refusalOf(call(other))])
  t.equal(settledAndCalled[0], 'taken')
  t.ok(['taken', 'round-busy', 'settlements-open'].includes(settledAndCalled[1]), `${settledAndCalled}`)
})

const pools = ['a', 'b', 'c'].map(pool => `  - {pool: ${pool}, name: {zh-CN: 甲, en: A}, places: "1", ${origin}}`)
const threePools = rules({ quota: ['unit: applicants', 'pools:', ...pools], more: reserveAndTerm })
const inPools = [person(0, bachelor), person(1, college), person(2), person(3), person(4), person(5, insured('2016-01'))].map((one, i) => ({
  ...one,
  pool: 'abc'[i % 3] as string,
}))

async function alterPool(year: Out, pool: string, reserve: number): Promise<void> {
  await year.office.pool.query('update standings set reserve = $2 where pool = $1 and reserve is not null', [pool, reserve])
}

t.test('a pool that never had a notice does not come onto the final list', async t => {
  const year = await rankedRound(t, threePools, inPools)
  await alterPool(year, 'c', 2)
  t.match((await publishIt(year)).edition, { setAside: [{ pool: 'c' }] })
  await alterPool(year, 'c', 1)
  t.equal(await refusalOf(publishIt(year, 'final')), 'round-state')
  t.notOk((await publishIt(year)).edition.setAside, 'the notice with it')
  t.equal(await refusalOf(publishIt(year, 'final')), 'taken')
})

t.test('a run that failed comes back while another pool is set aside still', async t => {
  const year = await rankedRound(t, threePools, inPools)
  await alterPool(year, 'c', 2)
  await publishIt(year)
  await publishIt(year, 'final')
  await alterPool(year, 'a', 2)
  const record = await raised(year, 4)
  t.equal(await refusalOf(publishIt(year, 'final')), 'run-does-not-hold')
  t.equal(await refusalOf(correct(year, 4, record)), 'run-does-not-hold', 'a pool that was published does not hold')
  t.match(await runState(year), { state: 'failed' })
  await alterPool(year, 'a', 1)
  t.equal(await refusalOf(publishIt(year, 'final')), 'run-does-not-hold', 'nothing can be added')
  t.match(await runState(year), { state: 'verified' })
  const { edition } = await correct(year, 4, record)
  t.match(edition, { edition: 3, setAside: [{ pool: 'c' }], amendments: [{ added: [year.known[4]?.number] }] })
  await alterPool(year, 'c', 1)
  t.notOk((await publishIt(year, 'final')).edition.setAside, 'and the pool is added beside what was amended')
})

t.test('a pool that is set aside calls nobody up', async t => {
  const year = await rankedRound(t, threePools, inPools)
  // As if the only one who has a place of the pool c had none: one is free, and somebody waits.
  await year.office.pool.query("update standings set outcome = 'none' where pool = 'c' and outcome = 'first'")
  await publishIt(year)
  t.match((await publishIt(year, 'final')).edition, { setAside: [{ pool: 'c' }] })
  await settle(year, [1], [0])
  const { edition } = await call(year)
  t.match(edition.amendments, [{ added: [year.known[3]?.number], removed: [year.known[0]?.number] }])
  const { rows } = await year.office.pool.query(
    'select public_number as number from amendments join applications using (authority, round, application)',
  )
  t.strictSame(rows.map(row => row.number).sort(), [0, 3].map(i => year.known[i]?.number).sort(), 'and nothing is kept of it')
})

t.test('a correction that would take an application out of its pool', async t => {
  const where = [`  - {pool: a, name: {zh-CN: 甲, en: A}, places: "2", where: {measure: education, is: college}, ${origin}}`]
  const text = rules({ quota: ['unit: applicants', 'pools:', ...where, ...pools.slice(1)] })
  const year = await outRound(t, {
    text,
    applicants: [
      { ...person(0, college), pool: 'a' },
      { ...person(1, bachelor), pool: 'b' },
    ],
  })
  await t.rejects(correct(year, 0, await raised(year, 0)), {
    code: 'unusable-evidence',
    faults: [{ code: 'wrong-pool', pointer: '/records' }],
  })
  t.equal(await editions(year), 2)
})
