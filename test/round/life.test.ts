import { execFileSync } from 'node:child_process'
import t from 'tap'
import { maskName } from '../../src/publishing/mask-name.ts'
import { verifyEdition } from '../../src/publishing/verify-edition.ts'
import { lotSecretDigest } from '../../src/ranking/lot.ts'
import { apply, correctClaim } from '../../src/round/applications.ts'
import { type BulkApplicant, takeApplicants } from '../../src/round/bulk-intake.ts'
import { enterAuthority } from '../../src/round/clients.ts'
import { enterDraw, type NewDraw } from '../../src/round/draws.ts'
import { takeEvidence } from '../../src/round/evidence.ts'
import { freezeRound } from '../../src/round/freeze.ts'
import { freezeStatement } from '../../src/round/freeze-statement.ts'
import { secretOfRun } from '../../src/round/lottery.ts'
import type { Office } from '../../src/round/office.ts'
import { registerPerson } from '../../src/round/persons.ts'
import { noProgress, type Progress } from '../../src/round/progress.ts'
import { publish } from '../../src/round/publish.ts'
import { createRound, moveRound, stepsOf } from '../../src/round/rounds.ts'
import { runRound } from '../../src/round/run.ts'
import { storeScheme } from '../../src/round/schemes.ts'
import { scoreOf } from '../../src/round/score-query.ts'
import { canonicalJson, type Json } from '../../src/values/canonical-json.ts'
import { digestOf } from '../../src/values/digest.ts'
import { fingerprint, tablesOf } from '../support/fingerprint.ts'
import { anOffice, putInForce, schemeTexts, syntheticNumber } from '../support/office.ts'
import { declared, holds, nothing, person, rejected, type Sayings, verified } from '../support/people.ts'
import { asSuperuser } from '../support/superuser.ts'
import { draftRound, drawOnNextDay, modelRules, publishIt, refusalOf, rulesWith, runIt, type Year } from '../support/year.ts'

type Test = Parameters<Parameters<typeof t.test>[0]>[0]

/** Each refused call, with the code it must have; afterwards nothing in the database is another. */
async function refused(t: Test, { office }: Pick<Year, 'office'>, code: string, call: () => Promise<unknown>, what = code): Promise<void> {
  const before = await fingerprint(office.pool)
  t.equal(await refusalOf(call()), code, what)
  t.strictSame(await fingerprint(office.pool), before, `${what}: nothing has changed`)
}

async function opened(t: Test, applicants: BulkApplicant[], draft: Parameters<typeof draftRound>[1] = {}): Promise<Year> {
  const year = await draftRound(t, draft)
  await move(year, 'open')
  await takeApplicants(year.office, year.actor, year.round, applicants)
  return year
}

async function ranked(t: Test, applicants: BulkApplicant[], draft?: Parameters<typeof draftRound>[1], seed?: string): Promise<Year> {
  const year = await opened(t, applicants, draft)
  await move(year, 'closed')
  const { report } = await runIt(year, seed)
  t.strictSame(report.findings, [])
  return year
}

function move({ office, actor, round }: Year, to: 'open' | 'closed') {
  return moveRound(office, actor, round, to)
}

/** What the last run made of each applicant, in the order in which they applied. */
async function entries({ office }: Year): Promise<{ [column: string]: unknown }[]> {
  const { rows } = await office.pool.query(
    `select eligible, total, items, missing, rank, coalesce(outcome in ('first', 'second'), false) as admitted, lot, document, public_number, person
     from entries join applications using (authority, round, application) join frozen_inputs using (authority, round, application)
       left join standings using (authority, round, run, application)
     where run = (select max(run) from runs) order by application`,
  )
  return rows.map(row => ({ ...row, document: JSON.parse(row.document) }))
}

t.test('every step that a state forbids is refused, and no state is left out', async t => {
  const year = await draftRound(t)
  const { office, actor, round } = year
  const early = await registerPerson(office, actor, { citizenNumber: syntheticNumber(900), name: '李四' })
  const late = await registerPerson(office, actor, { citizenNumber: syntheticNumber(902), name: '王五' })
  // Who has applied is told the public number in every state, so after the open one somebody else comes.
  let applicant = early.person
  const takeApplication = async () => {
    const taken = await apply(office, actor, round, applicant)
    applicant = late.person
    return taken
  }
  const steps: { [step: string]: { code: string; take: () => Promise<unknown> } } = {
    open: { code: 'round-state', take: () => move(year, 'open') },
    apply: { code: 'round-not-open', take: takeApplication },
    intake: { code: 'round-not-open', take: () => takeApplicants(office, actor, round, [person(901)]) },
    close: { code: 'round-state', take: () => move(year, 'closed') },
    freeze: { code: 'round-state', take: () => freezeRound(office, actor, round, noProgress) },
    run: { code: 'round-state', take: () => runIt(year) },
    notice: { code: 'round-state', take: () => publishIt(year, 'notice') },
    final: { code: 'round-state', take: () => publishIt(year, 'final') },
  }
  /** What each state allows; the last of them leads to the next. */
  const states: [state: string, allowed: string[]][] = [
    ['draft', ['open']],
    ['open', ['apply', 'intake', 'close']],
    ['closed', ['run', 'freeze']],
    ['frozen', ['run']],
    ['ranked', ['run', 'notice']],
    ['notice', ['final']],
    ['final', []],
  ]
  for (const [state, allowed] of states) {
    await t.test(state, async t => {
      t.equal((await office.pool.query('select state from rounds')).rows[0].state, state)
      for (const [step, { code, take }] of Object.entries(steps)) if (!allowed.includes(step)) await refused(t, year, code, take, step)
      // A closed round may be run at once, which the other tests do.
      for (const step of state === 'closed' ? ['freeze'] : allowed) t.ok(await steps[step]?.take(), step)
    })
  }
  t.strictSame(
    (await stepsOf(office, actor, round)).map(step => `${step.from_state} ${step.to_state}`),
    ['draft open', 'open closed', 'closed frozen', 'frozen ranked', 'ranked notice', 'notice final'],
  )
  t.strictSame(
    (await office.pool.query('select state from runs order by run')).rows.map(row => row.state),
    ['verified', 'verified'],
  )
})

t.test('what is said counts in a round only if it is verified', async t => {
  const table: {
    what: string
    said: Sayings
    then?: Sayings
    total: number | null
    eligible?: string
    missing?: string[]
    education: object | undefined
  }[] = [
    { what: 'nothing on record is zero, and known', said: {}, total: 63, education: [] },
    {
      what: 'nobody was asked: the total is a lower bound',
      said: { education: [] },
      total: 63,
      missing: ['education'],
      education: undefined,
    },
    { what: 'verified', said: { education: [verified(holds('college'))] }, total: 73, education: [holds('college')] },
    { what: 'declared alone', said: { education: [declared(holds('college'))] }, total: 63, missing: ['education'], education: undefined },
    {
      what: 'declared beside verified',
      said: { education: [declared(holds('doctor-degree')), verified(holds('college'))] },
      total: 73,
      education: [holds('college')],
    },
    {
      what: 'rejected: that says nothing of what there is',
      said: { education: [rejected(holds('college'))] },
      total: 63,
      missing: ['education'],
      education: undefined,
    },
    {
      what: 'superseded by another',
      said: { education: [verified(holds('college'))] },
      then: { education: [verified(holds('bachelor-degree'))] },
      total: 83,
      education: [holds('bachelor-degree')],
    },
    {
      what: 'superseded by a rejection',
      said: { education: [verified(holds('college'))] },
      then: { education: [rejected(holds('college'))] },
      total: 63,
      missing: ['education'],
      education: undefined,
    },
    {
      what: 'superseded by nothing on record',
      said: { education: [verified(holds('college'))] },
      then: { education: [nothing] },
      total: 63,
      education: [],
    },
    {
      what: 'declared, then verified',
      said: { education: [declared(holds('college'))] },
      then: { education: [verified(holds('college'))] },
      total: 73,
      education: [holds('college')],
    },
    {
      what: 'a gate that nobody has asked for',
      said: { crime: [] },
      total: 63,
      eligible: 'undetermined',
      missing: ['crime'],
      education: [],
    },
    {
      what: 'a gate that was only declared',
      said: { permit: [declared({ from: '2012-01-01' })] },
      total: 63,
      eligible: 'undetermined',
      missing: ['permit'],
      education: [],
    },
    {
      what: 'a deduction that nobody has asked for',
      said: { detention: [] },
      total: null,
      eligible: 'undetermined',
      missing: ['detention'],
      education: [],
    },
    { what: 'a gate that fails', said: { crime: [verified({ date: '2003-03-01' })] }, total: 63, eligible: 'no', education: [] },
  ]
  const year = await opened(
    t,
    table.map(({ said }, i) => person(i, said)),
  )
  const { office, actor } = year
  await move(year, 'closed')
  const { rows: persons } = await office.pool.query('select person from applications order by application')
  for (const [i, { then = {} }] of table.entries()) {
    for (const [kind, said] of Object.entries(then)) {
      const number = persons[i].person
      const { rows } = await office.pool.query('select evidence from evidence where person = $1 and kind = $2', [number, kind])
      await takeEvidence(
        office,
        actor,
        number,
        said.map(one => ({ kind, source: 'register', ...one, supersedes: rows[0].evidence })),
      )
      await refused(t, year, 'evidence-superseded', () =>
        takeEvidence(office, actor, number, [{ kind, source: 'register', ...nothing, supersedes: rows[0].evidence }]),
      )
    }
  }
  const { frozen } = await runIt(year)
  t.match(frozen, { applications: table.length, pending: 3 })
  const found = await entries(year)
  for (const [i, { what, total, eligible = 'yes', missing = [], education }] of table.entries()) {
    const { document, ...entry } = found[i] as { document: { [kind: string]: object[] } }
    t.match(
      entry,
      { eligible, total: total && total * 100, missing, admitted: eligible === 'yes', rank: eligible === 'yes' ? Number : null },
      what,
    )
    t.strictSame(
      document.education,
      education && (education as object[]).map(record => ({ ...record, source: 'register', state: 'verified' })),
      `${what}: as frozen`,
    )
  }

  // Evidence goes on being taken, and waits for the next round.
  const first = found.map(({ total, rank }) => ({ total, rank }))
  const late = { kind: 'education', source: 'register', ...verified(holds('doctor-degree')) }
  await takeEvidence(office, actor, persons[0].person, [late])
  await runIt(year)
  t.strictSame(
    (await entries(year)).map(({ total, rank }) => ({ total, rank })),
    first,
    'what is recorded after the freeze does not count',
  )
})

t.test('a person is there once, and applies once', async t => {
  const year = await opened(t, [person(0)])
  const { office, actor, round } = year
  const numberWithX = Array.from({ length: 100 }, (_, i) => syntheticNumber(500 + i)).find(number => number.endsWith('X')) as string
  const { person: number, alsoUnder } = await registerPerson(office, actor, { citizenNumber: numberWithX, name: '李四' })
  t.strictSame(alsoUnder, [])
  await refused(t, year, 'person-exists', () => registerPerson(office, actor, { citizenNumber: numberWithX, name: '李四' }))
  await refused(
    t,
    year,
    'person-exists',
    () => registerPerson(office, actor, { citizenNumber: ` ${numberWithX.toLowerCase()}`, name: '王五' }),
    'with a small x',
  )
  await refused(t, year, 'person-exists', () => takeApplicants(office, actor, round, [person(1), person(0)]), 'in a bulk intake')
  await refused(
    t,
    year,
    'person-exists',
    () => takeApplicants(office, actor, round, [person(1), person(2), person(1)]),
    'twice in one intake',
  )

  for (const [applicants, pointer] of [
    [[person(1), person(0)], '/1/citizenNumber'],
    [[person(1), person(2), person(1)], '/2/citizenNumber'],
  ] as const)
    await takeApplicants(office, actor, round, applicants).then(
      () => t.fail('taken'),
      error => t.match(error.faults, [{ code: 'person-exists', pointer }]),
    )

  const { publicNumber } = await apply(office, actor, round, number)
  t.match(publicNumber, /^[2-9A-HJ-NP-TV-Z]{4}(-[2-9A-HJ-NP-TV-Z]{4}){2}$/)
  await refused(t, year, 'second-application', () => apply(office, actor, round, number))
  await refused(t, year, 'unknown-person', () => apply(office, actor, round, 999_999))
  await refused(t, year, 'unknown-round', () => apply(office, actor, '2018', number))

  const other = { authority: 'otheroffice', client: 'test' }
  await enterAuthority(office, other.authority, { 'zh-CN': '另一机关', en: 'another office' })
  const elsewhere = await registerPerson(office, other, { citizenNumber: numberWithX.toLowerCase(), name: '李四' })
  t.strictSame(elsewhere.alsoUnder, ['testoffice'], 'another authority of the installation is told')
  await refused(t, year, 'unknown-round', () => apply(office, other, round, elsewhere.person), 'the round is not theirs')
  await refused(t, year, 'unknown-person', () => apply(office, actor, round, elsewhere.person), 'nor is their person ours')
  await move(year, 'closed')
  t.match((await runIt(year)).frozen, { applications: 2, alsoElsewhere: 1 })
})

t.test('a bulk intake with one bad applicant stores nothing and points at it', async t => {
  const year = await opened(t, [])
  const { office, actor, round } = year
  const wrong: [what: string, bad: BulkApplicant, pointer: string][] = [
    [
      'a wrong check character',
      { ...person(1), citizenNumber: syntheticNumber(1).replace(/.$/, last => (last === '0' ? '1' : '0')) },
      '/2/citizenNumber',
    ],
    ['an unknown kind', person(1, { invention: [nothing] }), '/2/statements/15/kind'],
    ['an unknown field', person(1, { birth: [verified({ date: '1985-06-15', place: 'x' })] }), '/2/statements/0/record/place'],
    ['an impossible date', person(1, { birth: [verified({ date: '1985-02-29' })] }), '/2/statements/0/record/date'],
    [
      'a span that ends before it starts',
      person(1, { permit: [verified({ from: '2012-01-01', to: '2011-12-31' })] }),
      '/2/statements/2/record/to',
    ],
    ['no name', person(1, {}, ' '), '/2/name'],
    ['a name of too many characters', person(1, {}, '张'.repeat(101)), '/2/name'],
    ['half a character as a name', person(1, {}, '\ud842'), '/2/name'],
  ]
  for (const [what, bad, pointer] of wrong) {
    const before = await fingerprint(office.pool)
    const error = await takeApplicants(office, actor, round, [person(0), person(2), bad, person(3)]).catch(error => error)
    t.match(error, { name: 'Refusal', code: 'invalid-applicants' }, what)
    t.match(
      error.faults?.map((fault: { pointer: string }) => fault.pointer),
      [pointer],
      `${what}: where`,
    )
    t.strictSame(await fingerprint(office.pool), before, `${what}: nothing is stored`)
  }
  async function* broken() {
    yield person(0)
    throw new RangeError('the file breaks off')
  }
  const before = await fingerprint(office.pool)
  await t.rejects(takeApplicants(office, actor, round, broken()), { message: 'the file breaks off' })
  t.strictSame(await fingerprint(office.pool), before)
  // In the second chunk: the first 2,000 are in the database by then, but not for good.
  function* many() {
    for (let i = 0; i < 2001; i++) yield { ...person(i), statements: [] }
    yield { ...person(2001), citizenNumber: '1' }
  }
  const error = await takeApplicants(office, actor, round, many()).catch(error => error)
  t.strictSame(
    error.faults?.map((fault: { pointer: string }) => fault.pointer),
    ['/2001/citizenNumber'],
  )
  t.strictSame(await fingerprint(office.pool), before)
})

t.test('lots are drawn by the secret that was committed and the public draw after the freeze', async t => {
  const secret = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
  const committed = lotSecretDigest(Buffer.from(secret, 'hex'))
  const rules = rulesWith({ order: ['total desc'], places: 4, line: 'lot' })
  const year = await opened(
    t,
    Array.from({ length: 9 }, (_, i) => person(i, i === 0 ? { education: [verified(holds('college'))] } : {})),
    { rules, lotSecretDigest: committed },
  )
  const { office, actor, round } = year
  const draw = (numbers: number[], more: Partial<NewDraw> = {}) => drawOnNextDay(year, { numbers, ...more })
  await refused(t, year, 'lot-not-committed', () => createRound(office, actor, { round: '2018', rules }))
  await refused(t, year, 'lot-not-committed', () =>
    createRound(office, actor, { round: '2018', rules: modelRules, lotSecretDigest: committed }),
  )
  await move(year, 'closed')
  await refused(t, year, 'round-state', () => draw([1, 5, 9]))
  await refused(t, year, 'lot-secret-wrong', () => runIt(year, secret.replace('a1', 'a2')))
  t.equal(await refusalOf(runIt(year)), 'draw-missing', 'the run freezes the round, and waits for the draw')
  await refused(t, year, 'draw-missing', () => runIt(year, secret))
  await refused(t, year, 'invalid-draw', () => draw([1, 5, 9], { heldOn: '2020-03-01' }), 'on the day of the freeze')
  await refused(t, year, 'invalid-draw', () => draw([1, 9, 5]))
  await refused(t, year, 'invalid-draw', () => draw([1, 5, 9], { name: '' }))
  await refused(t, year, 'invalid-draw', () => draw([1, 5, 9], { heldOn: '2020-03-03' }), 'on a day that has not come')
  const late = { ...office, now: () => '2020-03-02T16:00:00.000Z' }
  t.match(await draw([1, 5, 8]), { entry: 1, numbers: '1,5,8', held_on: '2020-03-02' })
  t.match(await enterDraw(late, actor, round, { name: '2020002', heldOn: '2020-03-03', numbers: [1, 5, 9] }), {
    entry: 2,
    numbers: '1,5,9',
  })
  await refused(t, year, 'lot-secret-missing', () => runIt(year))
  await refused(t, year, 'lot-secret-wrong', () => runIt(year, secret.replace('a1', 'a2')))
  await refused(t, year, 'invalid-lot-secret', () => runIt(year, secret.slice(2)))

  const { run } = await runIt(year, secret)
  t.match(run, { state: 'verified', admitted: 4, lot_secret: null, draw: '1,5,9' })
  t.notOk(await isStored(office, secret), 'the database does not know the secret in clear')
  t.equal(secretOfRun(office, run), secret)
  const standings = async (run: number) => {
    const { rows } = await office.pool.query('select application, rank, outcome, lot from standings where run = $1 order by 1', [run])
    return rows
  }
  const first = await standings(1)
  t.equal(first.filter(({ outcome }) => outcome === 'first').length, 4)
  t.equal(first.filter(({ lot }) => lot).length, 8)
  await refused(t, year, 'round-state', () => draw([1, 5, 9]), 'a ranked round')
  await refused(t, year, 'lot-secret-wrong', () => runIt(year, `${secret}00`))
  t.match((await runIt(year, secret.toUpperCase())).run, { run: 2, state: 'verified' })
  t.strictSame(await standings(2), first, 'the same secret and draw give the same list')
  const { edition } = await publishIt(year)
  t.match(edition.line, { secret, secretDigest: committed })
  t.match((await office.pool.query('select lot_secret, lot_secret_encrypted from runs where run = 2')).rows, [
    { lot_secret: secret, lot_secret_encrypted: null },
  ])

  const plain = await opened(t, [person(0)])
  await move(plain, 'closed')
  await refused(t, plain, 'lot-secret-wrong', () => runIt(plain, secret), 'a secret where no lots are drawn')
  await freezeRound(plain.office, plain.actor, plain.round, noProgress)
  await refused(t, plain, 'no-draw', () =>
    enterDraw(plain.office, plain.actor, plain.round, { name: '1', heldOn: '2020-03-02', numbers: [1] }),
  )
})

t.test('a round is frozen once, and a step that somebody slips in does not let another draw count', async t => {
  const secret = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
  const rules = rulesWith({ order: ['total desc'], places: 4, line: 'lot' })
  const year = await opened(t, [person(0)], { rules, lotSecretDigest: lotSecretDigest(Buffer.from(secret, 'hex')) })
  const { office, actor, round } = year
  await move(year, 'closed')
  await freezeRound(office, actor, round, noProgress)
  const slipIn = `insert into round_steps select authority, round, 99, 'closed', 'frozen', taken_by, '2020-01-01T00:00Z' from round_steps where to_state = 'frozen'`
  await t.rejects(office.pool.query(slipIn), { code: '23505' })
  await asSuperuser(office.pool, `drop index round_steps_once_to_each_state; ${slipIn}`)
  t.match(await freezeStatement(office, actor.authority, round), { frozenAt: '2020-03-01T08:00:00Z' })
  await refused(t, year, 'invalid-draw', () => drawOnNextDay(year, { heldOn: '2020-01-05' }), 'a draw before the real freeze')
  await drawOnNextDay(year)
  t.match((await runIt(year, secret)).report, { holds: false, counts: { R10: 1 } })
})

/** Whether a text stands in clear in any row of the database. */
async function isStored({ pool }: Office, text: string): Promise<boolean> {
  const tables = (await tablesOf(pool)).map(table => `select one::text as text from ${table} one`)
  const { rows } = await pool.query(`select from (${tables.join(' union all ')}) all_rows where text like '%' || $1 || '%'`, [text])
  return rows.length > 0
}

t.test('a cancelled run leaves nothing behind, and a freeze that was finished stays', async t => {
  const year = await opened(t, [person(0), person(1)])
  const { office, actor, round } = year
  await move(year, 'closed')
  const cancelledAt = (stage: string) => {
    const cancelling = new AbortController()
    const progress: Progress = at => {
      if (at.stage === stage) cancelling.abort()
    }
    return refusalOf(runRound(office, actor, round, { progress, seconds: () => 0, signal: cancelling.signal }))
  }
  const left = async () => {
    const { rows } = await office.pool.query(
      `select state, (select count(*) from frozen_inputs) as inputs, (select count(*) from runs) + (select count(*) from entries)
         + (select count(*) from standings) + (select count(*) from run_pools) as others from rounds`,
    )
    return rows[0]
  }
  t.equal(
    await refusalOf(runRound(office, actor, round, { progress: noProgress, seconds: () => 0, signal: AbortSignal.abort() })),
    'run-cancelled',
  )
  t.match(await left(), { state: 'closed', inputs: 0, others: 0 })
  for (const stage of ['freeze', 'score', 'rank', 'verify']) {
    t.equal(await cancelledAt(stage), 'run-cancelled', stage)
    t.match(await left(), { state: 'frozen', inputs: 2, others: 0 }, stage)
  }
  t.match((await runIt(year)).run, { run: 1, state: 'verified' })
})

t.test('what an application says of pool, household and persons is taken as the rules ask', async t => {
  const pooled = modelRules
    .replace(
      /^ {2}places: .*$/m,
      '  pools:\n    - {pool: a, name: {zh-CN: 甲, en: A}, places: "2", assumption: "a test"}\n    - {pool: b, name: {zh-CN: 乙, en: B}, places: "1", assumption: "a test"}',
    )
    .replace(/unit: applicants/, 'unit: persons')
    .concat('straddle: {rule: next-smaller, assumption: "a test"}\n')
  const year = await opened(t, [{ ...person(0), pool: 'a', household: '一号', persons: 2 }], { rules: pooled })
  const { office, actor, round } = year
  const { person: number } = await registerPerson(office, actor, { citizenNumber: syntheticNumber(1), name: '李四' })
  const faultsOf = (given: object) =>
    apply(office, actor, round, number, given).then(
      () => [],
      error => error.faults.map(({ code, pointer }: { code: string; pointer: string }) => `${code} ${pointer}`),
    )
  t.strictSame(await faultsOf({}), ['missing-field /pool', 'missing-field /persons'])
  t.strictSame(await faultsOf({ pool: 'c', household: ' ', persons: 100 }), [
    'unknown-name /pool',
    'wrong-form /household',
    'out-of-range /persons',
  ])
  const { publicNumber } = await apply(office, actor, round, number, { pool: 'b', household: '一号', persons: 1 })
  const { rows } = await office.pool.query('select pool, household, persons from applications order by pool')
  t.match(rows, [
    { pool: 'a', persons: 2 },
    { pool: 'b', persons: 1 },
  ])
  t.strictSame(rows[0].household, rows[1].household, 'one label, one digest')
  t.not(rows[0].household.includes('一号'), true)

  await move(year, 'closed')
  await refused(t, year, 'household-in-two-pools', () => runIt(year))
  t.match(await correctClaim(office, actor, round, publicNumber, { pool: 'a', household: '一号', persons: 1 }), { pool: 'a' })
  await freezeRound(office, actor, round, noProgress)
  t.equal(await refusalOf(correctClaim(office, actor, round, publicNumber, { pool: 'a', persons: 1 })), 'round-state')

  const plain = await opened(t, [person(0)])
  const superfluous = apply(plain.office, plain.actor, plain.round, 1, { pool: 'a', household: 'x', persons: 1 })
  t.strictSame(await superfluous.catch(error => error.faults.map(({ pointer }: { pointer: string }) => pointer)), [
    '/pool',
    '/household',
    '/persons',
  ])
})

t.test('a run that does not hold leaves the round frozen', async t => {
  const year = await opened(t, [person(0), person(1)])
  const { office, actor, round } = year
  await move(year, 'closed')
  await freezeRound(office, actor, round, noProgress)
  await asSuperuser(
    office.pool,
    `update frozen_inputs set document = document || ' ' where application = (select min(application) from frozen_inputs)`,
  )
  const { run, report } = await runIt(year)
  t.match(run, { state: 'failed', findings: { holds: false, counts: { R3: 1 } } })
  t.strictSame(report.counts, { R3: 1 })
  t.match((await office.pool.query('select state, verified_run from rounds')).rows, [{ state: 'frozen', verified_run: null }])
  await refused(t, year, 'round-state', () => publishIt(year))
  await asSuperuser(office.pool, 'update frozen_inputs set document = rtrim(document)')
  t.match((await runIt(year)).run, { run: 2, state: 'verified' })
  t.match((await publishIt(year)).edition.counts, { admitted: 2 })
})

t.test('a round without anybody comes to an empty list', async t => {
  const year = await ranked(t, [])
  const { edition } = await publishIt(year)
  t.match(edition, { cutOff: null, entries: [], counts: { applicants: 0, eligible: 0, admitted: 0, atLine: 0 } })
  t.strictSame(verifyEdition(canonicalJson(edition as unknown as Json)).faults, [])
})

const names = ['张三丰', '𠮷', '欧阳𬍛𫖯', '𠮷野', '李', '阿卜杜拉·买买提']

t.test('what is published', async t => {
  const levels = ['college', 'college', 'bachelor-degree', 'doctor-degree', 'master-degree', 'college']
  const applicants = names.map((name, i) => person(i, { education: [verified(holds(levels[i] as string))] }, name))
  const year = await ranked(t, [...applicants, person(50), person(51, { crime: [] })], {
    rules: rulesWith({ order: ['total desc'], places: 5 }),
  })
  const { office } = year
  const notice = await publishIt(year, 'notice')
  const final = await publishIt(year, 'final')

  await t.test('the notice, and the final list that supersedes it', async t => {
    t.match(notice.edition, { kind: 'notice', edition: 1, supersedes: null })
    t.match(final.edition, { kind: 'final', edition: 2, supersedes: notice.edition.digest })
    t.strictSame(final.edition.entries, notice.edition.entries)
    t.equal(final.listDigest, notice.listDigest)
    t.not(final.edition.digest, notice.edition.digest)
    t.strictSame(
      final.edition.entries.map(({ rank, total }) => `${rank} ${total}`),
      ['1 113.00', '2 103.00', '3 83.00', '4 73.00', '4 73.00', '4 73.00'],
    )
    t.match(final.edition, { cutOff: ['73.00'], counts: { applicants: 8, eligible: 7, admitted: 6, atLine: 3 } })
  })

  await t.test('names are masked by whole characters', async t => {
    t.strictSame(names.map(maskName), ['张**', '𠮷*', '欧***', '𠮷*', '李*', '阿*******'])
    t.strictSame(final.edition.entries.map(entry => entry.name).sort(), names.map(maskName).sort())
    const { rows } = await office.pool.query(
      'select name_masked, public_number, rank, total from edition_entries where edition = 2 order by position',
    )
    t.strictSame(
      rows,
      final.edition.entries.map(entry => ({
        name_masked: entry.name,
        public_number: entry.publicNumber,
        rank: entry.rank,
        total: entry.total,
      })),
    )
  })

  await t.test('the database refuses to change what is sealed or recorded', async t => {
    const statements = [
      `update editions set reason = 'another'`,
      `update editions set document = replace(document, '73.00', '74.00') where edition = 1`,
      'delete from editions where edition = 1',
      'truncate editions cascade',
      'update edition_entries set rank = 1',
      'delete from edition_entries where position = 1',
      'truncate edition_entries',
      `update evidence set state = 'verified'`,
      'truncate evidence',
      `update schemes set source = ''`,
      'delete from schemes',
      'truncate schemes cascade',
    ]
    for (const statement of statements) {
      const before = await fingerprint(office.pool)
      await t.rejects(office.pool.query(statement), { code: 'SP001' }, statement)
      t.strictSame(await fingerprint(office.pool), before, `${statement}: nothing has changed`)
    }
  })

  await t.test('a sealed document is checked by itself', async t => {
    const { rows } = await office.pool.query('select document, digest from editions order by edition')
    for (const { document, digest } of rows) {
      const { edition, faults } = verifyEdition(document)
      t.strictSame(faults, [])
      t.equal(edition.digest, digest)
    }
    const sealed = rows[1].document as string
    const leaves = leavesOf(JSON.parse(sealed))
    t.ok(leaves.length > 50, `${leaves.length} fields`)
    for (const path of leaves) t.ok(isFound(changed(sealed, path, alter)), `/${path.join('/')} altered`)
    for (const path of leaves) t.ok(isFound(changed(sealed, path, undefined)), `/${path.join('/')} left out`)
    t.ok(isFound(changed(sealed, ['comment'], () => 'added')), 'a field added')
    t.throws(() => verifyEdition(sealed.slice(0, -1)), { code: 'no-edition' })
  })

  await t.test('a forged document that was sealed anew', async t => {
    const forgeries: [what: string, forge: (edition: Edition) => void, code: string][] = [
      ['one taken out', e => e.entries.splice(1, 1), 'wrong-count'],
      ['one taken out, and the number with it', e => [e.entries.splice(1, 1), e.counts.admitted--], 'wrong-order'],
      [
        'the last one taken out, and all numbers with it',
        e => [e.entries.pop(), e.counts.admitted--, e.counts.atLine--, e.counts.eligible--],
        'wrong-count',
      ],
      ['one put in', e => e.entries.push({ ...e.entries[5], publicNumber: 'ZZZZ-ZZZZ-ZZZZ' } as Entry & { rank: number }), 'wrong-count'],
      ['one named twice', e => set(e.entries[5], { publicNumber: e.entries[4]?.publicNumber as string }), 'wrong-order'],
      ['two exchanged', e => e.entries.reverse(), 'wrong-order'],
      ['a rank altered', e => set(e.entries[1], { rank: 3 }), 'wrong-order'],
      ['a rank shared by different totals', e => set(e.entries[1], { rank: 1 }), 'wrong-order'],
      ['a total too good for its place', e => set(e.entries[2], { total: '103.01' }), 'wrong-order'],
      ['a total with more digits, but less', e => set(e.entries[1], { total: '9.00' }), 'wrong-order'],
      ['a cut-off altered', e => set(e, { cutOff: ['74.00'] }), 'wrong-cut-off'],
      ['no cut-off', e => set(e, { cutOff: null }), 'wrong-cut-off'],
      ['more places', e => set(e.quota, { places: 6 }), 'wrong-count'],
      ['fewer places', e => set(e.quota, { places: 3 }), 'wrong-count'],
      ['nobody at the line', e => set(e.counts, { atLine: 0 }), 'wrong-count'],
      ['another line rule', e => set(e.line, { rule: 'admit-none' }), 'wrong-count'],
      ['more eligible than have applied', e => set(e.counts, { eligible: 9 }), 'wrong-count'],
    ]
    for (const [what, forge, code] of forgeries) {
      const edition = JSON.parse(canonicalJson(final.edition as unknown as Json)) as Edition
      forge(edition)
      const { digest: _, ...content } = edition
      const { faults } = verifyEdition(JSON.stringify({ ...content, digest: digestOf(content as unknown as Json) }))
      t.ok(
        faults.some(fault => fault.code === code),
        `${what}: ${faults.map(fault => fault.code).join(' ')}`,
      )
      t.notOk(faults.some(fault => fault.code === 'wrong-digest'))
    }
  })

  await t.test('no table but persons knows who anybody is, and there it is encrypted', async t => {
    const secrets = [...names.filter(name => [...name].length > 2), ...names.map((_, i) => syntheticNumber(i))]
    const written: string[] = []
    for (const table of await tablesOf(office.pool)) {
      const { rows } = await office.pool.query(`select one::text as text from ${table} one`)
      for (const { text } of rows) {
        // A bytea is written in hexadecimal, so the bytes of a secret are looked for as well.
        for (const secret of secrets)
          if (text.includes(secret) || text.includes(Buffer.from(secret).toString('hex'))) written.push(`${table}: ${secret}`)
      }
    }
    t.strictSame(written, [])
    // The search itself: what is written in clear is found.
    const { rows } = await office.pool.query(`select (row(1, $1::text, $2::bytea))::text as text`, [
      secrets[0],
      Buffer.from(secrets[1] as string),
    ])
    t.ok(rows[0].text.includes(secrets[0]) && rows[0].text.includes(Buffer.from(secrets[1] as string).toString('hex')))
  })
})

t.test('a portal asks for a score', async t => {
  const year = await ranked(t, [person(0), person(1, { education: [verified(holds('college'))] }), person(2, { crime: [] })])
  const { office, actor, round } = year
  const list = (await entries(year)) as { public_number: string }[]
  const numberOf = (i: number) => list[i]?.public_number as string
  const ask = (i: number, citizenNumber = syntheticNumber(i), publicNumber = numberOf(i)) =>
    scoreOf(office, actor, { round, publicNumber, citizenNumber })

  t.match(
    await ask(0),
    { eligible: 'yes', total: '63.00', items: { work: '30.00', education: '0.00' }, rank: null, admitted: null, missing: [] },
    'no rank before the notice',
  )
  t.match(await ask(2), { eligible: 'undetermined', total: '63.00', rank: null, admitted: null, missing: ['crime'] })
  const messages = new Set<string>()
  for (const asked of [
    () => ask(0, syntheticNumber(1)),
    () => ask(0, syntheticNumber(700)),
    () => ask(0, 'x'),
    () => ask(0, syntheticNumber(0), numberOf(1)),
    () => ask(0, syntheticNumber(0), '2222-2222-2222'),
    () =>
      scoreOf(
        office,
        { authority: 'otheroffice', client: 'test' },
        { round, publicNumber: numberOf(0), citizenNumber: syntheticNumber(0) },
      ),
  ]) {
    const error = await asked().catch(error => error)
    if (error.code !== 'unknown-round') {
      t.match(error, { name: 'Refusal', code: 'no-such-applicant' })
      messages.add(JSON.stringify([error.message, error.faults]))
    }
  }
  t.equal(messages.size, 1, 'whichever number is wrong, the refusal is the same')

  await publishIt(year)
  t.match(await ask(0), { total: '63.00', rank: 2, admitted: true })
  t.match(await ask(1), { total: '73.00', rank: 1, admitted: true })
  t.match(await ask(2), { eligible: 'undetermined', rank: null, admitted: false })

  const alterations = [
    'update entries set total = total + 1',
    'update entries set items[1] = items[1] + 1',
    'update entries set chain[1] = chain[1] + 1',
    `update entries set eligible = 'undetermined'`,
    `update frozen_inputs set document = replace(document, '"date":"1985', '"date":"1955')`,
  ]
  await asSuperuser(
    office.pool,
    `update edition_entries set total = '99.00' where public_number = (select min(public_number) from applications where application = (select min(application) from applications))`,
  )
  await t.rejects(ask(0), { name: 'Error', message: /is not what edition 1 of round/ }, 'the published total differs')
  await asSuperuser(office.pool, `update edition_entries set total = '63.00' where total = '99.00'`)
  for (const alteration of alterations) {
    await office.pool.query(
      'create table if not exists kept as select application, total, items, chain, eligible, document from entries join frozen_inputs using (authority, round, application)',
    )
    await asSuperuser(office.pool, `${alteration} where application = (select min(application) from applications)`)
    await t.rejects(ask(0), { name: 'Error', message: /is not what its input gives/ }, alteration)
    t.match(await ask(1), { total: '73.00' }, 'the others are answered')
    await asSuperuser(
      office.pool,
      `update entries e set total = k.total, items = k.items, chain = k.chain, eligible = k.eligible from kept k where k.application = e.application;
      update frozen_inputs f set document = k.document from kept k where k.application = f.application`,
    )
    t.match(await ask(0), { total: '63.00' })
  }
})

t.test('no score is told of a round that has not been ranked, nor by a run that was found not to hold', async t => {
  const year = await opened(t, [person(0)])
  const { office, actor, round } = year
  const { rows } = await office.pool.query('select public_number from applications')
  const ask = () => scoreOf(office, actor, { round, publicNumber: rows[0].public_number, citizenNumber: syntheticNumber(0) })
  t.equal(await refusalOf(ask()), 'not-scored-yet')
  await move(year, 'closed')
  await freezeRound(office, actor, round, noProgress)
  t.equal(await refusalOf(ask()), 'not-scored-yet')
  await runIt(year)
  t.equal(await refusalOf(ask()), 'taken')
  await office.pool.query('update run_pools set at_line = 5')
  t.equal(await refusalOf(publishIt(year)), 'run-does-not-hold')
  t.equal(await refusalOf(ask()), 'not-scored-yet')
  await runIt(year)
  t.equal(await refusalOf(ask()), 'taken')
})

t.test('a round is bound to a scheme that is stored and in force', async t => {
  const { office, actor } = await anOffice(t)
  const create = (round: string, rules = modelRules) => createRound(office, actor, { round, rules })
  await refused(t, { office }, 'unknown-scheme', () => create('2017'))
  await storeScheme(office, actor, schemeTexts('model/2017'))
  await refused(t, { office }, 'scheme-not-active', () => create('2017'))
  await putInForce(office, actor, schemeTexts('model/2017'))
  await create('2017')
  await refused(t, { office }, 'round-exists', () => create('2017'))
  await refused(t, { office }, 'invalid-rules', () => create('2018', modelRules.replace('of: insurance', 'of: luck')))
  await refused(t, { office }, 'invalid-rules', () => create('2018', modelRules.replace(/^asOf: .*\n/m, '')))
})

type Edition = ReturnType<typeof verifyEdition>['edition']
type Entry = Edition['entries'][number]
type Path = (string | number)[]

function set<T extends object>(target: T | undefined, values: { [K in keyof T]?: unknown }): void {
  if (target === undefined) throw new Error('there is nothing to forge')
  Object.assign(target, values)
}

function leavesOf(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path]
  return Object.entries(value).flatMap(([key, part]) => leavesOf(part, [...path, Array.isArray(value) ? Number(key) : key]))
}

/** Another value that keeps the shape where that can be. */
function alter(value: unknown): unknown {
  if (value === null) return `sha256:${'0'.repeat(64)}`
  if (typeof value === 'number') return value + 1
  return (value as string).replace(/.$/, last => (last === '1' ? '2' : '1'))
}

function changed(text: string, path: Path, change: ((value: unknown) => unknown) | undefined): string {
  const document = JSON.parse(text)
  const parent = path.slice(0, -1).reduce((part, key) => part[key], document)
  const last = path.at(-1) as string
  if (change) parent[last] = change(parent[last])
  else delete parent[last]
  return JSON.stringify(document)
}

function isFound(text: string): boolean {
  try {
    return verifyEdition(text).faults.length > 0
  } catch (error) {
    if ((error as { code?: string }).code !== 'no-edition') throw error
    return true
  }
}

t.test('a rejected statement that there is nothing on record is no clean record', async t => {
  const unclean = { ...person(0), statements: person(0).statements.filter(one => one.kind !== 'crime' && one.kind !== 'detention') }
  for (const kind of ['crime', 'detention']) unclean.statements.push({ kind, source: 'police', state: 'rejected', record: null })
  const year = await opened(t, [unclean])
  await move(year, 'closed')
  await runIt(year)
  const { rows } = await year.office.pool.query('select eligible, total, chain, missing from entries')
  t.strictSame(rows, [{ eligible: 'undetermined', total: null, chain: null, missing: ['crime', 'detention'] }])
  t.equal((await year.office.pool.query('select from standings')).rowCount, 0)
})

t.test('evidence that cannot be scored stops the freeze and is named, and the round goes on when it is corrected', async t => {
  const year = await opened(t, [person(0), person(1)])
  const { office, actor, round } = year
  const { rows } = await office.pool.query('select person, public_number from applications order by application')
  const attested = (source: string, value: string) =>
    ({ kind: 'attested', source, state: 'verified', record: { measure: 'monthsEmployed', value } }) as const
  const [, second] = await takeEvidence(office, actor, rows[0].person, [attested('tax', '10'), attested('labour', '12')])
  await move(year, 'closed')
  await refused(t, year, 'unusable-evidence', () => freezeRound(office, actor, round, noProgress))
  await freezeRound(office, actor, round, noProgress).catch(error =>
    t.match(error.faults, [{ code: 'attested-twice', pointer: new RegExp(`^/${rows[0].public_number}/attested/1/`) }]),
  )
  await takeEvidence(office, actor, rows[0].person, [{ ...attested('labour', '12'), state: 'rejected', supersedes: second as number }])
  t.match((await runIt(year)).run, { state: 'verified' })
})

t.test('a statement takes the place of its own kind only, and is not recorded twice', async t => {
  const year = await opened(t, [person(0)])
  const { office, actor } = year
  const { rows } = await office.pool.query('select person from persons')
  const detention = { kind: 'detention', source: 'court', state: 'verified', record: { date: '2016-01-01' } } as const
  const [number] = (await takeEvidence(office, actor, rows[0].person, [detention])) as [number]
  await refused(t, year, 'same-statement', () => takeEvidence(office, actor, rows[0].person, [detention]))
  const award = {
    kind: 'award',
    source: 'union',
    state: 'declared',
    record: { date: '2016-01-01', level: 'city' },
    supersedes: number,
  } as const
  await refused(t, year, 'invalid-facts', () => takeEvidence(office, actor, rows[0].person, [award]))
  await refused(t, year, 'unknown-evidence', () =>
    takeEvidence(office, actor, rows[0].person, [{ ...detention, source: 'police', supersedes: 10_000_000 }]),
  )
})

t.test('the list is read from the state that was verified, and nothing slips in between', async t => {
  const year = await opened(t, [
    person(0),
    person(1),
    { ...person(2), statements: person(2).statements.filter(one => one.kind !== 'permit') },
  ])
  const { office, actor, round } = year
  await move(year, 'closed')
  await runIt(year)
  let meddled = 0
  const meddle = () => {
    if (meddled++ > 0) return
    // By another process, so that it commits while the verifier is at work.
    execFileSync(process.execPath, [
      '--input-type=module',
      '-e',
      `import pg from 'pg'; const c = new pg.Client(${JSON.stringify(year.url)}); await c.connect();
       await c.query("insert into standings (authority, round, run, application, rank, outcome) select authority, round, run, application, 3, 'first' from entries where eligible <> 'yes'"); await c.end()`,
    ])
  }
  const { edition } = await publish(office, actor, round, { kind: 'notice', reason: 'first', progress: meddle })
  t.ok(meddled > 0)
  t.equal(edition.entries.length, 2)
  t.equal(
    await refusalOf(publish(office, actor, round, { kind: 'final', reason: 'second', progress: noProgress })),
    'run-does-not-hold',
    'the final is verified anew',
  )
  const failures = async () => (await office.pool.query('select failures from runs')).rows[0].failures
  t.match(await failures(), [{ at: String, report: { holds: false } }])
  await office.pool.query('delete from standings where rank = 3')
  t.match(
    (await publish(office, actor, round, { kind: 'final', reason: 'second', progress: noProgress })).edition.counts,
    { admitted: 2 },
    'what was put back can go on',
  )
  t.equal((await failures()).length, 1, 'the failure stays on record')
})

t.test('nothing is added to a sealed list', async t => {
  const year = await opened(t, [person(0)])
  await move(year, 'closed')
  await runIt(year)
  await publishIt(year)
  await t.rejects(
    year.office.pool.query(
      `insert into edition_entries select authority, round, edition, 11, 11, 'AAAA-AAAA-AAAA', '王*', '99.00' from editions`,
    ),
    { code: 'SP001' },
  )
  await t.rejects(year.office.pool.query(`update rounds set rules = rules || ' '`), { code: 'SP001' })
  await t.rejects(year.office.pool.query('delete from frozen_inputs'), { code: 'SP001' })
})

t.test('twelve rounds at work at once do not wait for each other', async t => {
  const { office, actor } = await anOffice(t)
  await putInForce(office, actor, schemeTexts('model/2017'))
  const rounds = Array.from({ length: 12 }, (_, i) => `year-${i}`)
  for (const [i, round] of rounds.entries()) {
    await createRound(office, actor, { round, rules: modelRules })
    await moveRound(office, actor, round, 'open')
    await takeApplicants(office, actor, round, [person(i)])
    await moveRound(office, actor, round, 'closed')
  }
  // A warm pool: every connection is there, and each stage takes one at once and needs a second.
  await Promise.all(rounds.map(() => office.pool.query('select pg_sleep(0.1)')))
  const runs = await Promise.all(rounds.map(round => runRound(office, actor, round, { progress: noProgress, seconds: () => 0 })))
  t.strictSame(
    runs.map(({ run }) => run.state),
    rounds.map(() => 'verified'),
  )
})
