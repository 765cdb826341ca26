import type { Kysely, Selectable } from 'kysely'
import type pg from 'pg'
import { type CopyWriter, copyIn, integerArray, textArray } from './copy.ts'
import type { Database, Eligible, EntriesTable } from './database.ts'
import type { RunKey } from './runs.ts'

export type Entry = Selectable<EntriesTable>
export type NewEntry = {
  application: number
  eligible: Eligible
  total: number | null
  items: readonly (number | null)[]
  /** JSON text. */
  reasons: string
  missing: readonly string[]
  chain: readonly number[] | null
}

export async function getEntry(db: Kysely<Database>, { authority, round, run }: RunKey, application: number): Promise<Entry | undefined> {
  const query = db.selectFrom('entries').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('run', '=', run).where('application', '=', application).executeTakeFirst()
}

/** Opens a COPY of scored, unranked entries into a run; see `CopyWriter`. */
export function entryWriter(
  client: pg.ClientBase,
  { authority, round, run }: RunKey,
): Omit<CopyWriter, 'write'> & { write(entry: NewEntry): Promise<void> | undefined } {
  const columns = 'authority, round, run, application, eligible, total, items, reasons, missing, chain'
  const writer = copyIn(client, `copy entries (${columns}) from stdin`)
  return {
    write: entry =>
      writer.write([
        authority,
        round,
        run,
        entry.application,
        entry.eligible,
        entry.total,
        integerArray(entry.items),
        entry.reasons,
        textArray(entry.missing),
        entry.chain && integerArray(entry.chain),
      ]),
    end: writer.end,
    destroy: writer.destroy,
  }
}

/** One admitted applicant, for an edition. `total` is in units of its scale. */
export type AdmittedEntry = { rank: number; public_number: string; person: number; name_encrypted: Buffer; total: number | null }

/** Everybody a run admits with the encrypted name, best first, within a rank in the byte order of public numbers. */
export async function admittedOfRun(db: Kysely<Database>, { authority, round, run }: RunKey): Promise<AdmittedEntry[]> {
  return db
    .selectFrom('entries as e')
    .innerJoin('applications as a', join =>
      join.onRef('a.authority', '=', 'e.authority').onRef('a.round', '=', 'e.round').onRef('a.application', '=', 'e.application'),
    )
    .innerJoin('persons as p', join => join.onRef('p.authority', '=', 'a.authority').onRef('p.person', '=', 'a.person'))
    .select(({ ref }) => [ref('e.rank').$notNull().as('rank'), 'a.public_number', 'p.person', 'p.name_encrypted', 'e.total'])
    .where('e.authority', '=', authority)
    .where('e.round', '=', round)
    .where('e.run', '=', run)
    .where('e.admitted', '=', true)
    .orderBy('e.rank')
    .orderBy('a.public_number')
    .execute()
}

/** How many eligible entries of a run have each total, in units of its scale, from the least. */
export async function totalsOfRun(db: Kysely<Database>, { authority, round, run }: RunKey): Promise<{ total: number; count: number }[]> {
  return db
    .selectFrom('entries')
    .select(({ ref, fn }) => [ref('total').$notNull().as('total'), fn.countAll<number>().as('count')])
    .where('authority', '=', authority)
    .where('round', '=', round)
    .where('run', '=', run)
    .where('eligible', '=', 'yes')
    .groupBy('total')
    .orderBy('total')
    .execute()
}
