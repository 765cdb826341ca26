import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { lotOf, lotSeedDigest } from '../../src/ranking/lot.ts'
import type { LineRule } from '../../src/ranking/quota-line.ts'
import { rank } from '../../src/ranking/rank.ts'
import { roundQuotient } from '../../src/values/rounding.ts'
import { joinReports, startReport } from '../../src/verifying/findings.ts'
import { createInputPass } from '../../src/verifying/input-pass.ts'
import { createRankPass } from '../../src/verifying/rank-pass.ts'
import type { InputRow, Rescored, StoredEntry, StoredInput, VerifyContext } from '../../src/verifying/stored.ts'

/** A stored run that a test may alter: rows in the order of public numbers, and the context they are verified against. */
type Run = { rows: InputRow[]; context: VerifyContext }
type Applicant = { work: number; study: number | null; deduction: number; months: number; eligible: 'yes' | 'no' | 'undetermined' }

const seed = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
const sha256 = (...parts: (string | Uint8Array)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** A run as it ought to be. Work has scale 3, so that the total is rounded; an unknown study makes the total a lower bound. */
function goodRun(applicants: Applicant[], places: number, line: LineRule): Run {
  const rows = applicants.map(({ work, study, deduction, months, eligible }, i) => {
    const total = Math.max(0, roundQuotient(work + (study ?? 0) * 10 + deduction * 10, 10, 'half-up'))
    const again: Rescored = { eligible, total, items: [work, study, deduction], chain: eligible === 'yes' ? [total, work, months] : null }
    const [document, salt] = [JSON.stringify({ ...again, i }), Buffer.alloc(16, i)]
    const entry: StoredEntry = { ...again, rank: null, admitted: false, lot: null }
    const publicNumber = `申${String(i).padStart(4, '0')}`
    const person = Buffer.from(`person ${i}`)
    return { publicNumber, person, frozen: { document, salt, digest: sha256(salt, person, document) }, entry }
  })
  const entries = rows.flatMap(({ publicNumber, entry }) =>
    entry.chain ? [{ id: publicNumber, chain: entry.chain as number[], entry }] : [],
  )
  const order = [
    { names: 'total', direction: 'desc' },
    { names: { item: 0 }, direction: 'desc' },
    { names: 'measure', direction: 'asc' },
  ] as const
  const { placed, summary } = rank(entries, { directions: order.map(key => key.direction), places, line, lotSeed: seed })
  const lastRank = placed[places - 1]?.rank
  for (const { entry, rank, admitted } of placed) {
    const lot = line === 'lot' && summary.atLine > 0 && rank === lastRank ? lotOf(seed, entry.id) : null
    Object.assign(entry.entry, { rank, admitted, lot })
  }
  const inputsDigest = `sha256:${sha256(...rows.map(row => row.frozen.digest)).toString('hex')}`
  const context: VerifyContext = {
    items: [
      { id: 'work', scale: 3 },
      { id: 'study', scale: 2 },
      { id: 'deduction', scale: 2 },
    ],
    total: { items: [0, 1, 2], scale: 2, rounding: 'half-up', floor: 0 },
    gateAtLeast: 0,
    order,
    places,
    line,
    inputsDigest,
    lotSeedDigest: line === 'lot' ? lotSeedDigest(seed) : null,
    run: {
      applicants: rows.length,
      eligible: entries.length,
      admitted: summary.admitted,
      cutOff: summary.cutOff,
      atLine: summary.atLine,
      inputsDigest,
      lotSeed: line === 'lot' ? seed.toString('hex') : null,
    },
    rescore: document => JSON.parse(document),
  }
  return { rows, context }
}

function verify({ rows, context }: Run) {
  const first = createInputPass(context)
  for (const row of rows) first.row(row)
  const second = createRankPass(context)
  const ranked = rows.flatMap(({ publicNumber, entry }) =>
    publicNumber !== null && entry?.rank != null ? [{ publicNumber, ...entry }] : [],
  )
  ranked.sort((a, b) => (a.rank as number) - (b.rank as number))
  for (const row of ranked) second.row(row)
  return joinReports(first.end(), second.end())
}

const applicant: fc.Arbitrary<Applicant> = fc.record({
  work: fc.integer({ min: 0, max: 9 }),
  study: fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(null) }),
  deduction: fc.integer({ min: -1, max: 0 }),
  months: fc.nat(1),
  eligible: fc.constantFrom('yes', 'yes', 'yes', 'no', 'undetermined'),
})

t.test('a run that is as it ought to be holds', async t => {
  const run = { seed: Date.now() % 2 ** 31, numRuns: 500 }
  t.comment(`seed ${run.seed}`)
  fc.assert(
    fc.property(
      fc.array(applicant, { maxLength: 30 }),
      fc.nat(30),
      fc.constantFrom<LineRule>('admit-all', 'admit-none', 'lot'),
      (list, places, line) => {
        const report = verify(goodRun(list, places, line))
        if (!report.holds || report.findings.length > 0) throw new Error(JSON.stringify(report))
      },
    ),
    run,
  )
})

/** Five applicants in the order of their ranks 1 2 3 3 5, the sixth not eligible; the third place is within the tie. */
function sample(line: LineRule = 'admit-all'): Run {
  const eligible = { study: 1, deduction: 0, months: 0, eligible: 'yes' } as const
  return goodRun([...[90, 80, 70, 70, 60].map(work => ({ ...eligible, work })), { ...eligible, work: 95, eligible: 'no' }], 3, line)
}

type Parts = {
  row: (i: number) => InputRow
  entry: (i: number) => StoredEntry
  frozen: (i: number) => StoredInput
  context: VerifyContext
  rows: InputRow[]
}

/** What is altered in the sample, and all codes that it must give, the first being its own. */
const alterations: [what: string, alter: (parts: Parts) => void, codes: string[], line?: LineRule][] = [
  ['two ranks exchanged', ({ entry }) => swap(entry(0), entry(1), 'rank'), ['R6']],
  ['two ranks exchanged over the line', ({ entry }) => swap(entry(1), entry(4), 'rank'), ['R6', 'R8', 'R9', 'R11']],
  ['two whole entries exchanged', ({ row }) => swap(row(0), row(1), 'entry'), ['R12']],
  ['a total shifted by 0.01', ({ entry }) => set(entry(0), { total: 20 }), ['R4', 'R12']],
  ['a total and its chain shifted by 0.01', ({ entry }) => set(entry(0), { total: 11, chain: [11, 90, 0] }), ['R4', 'R12']],
  ['an item altered', ({ entry }) => set(entry(0), { items: [90, 2, 0] }), ['R4', 'R12']],
  ['an item too few', ({ entry }) => set(entry(0), { items: [90, 1] }), ['R4', 'R12']],
  ['a sum beyond exactness', ({ entry }) => set(entry(5), { items: [2 ** 53 - 1, 1, 0] }), ['R4', 'R12']],
  ['an admitted one dropped', ({ entry }) => set(entry(0), { admitted: false }), ['R8', 'R11']],
  [
    'an admitted one dropped with its count',
    ({ entry, context }) => [set(entry(0), { admitted: false }), set(context.run, { admitted: 3 })],
    ['R8'],
  ],
  ['one more admitted', ({ entry }) => set(entry(4), { admitted: true }), ['R9', 'R11']],
  [
    'one more admitted with count and cut-off',
    ({ entry, context }) => [set(entry(4), { admitted: true }), set(context.run, { admitted: 5, cutOff: entry(4).chain })],
    ['R9'],
  ],
  ['one admitted who is not eligible', ({ entry }) => set(entry(5), { admitted: true }), ['R5', 'R11']],
  ['a frozen input altered', ({ frozen }) => set(frozen(0), { document: `${frozen(0).document} ` }), ['R3']],
  ['a frozen input and its digest altered', ({ row, frozen }) => set(frozen(0), reseal(frozen(0), row(0).person)), ['R3']],
  ['a frozen input that cannot be scored', ({ frozen }) => set(frozen(0), { document: '{' }), ['R3', 'R12']],
  ['a frozen input lost', ({ row }) => set(row(0), { frozen: null }), ['R3']],
  [
    'a frozen input of no application',
    ({ rows, frozen }) => rows.push({ publicNumber: null, person: null, frozen: frozen(0), entry: null }),
    ['R3'],
  ],
  ['another inputs digest in the run', ({ context }) => set(context.run, { inputsDigest: null }), ['R3']],
  ['a person twice', ({ row }) => set(row(1), { person: row(0).person }), ['R2', 'R3']],
  ['an application handed to another person', ({ row }) => set(row(1), { person: Buffer.from('somebody else') }), ['R3']],
  ['an application without person', ({ row }) => set(row(1), { person: null }), ['R2', 'R3']],
  ['an entry deleted', ({ row }) => set(row(0), { entry: null }), ['R1', 'R11', 'R7']],
  [
    'an entry of no application',
    ({ rows, entry }) => rows.push({ publicNumber: null, person: null, frozen: null, entry: entry(5) }),
    ['R1', 'R11'],
  ],
  ['a public number twice', ({ row }) => set(row(5), { publicNumber: row(4).publicNumber }), ['R1']],
  ['a total below the gate', ({ context }) => set(context, { gateAtLeast: 8 }), ['R5']],
  ['an eligible one without rank', ({ entry }) => set(entry(4), { rank: null }), ['R5']],
  ['an eligible one without chain', ({ entry }) => set(entry(4), { chain: null }), ['R5', 'R6', 'R12']],
  ['none where a key value is due', ({ entry }) => set(entry(4), { chain: [7, null, 0] }), ['R5', 'R4', 'R6', 'R12']],
  [
    'none everywhere',
    ({ entry }) => set(entry(4), { eligible: null, total: null, items: null, chain: null, rank: null, admitted: null }),
    ['R5', 'R4', 'R11', 'R12'],
  ],
  ['the not eligible ranked', ({ entry }) => set(entry(5), { rank: 6, chain: [11, 95, 0] }), ['R5', 'R6', 'R12']],
  ['an unheard-of eligibility', ({ entry }) => set(entry(5), { eligible: 'maybe' }), ['R5', 'R12']],
  ['a measure in the chain altered', ({ entry }) => set(entry(0), { chain: [10, 90, 5] }), ['R12']],
  ['a rank shared by different chains', ({ entry }) => set(entry(1), { rank: 1 }), ['R7']],
  ['equal chains with different ranks', ({ entry }) => set(entry(3), { rank: 4 }), ['R7']],
  ['a lot altered', ({ entry }) => set(entry(2), { lot: Buffer.alloc(32) }), ['R10'], 'lot'],
  ['a lot lost', ({ entry }) => set(entry(2), { lot: null }), ['R10'], 'lot'],
  ['a lot beside the line', ({ entry }) => set(entry(0), { lot: lotOf(seed, '申0000') }), ['R10'], 'lot'],
  ['a lot where none is drawn', ({ entry }) => set(entry(2), { lot: lotOf(seed, '申0002') }), ['R10']],
  ['the lucky exchanged', ({ entry }) => swap(entry(2), entry(3), 'admitted'), ['R8', 'R9'], 'lot'],
  ['a seed that was not committed', ({ context }) => set(context, { lotSeedDigest: lotSeedDigest(Buffer.alloc(16)) }), ['R10'], 'lot'],
  ['a seed that gives other lots', ({ context }) => set(context.run, { lotSeed: '00'.repeat(16) }), ['R10'], 'lot'],
  ['no seed', ({ context }) => set(context.run, { lotSeed: null }), ['R10'], 'lot'],
  ['a seed where no lots are drawn', ({ context }) => set(context.run, { lotSeed: '00'.repeat(16) }), ['R10'], 'admit-none'],
  ['another count of eligible', ({ context }) => set(context.run, { eligible: 6 }), ['R11']],
  ['another cut-off', ({ context }) => set(context.run, { cutOff: [8, 70, 1] }), ['R11']],
  ['no cut-off', ({ context }) => set(context.run, { cutOff: null }), ['R11']],
  ['another number at the line', ({ context }) => set(context.run, { atLine: 0 }), ['R11']],
]

function set<T extends object>(target: T, change: Partial<T>) {
  Object.assign(target, change)
}
function swap<T>(a: T, b: T, name: keyof T) {
  const kept = a[name]
  a[name] = b[name]
  b[name] = kept
}
function reseal({ document, salt }: StoredInput, person: Uint8Array | null): StoredInput {
  return { document: `${document} `, salt, digest: sha256(salt as Uint8Array, person as Uint8Array, `${document} `) }
}

for (const [what, alter, codes, line] of alterations) {
  t.test(`found: ${what}`, async t => {
    const run = sample(line)
    const whole = <T>(part: T | null | undefined): T => part as T
    alter({
      ...run,
      row: i => whole(run.rows[i]),
      entry: i => whole(run.rows[i]?.entry),
      frozen: i => whole(run.rows[i]?.frozen),
    })
    const report = verify(run)
    t.notOk(report.holds)
    t.same(Object.keys(report.counts).sort(), [...codes].sort(), JSON.stringify(report.findings))
  })
}

t.test('every property has an alteration that it alone, or it first, finds', async t => {
  const own = new Set(alterations.map(([, , codes]) => codes[0]))
  t.same([...own].sort(), ['R1', 'R10', 'R11', 'R12', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9'])
})

t.test('a finding names the application', async t => {
  const run = sample()
  Object.assign(run.rows[0]?.entry as StoredEntry, { admitted: false })
  t.match(verify(run).findings, [
    { code: 'R11' },
    { code: 'R8', application: '申0000', message: 'the applicant is within the quota and not admitted' },
  ])
})

t.test('all findings are counted, twenty of each code are kept', async t => {
  const [a, b] = [startReport(), startReport()]
  for (let i = 0; i < 15; i++) a.find('R4', String(i), '')
  for (let i = 0; i < 25; i++) b.find('R4', String(i), '')
  b.find('R1', null, '')
  t.equal(b.report().findings.length, 21)
  const report = joinReports(a.report(), b.report())
  t.same(report.counts, { R1: 1, R4: 40 })
  t.equal(report.findings.length, 21)
})

t.test('rows in another order are the fault of the caller', async t => {
  const { rows, context } = sample()
  const first = createInputPass(context)
  first.row(rows[1] as InputRow)
  t.throws(() => first.row(rows[0] as InputRow), /order of public numbers/)
  const second = createRankPass(context)
  const row = { publicNumber: 'a', chain: [1, 2, 3], admitted: true, lot: null }
  second.row({ ...row, rank: 2 })
  t.throws(() => second.row({ ...row, rank: 1 }), /order of ranks/)
})
