import { type Kysely, sql } from 'kysely'
import type { Database, SettlementsTable } from './database.ts'
import { overWholeRound, placesOf, unitOf } from './places.ts'
import type { RunKey } from './runs.ts'

export type SettlementOutcome = SettlementsTable['outcome']

/** A household whose place is a matter of settling, by the application that stands on the list, with the public numbers of all its applications. */
export type SettlingHousehold = { unit: Buffer; application: number; public_number: string; members: string[] }

const settlingHousehold = sql`
  ${unitOf('a')} as unit, a.application, a.public_number, case when a.household is null then array[a.public_number] else array(
    select m.public_number from applications m where m.authority = a.authority and m.round = a.round and m.household = a.household) end as members`

/** The households of these public numbers of which it is not entered yet whether they have settled, by public number. */
export async function unsettled(
  db: Kysely<Database>,
  { authority, round }: { authority: string; round: string },
  publicNumbers: readonly string[],
): Promise<SettlingHousehold[]> {
  const { rows } = await sql<SettlingHousehold>`
    select ${settlingHousehold} from applications a
    where a.authority = ${authority} and a.round = ${round} and a.public_number = any(${publicNumbers}::text[]) and not exists (
      select from settlements t where t.authority = a.authority and t.round = a.round and t.unit = ${unitOf('a')})
    order by a.public_number`.execute(db)
  return rows
}

/** What was entered of a household, and when. `isOwn` says whether it is the household of the application that stood on the list. */
export type EnteredSettlement = SettlingHousehold & { isOwn: boolean; entered_at: string }

/** All that was entered of the households of a round. */
export async function enteredSettlements(
  db: Kysely<Database>,
  { authority, round }: { authority: string; round: string },
): Promise<EnteredSettlement[]> {
  const { rows } = await sql<EnteredSettlement>`
    select ${settlingHousehold}, t.unit = ${unitOf('a')} as "isOwn", t.entered_at
    from settlements t join applications a using (authority, round, application)
    where t.authority = ${authority} and t.round = ${round}`.execute(db)
  return rows
}

/** A household on the list whose place has lapsed. */
export type LapsedPlace = { unit: Buffer; application: number; public_number: string; rank: number | null; reserve: number | null }

/** Places that have lapsed and still stand on the list, by public number. */
export async function lapsedPlaces(db: Kysely<Database>, key: RunKey): Promise<LapsedPlace[]> {
  const { authority, round } = key
  const { rows } = await overWholeRound(db, () =>
    sql<LapsedPlace>`
    with ${placesOf(key)}
    select p.unit, p.application, a.public_number, p.rank, p.reserve
    from places p
    join settlements t on t.authority = ${authority} and t.round = ${round} and t.unit = p.unit
    join applications a on a.authority = ${authority} and a.round = ${round} and a.application = p.application
    where p.listed and t.outcome = 'lapsed'
    order by a.public_number`.execute(db),
  )
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
