import { createHash } from 'node:crypto'
import type pg from 'pg'
import { population } from '../../src/cli/demo/population.ts'
import type { Actor } from '../../src/round/office.ts'
import { copyAllIn } from '../../src/store/copy.ts'

/*
 * Fills an open round with synthetic applicants and their evidence, set-based and without the checks of an intake, which is not what is measured
 * here (bench/round.ts times it). Everything that a freeze reads is as an intake leaves it; names and identity numbers are not read, and are noise.
 */

const moment = '2017-01-20T08:00:00.000Z'

/** Gives the number of records. The indexes of evidence are made once the rows lie there. */
export async function load(
  client: pg.ClientBase,
  { authority }: Actor,
  round: string,
  { applicants, seed, asOf }: { applicants: number; seed: string; asOf: number },
): Promise<number> {
  await client.query('begin')
  await client.query('set local session_replication_role = replica') // no foreign keys, row by row
  await client.query('set local synchronous_commit = off')
  await client.query(
    `insert into persons (authority, person, citizen_number_encrypted, citizen_number_index, name_encrypted, created_at)
     overriding system value
     select $1, n, sha256(('e' || n)::bytea), sha256(('i' || n)::bytea), sha256(('n' || n)::bytea), $2 from generate_series(1, $3::int8) n`,
    [authority, moment, applicants],
  )
  await copyAllIn(client, 'copy applications (authority, round, person, public_number, submitted_at) from stdin', numbered())
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = 'evidence'::regclass and not indisprimary`,
  )
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  const columns = 'authority, person, kind, source, state, record, recorded_at, recorded_by'
  const records = await copyAllIn(client, `copy evidence (${columns}) from stdin`, statements())
  for (const { definition } of indexes) await client.query(definition)
  await client.query('commit')
  await client.query('analyze persons, applications, evidence')
  return records

  function* numbered() {
    for (let person = 1; person <= applicants; person++) yield [authority, round, person, publicNumber(seed, person), moment]
  }

  function* statements() {
    let person = 0
    for (const { statements } of population({ seed, applicants, asOf })) {
      person++
      for (const { kind, source, state, record } of statements)
        yield [authority, person, kind, source, state, record === null ? null : JSON.stringify(record), moment, 'bench']
    }
  }
}

/** Twelve characters that look drawn and are the same each time, so that the list digest is. */
function publicNumber(seed: string, person: number): string {
  const text = createHash('sha256').update(`${seed}/${person}`).digest('hex').toUpperCase()
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8, 12)}-${person.toString(36).toUpperCase()}`
}
