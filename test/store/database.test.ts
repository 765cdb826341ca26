import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { insertApplication } from '../../src/store/applications.ts'
import { listAuthorities, putAuthority } from '../../src/store/authorities.ts'
import { addClient, findClient, revokeClient } from '../../src/store/clients.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { getEdition, insertEdition, listEditionEntries, listEditions } from '../../src/store/editions.ts'
import { generateKeys } from '../../src/store/encryption.ts'
import { entryWriter, getEntry } from '../../src/store/entries.ts'
import {
  type ApplicantRows,
  appendEvidence,
  applicantsOfRound,
  bulkInsertEvidence,
  listEvidence,
  type NewEvidence,
} from '../../src/store/evidence.ts'
import { frozenInputsOfRound, frozenInputWriter, inputDigestsOfRound } from '../../src/store/frozen-inputs.ts'
import { migrate, pendingMigrations } from '../../src/store/migrate.ts'
import { bulkInsertPersons, drawPersons, encryptPerson, findPerson, insertPerson, otherAuthoritiesOf } from '../../src/store/persons.ts'
import {
  chainsAt,
  competitorsOf,
  drawnCompetitorsOf,
  gatherCompetitors,
  representedByPool,
  storeStandings,
} from '../../src/store/ranking.ts'
import { getRound, holdRound, listRoundSteps, lockRound, setOnRound, stepRound } from '../../src/store/rounds.ts'
import { insertRunPools, listRunPools, setPoolsAside } from '../../src/store/run-pools.ts'
import { getRun, insertRun, removeUnfinished, setOnRun } from '../../src/store/runs.ts'
import { activatedDigests, findScheme, getScheme, listSchemes, lockVersions, putDraft, stepScheme } from '../../src/store/schemes.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { digestOf } from '../../src/values/digest.ts'
import { emptyDatabase, migrations, throwAwayDatabase } from '../support/database.ts'
import { aRound, at, scheme } from './a-round.ts'

const keys = generateKeys(randomBytes)

async function all<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const rows: T[] = []
  for await (const batch of batches) rows.push(...batch)
  return rows
}

async function addPerson({ db }: Pick<Store, 'db'>, authority: string, citizenNumber: string, name = '张三'): Promise<number> {
  const [person] = (await drawPersons(db, 1)) as [number]
  const encrypted = encryptPerson(keys, { authority, person, citizenNumber, name })
  await insertPerson(db, authority, { person, ...encrypted, createdAt: at })
  return person
}

t.test('migrations go forward only', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await cp(migrations, folder, { recursive: true })
  const { pool } = await emptyDatabase(t)

  const pending = await pendingMigrations(pool, folder)
  t.equal(pending[0], '0001-foundation.sql')
  const both = await Promise.all([migrate(pool, folder), migrate(pool, folder)])
  t.same(both.flat().sort(), pending, 'of two at once each migration is applied by one')
  t.same(await migrate(pool, folder), [], 'again there is nothing to do')
  t.same(await pendingMigrations(pool, folder), [])

  await writeFile(join(folder, '9001-good.sql'), 'create table good (a int)')
  await writeFile(join(folder, '9002-bad.sql'), 'create table half (a int); select 1/0')
  await t.rejects(migrate(pool, folder), { code: '22012' })
  const { rows } = await pool.query("select to_regclass('good') is not null as good, to_regclass('half') is not null as half")
  t.same(rows, [{ good: true, half: false }], 'a failing migration leaves nothing, those before it stay')

  await writeFile(join(folder, '9002-bad.sql'), 'select 1')
  await writeFile(join(folder, '9001-good.sql'), 'create table good (a int8)')
  await t.rejects(migrate(pool, folder), { name: 'Refusal', code: 'migration-edited' })
  await rm(join(folder, '9001-good.sql'))
  await t.rejects(migrate(pool, folder), { code: 'migration-missing' })
  await writeFile(join(folder, '9001-good.sql'), 'create table good (a int)')
  await writeFile(join(folder, '0000-early.sql'), 'select 1')
  await t.rejects(migrate(pool, folder), { code: 'migration-out-of-order' })
  await writeFile(join(folder, 'notes.sql'), '')
  await t.rejects(migrate(pool, folder), { code: 'migration-name' })
})

t.test('no column becomes a float or a Date, whatever the time zone', async t => {
  const { url } = await throwAwayDatabase(t)
  for (const TZ of ['UTC', 'Asia/Shanghai', 'America/Los_Angeles']) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', join(import.meta.dirname, 'read-columns.ts'), url], {
      env: { PATH: process.env.PATH, TZ },
    })
    t.same(
      JSON.parse(stdout),
      {
        day: '2024-02-29',
        epoch: '1970-01-01',
        largest: 9007199254740991,
        smallest: -9007199254740991,
        figure: '1234567890123456789012.50',
        instant: '2024-02-29T15:59:59.123456Z',
        items: [1, null, -3],
        none: [],
        nothing: null,
        refused: 'RangeError',
      },
      TZ,
    )
  }
})

t.test('what is recorded or sealed never changes', async t => {
  const store = await aRound(t)
  const { db, pool } = store
  const person = await addPerson(store, 'haidian', '1')
  await appendEvidence(db, 'haidian', person, [record('declared')])
  const run = await aRun(store)
  await inTransaction(store.pool, ({ db }) =>
    insertEdition(db, edition(run), [{ rank: 1, public_number: 'P1', name_masked: '张*', total: '1.00' }]),
  )
  for (const statement of [
    'delete from schemes',
    'truncate scheme_steps, schemes cascade',
    "update evidence set state = 'verified'",
    "update editions set document = ''",
    'delete from editions',
    'update edition_entries set rank = 2',
    'delete from edition_entries',
  ])
    await t.rejects(pool.query(statement), { code: 'SP001' }, statement)
})

t.test('a round is taken by one at a time', async t => {
  const { db, pool } = await aRound(t)
  await inTransaction(pool, async first => {
    t.match(await lockRound(first.db, 'haidian', '2026'), { state: 'draft', as_of: '2025-12-31' })
    await t.rejects(
      inTransaction(pool, second => lockRound(second.db, 'haidian', '2026')),
      { name: 'Refusal', code: 'round-busy' },
    )
    await stepRound(first.db, { authority: 'haidian', round: '2026', from: 'draft', to: 'open', takenBy: 'office', takenAt: at })
  })
  await t.rejects(lockRound(db, 'haidian', '2030'), { code: 'unknown-round' })
  await t.rejects(stepRound(db, { authority: 'haidian', round: '2026', from: 'draft', to: 'open', takenBy: 'office', takenAt: at }), {
    code: 'round-state',
  })
  await stepRound(db, { authority: 'haidian', round: '2026', from: 'open', to: 'closed', takenBy: 'office', takenAt: at })
  t.match(await listRoundSteps(db, 'haidian', '2026'), [
    { step: 1, from_state: 'draft', to_state: 'open', taken_by: 'office', taken_at: at },
    { step: 2, to_state: 'closed' },
  ])

  await inTransaction(pool, async holder => {
    await holdRound(holder.db, 'haidian', '2026')
    await inTransaction(pool, other => holdRound(other.db, 'haidian', '2026'))
    await t.rejects(
      inTransaction(pool, other => lockRound(other.db, 'haidian', '2026')),
      { code: 'round-busy' },
    )
  })
  await setOnRound(db, 'haidian', '2026', { inputs_digest: 'sha256:00', verified_run: 1 })
  t.match(await getRound(db, 'haidian', '2026'), { state: 'closed', inputs_digest: 'sha256:00', verified_run: 1 })
})

t.test('a transaction leaves all or nothing', async t => {
  const { db, pool } = await aRound(t)
  const add = (work: { db: Store['db'] }) => putAuthority(work.db, 'chaoyang', { en: 'Chaoyang' })
  await t.rejects(
    inTransaction(pool, async work => {
      await add(work)
      throw new Error('stop')
    }),
    /stop/,
  )
  await t.rejects(
    inTransaction(pool, async work => {
      await add(work)
      await work.client.query('select 1/0').catch(() => {})
    }),
    /rolled back/,
  )
  t.same(
    (await listAuthorities(db)).map(a => a.authority),
    ['haidian'],
  )
  await t.rejects(putAuthority(db, 'X', {}), { code: 'authority-name' })
})

t.test('persons, and one application each', async t => {
  const store = await aRound(t)
  const { db, pool } = store
  await putAuthority(db, 'xicheng', { en: 'Xicheng' })
  const person = await addPerson(store, 'haidian', '1', '欧阳𠮷')
  await t.rejects(addPerson(store, 'haidian', '1'), { code: 'person-exists' })
  const other = await addPerson(store, 'xicheng', '1')
  t.not(other, person)
  const { citizenNumberIndex } = encryptPerson(keys, { authority: 'haidian', person, citizenNumber: '1', name: '' })
  t.equal(await findPerson(db, 'haidian', citizenNumberIndex), person)
  t.same(await otherAuthoritiesOf(db, 'haidian', citizenNumberIndex), ['xicheng'])

  const application = { authority: 'haidian', round: '2026', person, public_number: 'P1', submitted_at: at }
  await insertApplication(db, application)
  await t.rejects(insertApplication(db, { ...application, public_number: 'P2' }), { code: 'second-application' })
  await t.rejects(insertApplication(db, { ...application, person: other, public_number: 'P2' }), { code: 'unknown-person' })
  await t.rejects(insertApplication(db, { ...application, round: '2030' }), { code: 'unknown-round' })
  const next = await addPerson(store, 'haidian', '2')
  await t.rejects(insertApplication(db, { ...application, person: next }), { code: 'public-number-taken' })

  await t.rejects(
    inTransaction(pool, async ({ client }) =>
      bulkInsertPersons(client, 'haidian', [
        {
          person: 1_000_000,
          ...encryptPerson(keys, { authority: 'haidian', person: 1_000_000, citizenNumber: '9', name: '' }),
          createdAt: at,
        },
        {
          person: 1_000_001,
          ...encryptPerson(keys, { authority: 'haidian', person: 1_000_001, citizenNumber: '1', name: '' }),
          createdAt: at,
        },
      ]),
    ),
    { code: 'person-exists' },
  )
})

t.test('evidence is superseded, not overwritten', async t => {
  const store = await aRound(t)
  const { db, pool } = store
  const [person, bare, none] = [
    await addPerson(store, 'haidian', '1'),
    await addPerson(store, 'haidian', '2'),
    await addPerson(store, 'haidian', '3'),
  ]
  const [first, second] = (await appendEvidence(db, 'haidian', person, [record('declared'), record('verified')])) as [number, number]
  const [third] = (await appendEvidence(db, 'haidian', person, [record('verified', { supersedes: first })])) as [number]
  await t.rejects(appendEvidence(db, 'haidian', person, [record('rejected', { supersedes: first })]), { code: 'evidence-superseded' })
  await t.rejects(appendEvidence(db, 'haidian', bare, [record('rejected', { supersedes: first })]), { code: 'unknown-evidence' })
  await t.rejects(appendEvidence(db, 'haidian', 99, [record('verified')]), { code: 'unknown-person' })
  t.match(await listEvidence(db, { authority: 'haidian', person, after: first, limit: 1 }), [
    { evidence: second, record: { degree: '硕士' } },
  ])
  await inTransaction(pool, ({ client }) =>
    bulkInsertEvidence(client, 'haidian', [
      {
        person: bare,
        kind: 'degree',
        source: 'r',
        state: 'declared',
        record: null,
        validFrom: null,
        validTo: null,
        recordedAt: at,
        recordedBy: 'x',
      },
    ]),
  )
  for (const [applicant, number] of [
    [person, 'P2'],
    [bare, 'P1'],
    [none, 'P3'],
  ] as const)
    await insertApplication(db, { authority: 'haidian', round: '2026', person: applicant, public_number: number, submitted_at: at })
  const rows: ApplicantRows[] = []
  await inTransaction(pool, async ({ client }) => {
    for await (const row of applicantsOfRound(client, 'haidian', '2026')) rows.push(row)
  })
  const degree = { kind: 'degree', source: 'register', state: 'verified', record: '{"degree": "硕士"}' }
  t.ok(second < third)
  t.match(
    rows,
    [
      { publicNumber: 'P2', submittedAt: Date.parse(at), pool: null, household: null, persons: null, current: [degree, degree] },
      { publicNumber: 'P1', current: [{ kind: 'degree', source: 'r', state: 'declared', record: null }] },
      { publicNumber: 'P3', current: [] },
    ],
    'in the order of persons, without what was superseded',
  )
  t.strictSame(
    rows.map(({ current }) => current.length),
    [2, 1, 0],
  )
})

t.test('schemes and clients', async t => {
  const { db } = await aRound(t)
  await putDraft(db, { ...scheme, version: '2018', digest: 'sha256:next' })
  t.match(await getScheme(db, scheme.digest), { ...scheme, cases: [] })
  t.match(await findScheme(db, { scheme: 'model', version: '2018' }), { digest: 'sha256:next', activated_at: null })
  t.same(
    (await listSchemes(db, { after: { scheme: 'model', version: '2017' }, limit: 9 })).map(s => s.version),
    ['2018'],
  )

  const digest = randomBytes(32)
  const client = { authority: 'haidian', client: 'portal', key_digest: digest, scopes: ['score:read'], created_at: at }
  await addClient(db, client)
  await t.rejects(addClient(db, { ...client, key_digest: randomBytes(32) }), { code: 'client-exists' })
  t.match(await findClient(db, digest), { client: 'portal', scopes: ['score:read'], created_at: at })
  t.equal(await revokeClient(db, 'haidian', 'portal', at), true)
  t.equal(await revokeClient(db, 'haidian', 'portal', at), false)
  t.equal(await findClient(db, digest), undefined)
})

const activation = { from_state: 'draft', to_state: 'active', taken_authority: 'haidian', taken_client: 'second', taken_at: at } as const

t.test('a draft may be replaced, and what was activated never changes', async t => {
  const { db, pool } = await throwAwayDatabase(t)
  await putAuthority(db, 'haidian', { en: 'Haidian' })
  const draft = { ...scheme, cases: '[{"name": "a.yaml", "text": "a: 1"}]', cases_digest: 'sha256:a' }
  const put = (change: Partial<typeof draft> = {}) => inTransaction(pool, work => putDraft(work.db, { ...draft, ...change }))
  const both = await Promise.all([put(), put()])
  t.same(both.map(({ stored }) => stored).sort(), [false, true], 'of two who store the same at once one stores it')
  t.same(await put({ stored_client: 'other' }), { stored: false, state: 'draft' })
  t.match(await getScheme(db, draft.digest), { stored_client: 'author' })
  t.same(await put({ cases: '[]', cases_digest: 'sha256:none', stored_client: 'other' }), { stored: true, state: 'draft' })
  t.match(await getScheme(db, draft.digest), { cases: [], stored_client: 'other' })
  t.same(await put({ digest: 'sha256:second', source: 'scheme: second' }), { stored: true, state: 'draft' })
  t.equal(await getScheme(db, draft.digest), undefined, 'the draft before is gone')
  await t.rejects(put({ digest: 'sha256:third', stored_authority: 'nobody' }), { code: 'unknown-authority' })
  await t.rejects(pool.query("update schemes set version = '2030'"), { code: 'SP001' }, 'a draft keeps its name')
  await t.rejects(pool.query("update schemes set state = 'superseded'"), { code: 'SP001' }, 'no step is left out')
  await t.rejects(pool.query("update schemes set state = 'active', cases = '[1]'"), { code: 'SP001' }, 'no step changes content')
  t.same(await activatedDigests(db), [])

  const step = { ...activation, scheme: 'model', version: '2017', other_version: null }
  await inTransaction(pool, async work => {
    t.match(await lockVersions(work.db, 'model'), [{ version: '2017', state: 'draft', digest: 'sha256:second' }])
    await stepScheme(work.db, step)
  })
  await t.rejects(stepScheme(db, step), { code: 'scheme-state' })
  t.same(await put({ digest: 'sha256:second' }), { stored: false, state: 'active' }, 'the same content')
  await t.rejects(put({ digest: 'sha256:third' }), { code: 'scheme-version-exists' })
  await t.rejects(put({ digest: 'sha256:second', cases_digest: 'sha256:other' }), { code: 'scheme-version-exists' })

  await put({ version: '2018', digest: 'sha256:next' })
  await t.rejects(
    stepScheme(db, { ...step, version: '2018' }),
    { code: '23505', constraint: 'schemes_one_active' },
    'two versions are never active at once',
  )
  const superseding = { ...step, from_state: 'active', to_state: 'superseded', other_version: '2018' } as const
  await inTransaction(pool, async work => {
    await stepScheme(work.db, superseding)
    await stepScheme(work.db, { ...step, version: '2018', other_version: '2017' })
  })
  t.match(await listSchemes(db, { limit: 9 }), [
    { version: '2017', state: 'superseded', activated_client: 'second', supersedes: null, superseded_by: '2018', superseded_at: at },
    { version: '2018', state: 'active', activated_at: at, activated_authority: 'haidian', supersedes: '2017', superseded_by: null },
  ])
  t.same(await activatedDigests(db), ['sha256:next', 'sha256:second'])

  const columns = ['digest', 'scheme', 'version', 'status', 'source', 'vocabulary', 'stored_at', 'cases', 'cases_digest', 'stored_client']
  for (const version of ['2017', '2018']) {
    const other = { status: "'incomplete'", stored_at: "'2030-01-01'", cases: "'[1]'" } as { [column: string]: string }
    for (const column of columns)
      await t.rejects(
        pool.query(`update schemes set ${column} = ${other[column] ?? "'other'"} where version = '${version}'`),
        { code: 'SP001' },
        `${column} of ${version}`,
      )
    await t.rejects(pool.query(`update schemes set stored_authority = null where version = '${version}'`), { code: 'SP001' })
    await t.rejects(pool.query(`update schemes set state = 'draft' where version = '${version}'`), { code: 'SP001' }, 'no step goes back')
    await t.rejects(pool.query(`delete from schemes where version = '${version}'`), { code: 'SP001' })
  }
  await t.rejects(pool.query("update schemes set state = 'active' where version = '2017'"), { code: 'SP001' })
  for (const statement of ["update scheme_steps set taken_client = 'x'", 'delete from scheme_steps', 'truncate scheme_steps'])
    await t.rejects(pool.query(statement), { code: 'SP001' }, statement)
})

t.test('schemes that were stored before there were drafts stay in force', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await cp(join(migrations, '0001-foundation.sql'), join(folder, '0001-foundation.sql'))
  const { db, pool } = await emptyDatabase(t)
  await migrate(pool, folder)
  await pool.query(`
    insert into authorities values ('haidian', '{}');
    insert into schemes values ('d1', 'model', '2017', 'complete', 's', 'v', '2026-01-01'), ('d2', 'model', '2018', 'complete', 's', 'v', '2026-02-01'),
      ('d3', 'other', '1', 'incomplete', 's', 'v', '2026-01-01');
    insert into rounds (authority, round, scheme_digest, rules, rules_digest, as_of, state, created_at)
      values ('haidian', '2026', 'd1', 'r', 'd', '2025-12-31', 'ranked', now())`)
  await migrate(pool, migrations)
  t.match(
    (await listSchemes(db, { limit: 9 })).map(({ digest, state, stored_client }) => [digest, state, stored_client]),
    [
      ['d1', 'superseded', null],
      ['d2', 'active', null],
      ['d3', 'active', null],
    ],
  )
  t.equal((await findScheme(db, { scheme: 'model', version: '2018' }))?.cases_digest, digestOf({}), 'without cases')
  await t.rejects(pool.query("update schemes set source = ''"), { code: 'SP001' })
})

t.test('a run, from its frozen inputs to its edition', async t => {
  const store = await aRound(t)
  const { db, pool } = store
  const applications: number[] = []
  const persons: number[] = []
  for (const n of [1, 2, 3]) {
    persons.push(await addPerson(store, 'haidian', String(n), `名${n}`))
    const application = {
      authority: 'haidian',
      round: '2026',
      person: persons[n - 1] as number,
      public_number: `P${4 - n}`,
      submitted_at: at,
    }
    applications.push(await insertApplication(db, application))
  }
  const document = '{"name":"a\\tb\\n"}'
  await inTransaction(pool, async ({ client }) => {
    const writer = frozenInputWriter(client, 'haidian', '2026')
    for (const application of applications) {
      const claim = `{"persons":${application}}`
      await writer.write({ application, document, claim, salt: Buffer.from('s'), digest: Buffer.from(`d${application}`) })
    }
    t.equal(await writer.end(), 3)
    const digest = (application: number | undefined) => Buffer.from(`d${application}`)
    t.match(await all(frozenInputsOfRound(client, 'haidian', '2026')), [
      {
        application: String(applications[0]),
        document,
        claim: `{"persons":${applications[0]}}`,
        digest: digest(applications[0]).toString('hex'),
      },
      { application: String(applications[1]) },
      { application: String(applications[2]) },
    ])
    t.strictSame(
      await all(inputDigestsOfRound(client, 'haidian', '2026')),
      applications.toReversed().map(digest),
      'in the order of public numbers',
    )
  })

  const run = await aRun(store)
  const key = { authority: 'haidian', round: '2026', run }
  await inTransaction(pool, async ({ client }) => {
    const writer = entryWriter(client, key)
    for (const application of applications)
      await writer.write(
        application,
        {
          eligible: 'yes',
          total: 9713,
          items: [1, null],
          reasons: [{ code: 'a\tb' }],
          missing: ['a"b'],
          chain: [9713],
          pool: 'shiqi',
          household: 'ab'.repeat(32),
          persons: 3,
        },
        'cd'.repeat(32),
      )
    await writer.end()
  })
  t.match(await getEntry(db, key, applications[0] as number), {
    total: 9713,
    items: [1, null],
    missing: ['a"b'],
    reasons: [{ code: 'a\tb' }],
    chain: [9713],
    pool: 'shiqi',
    household: Buffer.alloc(32, 0xab),
    persons: 3,
    receipt: Buffer.alloc(32, 0xcd),
  })
  await inTransaction(pool, async work => {
    const competition = { ...key, order: ['desc'] as const, pools: ['shiqi'], byHousehold: true, byPersons: true }
    await gatherCompetitors(work, competition)
    t.strictSame(await all(competitorsOf(work)), [{ place: 1, pool: 0, weight: 3, count: 1 }], 'one of the household competes')
    t.match(await all(drawnCompetitorsOf(work, key)), [{ place: 1, pool: 0, weight: 3, publicNumber: 'P1' }])
    t.strictSame(await representedByPool(work), new Map([['shiqi', 2]]))
    t.strictSame(await chainsAt(work, key, [1]), new Map([[1, [9713]]]))
    const spans = [{ pool: 0, weight: 3, first: 1, last: 1, outcome: 'none' as const, passed: -6 }]
    await storeStandings(work, competition, { spans, draws: false })
  })
  const { rows: standings } = await pool.query('select * from standings')
  const standing = (i: number) => standings.find(row => row.application === applications[i])
  t.match(standing(2), { pool: 'shiqi', rank: 1, outcome: 'none', reserve: 7, lot: null })
  t.match(standing(0), { pool: 'shiqi', rank: null, outcome: 'represented', reserve: null })
  const figures = { places: 2, eligible: 3, admitted: 0, admitted_second: 0, unused: 2, cut_off: null, at_line: 0 }
  await insertRunPools(db, key, [{ pool: 'shiqi', ...figures }])
  await setPoolsAside(db, key, new Map([['shiqi', { counts: { R8: 1 } }]]))
  t.match(await listRunPools(db, key), [{ pool: 'shiqi', ...figures, set_aside: { counts: { R8: 1 } } }])
  await setPoolsAside(db, key, new Map())
  t.match(await listRunPools(db, key), [{ set_aside: null }])

  await setOnRun(db, key, {
    state: 'ranked',
    eligible: 3,
    admitted: 2,
    second_round: { places: 1, cutOff: [9713], atLine: 0 },
    seconds: { rank: 2 },
  })
  await setOnRun(db, key, { state: 'verified', findings: [] })
  t.match(await getRun(db, key), { state: 'verified', second_round: { cutOff: [9713] }, findings: [], seconds: { score: 1, rank: 2 } })
  const unfinished = { ...key, run: await aRun(store) }
  t.equal(unfinished.run, run + 1)
  await pool.query(
    'insert into entries select authority, round, $1, application, eligible, total, items, reasons, missing, chain from entries',
    [unfinished.run],
  )
  await removeUnfinished(db, unfinished)
  await removeUnfinished(db, key)
  t.match((await pool.query('select run, count(*) from runs join entries using (authority, round, run) group by run')).rows, [
    { run, count: 3 },
  ])

  const entries = [1, 2, 3].map(n => ({ rank: n, public_number: `P${n}`, name_masked: '名*', total: '97.13' }))
  await inTransaction(pool, ({ db }) => insertEdition(db, edition(run), entries))
  await t.rejects(insertEdition(db, edition(run), entries), { code: 'never-changes' })
  await t.rejects(insertEdition(db, edition(run), []), { code: 'edition-exists' })
  t.match(await getEdition(db, 'haidian', '2026', 1), { document: '{}', sealed_at: at })
  t.match(await listEditions(db, 'haidian', '2026'), [{ edition: 1, kind: 'notice' }])
  const page = { authority: 'haidian', round: '2026', edition: 1, after: 1, limit: 1 }
  t.match(await listEditionEntries(db, page), [{ position: 2, rank: 2, public_number: 'P2', total: '97.13' }])
})

t.test('a server that is not there is told as what it is', async t => {
  const store = connect('postgres://postgres@127.0.0.1:1/none')
  t.teardown(() => store.close())
  await t.rejects(listAuthorities(store.db), { code: 'ECONNREFUSED' })
})

function record(state: 'declared' | 'verified' | 'rejected', more: Partial<NewEvidence> = {}): NewEvidence {
  const fields = {
    kind: 'degree',
    source: 'register',
    record: JSON.stringify({ degree: '硕士' }),
    valid_from: '2024-02-29',
    valid_to: null,
  }
  return { ...fields, state, recorded_at: at, recorded_by: 'office', ...more }
}

function aRun({ db }: Pick<Store, 'db'>): Promise<number> {
  const run = { authority: 'haidian', round: '2026', state: 'scored' as const, engine: '0.1.0' }
  const made = { scheme_digest: scheme.digest, rules_digest: 'sha256:rules', inputs_digest: 'sha256:00' }
  return insertRun(db, { ...run, ...made, applicants: 3, seconds: { score: 1 }, started_at: at })
}

function edition(run: number) {
  const text = { document: '{}', digest: 'sha256:00', reason: 'first', sealed_by: 'office', sealed_at: at }
  return { authority: 'haidian', round: '2026', edition: 1, kind: 'notice' as const, run, ...text }
}
