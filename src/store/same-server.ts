import type pg from 'pg'

/**
 * Whether two addresses lead to copies of one and the same database: every streaming replica has the system identifier of its server. Undefined while one of
 * them does not answer, or does not tell.
 */
export async function isSameDatabase(one: pg.Pool, other: pg.Pool): Promise<boolean | undefined> {
  const [a, b] = await Promise.all([identityOf(one), identityOf(other)])
  return a === undefined || b === undefined ? undefined : a === b
}

async function identityOf(pool: pg.Pool): Promise<string | undefined> {
  const identity = "select system_identifier || ' ' || current_database() as identity from pg_control_system()"
  return pool.query<{ identity: string }>(identity).then(
    ({ rows }) => rows[0]?.identity,
    () => undefined,
  )
}
