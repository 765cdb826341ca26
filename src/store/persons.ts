import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import { byteaText, copyAllIn } from './copy.ts'
import type { Database } from './database.ts'
import { refusing } from './errors.ts'
import { blindIndex, type Keys, seal, unseal } from './sealing.ts'

/** A person as stored. Both sealed values are bound to authority and person, so the number is drawn first: `drawPersons`. */
export type SealedPerson = {
  person: number
  citizenNumberSealed: Buffer
  citizenNumberIndex: Buffer
  nameSealed: Buffer
  createdAt: string
}

/** Draws the numbers of `count` new persons. Numbers that are not used leave gaps, which mean nothing. */
export async function drawPersons(db: Kysely<Database>, count: number): Promise<number[]> {
  const { rows } = await sql<{ person: number }>`
    select nextval(pg_get_serial_sequence('persons', 'person')) as person from generate_series(1, ${count}::int4)`.execute(db)
  return rows.map(row => row.person)
}

/**
 * Seals a normalised citizen number and a name for the row of one person. The nonces come from the system and are never handed in: one that
 * repeats under the same key would break the seal.
 */
export function sealPerson(
  keys: Keys,
  { authority, person, citizenNumber, name }: { authority: string; person: number; citizenNumber: string; name: string },
): Omit<SealedPerson, 'person' | 'createdAt'> {
  return {
    citizenNumberSealed: seal(keys, citizenNumber, { authority, row: person, column: 'citizen_number' }, randomBytes),
    citizenNumberIndex: blindIndex(keys, citizenNumber),
    nameSealed: seal(keys, name, { authority, row: person, column: 'name' }, randomBytes),
  }
}

export function unsealName(keys: Keys, authority: string, person: number, sealed: Buffer): string {
  return unseal(keys, sealed, { authority, row: person, column: 'name' })
}

export function unsealCitizenNumber(keys: Keys, authority: string, person: number, sealed: Buffer): string {
  return unseal(keys, sealed, { authority, row: person, column: 'citizen_number' })
}

/** Refuses: `person-exists`, `unknown-authority`. */
export async function insertPerson(db: Kysely<Database>, authority: string, row: SealedPerson): Promise<void> {
  await refusing(
    sql`
      insert into persons (authority, person, citizen_number_sealed, citizen_number_index, name_sealed, created_at)
      overriding system value
      values (${authority}, ${row.person}, ${row.citizenNumberSealed}, ${row.citizenNumberIndex}, ${row.nameSealed}, ${row.createdAt})
    `.execute(db),
  )
}

/** Stores many persons by COPY and gives their number. Refuses as `insertPerson`, and then none is stored. */
export async function bulkInsertPersons(
  client: pg.ClientBase,
  authority: string,
  rows: AsyncIterable<SealedPerson> | Iterable<SealedPerson>,
): Promise<number> {
  const columns = 'authority, person, citizen_number_sealed, citizen_number_index, name_sealed, created_at'
  return refusing(copyAllIn(client, `copy persons (${columns}) from stdin`, lines(authority, rows)))
}

async function* lines(authority: string, rows: AsyncIterable<SealedPerson> | Iterable<SealedPerson>) {
  for await (const row of rows)
    yield [
      authority,
      row.person,
      byteaText(row.citizenNumberSealed),
      byteaText(row.citizenNumberIndex),
      byteaText(row.nameSealed),
      row.createdAt,
    ]
}

/** The person with this blind index under this authority. */
export async function findPerson(db: Kysely<Database>, authority: string, citizenNumberIndex: Buffer): Promise<number | undefined> {
  const query = db.selectFrom('persons').select('person').where('authority', '=', authority)
  return (await query.where('citizen_number_index', '=', citizenNumberIndex).executeTakeFirst())?.person
}

export async function personExists(db: Kysely<Database>, authority: string, person: number): Promise<boolean> {
  const query = db.selectFrom('persons').select('person').where('authority', '=', authority)
  return (await query.where('person', '=', person).executeTakeFirst()) !== undefined
}

/** The other authorities of the installation that know the same citizen number. */
export async function otherAuthoritiesOf(db: Kysely<Database>, authority: string, citizenNumberIndex: Buffer): Promise<string[]> {
  const query = db.selectFrom('persons').select('authority').where('citizen_number_index', '=', citizenNumberIndex)
  const rows = await query.where('authority', '<>', authority).orderBy('authority').execute()
  return rows.map(row => row.authority)
}

/** How many applicants of a round another authority of the installation knows too. */
export async function countAlsoElsewhere(db: Kysely<Database>, authority: string, round: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count
    from applications a join persons p using (authority, person)
    where a.authority = ${authority} and a.round = ${round}
      and exists (select from persons other where other.citizen_number_index = p.citizen_number_index and other.authority <> p.authority)`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}

/** The blind index of a person. */
export async function indexOfPerson(db: Kysely<Database>, authority: string, person: number): Promise<Buffer | undefined> {
  const query = db.selectFrom('persons').select('citizen_number_index').where('authority', '=', authority)
  return (await query.where('person', '=', person).executeTakeFirst())?.citizen_number_index
}

/** The citizen number of a person, opened. */
export async function citizenNumberOf(db: Kysely<Database>, keys: Keys, authority: string, person: number): Promise<string> {
  const query = db.selectFrom('persons').select('citizen_number_sealed').where('authority', '=', authority)
  const { citizen_number_sealed } = await query.where('person', '=', person).executeTakeFirstOrThrow()
  return unsealCitizenNumber(keys, authority, person, citizen_number_sealed)
}
