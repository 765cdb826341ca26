import fc from 'fast-check'
import t from 'tap'
import { lotOf, lotSecretDigest } from '../../src/ranking/lot.ts'
import { collectFindings, wholeRun } from '../../src/verifying/findings.ts'
import type { PoolFigures, StoredEntry, StoredInput, StoredStanding, VerifyContext } from '../../src/verifying/stored.ts'
import { startVerification } from '../../src/verifying/verification.ts'
import { type Applicant, draw, goodRun, type Row, reseal, type StoredRound, secret, sha256, type Terms, verify } from './stored-run.ts'

const applicant: fc.Arbitrary<Applicant> = fc.record({
  work: fc.integer({ min: 0, max: 9 }),
  study: fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(null) }),
  deduction: fc.integer({ min: -1, max: 0 }),
  months: fc.nat(1),
  eligible: fc.constantFrom('yes', 'yes', 'yes', 'no', 'undetermined'),
  household: fc.nat(12),
  persons: fc.integer({ min: 1, max: 5 }),
})

const terms: fc.Arbitrary<Terms> = fc.record(
  {
    places: fc.oneof(
      fc.record({ '': fc.nat(30) }),
      fc.record({ east: fc.nat(8), north: fc.nat(8), west: fc.nat(8) }) as fc.Arbitrary<{ [pool: string]: number }>,
    ) as fc.Arbitrary<Terms['places']>,
    line: fc.constantFrom('admit-all', 'admit-none', 'lot'),
    unit: fc.constantFrom('applicants', 'households', 'persons'),
    straddle: fc.constantFrom('all-in', 'none', 'next-smaller'),
    secondRound: fc.record({
      percent: fc.constantFrom('0', '10', '33.3', '100'),
      rounding: fc.constantFrom('down', 'up'),
      atRoom: fc.constantFrom('admit-all', 'admit-none'),
    }),
    reserve: fc.nat(6),
    scoreLine: fc.constant(0),
  },
  { requiredKeys: ['places', 'line', 'unit'] },
)

/** What rules may say together; a household stands in one pool. */
function sound(list: Applicant[], given: Terms): [Applicant[], Terms] {
  const { straddle = 'none', secondRound, scoreLine, ...rest } = given
  const hasPools = !('' in given.places)
  const isScoreLine = scoreLine !== undefined && !hasPools
  const unit = isScoreLine ? 'applicants' : given.unit
  const applicants = list.map(({ household, persons, ...one }) => ({
    ...one,
    pool: ['east', 'north', 'west'][(household as number) % 3] as string,
    ...(unit === 'applicants' || household === 0 ? {} : { household: household as number }),
    ...(unit === 'persons' ? { persons: persons as number } : {}),
  }))
  const more = {
    ...(unit === 'persons' ? { straddle } : {}),
    ...(hasPools && secondRound ? { secondRound } : {}),
    ...(isScoreLine ? { scoreLine } : {}),
  }
  return [applicants, { ...rest, unit: unit as VerifyContext['unit'], ...more }]
}

t.test('a run that is as it ought to be holds', async t => {
  const run = { seed: Date.now() % 2 ** 31, numRuns: 2000 }
  t.comment(`seed ${run.seed}`)
  fc.assert(
    fc.property(fc.array(applicant, { maxLength: 40 }), terms, (list, given) => {
      const report = verify(goodRun(...sound(list, given)))
      const { sample, ...rest } = report
      if (sample?.checked !== list.length) throw new Error('not all entries were asked about')
      if (JSON.stringify(rest) !== '{"holds":true,"counts":{},"findings":[],"setAside":[]}') throw new Error(JSON.stringify(report))
    }),
    run,
  )
})

const even = { study: 1, deduction: 0, months: 0, eligible: 'yes' } as const

/** Applicants 0 to 4 with the ranks 1 2 3 3 5 and an ineligible one; the third place is within the tie. Two of them stand on the reserve list. */
function plain(line: Terms['line']): StoredRound {
  const work = [90, 80, 70, 60, 70, 50]
  // Those at the line apply on one day: every second applicant has the next day.
  return goodRun([...work.map(work => ({ ...even, work })), { ...even, work: 95, eligible: 'no' }], { places: { '': 3 }, line, reserve: 2 })
}

/** Two pools of households with persons: 0 leads 1; 2 is too large for what is left in the east; 3 and 4 are in the west, 5 is represented by 4. */
function households(secondRound = false): StoredRound {
  const of = (work: number, pool: string, persons: number, household?: number) => ({
    ...even,
    work,
    pool,
    persons,
    ...(household === undefined ? {} : { household }),
  })
  const applicants = [
    of(90, 'east', 2, 1),
    of(80, 'east', 5, 1),
    of(70, 'east', 3),
    of(90, 'west', 1),
    of(80, 'west', 2, 2),
    of(70, 'west', 4, 2),
  ]
  const second = { percent: '50', rounding: 'up', atRoom: 'admit-none' } as const
  return goodRun(applicants, {
    places: { east: 4, west: 6 },
    line: 'admit-all',
    unit: 'persons',
    straddle: 'next-smaller',
    ...(secondRound ? { secondRound: second } : { reserve: 5 }),
  })
}

type Parts = {
  row: (i: number) => Row
  entry: (i: number) => StoredEntry
  frozen: (i: number) => StoredInput
  standing: (i: number) => StoredStanding
  figures: (i: number) => PoolFigures
  context: VerifyContext
  rows: Row[]
}

/** What is altered, and all codes that it must give, the first being its own. */
type Alteration = [what: string, alter: (parts: Parts) => void, codes: string]

const inPlain: Alteration[] = [
  ['two ranks exchanged', ({ standing }) => swap(standing(0), standing(1), 'rank'), 'R6'],
  ['two ranks exchanged over the line', ({ standing }) => swap(standing(1), standing(3), 'rank'), 'R6'],
  ['two standings exchanged over the line', ({ row }) => swap(row(1), row(3), 'standing'), 'R6 R8 R9 R11 R15'],
  ['two whole entries exchanged', ({ row }) => [swap(row(0), row(1), 'entry'), swap(row(0), row(1), 'standing')], 'R12 R14 R16 R4'],
  ['a total shifted by 0.01', ({ entry }) => set(entry(0), { total: 20 }), 'R4 R12 R14 R16'],
  ['an item altered', ({ entry }) => set(entry(0), { items: [90, 2, 0] }), 'R4 R12 R14 R16'],
  ['an item too few', ({ entry }) => set(entry(0), { items: [90, 1] }), 'R4 R12 R14 R16'],
  ['a sum beyond exactness', ({ entry }) => set(entry(6), { items: [2 ** 53 - 1, 1, 0] }), 'R4 R12 R14 R16'],
  ['a submission in the chain altered', ({ entry }) => set(entry(0), { chain: [10, 90, 0, 1] }), 'R4 R12 R14 R16'],
  ['a measure in the chain altered', ({ entry }) => set(entry(0), { chain: (entry(0).chain ?? []).with(2, 5) }), 'R12 R14 R16'],
  ['an entry with a pool', ({ entry }) => set(entry(0), { pool: 'east' }), 'R4 R14 R5 R11'],
  ['an entry with a household', ({ entry }) => set(entry(0), { household: Buffer.alloc(32) }), 'R4'],
  ['an entry with persons', ({ entry }) => set(entry(0), { persons: 2 }), 'R4'],
  ['an application with a pool', ({ row }) => set(row(0), { pool: 'east' }), 'R4'],
  ['an application with a household', ({ row }) => set(row(0), { household: Buffer.alloc(32) }), 'R4'],
  ['an application with persons', ({ row }) => set(row(0), { persons: 2 }), 'R4'],
  ['a claim that says nothing', ({ frozen }) => set(frozen(0), { claim: '{}' }), 'R3 R4'],
  ['an admitted one dropped', ({ standing }) => set(standing(0), { outcome: 'none' }), 'R8 R11'],
  [
    'an admitted one dropped with its count',
    ({ standing, context, figures }) => [
      set(standing(0), { outcome: 'none' }),
      set(context.run, { admitted: 3 }),
      set(figures(0), { admitted: 3, unused: 0 }),
    ],
    'R8',
  ],
  ['an admitted one in a round that there is not', ({ standing }) => set(standing(0), { outcome: 'second' }), 'R8 R11'],
  ['one more admitted', ({ standing }) => set(standing(3), { outcome: 'first' }), 'R9 R11'],
  [
    'one more admitted with count and cut-off',
    ({ standing, entry, context, figures }) => [
      set(standing(3), { outcome: 'first' }),
      set(context.run, { admitted: 5 }),
      set(figures(0), { admitted: 5, cutOff: entry(3).chain }),
    ],
    'R9',
  ],
  ['one admitted who is not eligible', ({ row, standing }) => set(row(6), { standing: { ...standing(0), rank: null } }), 'R5'],
  ['a frozen input altered', ({ frozen }) => set(frozen(0), { document: `${frozen(0).document} ` }), 'R3'],
  ['a claim altered', ({ frozen }) => set(frozen(0), { claim: frozen(0).claim?.replace('12:00', '12:01') ?? null }), 'R3'],
  ['a frozen input and its digest altered', ({ row, frozen }) => set(frozen(0), reseal(frozen(0), row(0).person)), 'R3 R14'],
  ['a frozen input that cannot be scored', ({ frozen }) => set(frozen(0), { document: '{' }), 'R3 R12 R16'],
  ['a frozen input lost', ({ row }) => set(row(0), { frozen: null }), 'R3 R4 R11'],
  ['a frozen input of no application', ({ rows, row, frozen }) => rows.push(stray(row(0), { frozen: frozen(0) })), 'R3 R11'],
  ['another inputs digest in the run', ({ context }) => set(context.run, { inputsDigest: null }), 'R3'],
  ['another inputs digest in the round', ({ context }) => set(context, { inputsDigest: null }), 'R3'],
  ['a person twice', ({ row }) => set(row(1), { person: row(0).person }), 'R2 R3'],
  ['an application handed to another person', ({ row }) => set(row(1), { person: Buffer.from('somebody else') }), 'R3'],
  ['an application without person', ({ row }) => set(row(1), { person: null }), 'R2 R3'],
  ['an entry deleted', ({ row }) => set(row(0), { entry: null }), 'R1 R5 R6 R11'],
  ['an entry deleted with its standing', ({ row }) => set(row(0), { entry: null, standing: null }), 'R1 R7 R11'],
  ['an entry of one who is not eligible deleted', ({ row }) => set(row(6), { entry: null }), 'R1'],
  ['an entry of no application', ({ rows, row, entry }) => rows.push(stray(row(0), { entry: entry(6) })), 'R1'],
  ['an application twice', ({ rows, row }) => rows.push({ ...row(6) }), 'R1 R2 R3 R11'],
  ['a public number twice', ({ row }) => set(row(6), { publicNumber: row(5).publicNumber }), 'R1 R3'],
  ['a total below the gate', ({ context }) => set(context, { atLeast: 7 }), 'R5'],
  ['a standing deleted', ({ row }) => set(row(0), { standing: null }), 'R5 R7 R8 R11'],
  ['a standing of no application', ({ rows, row, standing }) => rows.push(stray(row(0), { standing: standing(0) })), 'R5'],
  ['a standing in another pool', ({ standing }) => set(standing(5), { pool: 'east' }), 'R5 R7'],
  ['an eligible one without chain', ({ entry }) => set(entry(5), { chain: null }), 'R5 R6 R12 R14 R16'],
  ['none where a key value is due', ({ entry }) => set(entry(5), { chain: [6, null, 0, 0] }), 'R5 R4 R6 R12 R14 R16'],
  ['the not eligible with a chain', ({ entry }) => set(entry(6), { chain: [1, 2, 3, 4] }), 'R5 R4 R12 R14 R16'],
  ['an unheard-of eligibility', ({ entry }) => set(entry(6), { eligible: 'maybe' }), 'R5 R12 R14 R16'],
  ['a rank lost', ({ standing }) => set(standing(5), { rank: null }), 'R13'],
  ['one who is represented by nobody', ({ standing }) => set(standing(5), { outcome: 'represented' }), 'R13'],
  ['a rank shared by different chains', ({ standing }) => set(standing(1), { rank: 1 }), 'R7'],
  ['equal chains with different ranks', ({ standing }) => set(standing(4), { rank: 4 }), 'R7'],
  ['a reserve number altered', ({ standing }) => set(standing(3), { reserve: 2 }), 'R15'],
  ['a reserve number lost', ({ standing }) => set(standing(3), { reserve: null }), 'R15'],
  ['a reserve number of an admitted one', ({ standing }) => set(standing(0), { reserve: 3 }), 'R15'],
  ['a lot where none is drawn', ({ standing }) => set(standing(2), { lot: Buffer.alloc(32) }), 'R10'],
  ['a secret where no lots are drawn', ({ context }) => set(context.run, { lotSecret: '00'.repeat(16) }), 'R10'],
  ['a draw where no lots are drawn', ({ context }) => set(context.run, { draw }), 'R10'],
  ['another number of applicants', ({ context }) => set(context.run, { applicants: 8 }), 'R11'],
  ['another number of eligible', ({ context }) => set(context.run, { eligible: 7 }), 'R11'],
  ['another number of admitted', ({ context }) => set(context.run, { admitted: 3 }), 'R11'],
  ['another number of places', ({ figures }) => set(figures(0), { places: 4 }), 'R11'],
  ['no number of places', ({ figures }) => set(figures(0), { places: null, unused: null }), 'R11'],
  ['another number of unused places', ({ figures }) => set(figures(0), { unused: 1 }), 'R11'],
  ['another cut-off', ({ figures }) => set(figures(0), { cutOff: [8, 70, 1, 0] }), 'R11'],
  ['no cut-off', ({ figures }) => set(figures(0), { cutOff: null }), 'R11'],
  ['another number at the line', ({ figures }) => set(figures(0), { atLine: 0 }), 'R11'],
  ['no figures', ({ context }) => set(context.run, { pools: [] }), 'R11'],
  [
    'figures of another pool',
    ({ context, figures }) => set(context.run, { pools: [figures(0), { ...figures(0), pool: 'east', eligible: 0, admitted: 0 }] }),
    'R11',
  ],
  ['figures of a second round', ({ context }) => set(context.run, { secondRound: { places: 0, cutOff: null, atLine: 0 } }), 'R11'],
  ['a receipt digest altered', ({ entry }) => set(entry(0), { receipt: Buffer.alloc(32) }), 'R14'],
  ['a receipt digest lost', ({ entry }) => set(entry(0), { receipt: null }), 'R14'],
  ['another engine', ({ context }) => set(context.run, { engine: 'engine 4' }), 'R14'],
  ['a second program that differs', ({ context }) => set(context, { oracle: text => ({ ...JSON.parse(text), total: 1 }) }), 'R16'],
]

const entered = { heldOn: '2020-03-03', numbers: draw, enteredAt: '2020-03-03T08:00:00.000Z' }
const withLots: Alteration[] = [
  ['a lot altered', ({ standing }) => set(standing(2), { lot: Buffer.alloc(32) }), 'R10'],
  ['a lot lost', ({ standing }) => set(standing(2), { lot: null }), 'R10'],
  ['a lot of the reserve list lost', ({ standing }) => set(standing(3), { lot: null }), 'R10'],
  ['a lot for one who needs none', ({ standing }) => set(standing(0), { lot: lotOf({ secret, draw }, '申0000') }), 'R10'],
  ['the lucky exchanged', ({ standing }) => swap(standing(2), standing(4), 'outcome'), 'R8 R9'],
  ['a secret that was not committed', ({ context }) => set(context, { lotSecretDigest: lotSecretDigest(Buffer.alloc(16)) }), 'R10'],
  ['no secret', ({ context }) => set(context.run, { lotSecret: null }), 'R10'],
  ['a secret too short', ({ context }) => set(context.run, { lotSecret: '00'.repeat(15) }), 'R10'],
  ['no draw in the run', ({ context }) => set(context.run, { draw: null }), 'R10'],
  ['no draw entered', ({ context }) => set(context, { enteredDraw: null }), 'R10'],
  ['another draw entered', ({ context }) => set(context, { enteredDraw: { ...entered, numbers: '1,2,3,4' } }), 'R10'],
  ['a draw on the day of the freeze', ({ context }) => set(context, { enteredDraw: { ...entered, heldOn: '2020-03-02' } }), 'R10'],
  ['a draw of the day after it was entered', ({ context }) => set(context, { enteredDraw: { ...entered, heldOn: '2020-03-04' } }), 'R10'],
  ['a draw of another form', ({ context }) => set(context, { drawForm: [{ count: 4, from: 1, to: 15, order: 'ascending' }] }), 'R10'],
  ['a draw with a number too many', ({ context }) => set(context, { drawForm: [{ count: 3, from: 1, to: 15, order: 'drawn' }] }), 'R10'],
  ['a freeze that nobody knows of', ({ context }) => set(context, { frozenAt: [] }), 'R10'],
  ['a second freeze', ({ context }) => set(context, { frozenAt: [...context.frozenAt, '2020-02-01T08:00:00.000Z'] }), 'R10'],
]

const withHouseholds: Alteration[] = [
  ['the represented ranked too', ({ standing }) => set(standing(1), { rank: 2 }), 'R13 R7'],
  ['the represented admitted', ({ standing }) => set(standing(1), { outcome: 'first' }), 'R13 R9 R11'],
  ['the represented with a reserve number', ({ standing }) => set(standing(1), { reserve: 1 }), 'R13'],
  ['the represented without a word', ({ standing }) => set(standing(1), { outcome: 'none' }), 'R13'],
  ['head and represented exchanged', ({ row }) => swap(row(0), row(1), 'standing'), 'R13 R8 R9 R11'],
  ['another household', ({ entry }) => set(entry(0), { household: Buffer.alloc(32, 1) }), 'R4 R13 R15'],
  ['no household', ({ entry }) => set(entry(0), { household: null }), 'R4 R13 R15'],
  ['more persons than claimed', ({ entry }) => set(entry(0), { persons: 3 }), 'R4 R11'],
  ['an application of another household than it claimed', ({ row }) => set(row(0), { household: row(2).household }), 'R4'],
  ['an application without its household', ({ row }) => set(row(0), { household: null }), 'R4'],
  ['an application of more persons than it claimed', ({ row }) => set(row(0), { persons: 3 }), 'R4'],
]

for (const [what, sample, table] of [
  ['plain', () => plain('admit-all'), inPlain],
  ['lots', () => plain('lot'), withLots],
] as const)
  for (const [name, alter, codes] of table)
    t.test(`found in a round (${what}): ${name}`, async t => {
      const report = altered(sample(), alter)
      t.notOk(report.holds)
      t.strictSame(report.setAside, [])
      t.strictSame(Object.keys(report.counts).sort(), codes.split(' ').sort(), JSON.stringify(report.findings))
    })

for (const [name, alter, codes] of withHouseholds)
  t.test(`found in one pool, which is set aside: ${name}`, async t => {
    const report = altered(households(), alter)
    t.ok(report.holds)
    t.strictSame([report.counts, report.findings], [{}, []])
    t.match(report.setAside, [{ pool: 'east' }])
    t.equal(report.setAside.length, 1)
    t.strictSame(Object.keys(report.setAside[0]?.counts ?? {}).sort(), codes.split(' ').sort(), JSON.stringify(report.setAside))
  })

t.test('a run with pools', async t => {
  t.test('a breach in every pool fails the whole run', async t => {
    const report = altered(households(), ({ standing }) => [set(standing(0), { reserve: 9 }), set(standing(3), { reserve: 9 })])
    t.match(report, { holds: false, counts: { R15: 2 }, setAside: [] })
  })
  t.test('a breach that concerns no pool fails the whole run', async t => {
    const report = altered(households(), ({ context, standing }) => [set(context.run, { eligible: 9 }), set(standing(0), { reserve: 9 })])
    t.match(report, { holds: false, counts: { R11: 1, R15: 1 }, setAside: [] })
  })
  t.test('a person in two pools sets both aside', async t => {
    const report = altered(households(), ({ row }) => set(row(3), { person: row(0).person }))
    t.match(report, { holds: false, counts: { R2: 1 } }, 'there are no others')
  })
  t.test('figures of one pool set it aside', async t => {
    const report = altered(households(), ({ figures }) => set(figures(1), { unused: 0 }))
    t.match(report, { holds: true, setAside: [{ pool: 'west', counts: { R11: 1 } }] })
  })
  t.test('an application of another pool than it claimed concerns both', async t => {
    const report = altered(households(), ({ row }) => set(row(3), { pool: 'east' }))
    t.match(report, { holds: false, counts: { R4: 1 } })
  })
  t.test('a second round cannot be parted', async t => {
    t.match(verify(households(true)), { holds: true })
    const report = altered(households(true), ({ standing }) => set(standing(2), { outcome: 'none' }))
    t.match(report, { holds: false, setAside: [] })
    t.strictSame(Object.keys(report.counts).sort(), ['R11', 'R8'])
  })
  t.test('the figures of a second round', async t => {
    for (const change of [{ places: 9 }, { cutOff: null }, { atLine: 9 }]) {
      const report = altered(households(true), ({ context }) => set(context.run.secondRound as object, change))
      t.match(report, { holds: false, counts: { R11: 1 } }, JSON.stringify(change))
    }
  })
})

t.test('a score line', async t => {
  const list = [30, 40, 50].map(work => ({ ...even, work }))
  const run = () => goodRun(list, { places: { '': 0 }, line: 'admit-all', scoreLine: 4 })
  t.match(verify(run()), { holds: true })
  for (const [what, change, code] of [
    ['not admitted', { outcome: 'none' }, 'R8'],
    ['a rank', { rank: 1 }, 'R7'],
    ['a reserve number', { reserve: 1 }, 'R15'],
    ['a lot', { lot: Buffer.alloc(32) }, 'R10'],
  ] as const) {
    const report = altered(run(), ({ standing }) => set(standing(0), change))
    t.ok(Object.keys(report.counts).includes(code), what)
  }
  t.match(altered(run(), ({ context }) => set(context, { atLeast: 5 })).counts, { R5: 1 })
})

t.test('every property has an alteration that it alone, or it first, finds', async t => {
  const own = new Set([...inPlain, ...withLots, ...withHouseholds].map(([, , codes]) => codes.split(' ')[0]))
  const all = Array.from({ length: 16 }, (_, i) => `R${i + 1}`)
  t.strictSame([...own].sort(), all.sort())
})

t.test('a finding names the application', async t => {
  const report = altered(plain('admit-all'), ({ standing }) => set(standing(0), { outcome: 'none' }))
  t.match(
    report.findings.filter(({ code }) => code === 'R8'),
    [{ application: '申0000', message: 'the rules admit the applicant, who is not admitted' }],
  )
})

t.test('of a round frozen before claims were kept', async t => {
  const run = plain('admit-all')
  for (const row of run.rows) {
    const { document, salt } = row.frozen as StoredInput
    const digest = sha256(salt as Uint8Array, row.person as Uint8Array, document as string)
    row.frozen = { document, claim: '', salt, digest }
    ;(row.entry as StoredEntry).receipt = null
  }
  // Such a round has no order key that a claim would tell.
  run.context.order = run.context.order.slice(0, 3)
  const isOf = (code: string) => verify(run).findings.some(finding => finding.code === code)
  t.notOk(isOf('R14'), 'the entries have no receipts')
  t.notOk(isOf('R4'))

  const figures = run.context.run.pools[0] as PoolFigures
  Object.assign(figures, { places: null, unused: null })
  const told = () => verify(run).findings.filter(({ code, message }) => code === 'R11' && /places|unused/.test(message)).length
  t.equal(told(), 2, 'places were recorded since claims were')
  run.context.hasClaims = false
  t.equal(told(), 0)
  figures.places = 4
  t.equal(told(), 2, 'what was recorded is compared')
})

t.test('the sample', async t => {
  const many = Array.from({ length: 400 }, () => ({ ...even, work: 50 }))
  const run = goodRun(many, { places: { '': 3 }, line: 'admit-all' })
  const asked = (size: number, seed: number) => {
    run.context.sample = { seed: Buffer.alloc(16, seed), size }
    return verify(run).sample?.checked as number
  }
  t.equal(asked(400, 1), 400)
  t.equal(asked(1000, 1), 400)
  t.equal(asked(0, 1), 0)
  t.ok(asked(100, 1) > 60 && asked(100, 1) < 140, `about as many as asked for: ${asked(100, 1)}`)
  t.equal(asked(100, 1), asked(100, 1), 'the same for the same seed')
})

t.test('all findings are counted, twenty of each code are kept', async t => {
  const { find, report } = collectFindings([])
  for (let i = 0; i < 40; i++) find('R4', { application: String(i), pools: [] }, '')
  find('R1', wholeRun, '')
  t.strictSame(report(null).counts, { R1: 1, R4: 40 })
  t.equal(report(null).findings.length, 21)
})

t.test('rows in another order are the fault of the caller', async t => {
  const { rows, context } = plain('admit-all')
  const row = (i: number) => rows[i] as Row & { publicNumber: string }
  const start = () => startVerification(context)
  const twice =
    <R>(take: (row: R) => void, first: R, second: R) =>
    () => {
      take(first)
      take(second)
    }
  const digest = null
  t.throws(twice(start().input, row(1), row(0)), /order of applications/)
  t.throws(twice(start().number, { ...row(1), digest }, { ...row(0), digest }), /order of public numbers/)
  t.throws(twice(start().person, row(1), row(0)), /order of persons/)
  const ranked = { publicNumber: 'a', pool: null, chain: [1, 2, 3, 4] }
  t.throws(twice(start().ranked, { ...ranked, rank: 2 }, { ...ranked, rank: 1 }), /order of ranks/)
  const eligible = { application: 1, publicNumber: 'a', pool: null, persons: null, standing: null }
  t.throws(
    twice(start().recompute.eligible, { ...eligible, chain: [1, 2, 3, 4] }, { ...eligible, chain: [2, 2, 3, 4] }),
    /order of their chains/,
  )
  const member = { application: 1, publicNumber: 'a', pool: null, chain: [1, 2, 3, 4] }
  const { members } = startVerification({ ...context, unit: 'households' }).recompute
  if (members)
    t.throws(twice(members, { ...member, household: Buffer.from('b') }, { ...member, household: Buffer.from('a') }), /order of households/)
})

function altered(run: StoredRound, alter: (parts: Parts) => void) {
  const whole = <T>(part: T | null | undefined): T => part as T
  const { rows, context } = run
  alter({
    rows,
    context,
    row: i => whole(rows[i]),
    entry: i => whole(rows[i]?.entry),
    frozen: i => whole(rows[i]?.frozen),
    standing: i => whole(rows[i]?.standing),
    figures: i => whole(context.run.pools[i]),
  })
  return verify(run)
}

function set<T extends object>(target: T, change: Partial<T>) {
  Object.assign(target, change)
}
function swap<T>(a: T, b: T, name: keyof T) {
  const kept = a[name]
  a[name] = b[name]
  b[name] = kept
}
function stray(row: Row, part: Partial<Row>): Row {
  return { ...row, publicNumber: null, pool: null, person: null, frozen: null, entry: null, standing: null, ...part }
}
