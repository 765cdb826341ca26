import { type Kysely, type RawBuilder, sql } from 'kysely'
import { Refusal } from '../values/refusal.ts'
import type { Change, Database, Through } from './database.ts'
import type { RunKey } from './runs.ts'

/*
 * Who holds a place now: what the run decided, and what editions have changed of it since. A place belongs to a household; `unit` is its keyed digest, or of
 * an application without one the eight bytes of its number. `pool` is '' in a round without pools.
 */

/** The household of an application or an entry. */
export const unitOf = (table: 'a' | 'e') => sql.raw(`coalesce(${table}.household, int8send(${table}.application))`)

/**
 * For a query over a whole round in this transaction: right after a bulk load the planner knows no table sizes, and would join the applicants one by one.
 * Restored at its end.
 */
export async function overWholeRound<T>(db: Kysely<Database>, read: () => Promise<T>): Promise<T> {
  await sql`set local enable_nestloop = off`.execute(db)
  const result = await read()
  await sql`set local enable_nestloop = default`.execute(db)
  return result
}

/**
 * Common table expressions of a round as it stands now: `corrected` has the last score of each application that was corrected, `places` one row for each
 * household that has a head or had one.
 */
export function placesOf({ authority, round, run }: RunKey): RawBuilder<unknown> {
  return sql`
    corrected as (
      select distinct on (application) application, eligible, total, chain from corrections
      where authority = ${authority} and round = ${round} order by application, edition desc
    ), amended as (
      select distinct on (unit) unit, application, rank, reserve, listed, through, change from amendments
      where authority = ${authority} and round = ${round} order by unit, edition desc
    ), places as (
      select p.*, null as change from (
        select ${unitOf('e')} as unit, s.application, s.rank, s.reserve, s.outcome in ('first', 'second') as listed,
          case s.outcome when 'second' then 'second-round' end as through
        from standings s join entries e using (authority, round, run, application)
        where s.authority = ${authority} and s.round = ${round} and s.run = ${run} and s.outcome <> 'represented'
      ) p where not exists (select from amended where amended.unit = p.unit)
      union all select unit, application, rank, reserve, listed, through, change from amended
    )`
}

/** Somebody who stands on the list now, with the encrypted name. `total` is in units of its scale. */
export type ListedPlace = {
  rank: number | null
  pool: string
  through: Through | null
  public_number: string
  person: number
  name_encrypted: Buffer
  total: number
}

/** The list as it stands now, in the order of the pools given, then of ranks, then of public numbers by their bytes. */
export async function listedPlaces(db: Kysely<Database>, key: RunKey, pools: readonly string[]): Promise<ListedPlace[]> {
  const { rows } = await overWholeRound(db, () =>
    sql<ListedPlace>`
    with ${placesOf(key)}
    select p.rank, coalesce(a.pool, '') as pool, p.through, a.public_number, s.person, s.name_encrypted,
      case when c.application is null then e.total else c.total end as total
    from places p
    join applications a on a.authority = ${key.authority} and a.round = ${key.round} and a.application = p.application
    join persons s on s.authority = a.authority and s.person = a.person
    join entries e on e.authority = a.authority and e.round = a.round and e.run = ${key.run} and e.application = a.application
    left join corrected c on c.application = p.application
    where p.listed and coalesce(a.pool, '') = any(${pools}::text[])
    order by array_position(${pools}::text[], coalesce(a.pool, '')), p.rank, a.public_number`.execute(db),
  )
  return rows
}

// Who was corrected into the list, called up or struck off waits no longer, and neither does whose place has lapsed.
const isWaiting = (authority: string, round: string) => sql`
  p.reserve is not null and not p.listed and not exists (
    select from amendments m where m.authority = ${authority} and m.round = ${round} and m.unit = p.unit
      and m.change in ('admitted', 'called-up', 'struck-off', 'lapsed'))`

/** A household on a reserve list that was neither called up nor struck off. `weight` is the number of places that it takes. */
export type WaitingPlace = {
  unit: Buffer
  application: number
  public_number: string
  pool: string
  rank: number | null
  reserve: number
  chain: number[]
  weight: number
}

/** The reserve lists as they stand now, by pool and number, then by public numbers by their bytes. */
export async function waitingPlaces(db: Kysely<Database>, key: RunKey): Promise<WaitingPlace[]> {
  const { rows } = await overWholeRound(db, () =>
    sql<WaitingPlace>`
    with ${placesOf(key)}
    select p.unit, p.application, a.public_number, coalesce(a.pool, '') as pool, p.rank, p.reserve,
      case when c.application is null then e.chain else c.chain end as chain, coalesce(e.persons, 1) as weight
    from places p
    join applications a on a.authority = ${key.authority} and a.round = ${key.round} and a.application = p.application
    join entries e on e.authority = a.authority and e.round = a.round and e.run = ${key.run} and e.application = a.application
    left join corrected c on c.application = p.application
    where ${isWaiting(key.authority, key.round)}
    order by 4, p.reserve, a.public_number`.execute(db),
  )
  return rows
}

/** By pool: the weights admitted in the first and in the second round, and those that hold a place now: on the list, and not lapsed. */
export type Occupancy = { pool: string; first: number; second: number; held: number }

export async function occupancyOf(db: Kysely<Database>, key: RunKey): Promise<Occupancy[]> {
  const { authority, round, run } = key
  const { rows } = await overWholeRound(db, () =>
    sql<Occupancy>`
    with ${placesOf(key)}, admitted as (
      select coalesce(s.pool, '') as pool, coalesce(sum(coalesce(e.persons, 1)) filter (where s.outcome = 'first'), 0)::int8 as first,
        coalesce(sum(coalesce(e.persons, 1)) filter (where s.outcome = 'second'), 0)::int8 as second
      from standings s join entries e using (authority, round, run, application)
      where s.authority = ${authority} and s.round = ${round} and s.run = ${run} and s.outcome in ('first', 'second') group by 1
    ), held as (
      select coalesce(e.pool, '') as pool, sum(coalesce(e.persons, 1))::int8 as held
      from places p join entries e on e.authority = ${authority} and e.round = ${round} and e.run = ${run} and e.application = p.application
      where p.listed and not exists (
        select from settlements t where t.authority = ${authority} and t.round = ${round} and t.unit = p.unit and t.outcome = 'lapsed')
      group by 1
    )
    select coalesce(admitted.pool, held.pool) as pool, coalesce(first, 0)::int8 as first, coalesce(second, 0)::int8 as second, coalesce(held, 0)::int8 as held
    from admitted full join held using (pool)`.execute(db),
  )
  return rows
}

/** The place of one household as it stands now; `change` is null if no edition has changed it since the run. */
export type Place = {
  unit: Buffer
  application: number | null
  public_number: string | null
  rank: number | null
  reserve: number | null
  listed: boolean
  through: Through | null
  change: Change | null
}

/**
 * The place of an application's household; undefined if no application of it ever was eligible.
 * @throws Refusal `round-altered` when it has two
 */
export async function placeOf(
  db: Kysely<Database>,
  { authority, round, run }: RunKey,
  { application, household }: { application: number; household: Buffer | null },
): Promise<Place | undefined> {
  const unit = sql`coalesce(${household}::bytea, int8send(${application}::int8))`
  const { rows } = await sql<Place>`
    with members as (
      select ${application}::int8 as application
      union select application from applications where authority = ${authority} and round = ${round} and household = ${household}::bytea
    ), amended as (
      select application, rank, reserve, listed, through, change from amendments
      where authority = ${authority} and round = ${round} and unit = ${unit} order by edition desc limit 1
    )
    select ${unit} as unit, found.*, a.public_number from (
      select * from amended
      union all
      select s.application, s.rank, s.reserve, s.outcome in ('first', 'second'), case s.outcome when 'second' then 'second-round' end, null
      from standings s
      where s.authority = ${authority} and s.round = ${round} and s.run = ${run} and s.application = any(array(select application from members))
        and s.outcome <> 'represented' and not exists (select from amended)
    ) found
    left join applications a on a.authority = ${authority} and a.round = ${round} and a.application = found.application`.execute(db)
  if (rows.length > 1)
    throw new Refusal('round-altered', `A household of round ${round} has two places; restore the database from its backup.`)
  return rows[0]
}

/** What an edition changed of a household: the public number by which it stood on the list before, and that by which it does after. */
export type PublicAmendment = {
  edition: number
  before: string | null
  after: string | null
  decision: string | null
  ground: string | null
}

/** What each edition has changed, oldest first, within an edition by public number: who stood on the list before and who does after, of each household. */
export async function publicAmendments(db: Kysely<Database>, authority: string, round: string): Promise<PublicAmendment[]> {
  const { rows } = await overWholeRound(db, () =>
    sql<PublicAmendment>`
    select m.edition, b.public_number as before, case when m.listed then a.public_number end as after, c.decision, c.ground
    from amendments m
    left join applications b on b.authority = m.authority and b.round = m.round and b.application = m.listed_before
    left join applications a on a.authority = m.authority and a.round = m.round and a.application = m.application
    left join corrections c on c.authority = m.authority and c.round = m.round and c.edition = m.edition
    where m.authority = ${authority} and m.round = ${round}
    order by m.edition, coalesce(b.public_number, a.public_number)`.execute(db),
  )
  return rows
}

/** A head that carries a lot. */
export type DrawnLot = { public_number: string; lot: Buffer; placed: boolean }

/** Every head of these pools that carries a lot, by public number. */
export async function lotsOfRun(db: Kysely<Database>, { authority, round, run }: RunKey, pools: readonly string[]): Promise<DrawnLot[]> {
  const { rows } = await overWholeRound(db, () =>
    sql<DrawnLot>`
    select a.public_number, s.lot, s.outcome in ('first', 'second') as placed
    from standings s join applications a using (authority, round, application)
    where s.authority = ${authority} and s.round = ${round} and s.run = ${run} and s.lot is not null and coalesce(s.pool, '') = any(${pools}::text[])
    order by a.public_number`.execute(db),
  )
  return rows
}
