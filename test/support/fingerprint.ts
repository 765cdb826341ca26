import type pg from 'pg'

/** A digest of each table's rows (of all our tables, unless some are named), whatever their order: equal before and after what must change nothing. */
export async function fingerprint(pool: pg.Pool, { of }: { of?: readonly string[] } = {}): Promise<{ [table: string]: string }> {
  const tables = of ?? (await tablesOf(pool))
  const digests = tables.map(
    table => `(select coalesce(md5(string_agg(one::text, E'\\n' order by one::text collate "C")), 'empty') from ${table} one) as ${table}`,
  )
  return (await pool.query(`select ${digests.join(', ')}`)).rows[0]
}

/** The names of all our tables. */
export async function tablesOf(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query(
    `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`,
  )
  return rows.map(row => row.table_name)
}
