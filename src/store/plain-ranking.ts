import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { copyOut } from './copy.ts'
import { isOfRun, type Run, type RunKey } from './runs.ts'
import type { Work } from './transaction.ts'

/*
 * The ranking of a round in which every eligible entry competes for one place in its own pool: no households, no lots, no second round. Then nobody but those down
 * to the line and on the reserve list has to be looked at, and the rest is one statement. All of it lives in one transaction.
 */

export type PlainRanking = {
  /** Direction of each order key, the first key first; at least one. */
  order: readonly ('asc' | 'desc')[]
  /** Their places; one without a name in a round without pools. */
  pools: readonly { pool: string; places: number }[]
  hasPools: boolean
}

/**
 * Stores a standing of every eligible entry with its rank in its pool. Whoever has fewer before it than there are places is stored as admitted, as if no line cut
 * through equals: to put right those of one line is cheaper than to admit everybody afterwards. Gives how many there are.
 */
export async function storeRanks({ db }: Work, run: Run, { order, pools, hasPools }: PlainRanking): Promise<number> {
  // A million take about 60 MB; with PostgreSQL's 4 MB they would be sorted on disk, twice.
  await sql`set local work_mem = '128MB'`.execute(db)
  // The planner does not know yet how many standings there will be, and would look through all stretches of ranks for each of them.
  await sql`set local enable_nestloop = off`.execute(db)
  const best = packed(order, run) ?? sql.join(order.map((direction, i) => sql`chain[${sql.lit(i + 1)}] ${sql.raw(direction)}`))
  const places = hasPools ? sql`p.places` : sql`${pools[0]?.places}::int4`
  const { numAffectedRows } = await sql`
    insert into standings (authority, round, run, application, pool, rank, outcome)
    select ${run.authority}, ${run.round}, ${run.run}::int4, application, pool, rank, case when rank <= ${places} then 'first' else 'none' end
    from (
      select application, pool, rank() over (${hasPools ? sql`partition by pool` : sql``} order by ${best})::int4 as rank
      from entries where ${isOfRun(run)} and eligible = 'yes'
    ) ranked
    ${hasPools ? sql`left join unnest(${pools.map(one => one.pool)}::text[], ${pools.map(one => one.places)}::int4[]) as p (pool, places) using (pool)` : sql``}
    order by application`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

/**
 * The chain as one number, the smaller the better: each key counted from its best value, in a mixed radix. One number sorts in two thirds of the time of
 * five. Undefined when the keys range too far for 63 bits.
 */
function packed(order: PlainRanking['order'], { chain_least: least, chain_most: most }: Run): RawBuilder<unknown> | undefined {
  if (least === null || most === null) return undefined
  let range = 1n
  let sum: RawBuilder<unknown> = sql`0::int8`
  for (const [i, direction] of order.entries()) {
    const [low, high] = [BigInt(least[i] as number), BigInt(most[i] as number)]
    const steps = high - low + 1n
    range *= steps
    const value = sql`chain[${sql.lit(i + 1)}]`
    const fromBest = direction === 'desc' ? sql`(${number(high)} - ${value})` : sql`(${value} - ${number(low)})`
    sum = sql`(${sum} * ${number(steps)} + ${fromBest})`
  }
  return range < 2n ** 63n ? sum : undefined
}

const number = (value: bigint) => sql.raw(`(${value}::int8)`)

/** A stretch of ranks in a pool, '' in a round without pools. */
export type Stretch = { pool: string; from: number; to: number }

/** How many share a rank, and the first of their applications. `pool` is the position of its stretch. */
export type SharedRank = { pool: number; rank: number; sharing: number; application: number }

/** The ranks of some stretches: by pool in the order given, the best rank first. */
export async function* ranksIn({ client }: Work, key: RunKey, stretches: readonly Stretch[]): AsyncGenerator<SharedRank[]> {
  const [first] = stretches
  if (first === undefined) return
  const [a, r] = [key.authority, key.round].map(text => pg.escapeLiteral(text))
  const rows = stretches.map(({ pool, from, to }, i) => `(${i}, ${pg.escapeLiteral(pool)}, ${Number(from)}, ${Number(to)})`)
  // A round without pools is looked through by a comparison, which takes a quarter of the time of a join.
  const isWhole = stretches.length === 1 && first.pool === ''
  const batches = copyOut(
    client,
    `copy (
      select ${isWhole ? 0 : 'd.position'} as position, s.rank, count(*), min(s.application)
      from standings s ${isWhole ? '' : `join (values ${rows.join(', ')}) d (position, pool, first, last) on s.pool = d.pool and s.rank between d.first and d.last`}
      where s.authority = ${a} and s.round = ${r} and s.run = ${Number(key.run)} ${isWhole ? `and s.rank between ${Number(first.from)} and ${Number(first.to)}` : ''}
      group by position, s.rank order by position, s.rank
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([pool, rank, sharing, application]) => ({
      pool: Number(pool),
      rank: Number(rank),
      sharing: Number(sharing),
      application: Number(application),
    }))
}

/** What holds for all of a pool from one rank to another; a reserve number is the rank less `passed`. */
export type PlainSpan = { pool: string; first: number; last: number; outcome: 'first' | 'none'; passed: number | null }

/** Stores what was decided of those for whom it is not what `storeRanks` stored. */
export async function storeOutcomes({ db }: Work, key: RunKey, spans: readonly PlainSpan[]): Promise<void> {
  if (spans.length === 0) return
  await sql`
    update standings s set outcome = d.outcome, reserve = s.rank - d.passed
    from unnest(
      ${spans.map(one => one.pool)}::text[], ${spans.map(one => one.first)}::int4[], ${spans.map(one => one.last)}::int4[],
      ${spans.map(one => one.outcome)}::text[], ${spans.map(one => one.passed)}::int4[]
    ) as d (pool, first, last, outcome, passed)
    where ${isOfRun(key, 's')} and coalesce(s.pool, '') = d.pool and s.rank between d.first and d.last`.execute(db)
}

/** How many standings a run has in each pool, '' in a round without pools. */
export async function standingsByPool({ db }: Work, key: RunKey): Promise<Map<string, number>> {
  const { rows } = await sql<{ pool: string; count: number }>`
    select coalesce(pool, '') as pool, count(*) as count from standings where ${isOfRun(key)} group by 1`.execute(db)
  return new Map(rows.map(({ pool, count }) => [pool, count]))
}

/** The chains of some applications. */
export async function chainsOf({ db }: Work, key: RunKey, applications: readonly number[]): Promise<Map<number, number[]>> {
  const { rows } = await sql<{ application: number; chain: number[] }>`
    select application, chain from entries where ${isOfRun(key)} and application = any(${[...applications]}::int8[])`.execute(db)
  return new Map(rows.map(({ application, chain }) => [application, chain]))
}
