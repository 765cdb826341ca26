import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import { integerArray, textArray } from './copy.ts'
import type { AmendmentsTable, CorrectionsTable, Database } from './database.ts'
import { overWholeRound, unitOf } from './places.ts'

export type Correction = Selectable<CorrectionsTable>
export type Amendment = Selectable<AmendmentsTable>

/** Stores a correction, before its edition and in the same transaction. `reasons` is JSON text. */
export async function insertCorrection(db: Kysely<Database>, correction: Insertable<CorrectionsTable>): Promise<void> {
  const values = {
    ...correction,
    records: sql<number[]>`${integerArray(correction.records)}::int8[]`,
    items: sql<(number | null)[]>`${integerArray(correction.items)}::int8[]`,
    missing: sql<string[]>`${textArray(correction.missing)}::text[]`,
    chain: sql<number[] | null>`${correction.chain && integerArray(correction.chain)}::int8[]`,
  }
  await db.insertInto('corrections').values(values).execute()
}

/** The last correction of an application; undefined if it was never corrected. */
export async function lastCorrection(
  db: Kysely<Database>,
  authority: string,
  round: string,
  application: number,
): Promise<Correction | undefined> {
  const query = db.selectFrom('corrections').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('application', '=', application).orderBy('edition', 'desc').limit(1).executeTakeFirst()
}

/** Stores what an edition changes, before the edition and in the same transaction. */
export async function insertAmendments(db: Kysely<Database>, amendments: readonly Amendment[]): Promise<void> {
  // PostgreSQL takes 65,535 parameters in one statement.
  for (let i = 0; i < amendments.length; i += 1000)
    await db
      .insertInto('amendments')
      .values(amendments.slice(i, i + 1000))
      .execute()
}

/**
 * Whose places an edition has amended: the household, in hexadecimal, with each of its public numbers (null if it has no application in the round).
 */
export async function amendedBy(
  db: Kysely<Database>,
  { authority, round, edition }: { authority: string; round: string; edition: number },
): Promise<{ unit: string; publicNumber: string | null }[]> {
  const { rows } = await overWholeRound(db, () =>
    sql<{ unit: string; publicNumber: string | null }>`
      select encode(m.unit, 'hex') as unit, a.public_number as "publicNumber" from amendments m
      left join applications a on a.authority = m.authority and a.round = m.round and ${unitOf('a')} = m.unit
      where m.authority = ${authority} and m.round = ${round} and m.edition = ${edition}`.execute(db),
  )
  return rows
}
