import pg from 'pg'
import { byteaOf, type CopyRow, copyOut } from './copy.ts'
import type { RunKey } from './runs.ts'

/*
 * A stored run as it lies there, for a verifier that trusts nothing: whatever an application, a frozen input, an entry or a standing lacks comes as null.
 * Each stream has the order that its pass asks for. Texts are sorted by their bytes.
 */

export type InputAndEntry = {
  application: number
  /** Null of what belongs to no application. */
  publicNumber: string | null
  pool: string | null
  household: Buffer | null
  persons: number | null
  /** The blind index of the person, the same for one person however often stored. */
  person: Buffer | null
  frozen: { document: string | null; claim: string | null; salt: Buffer | null; digest: Buffer | null } | null
  entry: {
    eligible: string | null
    total: number | null
    items: (number | null)[] | null
    chain: (number | null)[] | null
    pool: string | null
    household: Buffer | null
    persons: number | null
    receipt: Buffer | null
  } | null
  standing: { pool: string | null } | null
}

/**
 * Streams applications with their frozen inputs, entries and standings in the order of applications, and last what belongs to no application. Applications,
 * inputs and entries are read along their primary keys: a sort of a million documents would write them all to disk once more. Standings have no such key; they are
 * sorted, which is a number and the name of a pool for each of the eligible.
 */
export async function* inputsAndEntries(client: pg.ClientBase, key: RunKey): AsyncGenerator<InputAndEntry[]> {
  const { ofRound, ofRun } = conditions(key)
  await client.query('set local enable_hashjoin = off; set local enable_sort = off')
  const batches = copyOut(
    client,
    `copy (
      select p.application, p.public_number, p.pool, p.household, p.persons, p.person_index, i.application is not null, i.document, i.claim, i.salt, i.digest,
             e.application is not null, e.eligible, e.total, e.items, e.chain, e.pool, e.household, e.persons, e.receipt,
             s.application is not null, s.pool
      from (
        select a.application, a.public_number, a.pool, a.household, a.persons, n.citizen_number_index as person_index
        from (select * from applications where ${ofRound}) a
        left join persons n on n.authority = a.authority and n.person = a.person
        order by a.application
      ) p
      left join (select * from frozen_inputs where ${ofRound} order by application) i using (application)
      left join (select * from entries where ${ofRun} order by application) e using (application)
      left join (select application, pool from standings where ${ofRun} order by application) s using (application)
      order by p.application
    ) to stdout`,
  )
  for await (const batch of batches) yield batch.map(inputAndEntry)
  await client.query('set local enable_hashjoin = on; set local enable_sort = on')
  for await (const batch of strays(client, key)) yield batch
}

/** What belongs to no application of the round. */
async function* strays(client: pg.ClientBase, key: RunKey): AsyncGenerator<InputAndEntry[]> {
  const { ofRound, ofRun } = conditions(key)
  const stray = (table: string, where: string) =>
    `select application from (select application from ${table} where ${where}) t where not exists (
       select from applications a where ${ofRound} and a.application = t.application)`
  const batches = copyOut(
    client,
    `copy (
      select application, 'frozen' from (${stray('frozen_inputs', ofRound)}) i
      union all select application, 'entry' from (${stray('entries', ofRun)}) e
      union all select application, 'standing' from (${stray('standings', ofRun)}) s
    ) to stdout`,
  )
  const nothing = {
    publicNumber: null,
    pool: null,
    household: null,
    persons: null,
    person: null,
    frozen: null,
    entry: null,
    standing: null,
  }
  const [frozen, entry] = [
    { document: null, claim: null, salt: null, digest: null },
    { eligible: null, total: null, items: null, chain: null, pool: null, household: null, persons: null, receipt: null },
  ]
  for await (const batch of batches)
    yield batch.map(([application, what]) => ({
      ...nothing,
      application: Number(application),
      ...(what === 'frozen' ? { frozen } : what === 'entry' ? { entry } : { standing: { pool: null } }),
    }))
}

/** Streams every application with its input's digest in the byte order of public numbers. */
export async function* publicNumbers(
  client: pg.ClientBase,
  key: RunKey,
): AsyncGenerator<{ publicNumber: string; pool: string | null; digest: Buffer | null }[]> {
  const { ofRound } = conditions(key)
  const batches = copyOut(
    client,
    `copy (
      select a.public_number, a.pool, i.digest
      from (select application, public_number, pool from applications where ${ofRound}) a
      left join (select application, digest from frozen_inputs where ${ofRound}) i using (application)
      order by a.public_number collate "C"
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([publicNumber, pool, digest]) => ({ publicNumber: publicNumber as string, pool: pool ?? null, digest: bytes(digest) }))
}

/** Streams every application with its person's digest in the order of digests. */
export async function* personDigests(
  client: pg.ClientBase,
  key: RunKey,
): AsyncGenerator<{ publicNumber: string; pool: string | null; person: Buffer | null }[]> {
  const { ofRound } = conditions(key)
  const batches = copyOut(
    client,
    `copy (
      select a.public_number, a.pool, n.citizen_number_index
      from (select authority, person, public_number, pool from applications where ${ofRound}) a
      left join persons n on n.authority = a.authority and n.person = a.person
      order by n.citizen_number_index nulls last, a.public_number collate "C"
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([publicNumber, pool, person]) => ({ publicNumber: publicNumber as string, pool: pool ?? null, person: bytes(person) }))
}

/** Streams the standings that have a rank, pool by pool, best first. */
export async function* rankedStandings(
  client: pg.ClientBase,
  key: RunKey,
): AsyncGenerator<{ publicNumber: string; pool: string | null; rank: number; chain: (number | null)[] | null }[]> {
  const { ofRound, ofRun } = conditions(key)
  const batches = copyOut(
    client,
    `copy (
      select coalesce(a.public_number, ''), s.pool, s.rank, e.chain
      from (select application, pool, rank from standings where ${ofRun} and rank is not null) s
      left join (select application, chain from entries where ${ofRun}) e using (application)
      left join (select application, public_number from applications where ${ofRound}) a using (application)
      order by s.pool collate "C" nulls first, s.rank, application
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([publicNumber, pool, rank, chain]) => ({
      publicNumber: publicNumber as string,
      pool: pool ?? null,
      rank: Number(rank),
      chain: integers(chain),
    }))
}

export type Member = {
  application: number
  publicNumber: string
  pool: string | null
  household: Buffer
  chain: (number | null)[] | null
}

/** Streams the eligible entries that name a household, in the order of households. */
export async function* householdMembers(client: pg.ClientBase, key: RunKey): AsyncGenerator<Member[]> {
  const { ofRound, ofRun } = conditions(key)
  const batches = copyOut(
    client,
    `copy (
      select application, a.public_number, e.pool, e.household, e.chain
      from (select application, pool, household, chain from entries where ${ofRun} and eligible = 'yes' and household is not null) e
      join (select application, public_number from applications where ${ofRound}) a using (application)
      order by e.household
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([application, publicNumber, pool, household, chain]) => ({
      application: Number(application),
      publicNumber: publicNumber as string,
      pool: pool ?? null,
      household: bytes(household) as Buffer,
      chain: integers(chain),
    }))
}

export type EligibleEntry = {
  application: number
  publicNumber: string
  pool: string | null
  persons: number | null
  chain: (number | null)[] | null
  standing: { pool: string | null; rank: number | null; outcome: string | null; reserve: number | null; lot: Buffer | null } | null
}

/** Streams the eligible entries with their standings, best chain first, sorted anew by the values of the chains. */
export async function* eligibleEntries(
  client: pg.ClientBase,
  key: RunKey,
  directions: readonly ('asc' | 'desc')[],
): AsyncGenerator<EligibleEntry[]> {
  const { ofRound, ofRun } = conditions(key)
  const keys = directions.map((direction, i) => `e.chain[${i + 1}] ${direction === 'desc' ? 'desc' : 'asc'} nulls last`)
  const batches = copyOut(
    client,
    `copy (
      select application, a.public_number, e.pool, e.persons, e.chain, s.application is not null, s.pool, s.rank, s.outcome, s.reserve, s.lot
      from (select application, pool, persons, chain from entries where ${ofRun} and eligible = 'yes') e
      join (select application, public_number from applications where ${ofRound}) a using (application)
      left join (select application, pool, rank, outcome, reserve, lot from standings where ${ofRun}) s using (application)
      ${keys.length > 0 ? `order by ${keys.join(', ')}` : ''}
    ) to stdout`,
  )
  for await (const batch of batches) yield batch.map(eligibleEntry)
}

function eligibleEntry(row: CopyRow): EligibleEntry {
  const [application, publicNumber, pool, persons, chain, stands, standingPool, rank, outcome, reserve, lot] = row
  return {
    application: Number(application),
    publicNumber: publicNumber as string,
    pool: pool ?? null,
    persons: integer(persons),
    chain: integers(chain),
    standing:
      stands === 't'
        ? { pool: standingPool ?? null, rank: integer(rank), outcome: outcome ?? null, reserve: integer(reserve), lot: bytes(lot) }
        : null,
  }
}

export type PoolRow = {
  pool: string
  places: number | null
  eligible: number
  admitted: number
  admittedSecond: number
  unused: number | null
  cutOff: number[] | null
  atLine: number
}

/** What a run says of its pools. */
export async function poolsOfRun(client: pg.ClientBase, key: RunKey): Promise<PoolRow[]> {
  const { rows } = await client.query<PoolRow>(
    `select pool, places, eligible, admitted, admitted_second as "admittedSecond", unused, cut_off as "cutOff", at_line as "atLine"
     from run_pools where authority = $1 and round = $2 and run = $3 order by pool collate "C"`,
    [key.authority, key.round, key.run],
  )
  return rows
}

/** What is stored of a round beside its applications. */
export type FreezeAndDraw = {
  /** The moments of its freeze, the first step first; there ought to be one. */
  frozenAt: string[]
  /** The last draw that was entered, null if none was. */
  draw: { heldOn: string; numbers: string; enteredAt: string } | null
  /** Whether any input was frozen with its claim; none was in a round from before claims were kept. */
  hasClaims: boolean
}

export async function freezeAndDraw(client: pg.ClientBase, { authority, round }: Omit<RunKey, 'run'>): Promise<FreezeAndDraw> {
  const ofRound = [authority, round]
  const steps = await client.query<{ taken_at: string }>(
    `select taken_at from round_steps where authority = $1 and round = $2 and to_state = 'frozen' order by step`,
    ofRound,
  )
  const draws = await client.query<NonNullable<FreezeAndDraw['draw']>>(
    `select held_on as "heldOn", numbers, entered_at as "enteredAt" from draws where authority = $1 and round = $2 order by entry desc limit 1`,
    ofRound,
  )
  const claims = await client.query<{ exists: boolean }>(
    `select exists (select from frozen_inputs where authority = $1 and round = $2 and claim <> '')`,
    ofRound,
  )
  return {
    frozenAt: steps.rows.map(step => step.taken_at),
    draw: draws.rows[0] ?? null,
    hasClaims: claims.rows[0]?.exists === true,
  }
}

function conditions({ authority, round, run }: RunKey): { ofRound: string; ofRun: string } {
  const ofRound = `authority = ${pg.escapeLiteral(authority)} and round = ${pg.escapeLiteral(round)}`
  return { ofRound, ofRun: `${ofRound} and run = ${Number(run)}` }
}

function inputAndEntry(row: CopyRow): InputAndEntry {
  const [application, publicNumber, pool, household, persons, person, frozen, document, claim, salt, digest, ...rest] = row
  const [stored, eligible, total, items, chain, entryPool, entryHousehold, entryPersons, receipt, stands, standingPool] = rest
  return {
    application: Number(application),
    publicNumber: publicNumber ?? null,
    pool: pool ?? null,
    household: bytes(household),
    persons: integer(persons),
    person: bytes(person),
    frozen: frozen === 't' ? { document: document ?? null, claim: claim ?? null, salt: bytes(salt), digest: bytes(digest) } : null,
    entry:
      stored === 't'
        ? {
            eligible: eligible ?? null,
            total: integer(total),
            items: integers(items),
            chain: integers(chain),
            pool: entryPool ?? null,
            household: bytes(entryHousehold),
            persons: integer(entryPersons),
            receipt: bytes(receipt),
          }
        : null,
    standing: stands === 't' ? { pool: standingPool ?? null } : null,
  }
}

type Field = string | null | undefined

const integer = (field: Field): number | null => (field == null ? null : Number(field))
const bytes = (field: Field): Buffer | null => (field == null ? null : byteaOf(field))
const integers = (field: Field): (number | null)[] | null =>
  field == null
    ? null
    : field === '{}'
      ? []
      : field
          .slice(1, -1)
          .split(',')
          .map(value => (value === 'NULL' ? null : Number(value)))
