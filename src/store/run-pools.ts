import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { Database, RunPoolsTable } from './database.ts'
import type { RunKey } from './runs.ts'

export type RunPool = Selectable<RunPoolsTable>

/** Keeps the figures of a run by pool, once. */
export async function insertRunPools(
  db: Kysely<Database>,
  key: RunKey,
  pools: readonly Omit<Insertable<RunPoolsTable>, keyof RunKey | 'set_aside'>[],
): Promise<void> {
  if (pools.length === 0) return
  await db
    .insertInto('run_pools')
    .values(pools.map(pool => ({ ...key, ...pool })))
    .execute()
}

/** The pools of a run by name; one without a name where the round has no pools. */
export async function listRunPools(db: Kysely<Database>, { authority, round, run }: RunKey): Promise<RunPool[]> {
  const query = db.selectFrom('run_pools').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('run', '=', run).orderBy('pool').execute()
}

/** Records why the verifier sets pools aside, by name; all others hold. */
export async function setPoolsAside(
  db: Kysely<Database>,
  { authority, round, run }: RunKey,
  reasons: ReadonlyMap<string, object>,
): Promise<void> {
  const names = [...reasons.keys()]
  const texts = [...reasons.values()].map(reason => JSON.stringify(reason))
  await sql`
    update run_pools p set set_aside = (select reason::jsonb from unnest(${names}::text[], ${texts}::text[]) as aside (pool, reason) where aside.pool = p.pool)
    where p.authority = ${authority} and p.round = ${round} and p.run = ${run}`.execute(db)
}
