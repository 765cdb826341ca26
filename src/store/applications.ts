import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type pg from 'pg'
import { byteaText, copyAllIn } from './copy.ts'
import type { ApplicationsTable, Database } from './database.ts'
import { refusing } from './errors.ts'

export type Application = Selectable<ApplicationsTable>

/** Gives the application's number. Refuses: `second-application`, `public-number-taken`, `unknown-round`, `unknown-person`. */
export async function insertApplication(db: Kysely<Database>, application: Insertable<ApplicationsTable>): Promise<number> {
  const statement = db.insertInto('applications').values(application).returning('application')
  return (await refusing(statement.executeTakeFirstOrThrow())).application
}

export async function getApplication(
  db: Kysely<Database>,
  authority: string,
  round: string,
  publicNumber: string,
): Promise<Application | undefined> {
  const query = db.selectFrom('applications').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('public_number', '=', publicNumber).executeTakeFirst()
}

/** Sets pool, household and persons of an application anew, and gives it; undefined if there is none. The caller holds the round. */
export async function setClaim(
  db: Kysely<Database>,
  { authority, round, publicNumber }: { authority: string; round: string; publicNumber: string },
  claim: Pick<Application, 'pool' | 'household' | 'persons'>,
): Promise<Application | undefined> {
  const statement = db.updateTable('applications').set(claim).where('authority', '=', authority).where('round', '=', round)
  return statement.where('public_number', '=', publicNumber).returningAll().executeTakeFirst()
}

/** The public number of a person's application in a round; undefined if there is none. */
export async function publicNumberOf(db: Kysely<Database>, authority: string, round: string, person: number): Promise<string | undefined> {
  const query = db.selectFrom('applications').select('public_number').where('authority', '=', authority).where('round', '=', round)
  return (await query.where('person', '=', person).executeTakeFirst())?.public_number
}

export async function countApplications(db: Kysely<Database>, authority: string, round: string): Promise<number> {
  const query = db.selectFrom('applications').where('authority', '=', authority).where('round', '=', round)
  const { count } = await query.select(e => e.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return count
}

export type BulkApplication = {
  person: number
  publicNumber: string
  submittedAt: string
  pool: string | null
  household: Buffer | null
  persons: number | null
}

/** Public numbers of applications, at most 100, whose household stands in another pool of the round too. */
export async function householdsInTwoPools(db: Kysely<Database>, authority: string, round: string): Promise<string[]> {
  const { rows } = await sql<{ public_number: string }>`
    select a.public_number from applications a
    where a.authority = ${authority} and a.round = ${round} and a.household in (
      select household from applications where authority = ${authority} and round = ${round} and household is not null
      group by household having min(pool) <> max(pool))
    order by a.public_number limit 100`.execute(db)
  return rows.map(row => row.public_number)
}

/** Stores many applications of one round by COPY and gives their number. Refuses as `insertApplication`, and then none is stored. */
export async function bulkInsertApplications(
  client: pg.ClientBase,
  { authority, round }: { authority: string; round: string },
  rows: AsyncIterable<BulkApplication> | Iterable<BulkApplication>,
): Promise<number> {
  const sql = 'copy applications (authority, round, person, public_number, submitted_at, pool, household, persons) from stdin'
  return refusing(copyAllIn(client, sql, lines(authority, round, rows)))
}

async function* lines(authority: string, round: string, rows: AsyncIterable<BulkApplication> | Iterable<BulkApplication>) {
  for await (const { person, publicNumber, submittedAt, pool, household, persons } of rows)
    yield [authority, round, person, publicNumber, submittedAt, pool, household && byteaText(household), persons]
}
