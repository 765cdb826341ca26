import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import pg from 'pg'
import { byteaOf, type CopyRow, copyAllIn, copyOut } from './copy.ts'
import type { Database, EvidenceState, EvidenceTable } from './database.ts'
import { refusing } from './errors.ts'

export type StoredEvidence = Selectable<EvidenceTable>
/** `record` is JSON text, or null for the statement that the source holds nothing. */
export type NewEvidence = Omit<Insertable<EvidenceTable>, 'authority' | 'person'>

/**
 * Adds records of one person, in their order, and gives their numbers. Refuses: `unknown-person`, `unknown-evidence`,
 * `evidence-superseded`, `same-statement`; then none is stored.
 */
export async function appendEvidence(
  db: Kysely<Database>,
  authority: string,
  person: number,
  records: readonly NewEvidence[],
): Promise<number[]> {
  if (records.length === 0) return []
  const values = records.map(record => ({ authority, person, ...record }))
  const stored = await refusing(db.insertInto('evidence').values(values).returning('evidence').execute())
  return stored.map(row => row.evidence)
}

/** Some records of one person by number: the kind of each, and whether it still holds. */
export async function heldEvidence(
  db: Kysely<Database>,
  authority: string,
  person: number,
  records: readonly number[],
): Promise<Map<number, { kind: string; isCurrent: boolean }>> {
  if (records.length === 0) return new Map()
  const query = db.selectFrom('evidence').select(['evidence', 'kind', isCurrent('evidence').as('isCurrent')])
  const rows = await query.where('authority', '=', authority).where('person', '=', person).where('evidence', 'in', records).execute()
  return new Map(rows.map(({ evidence, ...held }) => [evidence, held]))
}

/** Positions of the records that `appendEvidence` refuses as `same-statement`: recorded of this person before, or earlier in the list. */
export async function sameStatements(
  db: Kysely<Database>,
  authority: string,
  person: number,
  records: readonly Pick<NewEvidence, 'kind' | 'source' | 'state' | 'record' | 'supersedes'>[],
): Promise<number[]> {
  const fresh = [...records.entries()].filter(([, { supersedes }]) => supersedes == null)
  // As the unique index evidence_same_statement compares.
  const { rows } = await sql<{ position: number }>`
    with list as (
      select position, kind, source, state, md5(coalesce(record::jsonb::text, '')) as record
      from unnest(
        ${fresh.map(([i]) => i)}::int4[], ${fresh.map(([, one]) => one.kind)}::text[], ${fresh.map(([, one]) => one.source)}::text[],
        ${fresh.map(([, one]) => one.state)}::text[], ${fresh.map(([, one]) => one.record)}::text[]
      ) as list (position, kind, source, state, record)
    )
    select position from list
    where exists (select from list before where before.position < list.position
        and (before.kind, before.source, before.state, before.record) = (list.kind, list.source, list.state, list.record))
      or exists (select from evidence e where e.authority = ${authority} and e.person = ${person} and e.supersedes is null
        and (e.kind, e.source, e.state, md5(coalesce(e.record::text, ''))) = (list.kind, list.source, list.state, list.record))
    order by position`.execute(db)
  return rows.map(row => row.position)
}

/** At most `limit` records of one person, superseded ones too, oldest first, behind the number given. */
export async function listEvidence(
  db: Kysely<Database>,
  page: { authority: string; person: number; after?: number | undefined; limit: number },
): Promise<StoredEvidence[]> {
  return db
    .selectFrom('evidence')
    .selectAll()
    .where('authority', '=', page.authority)
    .where('person', '=', page.person)
    .where('evidence', '>', page.after ?? 0)
    .orderBy('evidence')
    .limit(page.limit)
    .execute()
}

/** Numbers of statements that hold now and say the same as another one that holds. */
export async function currentTwice(db: Kysely<Database>, authority: string, person: number): Promise<number[]> {
  const { rows } = await sql<{ statements: number[] }>`
    select array_agg(evidence order by evidence) as statements from evidence
    where authority = ${authority} and person = ${person} and ${isCurrent('evidence')}
    group by kind, source, state, record having count(*) > 1`.execute(db)
  return rows.flatMap(row => row.statements)
}

/** No record supersedes it. */
function isCurrent(table: string) {
  const one = sql.table(table)
  return sql<boolean>`not exists (select from evidence later where later.authority = ${one}.authority and later.person = ${one}.person
    and later.supersedes = ${one}.evidence)`
}

export type BulkEvidence = {
  person: number
  kind: string
  source: string
  state: EvidenceState
  /** JSON text. */
  record: string | null
  validFrom: string | null
  validTo: string | null
  recordedAt: string
  recordedBy: string
}

/** Stores records of many persons by COPY and gives their number. Refuses `unknown-person`, and then none is stored. */
export async function bulkInsertEvidence(
  client: pg.ClientBase,
  authority: string,
  rows: AsyncIterable<BulkEvidence> | Iterable<BulkEvidence>,
): Promise<number> {
  const columns = 'authority, person, kind, source, state, record, valid_from, valid_to, recorded_at, recorded_by'
  return refusing(copyAllIn(client, `copy evidence (${columns}) from stdin`, lines(authority, rows)))
}

async function* lines(authority: string, rows: AsyncIterable<BulkEvidence> | Iterable<BulkEvidence>) {
  for await (const row of rows)
    yield [authority, row.person, row.kind, row.source, row.state, row.record, row.validFrom, row.validTo, row.recordedAt, row.recordedBy]
}

/** One application of a round with all that was ever recorded of its person, in every state, oldest first. */
export type ApplicantRows = {
  application: number
  publicNumber: string
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  submittedAt: number
  pool: string | null
  /** In hexadecimal. */
  household: string | null
  persons: number | null
  /** The blind index of the person. */
  personIndex: Buffer
  /** Those that no later record supersedes. `record` is JSON text. */
  current: { kind: string; source: string; state: string; record: string | null }[]
}

/**
 * Streams all applications of a round in the order of persons, each with the evidence that holds now. That is the order of the primary keys: no table is
 * sorted. Which records are superseded is seen here, since all records of a person come together.
 */
export async function* applicantsOfRound(client: pg.ClientBase, authority: string, round: string): AsyncGenerator<ApplicantRows> {
  const [a, r] = [pg.escapeLiteral(authority), pg.escapeLiteral(round)]
  // Left to itself the planner hashes and sorts six million records on disk.
  await client.query('set local enable_hashjoin = off')
  const batches = copyOut(
    client,
    `copy (
      select p.application, p.public_number, floor(extract(epoch from p.submitted_at) * 1000)::int8, p.pool, p.household, p.persons,
             s.citizen_number_index, e.evidence, e.supersedes, e.kind, e.source, e.state, e.record
      from applications p
      join persons s on s.authority = p.authority and s.person = p.person
      left join evidence e on e.authority = p.authority and e.person = p.person
      where p.authority = ${a} and p.round = ${r}
      order by p.person, e.evidence
    ) to stdout`,
  )
  let rows: CopyRow[] = []
  for await (const batch of batches)
    for (const row of batch) {
      if (rows[0] !== undefined && rows[0][0] !== row[0]) {
        yield applicantOf(rows)
        rows = []
      }
      rows.push(row)
    }
  if (rows.length > 0) yield applicantOf(rows)
}

function applicantOf(rows: readonly CopyRow[]): ApplicantRows {
  const [application, publicNumber, submittedAt, pool, household, persons, personIndex] = rows[0] as CopyRow
  const superseded = new Set<string>()
  for (const row of rows) if (row[8] != null) superseded.add(row[8])
  const current: ApplicantRows['current'] = []
  for (const [, , , , , , , evidence, , kind, source, state, record] of rows)
    if (evidence != null && !superseded.has(evidence))
      current.push({ kind: kind as string, source: source as string, state: state as string, record: record ?? null })
  return {
    application: Number(application),
    publicNumber: publicNumber as string,
    submittedAt: Number(submittedAt),
    pool: pool ?? null,
    household: household == null ? null : household.slice(2),
    persons: persons == null ? null : Number(persons),
    personIndex: byteaOf(personIndex as string),
    current,
  }
}
