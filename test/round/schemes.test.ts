import t from 'tap'
import { activateScheme } from '../../src/round/activate-scheme.ts'
import { takeApplicants } from '../../src/round/bulk-intake.ts'
import { estimate } from '../../src/round/estimate.ts'
import { takeEvidence } from '../../src/round/evidence.ts'
import type { Actor, Office } from '../../src/round/office.ts'
import { registerPerson } from '../../src/round/persons.ts'
import { createRound, moveRound } from '../../src/round/rounds.ts'
import { casesDigestOf, type SchemeTexts, storedScheme, storeScheme } from '../../src/round/schemes.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { anOffice, putInForce, syntheticNumber, vocabulary } from '../support/office.ts'
import { town, townRules } from '../support/town.ts'
import { refusalOf, runIt } from '../support/year.ts'

type Test = Parameters<Parameters<typeof t.test>[0]>[0]

const author: Actor = { authority: 'testoffice', client: 'author' }
const second: Actor = { authority: 'testoffice', client: 'second' }
const key = { scheme: 'town', version: '2026' }
const digestOf = (texts: SchemeTexts) => readScheme(texts.source, () => vocabulary).digest
const reviewed = (texts: SchemeTexts = town()) => ({ digest: digestOf(texts), casesDigest: casesDigestOf(texts.cases) })

/** The refusal of a call that must change nothing. */
async function refused(t: Test, office: Office, code: string, call: () => Promise<unknown>, faults?: object[]): Promise<void> {
  const before = await fingerprint(office.pool)
  await t.rejects(call(), { name: 'Refusal', code, ...(faults && { faults: Object.assign(faults, { length: faults.length }) }) }, code)
  t.strictSame(await fingerprint(office.pool), before, `${code}: nothing has changed`)
}

t.test('every refusal of an activation', async t => {
  const { office } = await anOffice(t)
  const activate = (actor = second, what = reviewed()) => activateScheme(office, actor, key, what)
  await refused(t, office, 'unknown-scheme', activate)
  await storeScheme(office, author, town())
  const other = reviewed(town({ points: '11' }))
  await refused(t, office, 'scheme-changed', () => activate(second, { ...reviewed(), digest: other.digest }), [{ pointer: '/digest' }])
  await refused(t, office, 'scheme-changed', () => activate(second, { ...reviewed(), casesDigest: other.casesDigest }), [
    { pointer: '/casesDigest', message: /this digest is now sha256:/ },
  ])
  await refused(t, office, 'scheme-changed', () => activate(second, other), [{ pointer: '/digest' }, { pointer: '/casesDigest' }])
  await refused(t, office, 'second-person-needed', () => activate(author))
  await refused(t, office, 'scheme-not-active', () => createRound(office, author, { round: '2026', rules: townRules() }), [
    { pointer: '/scheme' },
  ])

  const without = { ...town(), cases: [] }
  await storeScheme(office, author, without)
  await refused(t, office, 'scheme-changed', activate, [{ pointer: '/casesDigest' }])
  await refused(t, office, 'cases-not-green', () => activate(second, reviewed(without)), [{ code: 'no-case', pointer: '/cases' }])
  const [file] = town().cases as [{ name: string; text: string }]
  const wrong = town({ expected: '11' }).cases[0] as typeof file
  const red = { ...town(), cases: [file, { ...wrong, name: 'wrong.yaml' }] }
  await storeScheme(office, author, red)
  await refused(t, office, 'cases-not-green', () => activate(second, reviewed(red)), [
    {
      code: 'case-failed',
      pointer: '/cases/1',
      message: 'wrong.yaml, line 5, "B2 and three months": total: expected 14.00, got 13.00; items.language: expected 11.00, got 10.00',
    },
  ])

  await storeScheme(office, author, town())
  t.match(await activate(), { state: 'active', activated_client: 'second', stored_client: 'author', supersedes: null })
  await refused(t, office, 'scheme-state', activate)
  await refused(t, office, 'scheme-version-exists', () => storeScheme(office, author, town({ points: '11' })))
  await refused(t, office, 'scheme-version-exists', () => storeScheme(office, author, { ...town(), cases: [] }))
  t.match(await storeScheme(office, second, town()), { stored: false, state: 'active' }, 'the same content again')
})

t.test('what is stored is linted', async t => {
  const { office } = await anOffice(t)
  const [file] = town().cases as [{ name: string; text: string }]
  const store = (source: string, ...cases: { name: string; text: string }[]) => storeScheme(office, author, { source, cases })
  const { source } = town()
  await refused(t, office, 'invalid-scheme', () => store(source.replace('of: rain', 'of: snow'), file), [
    { code: 'unknown-name', pointer: '/measures/monthsOfRain/months/of', message: /^line \d+, column \d+: / },
  ])
  await refused(
    t,
    office,
    'invalid-cases',
    () => store(source, file, { name: 'b.yaml', text: file.text.replace('band: b2', 'band: b9') }),
    [{ code: 'unknown-code', pointer: '/cases/1/base/languageTest/0/band', message: /^b\.yaml, line 3, column \d+: / }],
  )
  await refused(t, office, 'invalid-cases', () => store(source, file, file), [{ code: 'name-taken', pointer: '/cases/1/name' }])
  await refused(t, office, 'unknown-authority', () => storeScheme(office, { ...author, authority: 'nobody' }, town()))
})

t.test('a draft is replaced, and its last author is another', async t => {
  const { office } = await anOffice(t)
  t.match(await storeScheme(office, author, town()), { stored: true, state: 'draft' })
  t.match(await storeScheme(office, second, { ...town(), source: `# a comment\n${town().source}` }), { stored: false })
  t.match(await storedScheme(office, key), { stored_client: 'author' }, 'the same content has the same author')

  const facts = { languageTest: [{ date: '2025-05-05', band: 'b2' }], rain: [] }
  const estimated = async () => (await estimate(office, { scheme: key, asOf: '2026-12-31', facts })).total
  t.equal(await estimated(), '10.00', 'a draft gives estimates')
  t.match(await storeScheme(office, second, town({ points: '20' })), { stored: true, state: 'draft' })
  t.match(await storedScheme(office, key), { stored_client: 'second', cases: town({ points: '20' }).cases })
  t.equal(await estimated(), '20.00')
  const now = reviewed(town({ points: '20' }))
  await refused(t, office, 'second-person-needed', () => activateScheme(office, second, key, now))
  await refused(t, office, 'scheme-changed', () => activateScheme(office, author, key, reviewed()))
  t.match(await activateScheme(office, author, key, now), { state: 'active' })
  t.equal(await estimated(), '20.00')
})

t.test('clients of one name under two authorities are two', async t => {
  const { office } = await anOffice(t)
  await office.db.insertInto('authorities').values({ authority: 'otheroffice', name: '{}' }).execute()
  await storeScheme(office, author, town())
  t.match(await activateScheme(office, { ...author, authority: 'otheroffice' }, key, reviewed()), {
    activated_authority: 'otheroffice',
  })
})

t.test('activations at once', async t => {
  const { office } = await anOffice(t)
  await storeScheme(office, author, town())
  const same = await Promise.all(
    [1, 2, 3, 4].map(i => refusalOf(activateScheme(office, { ...second, client: `second-${i}` }, key, reviewed()))),
  )
  t.same(same.sort(), ['scheme-state', 'scheme-state', 'scheme-state', 'taken'], 'of one version')

  const versions = ['2027', '2028', '2029', '2030']
  for (const version of versions) await storeScheme(office, author, town({ version }))
  const each = await Promise.all(
    versions.map(version => refusalOf(activateScheme(office, second, { ...key, version }, reviewed(town({ version }))))),
  )
  t.same(each, ['taken', 'taken', 'taken', 'taken'], 'of four versions')
  const { rows } = await office.pool.query('select version, state from schemes order by version')
  t.equal(rows.filter(({ state }) => state === 'active').length, 1)
  t.equal(rows.filter(({ state }) => state === 'superseded').length, 4)
  const chain = await office.pool.query(`
    select count(*) from scheme_steps a join scheme_steps o on o.scheme = a.scheme and o.version = a.other_version and o.other_version = a.version
    where a.to_state = 'active' and o.to_state = 'superseded'`)
  t.equal(Number(chain.rows[0].count), 4, 'each superseded the one that was active before it')
})

t.test('a draft that is stored again while it is activated', async t => {
  const { office } = await anOffice(t)
  for (let i = 0; i < 6; i++) {
    const version = String(2030 + i)
    // Others in turn, and only other cases.
    const [old, other] = [town({ version }), i % 2 === 0 ? town({ version, points: '20' }) : town({ version, expected: '20' })]
    await storeScheme(office, author, old)
    const [stored, activated] = await Promise.all([
      refusalOf(storeScheme(office, author, other)),
      refusalOf(activateScheme(office, second, { ...key, version }, reviewed(old))),
    ])
    const { state, digest } = await storedScheme(office, { ...key, version })
    if (activated === 'taken')
      t.same({ stored, state, digest }, { stored: 'scheme-version-exists', state: 'active', digest: digestOf(old) })
    else t.same({ stored, activated, state }, { stored: 'taken', activated: 'scheme-changed', state: 'draft' })
  }
})

t.test('a superseded version can still be used by rounds', async t => {
  const { office } = await anOffice(t)
  await putInForce(office, author, town())
  await createRound(office, author, { round: 'before', rules: townRules() })
  await putInForce(office, author, town({ version: '2027' }))
  t.match(await storedScheme(office, key), { state: 'superseded', superseded_by: '2027' })
  t.match(await createRound(office, author, { round: 'after', rules: townRules() }), { state: 'draft' })
})

t.test('evidence is taken in as the shared vocabulary or a scheme in force reads it', async t => {
  const { office } = await anOffice(t)
  const { person } = await registerPerson(office, author, { citizenNumber: syntheticNumber(1), name: '张三' })
  const said = (kind: string, record: { [field: string]: unknown } | null, source = 'register') => ({
    kind,
    source,
    state: 'verified' as const,
    record,
  })
  const take = (...statements: ReturnType<typeof said>[]) => takeEvidence(office, author, person, statements)
  const b2 = said('languageTest', { date: '2025-05-05', band: 'b2' })
  const unknown = [{ code: 'unknown-kind', pointer: '/0/kind', message: /known: birth, .*, attested$/ }]
  await refused(t, office, 'invalid-facts', () => take(b2), unknown)
  await storeScheme(office, author, town())
  await refused(t, office, 'invalid-facts', () => take(b2), unknown)
  await refused(t, office, 'invalid-facts', () => take(said('attested', { measure: 'monthsOfRain', value: '3' })), [
    { code: 'unknown-measure', pointer: '/0/record/measure' },
  ])

  await activateScheme(office, second, key, reviewed())
  await take(b2, said('rain', null), said('attested', { measure: 'monthsOfRain', value: '3' }, 'water-works'))
  await take(said('attested', { measure: 'languageBands', value: ['b1'] }, 'school'))
  await take(said('rain', { from: '2026-01', to: '2026-02', amount: '1.5' }))
  const { rows } = await office.pool.query("select valid_from, valid_to from evidence where kind = 'rain' and record is not null")
  t.same(rows, [{ valid_from: '2026-01-01', valid_to: '2026-02-28' }], 'with the grain that the scheme gives')
  await refused(t, office, 'invalid-facts', () => take(said('languageTest', { date: '2025-05-05', band: 'c1' })), [
    { code: 'unknown-code', pointer: '/0/record/band', message: 'must be one of: b1, b2' },
  ])
  await refused(t, office, 'invalid-facts', () => take(said('birth', { date: '2025-02-30' })), [
    { code: 'impossible-date', pointer: '/0/record/date' },
  ])
  await refused(t, office, 'invalid-facts', () => take(said('horoscope', {})), [
    { code: 'unknown-kind', message: /known: birth, .*, languageTest, rain, attested$/ },
  ])

  await putInForce(office, author, town({ version: '2027', codes: 'b2: {zh-CN: 中高级, en: B2}, c1: {zh-CN: 高级, en: C1}' }))
  await take(said('languageTest', { date: '2025-05-05', band: 'c1' }))
  await take(said('attested', { measure: 'languageBands', value: ['c1'] }, 'university'))
})

t.test('a name has one meaning in an installation, which may grow', async t => {
  const { office } = await anOffice(t)
  await putInForce(office, author, town())
  let cities = 0
  /** Another scheme, in which a part of the town's is replaced; what it lacks for it is added to its cases. */
  const city = async (was: string | RegExp, now: string, ofCases: [string | RegExp, string] = ['', '']) => {
    const { source, cases } = town()
    const other = source.replace('scheme: town', `scheme: city-${++cities}`).replace(was, now)
    t.not(other.replace(/scheme: .*/, 'scheme: town'), source, 'another form')
    const texts = { source: other, cases: cases.map(({ name, text }) => ({ name, text: text.replaceAll(...ofCases) })) }
    const { scheme, casesDigest } = await storeScheme(office, author, texts)
    return { key: scheme, activate: () => activateScheme(office, second, scheme, { digest: scheme.digest, casesDigest }) }
  }
  const differs = (pointer: string, difference: string, otherwise = 'town/2026') => [
    {
      code: 'kind-differs',
      pointer,
      message: `Scheme ${otherwise}, which was activated, has "${pointer.split('/').pop()}" in another form: ${difference}. Use another name here.`,
    },
  ]
  const bands = 'codes: {b1: {zh-CN: 中级, en: B1}, b2: {zh-CN: 中高级, en: B2}}}'
  const withPlace = (usual: string) =>
    `${bands}, place: {title: {zh-CN: 地点, en: place}, codes: {here: {zh-CN: 本地, en: here}, there: {zh-CN: 外地, en: there}}${usual}}`
  const refusedCities: [what: Parameters<typeof city>, pointer: string, difference: string][] = [
    [['shape: event', 'shape: certificate', [/date: /g, 'issued: ']], '/evidence/languageTest', 'the shape: event there, certificate here'],
    [
      ['    grain: month\n', '', ['2026-01, to: 2026-03', '2026-01-01, to: 2026-03-31']],
      '/evidence/rain',
      'the grain: month there, day here',
    ],
    [
      [bands, withPlace(''), ['band: b2}', 'band: b2, place: here}']],
      '/evidence/languageTest',
      'the attribute "place" is only here, and has no default',
    ],
    [
      [bands, `${bands.replace(/}$/, '')}, default: b1}`],
      '/evidence/languageTest',
      'the default of the attribute "band": none there, b1 here',
    ],
    [
      [/\bb1\b/g, 'b9'],
      '/evidence/languageTest',
      'only there: the code "b1" of the attribute "band"; only here: the code "b9" of the attribute "band"',
    ],
    [['unit: litres', 'unit: hours'], '/evidence/rain', 'the attribute "amount": an amount in litres there, an amount in hours here'],
    [['scale: 1}', 'scale: 2}'], '/units/litres', 'decimals: 1 there, 2 here'],
    [
      ['months: {of: rain}', 'count: {of: rain}', [/(?<=rain: \[)(.*)(?=\])/g, '$1, $1, $1']],
      '/measures/monthsOfRain',
      'the unit: months there, records here',
    ],
  ]
  for (const [what, pointer, difference] of refusedCities) {
    const { activate } = await city(...what)
    await refused(t, office, 'kind-differs', activate, differs(pointer, difference))
  }

  const titles = await city('en: language test', 'en: test of a language')
  t.match(await titles.activate(), { state: 'active' }, 'titles do not count')
  const grown = await city(bands, withPlace(', default: here'))
  t.match(await grown.activate(), { state: 'active' }, 'an attribute with a default')
  await putInForce(office, author, town({ version: '2027', codes: 'b2: {zh-CN: 中高级, en: B2}, c1: {zh-CN: 高级, en: C1}' })).then(
    () => t.fail('it has a code that the city lacks, which has an attribute that it lacks'),
    ({ faults }) =>
      t.same(
        faults,
        differs(
          '/evidence/languageTest',
          'only there: the attribute "place"; only here: the code "c1" of the attribute "band"',
          `city-${cities}/2026`,
        ),
      ),
  )
})

t.test('two that give a new name two meanings, activated at once', async t => {
  const { office } = await anOffice(t)
  const texts = [town(), { ...town(), source: town().source.replace('scheme: town', 'scheme: city').replace('scale: 1}', 'scale: 2}') }]
  for (const one of texts) await storeScheme(office, author, one)
  const taken = await Promise.all(
    texts.map((one, i) => refusalOf(activateScheme(office, second, { ...key, scheme: ['town', 'city'][i] as string }, reviewed(one)))),
  )
  t.same(taken.sort(), ['kind-differs', 'taken'])
})

t.test('an indicator that no scheme had, from intake to rank', async t => {
  const { office, actor } = await anOffice(t)
  const round = '2026'
  await putInForce(office, author, town())
  await createRound(office, actor, { round, rules: townRules() })
  await moveRound(office, actor, round, 'open')
  const applicants = ['b1', 'b2'].map((band, i) => ({
    citizenNumber: syntheticNumber(i),
    name: '张三',
    statements: [
      { kind: 'languageTest', source: 'school', state: 'verified' as const, record: { date: '2025-05-05', band } },
      { kind: 'rain', source: 'water-works', state: 'verified' as const, record: null },
    ],
  }))
  await takeApplicants(office, actor, round, applicants)
  await moveRound(office, actor, round, 'closed')
  t.match((await runIt({ office, actor, round, url: '' })).run, { state: 'verified', eligible: 2, admitted: 1 })
  t.strictSame((await office.pool.query('select cut_off from run_pools')).rows, [{ cut_off: [1000] }])
})
