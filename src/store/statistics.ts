import { type Kysely, sql } from 'kysely'
import type { Database } from './database.ts'

/**
 * Brings the planner's statistics up to date after a bulk load. Without them the check of a foreign key took the wrong index of `applications` and read
 * a whole round for each row: freezing 20,000 applicants took 33 s instead of 1 s (2026-11). Call it outside a transaction where the rows are
 * committed: its lock is then short.
 */
export async function analyze(db: Kysely<Database>, ...tables: (keyof Database)[]): Promise<void> {
  await sql`analyze ${sql.join(tables.map(table => sql.table(table)))}`.execute(db)
}

/**
 * Lets the index of standings know the blocks that were filled last. Until then a lookup of one application reads all of them: 122 ms instead of 0.3 ms at a
 * million (2026-11). Call it outside a transaction where the rows are committed.
 */
export async function indexStandings(db: Kysely<Database>): Promise<void> {
  await sql`select brin_summarize_new_values('standings_application')`.execute(db)
}
