import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { byteaText, copyAllIn, copyOut } from './copy.ts'
import type { Outcome } from './database.ts'
import { isOfRun, type RunKey } from './runs.ts'
import type { Work } from './transaction.ts'

/*
 * What the database does of a ranking: it sorts, counts places and stores. Who is admitted is decided outside, group by group. Groups are named by their
 * place, one more than the number of competing entries of all pools with a better chain, so that chains need not travel. All of it lives in one transaction.
 */

export type Competition = RunKey & {
  /** Direction of each order key, the first key first; at least one. */
  order: readonly ('asc' | 'desc')[]
  /** Pools in the order of their indexes; [''] in a round without pools. */
  pools: readonly string[]
  /** Whether of a household only the best entry competes. */
  byHousehold: boolean
  /** Whether an entry weighs as many as settle with it. */
  byPersons: boolean
}

/** Sorts the eligible entries of a scored run, and finds the heads of households. */
export async function gatherCompetitors({ db }: Work, competition: Competition): Promise<void> {
  const { pools, byHousehold, byPersons } = competition
  const best = bestFirst(competition.order)
  // Right after scoring the planner takes the joins below for one row, and nested loops take hours at 200,000.
  await sql`set local enable_nestloop = off`.execute(db)
  await sql`
    create temp table represented on commit drop as
    select application, pool from (
      select e.application, e.pool, row_number() over (partition by e.household order by ${best}, a.public_number) as position
      from entries e join applications a using (authority, round, application)
      where ${eligible(competition, 'e')} and e.household is not null and ${byHousehold}
    ) of_households
    where position > 1`.execute(db)
  const single = pools.length === 1
  const rank = single ? sql`` : sql`, rank() over (partition by e.pool order by ${best})::int4 as rank`
  await sql`
    create temp table competitors on commit drop as
    select e.application, ${single ? sql`0` : sql`coalesce(p.position - 1, -1)`}::int4 as pool, ${byPersons ? sql`e.persons` : sql`1`}::int2 as weight,
           rank() over (order by ${best})::int4 as place ${rank}
    from entries e ${single ? sql`` : sql`left join ${positions(pools)} on p.pool = e.pool`}
    where ${eligible(competition, 'e')}
      ${byHousehold ? sql`and not exists (select from represented r where r.application = e.application)` : sql``}
    order by ${best}`.execute(db)
}

/** Each pool with its position, the first 1, as `p`: an array of 1,000 texts is slow to search, and to take one of. */
function positions(pools: readonly string[]): RawBuilder<unknown> {
  return sql`unnest(${[...pools]}::text[]) with ordinality as p (pool, position)`
}

/** How many compete at a place with one pool and weight. Those of equal chains have the same place. */
export type CompetitorsRow = { place: number; pool: number; weight: number; count: number }

/** Streams how many compete in the order of places. */
export async function* competitorsOf({ client }: Work): AsyncGenerator<CompetitorsRow[]> {
  const batches = copyOut(
    client,
    'copy (select place, pool, weight, count(*) from competitors group by place, pool, weight order by place) to stdout',
  )
  for await (const batch of batches)
    yield batch.map(([place, pool, weight, count]) => ({
      place: Number(place),
      pool: Number(pool),
      weight: Number(weight),
      count: Number(count),
    }))
}

/** One competing entry, where lots are drawn. */
export type DrawnCompetitorRow = { place: number; pool: number; weight: number; application: number; publicNumber: string }

/** Streams who competes in the order of places. */
export async function* drawnCompetitorsOf({ client }: Work, { authority, round }: RunKey): AsyncGenerator<DrawnCompetitorRow[]> {
  const [a, r] = [pg.escapeLiteral(authority), pg.escapeLiteral(round)]
  const batches = copyOut(
    client,
    `copy (
      select c.place, c.pool, c.weight, c.application, a.public_number
      from competitors c join applications a on a.authority = ${a} and a.round = ${r} and a.application = c.application
      order by c.place
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([place, pool, weight, application, publicNumber]) => ({
      place: Number(place),
      pool: Number(pool),
      weight: Number(weight),
      application: Number(application),
      publicNumber: publicNumber as string,
    }))
}

type Decided = Exclude<Outcome, 'represented'>
/** What holds for all of a pool and a weight from one place to another; a reserve number is the rank less `passed`. */
export type Span = { pool: number; weight: number; first: number; last: number; outcome: Decided; passed: number | null }
/** What holds for one entry that carries a lot. */
export type DrawnEntry = { application: number; outcome: Decided; reserve: number | null; lot: Buffer }

/** Keeps what was decided of entries that carry a lot, for `storeStandings`. */
export async function keepDrawn({ db, client }: Work, drawn: Iterable<DrawnEntry>): Promise<void> {
  await sql`create temp table drawn (application int8, outcome text, reserve int4, lot bytea) on commit drop`.execute(db)
  await copyAllIn(client, 'copy drawn from stdin', drawnLines(drawn))
}

function* drawnLines(drawn: Iterable<DrawnEntry>) {
  for (const { application, outcome, reserve, lot } of drawn) yield [application, outcome, reserve, byteaText(lot)]
}

/** Stores the standings of all who are eligible. */
export async function storeStandings(
  { db }: Work,
  { authority, round, run, pools }: Competition,
  { spans, draws }: { spans: readonly Span[]; draws: boolean },
): Promise<void> {
  const single = pools.length === 1
  const pool = single ? sql`nullif(${pools[0]}::text, '')` : sql`p.pool`
  const rank = single ? sql`c.place` : sql`c.rank`
  const outcome = draws ? sql`coalesce(d.outcome, s.outcome)` : sql`s.outcome`
  const reserve = draws ? sql`d.reserve` : sql`${rank} - s.passed`
  await sql`
    insert into standings (authority, round, run, application, pool, rank, outcome, reserve, lot)
    select ${authority}, ${round}, ${run}::int4, c.application, ${pool}, ${rank}, ${outcome}, ${reserve}, ${draws ? sql`d.lot` : sql`null::bytea`}
    from competitors c ${single ? sql`` : sql`join ${positions(pools)} on p.position = c.pool + 1`}
    left join unnest(
      ${spans.map(span => span.pool)}::int4[], ${spans.map(span => span.weight)}::int2[], ${spans.map(span => span.first)}::int4[],
      ${spans.map(span => span.last)}::int4[], ${spans.map(span => span.outcome)}::text[], ${spans.map(span => span.passed)}::int4[]
    ) as s (pool, weight, first, last, outcome, passed) on s.pool = c.pool and s.weight = c.weight and c.place between s.first and s.last
    ${draws ? sql`left join drawn d on d.application = c.application` : sql``}
    order by c.application`.execute(db)
  await sql`
    insert into standings (authority, round, run, application, pool, outcome)
    select ${authority}, ${round}, ${run}::int4, application, pool, 'represented' from represented order by application`.execute(db)
}

/** Stores the standings of a run where a score line decides: all who are eligible are admitted, nobody has a rank. Gives their number. */
export async function storeUnranked({ db }: Work, key: RunKey): Promise<number> {
  const { authority, round, run } = key
  const { numAffectedRows } = await sql`
    insert into standings (authority, round, run, application, pool, outcome)
    select ${authority}, ${round}, ${run}::int4, application, pool, 'first' from entries e where ${eligible(key, 'e')} order by application`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0n)
}

/** How many are represented by the head of their household, by pool ('' in a round without pools). */
export async function representedByPool({ db }: Work): Promise<Map<string, number>> {
  const { rows } = await sql<{ pool: string; count: number }>`
    select coalesce(pool, '') as pool, count(*) as count from represented group by 1`.execute(db)
  return new Map(rows.map(({ pool, count }) => [pool, count]))
}

/** The chains of the groups at these places. */
export async function chainsAt({ db }: Work, key: RunKey, places: readonly number[]): Promise<Map<number, number[]>> {
  const { rows } = await sql<{ place: number; chain: number[] }>`
    select c.place, e.chain from (select place, min(application) as application from competitors where place = any(${[...places]}::int4[]) group by place) c
    join entries e on ${isOfRun(key, 'e')} and e.application = c.application`.execute(db)
  return new Map(rows.map(({ place, chain }) => [place, chain]))
}

function eligible(key: RunKey, table: string): RawBuilder<boolean> {
  return sql`${isOfRun(key, table)} and ${sql.ref(`${table}.eligible`)} = 'yes'`
}

function bestFirst(order: readonly ('asc' | 'desc')[]): RawBuilder<unknown> {
  if (order.length === 0) throw new RangeError('a ranking needs at least one order key')
  return sql.join(order.map((direction, i) => sql`e.chain[${sql.lit(i + 1)}] ${direction === 'desc' ? sql`desc` : sql`asc`}`))
}
