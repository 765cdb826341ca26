import { type Insertable, type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Database, RunsTable } from './database.ts'
import { refusing } from './errors.ts'

export type Run = Selectable<RunsTable>
export type RunKey = { authority: string; round: string; run: number }

/** Stores a run under the round's next number and gives that. The caller has locked the round. */
export async function insertRun(
  db: Kysely<Database>,
  run: Omit<Insertable<RunsTable>, 'run' | 'seconds'> & { seconds: Record<string, number> },
): Promise<number> {
  const { authority, round, seconds, ...rest } = run
  const values = {
    ...rest,
    authority,
    round,
    run: sql<number>`(select coalesce(max(run), 0) + 1 from runs where authority = ${authority} and round = ${round})`,
    seconds: JSON.stringify(seconds),
  }
  return (await refusing(db.insertInto('runs').values(values).returning('run').executeTakeFirstOrThrow())).run
}

export async function getRun(db: Kysely<Database>, key: RunKey): Promise<Run | undefined> {
  return db.selectFrom('runs').selectAll().where(isOfRun(key)).executeTakeFirst()
}

/** All runs of a round, oldest first; there are few. */
export async function listRuns(db: Kysely<Database>, authority: string, round: string): Promise<Run[]> {
  return db.selectFrom('runs').selectAll().where('authority', '=', authority).where('round', '=', round).orderBy('run').execute()
}

/** Records what a stage found. `seconds` are added to those of earlier stages. */
export async function setOnRun(
  db: Kysely<Database>,
  key: RunKey,
  { seconds, findings, second_round, ...values }: Partial<Omit<Run, keyof RunKey | 'failures'>>,
): Promise<void> {
  await db
    .updateTable('runs')
    .set({
      ...values,
      ...(findings === undefined ? {} : { findings: JSON.stringify(findings) }),
      ...(second_round === undefined ? {} : { second_round: second_round && JSON.stringify(second_round) }),
      ...(seconds === undefined ? {} : { seconds: sql<string>`seconds || ${JSON.stringify(seconds)}::jsonb` }),
    })
    .where(isOfRun(key))
    .execute()
}

/** Removes a run that was not finished, with all that it has left behind. The caller has locked the round; a run that was verified stays. */
export async function removeUnfinished(db: Kysely<Database>, key: RunKey): Promise<void> {
  const run = await getRun(db, key)
  if (run?.state !== 'scored' && run?.state !== 'ranked') return
  await db.deleteFrom('run_pools').where(isOfRun(key)).execute()
  await db.deleteFrom('standings').where(isOfRun(key)).execute()
  await db.deleteFrom('entries').where(isOfRun(key)).execute()
  await db.deleteFrom('runs').where(isOfRun(key)).execute()
}

/** Marks a run as failed, and keeps the report beside those of earlier failures: a run that holds again later must not hide them. */
export async function failRun(db: Kysely<Database>, key: RunKey, { report, at }: { report: object; at: string }): Promise<void> {
  const failure = JSON.stringify([{ at, report }])
  await db
    .updateTable('runs')
    .set({ state: 'failed', findings: JSON.stringify(report), failures: sql<string>`failures || ${failure}::jsonb` })
    .where(isOfRun(key))
    .execute()
}

/** Whether a row is of a run; `table` where several have these columns. */
export function isOfRun({ authority, round, run }: RunKey, table?: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(table === undefined ? name : `${table}.${name}`)
  return sql`${column('authority')} = ${authority} and ${column('round')} = ${round} and ${column('run')} = ${run}`
}
