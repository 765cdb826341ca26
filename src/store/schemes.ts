import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import { Refusal } from '../values/refusal.ts'
import type { Database, SchemeState, SchemeStepsTable, SchemesTable } from './database.ts'
import { refusing } from './errors.ts'

type Row = Selectable<SchemesTable>
export type SchemeKey = { scheme: string; version: string }
/** A version without its documents, and who moved it on. */
export type SchemeHead = Omit<Row, 'source' | 'vocabulary' | 'cases'> & {
  activated_at: string | null
  activated_authority: string | null
  activated_client: string | null
  /** The version that was active before. */
  supersedes: string | null
  superseded_at: string | null
  /** The version that took its place. */
  superseded_by: string | null
}
export type StoredScheme = SchemeHead & Row

/**
 * Keeps a version as a draft, in a transaction; a draft of that version is replaced. `stored` is false when this very content is there already.
 * Refuses: `scheme-version-exists` when the version was activated with other content; `unknown-authority`.
 */
export async function putDraft(
  db: Kysely<Database>,
  draft: Omit<Insertable<SchemesTable>, 'state'>,
): Promise<{ stored: boolean; state: SchemeState }> {
  const row = { ...draft, state: 'draft' as const }
  // Of two who store a new version at once, one waits here for the other.
  const added = await refusing(
    db
      .insertInto('schemes')
      .values(row)
      .onConflict(c => c.doNothing())
      .returning('digest')
      .executeTakeFirst(),
  )
  if (added) return { stored: true, state: 'draft' }
  const held = await db
    .selectFrom('schemes')
    .select(['digest', 'cases_digest', 'state'])
    .where('scheme', '=', draft.scheme)
    .where('version', '=', draft.version)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (held.digest === draft.digest && held.cases_digest === draft.cases_digest) return { stored: false, state: held.state }
  if (held.state !== 'draft')
    throw new Refusal(
      'scheme-version-exists',
      `Version ${draft.version} of ${draft.scheme} was activated with other content and never changes. Give this one a new version.`,
    )
  await refusing(
    db.updateTable('schemes').set(row).where('scheme', '=', draft.scheme).where('version', '=', draft.version).executeTakeFirstOrThrow(),
  )
  return { stored: true, state: 'draft' }
}

/** Any number but that of the migrations, the same in every process. */
const activationLock = 7305002

/** Lets one activation at a time go on, of whatever scheme, until the end of its transaction. */
export async function lockActivations(db: Kysely<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(activationLock)})`.execute(db)
}

/** Takes every version of a scheme for this transaction: none is stored again or moved on until its end. */
export async function lockVersions(
  db: Kysely<Database>,
  scheme: string,
): Promise<Pick<Row, 'scheme' | 'version' | 'state' | 'digest' | 'cases_digest' | 'stored_authority' | 'stored_client'>[]> {
  return db
    .selectFrom('schemes')
    .select(['scheme', 'version', 'state', 'digest', 'cases_digest', 'stored_authority', 'stored_client'])
    .where('scheme', '=', scheme)
    .orderBy('version')
    .forNoKeyUpdate()
    .execute()
}

/** Moves a version that the caller has locked on to its next state, and records who did it. */
export async function stepScheme(db: Kysely<Database>, step: Insertable<SchemeStepsTable>): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('schemes')
    .set({ state: step.to_state })
    .where('scheme', '=', step.scheme)
    .where('version', '=', step.version)
    .where('state', '=', step.from_state)
    .executeTakeFirst()
  if (numUpdatedRows === 0n)
    throw new Refusal('scheme-state', `${step.scheme}/${step.version} is not ${step.from_state}, so it cannot become ${step.to_state}.`)
  await refusing(db.insertInto('scheme_steps').values(step).execute())
}

export async function getScheme(db: Kysely<Database>, digest: string): Promise<Row | undefined> {
  return db.selectFrom('schemes').selectAll().where('digest', '=', digest).executeTakeFirst()
}

export async function findScheme(db: Kysely<Database>, { scheme, version }: SchemeKey): Promise<StoredScheme | undefined> {
  return heads(db)
    .select(['s.source', 's.vocabulary', 's.cases'])
    .where('s.scheme', '=', scheme)
    .where('s.version', '=', version)
    .executeTakeFirst()
}

/** At most `limit` of them by scheme and version, behind the one given. */
export async function listSchemes(db: Kysely<Database>, page: { after?: SchemeKey | undefined; limit: number }): Promise<SchemeHead[]> {
  let query = heads(db).orderBy('s.scheme').orderBy('s.version').limit(page.limit)
  if (page.after) query = query.where(sql<boolean>`(s.scheme, s.version) > (${page.after.scheme}, ${page.after.version})`)
  return query.execute()
}

/** The digests of all that were ever activated, those that are active now first, and of them the newest. */
export async function activatedDigests(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom('schemes')
    .select('digest')
    .where('state', '<>', 'draft')
    .orderBy('state')
    .orderBy('stored_at', 'desc')
    .orderBy('digest')
    .execute()
  return rows.map(({ digest }) => digest)
}

function heads(db: Kysely<Database>) {
  return db
    .selectFrom('schemes as s')
    .leftJoin('scheme_steps as a', join =>
      join.onRef('a.scheme', '=', 's.scheme').onRef('a.version', '=', 's.version').on('a.to_state', '=', 'active'),
    )
    .leftJoin('scheme_steps as o', join =>
      join.onRef('o.scheme', '=', 's.scheme').onRef('o.version', '=', 's.version').on('o.to_state', '=', 'superseded'),
    )
    .select(['s.digest', 's.scheme', 's.version', 's.status', 's.state', 's.cases_digest', 's.stored_at', 's.stored_authority'])
    .select(['s.stored_client', 'a.taken_at as activated_at', 'a.taken_authority as activated_authority'])
    .select(['a.taken_client as activated_client', 'a.other_version as supersedes'])
    .select(['o.taken_at as superseded_at', 'o.other_version as superseded_by'])
}
