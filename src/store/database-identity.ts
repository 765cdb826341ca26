import type pg from 'pg'

/** What every copy of a database shares with it: the system identifier of its server, and its name there. @throws as PostgreSQL does */
export async function identityOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ identity: string }>(
    "select system_identifier || ' ' || current_database() as identity from pg_control_system()",
  )
  return (rows[0] as { identity: string }).identity
}
