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

/** One admitted applicant, for an edition. `pool` is '' in a round without pools, `total` in units of its scale. */
export type AdmittedEntry = {
  application: number
  pool: string
  rank: number | null
  outcome: 'first' | 'second'
  lot: Buffer | null
  public_number: string
  person: number
  name_encrypted: Buffer
  total: number | null
}

/** Everybody a run admits with the encrypted name, by pool, in a pool best first, within a rank in the byte order of public numbers. */
export async function admittedOfRun(db: Kysely<Database>, { authority, round, run }: RunKey): Promise<AdmittedEntry[]> {
  return db
    .selectFrom('standings as s')
    .innerJoin('applications as a', join =>
      join.onRef('a.authority', '=', 's.authority').onRef('a.round', '=', 's.round').onRef('a.application', '=', 's.application'),
    )
    .innerJoin('persons as p', join => join.onRef('p.authority', '=', 'a.authority').onRef('p.person', '=', 'a.person'))
    .innerJoin('entries as e', join =>
      join
        .onRef('e.authority', '=', 's.authority')
        .onRef('e.round', '=', 's.round')
        .onRef('e.run', '=', 's.run')
        .onRef('e.application', '=', 's.application'),
    )
    .select(({ fn, ref, val }) => [
      's.application',
      fn.coalesce('s.pool', val('')).as('pool'),
      's.rank',
      ref('s.outcome').$castTo<'first' | 'second'>().as('outcome'),
      's.lot',
      'a.public_number',
      'p.person',
      'p.name_encrypted',
      'e.total',
    ])
    .where('s.authority', '=', authority)
    .where('s.round', '=', round)
    .where('s.run', '=', run)
    .where('s.outcome', 'in', ['first', 'second'])
    .orderBy('s.pool')
    .orderBy('s.rank')
    .orderBy('a.public_number')
    .execute()
}
