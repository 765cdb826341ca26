import { type Kysely, sql } from 'kysely'
import type { Database } from './database.ts'
import { blindIndex, type Keys } from './encryption.ts'
import { decryptCitizenNumber } from './persons.ts'

/**
 * Whether a database was written with these keys: of its first and last persons at least one opens and has its index by them. With others a person who is
 * known would be taken for a new one, and could apply twice. One damaged row says nothing of the keys, and an empty database fits all.
 */
export async function keysFit(db: Kysely<Database>, keys: Keys): Promise<boolean> {
  const { rows } = await sql<{ authority: string; person: number; number: Buffer; index: Buffer }>`
    (select authority, person, citizen_number_encrypted as number, citizen_number_index as index from persons order by authority, person limit 3)
    union all
    (select authority, person, citizen_number_encrypted, citizen_number_index from persons order by authority desc, person desc limit 3)`.execute(
    db,
  )
  return rows.length === 0 || rows.some(row => opens(keys, row))
}

function opens(
  keys: Keys,
  { authority, person, number, index }: { authority: string; person: number; number: Buffer; index: Buffer },
): boolean {
  try {
    return blindIndex(keys, decryptCitizenNumber(keys, authority, person, number)).equals(index)
  } catch {
    return false
  }
}
