import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

export type Ranking = {
  authority: string
  round: string
  run: number
  /** Direction of each order key, the first key first. */
  order: readonly ('asc' | 'desc')[]
  /** Places, 0 or more. */
  quota: number
} & ({ line: 'admit-all' | 'admit-none' } | { line: 'lot'; lotSeed: Buffer })

/** `cutOff` is the chain of the last admitted; `atLine` how many share the chain that the line cuts through, else 0. */
export type RankingResult = { eligible: number; admitted: number; cutOff: number[] | null; atLine: number }

/**
 * Ranks the eligible entries of a scored run after docs/ranking.md and writes rank, admission and lot into them, by one statement. Call it in
 * the transaction that holds the round's lock. Entries must not have been ranked before; chains have one value for each order key.
 */
export async function rankRun(db: Kysely<Database>, ranking: Ranking): Promise<RankingResult> {
  const { authority, round, run, quota } = ranking
  // Right after scoring the planner takes the join below for one row, and nested loops take hours at 200,000.
  await sql`set local enable_nestloop = off`.execute(db)
  await sql`
    with ranked as materialized (
      select application, rank() over best as rank, count(*) over best as last
      from entries
      where authority = ${authority} and round = ${round} and run = ${run} and eligible = 'yes'
      window best as (order by ${bestFirst(ranking.order)})
    ), ${atTheLine(ranking)}
    update entries
    set rank = ranked.rank,
        admitted = ${admitted(ranking)},
        lot = line.lot
    from ranked left join line using (application)
    where entries.authority = ${authority} and entries.round = ${round} and entries.run = ${run}
      and entries.application = ranked.application`.execute(db)
  return resultOf(db, { authority, round, run, quota })
}

// `last` is the last position of those who share a chain: count(*) over the frame that ends with the current row's peers.
const cut = (quota: number) => sql<boolean>`ranked.rank <= ${quota} and ranked.last > ${quota}`

function bestFirst(order: readonly ('asc' | 'desc')[]): RawBuilder<unknown> {
  if (order.length === 0) throw new RangeError('a ranking needs at least one order key')
  return sql.join(order.map((direction, i) => sql`chain[${sql.lit(i + 1)}] ${direction === 'desc' ? sql`desc` : sql`asc`}`))
}

function atTheLine(ranking: Ranking): RawBuilder<unknown> {
  if (ranking.line !== 'lot') return sql`line as (select null::int8 as application, null::bytea as lot, null::int8 as place where false)`
  return sql`
    lots as (
      select ranked.application, sha256(${ranking.lotSeed}::bytea || convert_to(applications.public_number, 'UTF8')) as lot
      from ranked join applications using (application)
      where applications.authority = ${ranking.authority} and applications.round = ${ranking.round} and ${cut(ranking.quota)}
    ), line as (select application, lot, row_number() over (order by lot) as place from lots)`
}

function admitted({ line, quota }: Ranking): RawBuilder<boolean> {
  if (line === 'admit-all') return sql`ranked.rank <= ${quota}`
  if (line === 'admit-none') return sql`ranked.last <= ${quota}`
  return sql`ranked.last <= ${quota} or coalesce(ranked.rank + line.place - 1 <= ${quota}, false)`
}

async function resultOf(
  db: Kysely<Database>,
  { authority, round, run, quota }: Pick<Ranking, 'authority' | 'round' | 'run' | 'quota'>,
): Promise<RankingResult> {
  const { rows } = await sql<{ eligible: number; admitted: number; cutOff: number[] | null; atLine: number }>`
    with ranked as materialized (
      select application, rank, admitted from entries
      where authority = ${authority} and round = ${round} and run = ${run} and rank is not null
    ), counted as (
      select count(*) as eligible, count(*) filter (where admitted) as admitted, max(rank) filter (where admitted) as last_rank,
             max(rank) filter (where rank <= ${quota}) as line_rank
      from ranked
    ), line as (
      select count(*) as sharing from ranked, counted where rank = line_rank
    )
    select eligible, admitted,
      (select chain from entries where authority = ${authority} and round = ${round} and run = ${run}
         and application = (select application from ranked where admitted and rank = last_rank limit 1)) as "cutOff",
      case when line_rank + sharing - 1 > ${quota} then sharing else 0 end as "atLine"
    from counted, line`.execute(db)
  return rows[0] as RankingResult
}
