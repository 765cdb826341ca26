import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import { Refusal } from '../values/refusal.ts'
import type { Database, RoundState, RoundStepsTable, RoundsTable } from './database.ts'
import { lockNotAvailable, refusing, serializationFailure, sqlState } from './errors.ts'

export type StoredRound = Selectable<RoundsTable>
export type RoundStep = Selectable<RoundStepsTable>

/** Refuses: `round-exists`, `round-name`, `unknown-authority`, `unknown-scheme`. */
export async function insertRound(db: Kysely<Database>, round: Insertable<RoundsTable>): Promise<void> {
  await refusing(db.insertInto('rounds').values(round).execute())
}

export async function getRound(db: Kysely<Database>, authority: string, round: string): Promise<StoredRound | undefined> {
  return selectRound(db, authority, round).executeTakeFirst()
}

/** At most `limit` rounds of an authority by name, behind the one given. */
export async function listRounds(
  db: Kysely<Database>,
  page: { authority: string; after?: string | undefined; limit: number },
): Promise<StoredRound[]> {
  const query = db.selectFrom('rounds').selectAll().where('authority', '=', page.authority).orderBy('round').limit(page.limit)
  return (page.after === undefined ? query : query.where('round', '>', page.after)).execute()
}

/**
 * Takes the round for this transaction: no other may step it on, run it or take an application until the end. Waits at most two seconds, which is
 * longer than an intake holds a round and shorter than a stage; refuses `round-busy` when another transaction still has it, `unknown-round` when there is none.
 */
export async function lockRound(db: Kysely<Database>, authority: string, round: string): Promise<StoredRound> {
  return known(await inPatience(db, round, selectRound(db, authority, round).forNoKeyUpdate()), round)
}

/**
 * Holds the round in its state until this transaction ends, beside others who do the same: an application taken now cannot slip
 * in behind a step. Waits at most two seconds while a stage has the round, then refuses `round-busy`; refuses `unknown-round`.
 */
export async function holdRound(db: Kysely<Database>, authority: string, round: string): Promise<StoredRound> {
  return known(await inPatience(db, round, selectRound(db, authority, round).forShare()), round)
}

// Waiting without end would let a few late applicants hold every connection of the pool.
async function inPatience(db: Kysely<Database>, round: string, query: ReturnType<typeof selectRound>): Promise<StoredRound | undefined> {
  try {
    await sql`set local lock_timeout = '2s'`.execute(db)
    const found = await query.executeTakeFirst()
    await sql`set local lock_timeout = 0`.execute(db)
    return found
  } catch (error) {
    const state = sqlState(error)
    if (state !== lockNotAvailable && state !== serializationFailure) throw error
    throw new Refusal('round-busy', `Another process is working on round ${round}; wait until it has finished, then try again.`)
  }
}

/**
 * Moves a round that the caller has locked from one state to another and records who did it. The steps of a round are the proof of what came first, so none may
 * bear an earlier moment than the one before it. Refuses `round-state`; `clock-behind`.
 */
export async function stepRound(
  db: Kysely<Database>,
  step: { authority: string; round: string; from: RoundState; to: RoundState; takenBy: string; takenAt: string },
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('rounds')
    .set({ state: step.to })
    .where('authority', '=', step.authority)
    .where('round', '=', step.round)
    .where('state', '=', step.from)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new Refusal('round-state', `Round ${step.round} is not ${step.from}, so it cannot become ${step.to}.`)
  const { rows } = await sql<{ taken_at: string }>`
    select taken_at from round_steps where authority = ${step.authority} and round = ${step.round} and taken_at > ${step.takenAt}::timestamptz
    order by step desc limit 1`.execute(db)
  if (rows[0])
    throw new Refusal(
      'clock-behind',
      `The clock of this machine is behind: it says ${step.takenAt}, and the step of round ${step.round} before this one was taken at ${rows[0].taken_at}. Set the clock right, then try again.`,
    )
  await sql`
    insert into round_steps (authority, round, step, from_state, to_state, taken_by, taken_at)
    select ${step.authority}, ${step.round}, coalesce(max(step), 0) + 1, ${step.from}, ${step.to}, ${step.takenBy}, ${step.takenAt}
    from round_steps where authority = ${step.authority} and round = ${step.round}`.execute(db)
}

export async function listRoundSteps(db: Kysely<Database>, authority: string, round: string): Promise<RoundStep[]> {
  return db.selectFrom('round_steps').selectAll().where('authority', '=', authority).where('round', '=', round).orderBy('step').execute()
}

/** Sets what becomes known on the way: the digest of the frozen inputs and what their freeze found, the verified run. */
export async function setOnRound(
  db: Kysely<Database>,
  authority: string,
  round: string,
  values: Partial<Pick<StoredRound, 'inputs_digest' | 'pending_records' | 'also_elsewhere' | 'verified_run'>>,
): Promise<void> {
  await db.updateTable('rounds').set(values).where('authority', '=', authority).where('round', '=', round).execute()
}

function selectRound(db: Kysely<Database>, authority: string, round: string) {
  return db.selectFrom('rounds').selectAll().where('authority', '=', authority).where('round', '=', round)
}

function known(found: StoredRound | undefined, round: string): StoredRound {
  if (found === undefined) throw new Refusal('unknown-round', `There is no round ${round}.`)
  return found
}
