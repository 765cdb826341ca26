import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import { byteaText, copyAllIn } from './copy.ts'
import type { Database } from './database.ts'
import { blindIndex, decrypt, encrypt, type Keys } from './encryption.ts'
import { refusing } from './errors.ts'

/** A person as stored. Both encrypted values are bound to authority and person, so the number is drawn first: `drawPersons`. */
export type EncryptedPerson = {
  person: number
  citizenNumberEncrypted: Buffer
  citizenNumberIndex: Buffer
  nameEncrypted: Buffer
  createdAt: string
}

/** Draws the numbers of `count` new persons. Numbers that are not used leave gaps, which mean nothing. */
export async function drawPersons(db: Kysely<Database>, count: number): Promise<number[]> {
  const { rows } = await sql<{ person: number }>`
    select nextval(pg_get_serial_sequence('persons', 'person')) as person from generate_series(1, ${count}::int4)`.execute(db)
  return rows.map(row => row.person)
}

/**
 * Encrypts a normalised citizen number and a name for the row of one person. The nonces come from the system and are never handed in: one that
 * repeats under the same key would break the encryption.
 */
export function encryptPerson(
  keys: Keys,
  { authority, person, citizenNumber, name }: { authority: string; person: number; citizenNumber: string; name: string },
): Omit<EncryptedPerson, 'person' | 'createdAt'> {
  return {
    citizenNumberEncrypted: encrypt(keys, citizenNumber, { authority, row: person, column: 'citizen_number' }, randomBytes),
    citizenNumberIndex: blindIndex(keys, citizenNumber),
    nameEncrypted: encrypt(keys, name, { authority, row: person, column: 'name' }, randomBytes),
  }
}

export function decryptName(keys: Keys, authority: string, person: number, encrypted: Buffer): string {
  return decrypt(keys, encrypted, { authority, row: person, column: 'name' })
}

export function decryptCitizenNumber(keys: Keys, authority: string, person: number, encrypted: Buffer): string {
  return decrypt(keys, encrypted, { authority, row: person, column: 'citizen_number' })
}

/** Refuses: `person-exists`, `unknown-authority`. */
export async function insertPerson(db: Kysely<Database>, authority: string, row: EncryptedPerson): Promise<void> {
  await refusing(
    sql`
      insert into persons (authority, person, citizen_number_encrypted, citizen_number_index, name_encrypted, created_at)
      overriding system value
      values (${authority}, ${row.person}, ${row.citizenNumberEncrypted}, ${row.citizenNumberIndex}, ${row.nameEncrypted}, ${row.createdAt})
    `.execute(db),
  )
}

/** Stores many persons by COPY and gives their number. Refuses as `insertPerson`, and then none is stored. */
export async function bulkInsertPersons(
  client: pg.ClientBase,
  authority: string,
  rows: AsyncIterable<EncryptedPerson> | Iterable<EncryptedPerson>,
): Promise<number> {
  const columns = 'authority, person, citizen_number_encrypted, citizen_number_index, name_encrypted, created_at'
  return refusing(copyAllIn(client, `copy persons (${columns}) from stdin`, lines(authority, rows)))
}

async function* lines(authority: string, rows: AsyncIterable<EncryptedPerson> | Iterable<EncryptedPerson>) {
  for await (const row of rows)
    yield [
      authority,
      row.person,
      byteaText(row.citizenNumberEncrypted),
      byteaText(row.citizenNumberIndex),
      byteaText(row.nameEncrypted),
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

/** Which of these blind indexes an authority knows already. */
export async function knownIndexes(db: Kysely<Database>, authority: string, indexes: readonly Buffer[]): Promise<Buffer[]> {
  const query = db.selectFrom('persons').select('citizen_number_index').where('authority', '=', authority)
  const rows = await query.where(sql<boolean>`citizen_number_index = any(${indexes}::bytea[])`).execute()
  return rows.map(row => row.citizen_number_index)
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
  const query = db.selectFrom('persons').select('citizen_number_encrypted').where('authority', '=', authority)
  const { citizen_number_encrypted } = await query.where('person', '=', person).executeTakeFirstOrThrow()
  return decryptCitizenNumber(keys, authority, person, citizen_number_encrypted)
}
