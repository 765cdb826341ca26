import { isDeepStrictEqual } from 'node:util'
import { lotOf, lotSeedDigest } from '../../src/ranking/lot.ts'
import { rank } from '../../src/ranking/rank.ts'
import { putAuthority } from '../../src/store/authorities.ts'
import type { Store } from '../../src/store/connect.ts'
import { copyAllIn, integerArray } from '../../src/store/copy.ts'
import { bulkInsertPersons, drawPersons } from '../../src/store/persons.ts'
import { rankRun } from '../../src/store/ranking.ts'
import { putDraft } from '../../src/store/schemes.ts'
import { inTransaction, type Work } from '../../src/store/transaction.ts'
import { createRankPass } from '../../src/verifying/rank-pass.ts'
import type { RankedRow, VerifyContext } from '../../src/verifying/stored.ts'
import { byNumber, oracle, type Placed, type Ranked, type RankingCase } from './oracle-ranking.ts'
import { type Random, randomFrom } from './random-facts.ts'

/*
 * Random small rounds, ranked by the SQL on PostgreSQL, in memory and by the oracle, and checked by the verifier. Many rounds share a transaction that is
 * undone in the end: stored one by one they would take a minute for each thousand.
 */

const authority = 'haidian'
const at = '2026-01-02T03:04:05Z'
const most = 24
const perTransaction = 200

/** Every kind of round that a test must have met. */
export const kinds = [
  'a negative value',
  'a value at the end of the safe integers',
  'an ascending key',
  'clean line',
  'cut, admit-all',
  'cut, admit-none',
  'cut, lot',
  'four keys',
  'more places than applicants',
  'no place',
  'nobody at all',
  'nobody eligible',
  'one key',
]

/** Ranks so many random rounds and gives the first that differs (undefined if none does), and which kinds of rounds there were. */
export async function firstDifference(
  store: Store,
  seed: number,
  count: number,
): Promise<{ difference: object | undefined; seen: string[] }> {
  const random = randomFrom(seed)
  const persons = await prepare(store)
  const seen = new Set<string>()
  const undo = new Error('undo')
  let difference: object | undefined
  for (let done = 0; done < count && !difference; done += perTransaction) {
    const cases = Array.from({ length: Math.min(perTransaction, count - done) }, () => randomCase(random))
    await inTransaction(store.pool, async work => {
      difference = await compareAll(work, cases, persons, seen)
      throw undo
    }).catch(error => {
      if (error !== undo) throw error
    })
  }
  return { difference, seen: [...seen].sort() }
}

function randomCase(random: Random): RankingCase {
  const order = Array.from({ length: 1 + random.below(4) }, () => random.pick(['asc', 'desc'] as const))
  // Few values, so that ties are dense: with one value all are equal. Now and then the ends of the safe integers.
  const spread = 1 + random.below(4)
  const value = () => (random.chance(1) ? random.pick([-1, 1]) * Number.MAX_SAFE_INTEGER : random.below(spread) - Math.floor(spread / 2))
  const ineligible = random.pick([0, 0, 10, 30, 100])
  const size = random.chance(4) ? 0 : random.below(most + 1)
  const applicants = Array.from({ length: size }, (_, i) => ({
    publicNumber: `${random.pick(['京', 'A', '𠮷', '\uffee'])}${i}${'é'.repeat(i % 3)}`,
    chain: random.chance(ineligible) ? null : order.map(value),
  }))
  const lotSeed = Buffer.from(Array.from({ length: 16 + random.below(17) }, () => random.below(256)))
  return { applicants, order, quota: random.below(size + 3), line: random.pick(['admit-all', 'admit-none', 'lot']), lotSeed }
}

async function prepare({ db, pool }: Store): Promise<number[]> {
  await putAuthority(db, authority, { 'zh-CN': '海淀区', en: 'Haidian' })
  const head = { digest: 'sha256:scheme', scheme: 'model', version: '2017', status: 'complete' as const }
  const cases = { cases: '[]', cases_digest: 'sha256:none', stored_authority: authority, stored_client: 'author' }
  await putDraft(db, { ...head, ...cases, source: 'scheme: model', vocabulary: '', stored_at: at })
  const persons = await drawPersons(db, most)
  const none = Buffer.alloc(0)
  const rows = persons.map(person => ({
    person,
    citizenNumberEncrypted: none,
    citizenNumberIndex: Buffer.from(String(person)),
    nameEncrypted: none,
    createdAt: at,
  }))
  await inTransaction(pool, ({ client }) => bulkInsertPersons(client, authority, rows))
  return persons
}

async function compareAll({ db, client }: Work, cases: RankingCase[], persons: number[], seen: Set<string>): Promise<object | undefined> {
  const each = <T>(rows: (given: RankingCase, round: string) => T[]) => cases.flatMap((given, i) => rows(given, `r${i}`))
  await copyAllIn(
    client,
    'copy rounds (authority, round, scheme_digest, rules, rules_digest, as_of, state, created_at) from stdin',
    each((_, round) => [[authority, round, 'sha256:scheme', 'rules', 'sha256:rules', '2025-12-31', 'frozen', at]]),
  )
  await copyAllIn(
    client,
    'copy applications (authority, round, person, public_number, submitted_at) from stdin',
    each(({ applicants }, round) => applicants.map(({ publicNumber }, i) => [authority, round, persons[i] as number, publicNumber, at])),
  )
  await copyAllIn(
    client,
    'copy runs (authority, round, run, state, engine, scheme_digest, rules_digest, inputs_digest, applicants, seconds, started_at) from stdin',
    each(({ applicants }, round) => [[authority, round, 1, 'scored', 'test', 's', 'r', 'i', applicants.length, '{}', at]]),
  )
  const { rows: stored } = await client.query('select round, application, public_number from applications')
  const numbers = new Map(stored.map(row => [`${row.round} ${row.public_number}`, row.application as number]))
  await copyAllIn(
    client,
    'copy entries (authority, round, run, application, eligible, items, reasons, missing, chain) from stdin',
    each(({ applicants }, round) =>
      applicants.map(({ publicNumber, chain }, i) => {
        const eligible = chain ? 'yes' : i % 2 === 0 ? 'no' : 'undetermined'
        return [
          authority,
          round,
          1,
          numbers.get(`${round} ${publicNumber}`) as number,
          eligible,
          '{}',
          '[]',
          '{}',
          chain && integerArray(chain),
        ]
      }),
    ),
  )

  const results: Ranked['result'][] = []
  for (const [i, given] of cases.entries()) results.push(await rankRun(db, { authority, round: `r${i}`, run: 1, ...given }))
  const { rows } = await client.query(`
    select round, public_number as "publicNumber", chain, rank, admitted, lot
    from entries join applications using (authority, round, application) order by round, rank, public_number`)
  const entries = new Map<string, (RankedRow & { rank: number | null; admitted: boolean; lot: Buffer | null })[]>(
    cases.map((_, i) => [`r${i}`, []]),
  )
  for (const { round, ...row } of rows) entries.get(round)?.push(row)

  for (const [i, given] of cases.entries()) {
    const list = entries.get(`r${i}`) ?? []
    const placed = byNumber(
      list.map(({ publicNumber, rank, admitted, lot }): Placed => ({ publicNumber, rank, admitted, lot: lot?.toString('hex') ?? null })),
    )
    const bySql: Ranked = { result: results[i] as Ranked['result'], placed }
    const byOracle = oracle(given)
    const findings = verified(given, bySql.result, list)
    if (!isDeepStrictEqual(bySql, byOracle) || !isDeepStrictEqual(inMemory(given), byOracle) || findings.length > 0)
      return { given, bySql, byOracle, inMemory: inMemory(given), findings }
    for (const kind of kindsOf(given, byOracle.result)) seen.add(kind)
  }
  return undefined
}

function inMemory({ applicants, order: directions, quota: places, line, lotSeed }: RankingCase): Ranked {
  const eligible = applicants.flatMap(({ publicNumber: id, chain }) => (chain ? [{ id, chain }] : []))
  const { placed, summary } = rank(eligible, { directions, places, line, lotSeed })
  const { admitted, cutOff, atLine } = summary
  const lineRank = placed[places - 1]?.rank
  const of = new Map(
    placed.map(({ entry, rank, admitted }) => [entry.id, { rank, admitted, drawn: line === 'lot' && atLine > 0 && rank === lineRank }]),
  )
  const list = applicants.map(({ publicNumber }): Placed => {
    const place = of.get(publicNumber)
    return {
      publicNumber,
      rank: place?.rank ?? null,
      admitted: place?.admitted ?? false,
      lot: place?.drawn ? lotOf(lotSeed, publicNumber).toString('hex') : null,
    }
  })
  return { result: { eligible: eligible.length, admitted, cutOff: cutOff && [...cutOff], atLine }, placed: byNumber(list) }
}

/** What the verifier's pass over the ranks finds. Without a rank there is nothing for it to see. */
function verified(
  { order, quota, line, lotSeed }: RankingCase,
  { eligible, admitted, cutOff, atLine }: Ranked['result'],
  entries: RankedRow[],
): object[] {
  const lots = line === 'lot'
  const context: VerifyContext = {
    items: [],
    total: { items: [], scale: 0, rounding: 'none', floor: null },
    gateAtLeast: null,
    order: order.map(direction => ({ names: 'measure', direction })),
    places: quota,
    line,
    inputsDigest: null,
    lotSeedDigest: lots ? lotSeedDigest(lotSeed) : null,
    run: {
      applicants: entries.length,
      eligible,
      admitted,
      cutOff,
      atLine,
      inputsDigest: null,
      lotSeed: lots ? lotSeed.toString('hex') : null,
    },
    rescore: () => {
      throw new Error('the pass over the ranks scores nobody')
    },
  }
  const pass = createRankPass(context)
  for (const row of entries) pass.row(row)
  return pass.end().findings
}

function kindsOf({ applicants, order, quota, line }: RankingCase, { eligible, atLine }: Ranked['result']): string[] {
  const values = applicants.flatMap(({ chain }) => chain ?? [])
  return [
    values.some(value => value < 0) && 'a negative value',
    values.some(value => Math.abs(value) === Number.MAX_SAFE_INTEGER) && 'a value at the end of the safe integers',
    order.includes('asc') && 'an ascending key',
    order.length === 1 && 'one key',
    order.length === 4 && 'four keys',
    atLine > 0 && `cut, ${line}`,
    quota === 0 && 'no place',
    quota > eligible && 'more places than applicants',
    applicants.length === 0 && 'nobody at all',
    applicants.length > 0 && eligible === 0 && 'nobody eligible',
    atLine === 0 && quota > 0 && quota < eligible && 'clean line',
  ].filter(kind => kind !== false)
}
