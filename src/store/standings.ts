import type { Kysely, Selectable } from 'kysely'
import type { Database, StandingsTable } from './database.ts'
import type { RunKey } from './runs.ts'

export type StoredStanding = Selectable<StandingsTable>

/** What a run decided of an application; undefined if it was not eligible. */
export async function getStanding(
  db: Kysely<Database>,
  { authority, round, run }: RunKey,
  application: number,
): Promise<StoredStanding | undefined> {
  const query = db.selectFrom('standings').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('run', '=', run).where('application', '=', application).executeTakeFirst()
}
