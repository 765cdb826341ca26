import { createHash } from 'node:crypto'
import { lotSecretDigest } from '../../src/ranking/lot.ts'
import { rank } from '../../src/ranking/rank.ts'
import { canonicalJson } from '../../src/values/canonical-json.ts'
import { roundQuotient } from '../../src/values/rounding.ts'
import type { Report } from '../../src/verifying/findings.ts'
import {
  type InputRow,
  isBetter,
  type LineRule,
  type PoolFigures,
  type Rescored,
  type SecondRound,
  type StoredEntry,
  type StoredInput,
  type StoredStanding,
  type StraddleRule,
  type VerifyContext,
  wholeChain,
} from '../../src/verifying/stored.ts'
import { startVerification } from '../../src/verifying/verification.ts'

/*
 * Stored runs in memory, as they ought to be, for tests that alter them; and the streams in which the verifier takes them.
 */

/** A row of a stored run. The standing is there in full; the first pass sees less of it. */
export type Row = Omit<InputRow, 'standing'> & { standing: StoredStanding | null }
export type StoredRound = { rows: Row[]; context: VerifyContext }

export type Applicant = {
  work: number
  study: number | null
  deduction: number
  months: number
  eligible: 'yes' | 'no' | 'undetermined'
  pool?: string
  household?: number
  persons?: number
}

export type Terms = {
  /** Places by pool; '' where there are no pools. */
  places: { [pool: string]: number }
  line: LineRule
  unit?: VerifyContext['unit']
  straddle?: StraddleRule
  secondRound?: SecondRound
  reserve?: number
  scoreLine?: number
}

export const secret = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
export const draw = '3,14,15,2'
const zone = '+08:00'
const oneDay = 86_400_000
const noon = Date.UTC(2020, 2, 1, 12)

export const sha256 = (...parts: (string | Uint8Array)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString()

/** A run as it ought to be. Work has scale 3, so that the total is rounded; an unknown study makes the total a lower bound. */
export function goodRun(applicants: readonly Applicant[], terms: Terms): StoredRound {
  const { line, unit = 'applicants', straddle = null, secondRound = null, reserve = null } = terms
  const isScoreLine = terms.scoreLine !== undefined
  const names = Object.keys(terms.places)
  const hasPools = !isScoreLine && !names.includes('')
  const pools = names.map(pool => ({ pool, places: terms.places[pool] as number, own: terms.places[pool] as number, where: null }))
  const order: VerifyContext['order'] = isScoreLine
    ? []
    : [
        { names: 'total', direction: 'desc' },
        { names: { item: 0 }, direction: 'desc' },
        { names: 'measure', direction: 'asc' },
        { names: { submission: 'day' }, direction: 'asc' },
      ]
  const digests = { scheme: 'sha256:5c', rules: 'sha256:4a', engine: 'engine 3', asOf: '2020-02-01' }

  const rows: Row[] = applicants.map((applicant, i) => {
    const { work, study, deduction, months, eligible } = applicant
    const total = Math.max(0, roundQuotient(work + (study ?? 0) * 10 + deduction * 10, 10, 'half-up'))
    const submitted = noon + (i % 2) * oneDay
    const day = Math.floor((submitted + 8 * 3_600_000) / oneDay)
    const chain = eligible === 'yes' ? (isScoreLine ? [] : [total, work, months, day]) : null
    const again: Rescored = { eligible, total, items: [work, study, deduction], chain }
    const household = applicant.household === undefined ? null : sha256(`household ${applicant.household}`)
    const claimed = {
      pool: hasPools ? (applicant.pool as string) : null,
      household: household?.toString('hex') ?? null,
      persons: unit === 'persons' ? (applicant.persons ?? 1) : null,
    }
    const claim = canonicalJson({
      submittedAt: isoOf(submitted),
      ...Object.fromEntries(Object.entries(claimed).filter(([, value]) => value !== null)),
    })
    const [document, salt, person] = [
      JSON.stringify({ ...again, i }),
      Buffer.alloc(16, i),
      Buffer.from(`person ${String(i).padStart(4, '0')}`),
    ]
    const digest = sha256(salt, person, document, claim)
    const entry: StoredEntry = { ...again, pool: claimed.pool, household, persons: claimed.persons, receipt: null }
    entry.receipt = receiptOf(entry, digest, digests)
    return {
      application: 100 + i,
      publicNumber: `申${String((i * 7919) % 10_000).padStart(4, '0')}`,
      pool: claimed.pool,
      household,
      persons: claimed.persons,
      person,
      frozen: { document, claim, salt, digest },
      entry,
      standing: null,
    }
  })

  const eligible = rows.filter(row => row.entry?.eligible === 'yes')
  const { figures, second } = place(eligible)

  /** Gives the eligible their standings, and the figures of the pools. */
  function place(eligible: readonly Row[]): { figures: PoolFigures[]; second: VerifyContext['run']['secondRound'] } {
    if (isScoreLine) {
      for (const row of eligible) row.standing = { pool: null, rank: null, outcome: 'first', reserve: null, lot: null }
      const none = { places: null, unused: null, cutOff: null, admittedSecond: 0, atLine: 0 }
      return { figures: [{ pool: '', eligible: eligible.length, admitted: eligible.length, ...none }], second: null }
    }
    const entries = eligible.map(row => ({
      row,
      id: row.publicNumber as string,
      chain: row.entry?.chain as number[],
      pool: row.pool ?? undefined,
      household: unit === 'applicants' ? undefined : row.entry?.household?.toString(),
      persons: row.entry?.persons ?? undefined,
    }))
    const rules = { unit, order, pools, line, straddle, secondRound, reserve }
    const { ranked, summary } = rank(entries, rules, line === 'lot' ? { secret, draw } : undefined)
    for (const { entry, placed } of ranked)
      entry.row.standing = { pool: entry.row.pool, ...(placed ?? { rank: null, outcome: 'represented', reserve: null, lot: null }) }
    return {
      figures: summary.pools.map(({ heads: _, ...pool }) => ({
        ...pool,
        eligible: eligible.filter(row => (row.pool ?? '') === pool.pool).length,
      })),
      second: summary.secondRound,
    }
  }

  const byNumber = rows.toSorted((a, b) => Buffer.from(a.publicNumber as string).compare(Buffer.from(b.publicNumber as string)))
  const inputsDigest = `sha256:${sha256(...byNumber.map(row => row.frozen?.digest as Uint8Array)).toString('hex')}`
  const isLot = !isScoreLine && line === 'lot'
  const context: VerifyContext = {
    decides: isScoreLine ? 'score-line' : 'ranking',
    hasPools,
    unit,
    order,
    pools: isScoreLine ? [{ pool: '', places: 0, own: 0 }] : pools,
    line,
    straddle,
    secondRound,
    reserve,
    items: [
      { id: 'work', scale: 3 },
      { id: 'study', scale: 2 },
      { id: 'deduction', scale: 2 },
    ],
    total: { items: [0, 1, 2], scale: 2, rounding: 'half-up', floor: 0 },
    atLeast: terms.scoreLine ?? 0,
    zone,
    drawForm: isLot
      ? [
          { count: 3, from: 1, to: 15, order: 'ascending' },
          { count: 1, from: 1, to: 4, order: 'drawn' },
        ]
      : null,
    schemeDigest: digests.scheme,
    rulesDigest: digests.rules,
    asOf: digests.asOf,
    inputsDigest,
    lotSecretDigest: isLot ? lotSecretDigest(secret) : null,
    // Already the second of March in the zone.
    frozenAt: ['2020-03-01T20:00:00.000Z'],
    // Entered on the day on which it was held, though in UTC it was still the day before.
    enteredDraw: isLot ? { heldOn: '2020-03-03', numbers: draw, enteredAt: '2020-03-02T16:00:00.000Z' } : null,
    hasClaims: true,
    run: {
      applicants: rows.length,
      eligible: eligible.length,
      admitted: figures.reduce((sum, pool) => sum + (pool.admitted as number) + (pool.admittedSecond as number), 0),
      pools: figures,
      secondRound: second,
      inputsDigest,
      lotSecret: isLot ? secret.toString('hex') : null,
      draw: isLot ? draw : null,
      engine: digests.engine,
    },
    sample: { seed: Buffer.alloc(16, 5), size: rows.length },
    rescore: document => JSON.parse(document),
    oracle: document => JSON.parse(document),
  }
  return { rows, context }
}

export function receiptOf(
  { eligible, total, items, chain, pool }: StoredEntry,
  digest: Uint8Array,
  { scheme, rules, engine, asOf }: { scheme: string; rules: string; engine: string; asOf: string },
): Buffer {
  const hex = Buffer.from(digest).toString('hex')
  return sha256(
    `${engine}\n${scheme}\n${rules}\n${asOf}\n${hex}\n${eligible}\n${total ?? ''}\n${items?.map(item => item ?? '').join()}\n${chain?.join() ?? '-'}\n${pool ?? ''}\n`,
  )
}

/** Hands a stored run to the verifier in the streams that it asks for. */
export function verify({ rows, context }: StoredRound): Report {
  const verification = startVerification(context)
  const byBytes = (of: (row: Row) => string | Uint8Array | null | undefined) => (a: Row, b: Row) => {
    const [x, y] = [of(a), of(b)]
    if (x == null || y == null) return Number(x == null) - Number(y == null)
    return Buffer.from(x as string).compare(Buffer.from(y as string))
  }
  const known = rows.filter((row): row is Row & { publicNumber: string } => row.publicNumber !== null)
  for (const row of [...known, ...rows.filter(row => row.publicNumber === null)]) verification.input(row)
  for (const row of known.toSorted(byBytes(row => row.publicNumber)))
    verification.number({ ...row, publicNumber: row.publicNumber as string, digest: row.frozen?.digest ?? null })
  for (const row of known.toSorted(byBytes(row => row.person))) verification.person(row)
  const ranked = known.flatMap(({ publicNumber, entry, standing }) =>
    standing?.rank == null ? [] : [{ publicNumber, pool: standing.pool, rank: standing.rank, chain: entry?.chain ?? null }],
  )
  ranked.sort((a, b) => (a.pool ?? '').localeCompare(b.pool ?? '') || a.rank - b.rank)
  for (const row of ranked) verification.ranked(row)

  const { members, survey, eligible } = verification.recompute
  const entries = known.flatMap(({ application, publicNumber, entry, standing }) =>
    entry?.eligible === 'yes' ? [{ application, publicNumber, standing, ...entry }] : [],
  )
  if (members)
    for (const row of entries.toSorted((a, b) => Buffer.from(a.household ?? []).compare(Buffer.from(b.household ?? []))))
      if (row.household) members({ ...row, household: row.household })
  const whole = (row: (typeof entries)[number]) => wholeChain(row.chain, context.order.length)
  const best = entries.toSorted((a, b) => {
    const [x, y] = [whole(a), whole(b)]
    if (!x || !y) return Number(!x) - Number(!y)
    return isBetter(x, y, context.order) ? -1 : isBetter(y, x, context.order) ? 1 : 0
  })
  if (survey) for (const row of best) survey(row)
  for (const row of best) eligible(row)
  return verification.end()
}

export function reseal({ document, claim, salt }: StoredInput, person: Uint8Array | null): StoredInput {
  const altered = `${document} `
  return { document: altered, claim, salt, digest: sha256(salt as Uint8Array, person as Uint8Array, altered, claim as string) }
}
