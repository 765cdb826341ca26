import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { Correction } from './amendments.ts'
import { byteaOf, copyOut } from './copy.ts'
import type { Database, EvidenceState } from './database.ts'
import type { RunKey } from './runs.ts'

/** A record that a decision names, or one that it took the place of. */
export type NamedRecord = {
  /** Which of the named records it belongs to, and how many steps before it: 0 is the named one itself. */
  named: number
  step: number
  kind: string
  source: string
  state: EvidenceState
  record: { [field: string]: never } | null
  isCurrent: boolean
}

/** Named records of one person with all that they supersede, directly or not, the nearest first. What is not of this person is left out. */
export async function namedRecords(
  db: Kysely<Database>,
  authority: string,
  person: number,
  records: readonly number[],
): Promise<NamedRecord[]> {
  const { rows } = await sql<NamedRecord>`
    with recursive line as (
      select e.evidence as named, 0 as step, e.* from evidence e
      where e.authority = ${authority} and e.person = ${person} and e.evidence = any(${records}::int8[])
      union all
      select line.named, line.step + 1, e.* from line
      join evidence e on e.authority = line.authority and e.person = line.person and e.evidence = line.supersedes
    )
    select named, step, kind, source, state, record, not exists (
      select from evidence later where later.authority = line.authority and later.person = line.person and later.supersedes = line.evidence
    ) as "isCurrent"
    from line order by named, step`.execute(db)
  return rows
}

/** Kinds of which a source was verified to hold nothing, and that still holds. */
export async function kindsWithNothing(db: Kysely<Database>, authority: string, person: number): Promise<string[]> {
  const { rows } = await sql<{ kind: string }>`
    select distinct kind from evidence e
    where authority = ${authority} and person = ${person} and state = 'verified' and record is null and not exists (
      select from evidence later where later.authority = e.authority and later.person = e.person and later.supersedes = e.evidence)`.execute(
    db,
  )
  return rows.map(row => row.kind)
}

/** A correction with what its digest binds it to: the claim and the blind index of the person who applied. */
export type BoundCorrection = Correction & { claim: string; personIndex: Buffer }

/** The corrections of a round, oldest first; there are few. */
export async function correctionsOf(db: Kysely<Database>, authority: string, round: string): Promise<BoundCorrection[]> {
  return db
    .selectFrom('corrections as c')
    .innerJoin('frozen_inputs as f', join =>
      join.onRef('f.authority', '=', 'c.authority').onRef('f.round', '=', 'c.round').onRef('f.application', '=', 'c.application'),
    )
    .innerJoin('applications as a', join =>
      join.onRef('a.authority', '=', 'c.authority').onRef('a.round', '=', 'c.round').onRef('a.application', '=', 'c.application'),
    )
    .innerJoin('persons as p', join => join.onRef('p.authority', '=', 'a.authority').onRef('p.person', '=', 'a.person'))
    .selectAll('c')
    .select(['f.claim', 'p.citizen_number_index as personIndex'])
    .where('c.authority', '=', authority)
    .where('c.round', '=', round)
    .orderBy('c.edition')
    .execute()
}

/** An eligible application of a household as last corrected. */
export type Member = { application: number; public_number: string; pool: string; weight: number; chain: number[] }

/** The eligible applications of a household as last corrected, in no order; of an application without household that one alone. */
export async function membersOf(
  db: Kysely<Database>,
  { authority, round, run }: RunKey,
  { application, household }: { application: number; household: Buffer | null },
): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select a.application, a.public_number, coalesce(a.pool, '') as pool, coalesce(e.persons, 1) as weight,
      case when c.eligible is null then e.chain else c.chain end as chain
    from applications a
    join entries e on e.authority = a.authority and e.round = a.round and e.run = ${run} and e.application = a.application
    left join lateral (
      select eligible, chain from corrections c where c.authority = a.authority and c.round = a.round and c.application = a.application
      order by edition desc limit 1
    ) c on true
    where a.authority = ${authority} and a.round = ${round} and coalesce(c.eligible, e.eligible) = 'yes'
      and a.application = any(array(
        select ${application}::int8
        union select application from applications where authority = ${authority} and round = ${round} and household = ${household}::bytea))`.execute(
    db,
  )
  return rows
}

/** A head of a household in the filling that corrections ask for. `holds` says whether the household holds a place now. */
export type RefilledHead = { unit: Buffer; publicNumber: string; pool: string; weight: number; chain: number[]; holds: boolean }

/**
 * Streams the heads of all households with all chains as last corrected, heads chosen anew, best first over all pools. Reads on the client of the
 * transaction that has written the correction.
 */
export async function* refilledHeads(
  client: pg.ClientBase,
  { authority, round, run }: RunKey,
  order: readonly { direction: 'asc' | 'desc' }[],
): AsyncGenerator<RefilledHead[]> {
  const [a, r] = [pg.escapeLiteral(authority), pg.escapeLiteral(round)]
  const here = (table: string) => `${table}.authority = ${a} and ${table}.round = ${r}`
  const best = order.map(({ direction }, i) => `chain[${i + 1}] ${direction === 'desc' ? 'desc' : 'asc'}`).join(', ')
  await client.query('set local enable_nestloop = off')
  const batches = copyOut(
    client,
    `copy (
      with corrected as (
        select distinct on (application) application, eligible, chain from corrections c where ${here('c')} order by application, edition desc
      ), eligible as (
        select e.household, coalesce(e.household, int8send(e.application)) as unit, a.public_number, coalesce(e.pool, '') as pool,
          coalesce(e.persons, 1) as weight, case when c.application is null then e.chain else c.chain end as chain
        from entries e join applications a using (authority, round, application) left join corrected c using (application)
        where ${here('e')} and e.run = ${Number(run)} and case when c.application is null then e.eligible else c.eligible end = 'yes'
      ), heads as (
        select unit, public_number, pool, weight, chain from eligible where household is null
        union all
        (select distinct on (unit) unit, public_number, pool, weight, chain from eligible where household is not null
          order by unit, ${best}, public_number)
      ), amended as (
        select distinct on (unit) unit, listed from amendments m where ${here('m')} order by unit, edition desc
      ), listed as (
        select p.unit from (
          select coalesce(e.household, int8send(e.application)) as unit
          from standings s join entries e using (authority, round, run, application)
          where ${here('s')} and s.run = ${Number(run)} and s.outcome in ('first', 'second')
        ) p where not exists (select from amended where amended.unit = p.unit)
        union all select unit from amended where amended.listed
      ), holding as (
        select unit from listed where not exists (
          select from settlements t where ${here('t')} and t.unit = listed.unit and t.outcome = 'lapsed')
      )
      select h.unit, h.public_number, h.pool, h.weight, h.chain, holding.unit is not null
      from heads h left join holding using (unit)
      order by ${best}, h.public_number
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([unit, publicNumber, pool, weight, chain, holds]) => ({
      unit: byteaOf(unit as string),
      publicNumber: publicNumber as string,
      pool: pool as string,
      weight: Number(weight),
      chain: (chain as string).slice(1, -1).split(',').map(Number),
      holds: holds === 't',
    }))
  await client.query('set local enable_nestloop = default')
}
