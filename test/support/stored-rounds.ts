import { createHash } from 'node:crypto'
import { readRules } from '../../src/ranking/rules.ts'
import { chainBounds } from '../../src/round/chain-bounds.ts'
import { rankRun } from '../../src/round/rank-stage.ts'
import { bulkInsertApplications } from '../../src/store/applications.ts'
import { putAuthority } from '../../src/store/authorities.ts'
import type { Store } from '../../src/store/connect.ts'
import { entryWriter } from '../../src/store/entries.ts'
import { bulkInsertPersons, drawPersons } from '../../src/store/persons.ts'
import { insertRound } from '../../src/store/rounds.ts'
import { listRunPools } from '../../src/store/run-pools.ts'
import { getRun, insertRun, type Run, setOnRun } from '../../src/store/runs.ts'
import { putDraft } from '../../src/store/schemes.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import type { Decided, RoundOutcome } from './oracle-ranking/rules.ts'
import type { Path } from './random-rounds/agreement.ts'
import { decideInMemory } from './random-rounds/in-memory.ts'
import type { RandomRound } from './random-rounds/round.ts'

const authority = 'testoffice'
const at = '2026-01-02T03:04:05Z'
const digestOf = (text: string) => createHash('sha256').update(text).digest()

function boundsOf(chains: Iterable<readonly number[] | null>): ReturnType<ReturnType<typeof chainBounds>['found']> {
  const bounds = chainBounds()
  for (const chain of chains) if (chain) bounds.add(chain)
  return bounds.found()
}

/** A way of deciding random rounds: their scored entries are put into a database, ranked there as a run is, and read back. */
export async function storedPath({ db, pool }: Store): Promise<Path> {
  await putAuthority(db, authority, { en: 'test office' })
  const scheme = { scheme: 'random', version: '2026', digest: 'sha256:random', status: 'complete' as const, source: '', vocabulary: '' }
  await putDraft(db, { ...scheme, stored_at: at, cases: '[]', cases_digest: '', stored_authority: authority, stored_client: 'test' })
  const persons = await drawPersons(db, 300)
  await inTransaction(pool, ({ client }) =>
    bulkInsertPersons(
      client,
      authority,
      persons.map(person => {
        const bytes = digestOf(`person ${person}`)
        return { person, citizenNumberEncrypted: bytes, citizenNumberIndex: bytes, nameEncrypted: bytes, createdAt: at }
      }),
    ),
  )
  let rounds = 0

  return async (random: RandomRound): Promise<RoundOutcome> => {
    const { text, lottery, applications } = random
    const rules = readRules(text)
    const inMemory = decideInMemory(random)
    // What is no safe integer is refused by the store before it is ranked.
    if (inMemory.applications.some(({ chain }) => !chain?.every(Number.isSafeInteger) && chain)) return inMemory
    // Chains are taken from the scores in memory; what is tried here is the ranking.
    const chains = new Map(inMemory.applications.map(({ publicNumber, chain }) => [publicNumber, chain]))
    const round = `round-${++rounds}`
    const key = await inTransaction(pool, async ({ db, client }) => {
      await insertRound(db, {
        ...{ authority, round, scheme_digest: scheme.digest, rules: text, rules_digest: '', as_of: '2026-06-30', created_at: at },
        state: 'frozen',
      })
      await bulkInsertApplications(
        client,
        { authority, round },
        applications.map(({ publicNumber, pool, household, persons: settling }, i) => ({
          person: persons[i] as number,
          publicNumber,
          submittedAt: at,
          pool,
          household: household === null ? null : digestOf(household),
          persons: settling,
        })),
      )
      const run = await insertRun(db, {
        ...{ authority, round, state: 'scored', engine: 'test', scheme_digest: scheme.digest, rules_digest: '', inputs_digest: '' },
        ...{ applicants: applications.length, seconds: {}, started_at: at },
      })
      return { authority, round, run }
    })
    const { rows } = await pool.query('select application, public_number from applications where round = $1', [round])
    const numbers = new Map<string, number>(rows.map(row => [row.public_number, row.application]))
    await inTransaction(pool, async work => {
      const writer = entryWriter(work.client, key)
      for (const { publicNumber, pool, household, persons } of applications) {
        const chain = chains.get(publicNumber) ?? null
        const claim = { pool, household: household && digestOf(household).toString('hex'), persons }
        const entry = {
          eligible: chain ? ('yes' as const) : ('no' as const),
          total: null,
          items: [],
          reasons: [],
          missing: [],
          chain,
          ...claim,
        }
        await writer.write(numbers.get(publicNumber) as number, entry, '00')
      }
      await writer.end()
    })
    // Every other round knows its bounds, as the stage of scoring records them, so that chains are sorted as one number.
    if (rounds % 2 === 0) await setOnRun(db, key, boundsOf(chains.values()))
    await inTransaction(pool, async work => rankRun(work, (await getRun(work.db, key)) as Run, rules, lottery, () => {}))

    const stored = await pool.query(
      `select a.public_number, e.chain, s.application is not null as standing, coalesce(s.pool, '') as pool, s.rank, s.outcome, s.reserve, encode(s.lot, 'hex') as lot
       from applications a join entries e using (authority, round, application) left join standings s using (authority, round, run, application)
       where a.round = $1 order by a.public_number`,
      [round],
    )
    const decided = stored.rows.map(({ public_number: publicNumber, chain, standing, ...placed }): Decided => {
      const { pool, rank, outcome, reserve, lot } = placed
      return { publicNumber, chain, standing: standing ? { pool, rank, outcome, reserve, lot } : null }
    })
    const run = await getRun(db, key)
    const pools = await listRunPools(db, key)
    const admitted = decided.filter(({ standing }) => standing?.outcome === 'first' || standing?.outcome === 'second').length
    if (run?.eligible !== decided.filter(({ chain }) => chain).length || run.admitted !== admitted)
      throw new Error(`the run says ${run?.eligible} eligible and ${run?.admitted} admitted`)
    const eligibleOf = (pool: string) => decided.filter(({ standing }) => standing?.pool === pool).length
    for (const { pool, eligible } of pools) if (eligible !== eligibleOf(pool)) throw new Error(`the pool ${pool} says ${eligible} eligible`)
    return {
      applications: decided,
      pools:
        rules.decides === 'score-line'
          ? []
          : rules.pools.map(({ pool }) => {
              const found = pools.find(one => one.pool === pool) as (typeof pools)[number]
              const { places, admitted, admitted_second: admittedSecond, unused, cut_off: cutOff, at_line: atLine } = found
              const heads = decided.filter(({ standing }) => standing?.pool === pool && standing.outcome !== 'represented').length
              return { pool, places: places as number, heads, admitted, admittedSecond, unused: unused as number, cutOff, atLine }
            }),
      secondRound: run.second_round,
    }
  }
}
