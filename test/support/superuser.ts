import type pg from 'pg'

/** Alters what triggers and foreign keys protect, as somebody can who may switch them off. */
export async function asSuperuser(pool: pg.Pool, sql: string): Promise<void> {
  await pool.query(`begin; set local session_replication_role = replica; ${sql}; commit`)
}
