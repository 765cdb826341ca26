import type { Kysely, Selectable } from 'kysely'
import type pg from 'pg'
import { type CopyWriter, copyIn, integerArray, textArray } from './copy.ts'
import type { Database, Eligible, EntriesTable } from './database.ts'
import type { RunKey } from './runs.ts'

export type Entry = Selectable<EntriesTable>
/** What is stored of an application beside its number and its receipt digest. */
export type NewEntry = {
  eligible: Eligible
  total: number | null
  items: readonly (number | null)[]
  reasons: readonly object[]
  missing: readonly string[]
  chain: readonly number[] | null
  pool: string | null
  /** In hexadecimal. */
  household: string | null
  persons: number | null
}

export async function getEntry(db: Kysely<Database>, { authority, round, run }: RunKey, application: number): Promise<Entry | undefined> {
  const query = db.selectFrom('entries').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('run', '=', run).where('application', '=', application).executeTakeFirst()
}

/** Opens a COPY of entries into a run; see `CopyWriter`. The receipt digest is in hexadecimal. */
export function entryWriter(
  client: pg.ClientBase,
  { authority, round, run }: RunKey,
): Omit<CopyWriter, 'write'> & { write(application: number | string, entry: NewEntry, receipt: string): Promise<void> | undefined } {
  const columns = 'authority, round, run, application, eligible, total, items, reasons, missing, chain, pool, household, persons, receipt'
  const writer = copyIn(client, `copy entries (${columns}) from stdin`)
  return {
    write: (application, { eligible, total, items, reasons, missing, chain, pool, household, persons }, receipt) =>
      writer.write([
        authority,
        round,
        run,
        application,
        eligible,
        total,
        integerArray(items),
        reasons.length === 0 ? '[]' : JSON.stringify(reasons),
        textArray(missing),
        chain && integerArray(chain),
        pool,
        household && `\\x${household}`,
        persons,
        `\\x${receipt}`,
      ]),
    end: writer.end,
    destroy: writer.destroy,
  }
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
