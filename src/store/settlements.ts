import { type Kysely, sql } from 'kysely'
import type { Database, SettlementsTable } from './database.ts'
import { placesOf, unitOf } from './places.ts'
import type { RunKey } from './runs.ts'

export type SettlementOutcome = SettlementsTable['outcome']

/** A household on the list of which it is not entered yet whether it has settled. */
export type OpenTerm = {
  unit: Buffer
  application: number
  public_number: string
  /** When the edition was sealed by which its term begins. */
  since: string
  calledUp: boolean
}

/**
 * The open terms of a round, by public number. A term begins by the first edition that lists the household, but by none before the first final one, which is
 * `final`.
 */
export async function openTerms(db: Kysely<Database>, key: RunKey, final: number): Promise<OpenTerm[]> {
  const { authority, round } = key
  const { rows } = await sql<OpenTerm>`
    with ${placesOf(key)}, begun as (
      select ${unitOf('a')} as unit, min(x.edition) as edition
      from edition_entries x join applications a using (authority, round, public_number)
      where x.authority = ${authority} and x.round = ${round} and x.edition >= ${final} group by 1
    )
    select p.unit, p.application, a.public_number, e.sealed_at as since, coalesce(p.through = 'call-up', false) as "calledUp"
    from places p
    join begun using (unit)
    join editions e on e.authority = ${authority} and e.round = ${round} and e.edition = begun.edition
    join applications a on a.authority = ${authority} and a.round = ${round} and a.application = p.application
    where p.listed and not exists (
      select from settlements t where t.authority = ${authority} and t.round = ${round} and t.unit = p.unit)
    order by a.public_number`.execute(db)
  return rows
}

/** A household on the list whose place has lapsed. */
export type LapsedPlace = { unit: Buffer; application: number; public_number: string; rank: number | null; reserve: number | null }

/** Places that have lapsed and still stand on the list, by public number. */
export async function lapsedPlaces(db: Kysely<Database>, key: RunKey): Promise<LapsedPlace[]> {
  const { authority, round } = key
  const { rows } = await sql<LapsedPlace>`
    with ${placesOf(key)}
    select p.unit, p.application, a.public_number, p.rank, p.reserve
    from places p
    join settlements t on t.authority = ${authority} and t.round = ${round} and t.unit = p.unit
    join applications a on a.authority = ${authority} and a.round = ${round} and a.application = p.application
    where p.listed and t.outcome = 'lapsed'
    order by a.public_number`.execute(db)
  return rows
}

/** What was entered of a household; undefined if nothing was. */
export async function settlementOf(
  db: Kysely<Database>,
  authority: string,
  round: string,
  unit: Buffer,
): Promise<SettlementOutcome | undefined> {
  const query = db.selectFrom('settlements').select('outcome').where('authority', '=', authority).where('round', '=', round)
  return (await query.where('unit', '=', unit).executeTakeFirst())?.outcome
}

/** Enters of many households what became of their places, in one statement. */
export async function insertSettlements(
  db: Kysely<Database>,
  { authority, round, enteredBy, enteredAt }: { authority: string; round: string; enteredBy: string; enteredAt: string },
  rows: readonly { unit: Buffer; application: number; outcome: SettlementOutcome }[],
): Promise<void> {
  await sql`
    insert into settlements (authority, round, unit, application, outcome, entered_by, entered_at)
    select ${authority}, ${round}, decode(list.unit, 'hex'), list.application, list.outcome, ${enteredBy}, ${enteredAt}
    from unnest(
      ${rows.map(row => row.unit.toString('hex'))}::text[], ${rows.map(row => row.application)}::int8[], ${rows.map(row => row.outcome)}::text[]
    ) as list (unit, application, outcome)`.execute(db)
}
