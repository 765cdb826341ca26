import pg from 'pg'
import { byteaOf, type CopyRow, copyOut } from './copy.ts'
import type { RunKey } from './runs.ts'

/*
 * A stored run as it lies there, for a verifier that trusts nothing: whatever an application, a frozen input or an entry lacks comes
 * as null, and what belongs to no application comes last.
 */

export type InputAndEntry = {
  publicNumber: string | null
  /** The blind index of the person, the same for one person however often stored. */
  person: Buffer | null
  frozen: { document: string | null; salt: Buffer | null; digest: Buffer | null } | null
  entry: {
    eligible: string | null
    total: number | null
    items: (number | null)[] | null
    chain: (number | null)[] | null
    rank: number | null
    admitted: boolean | null
    lot: Buffer | null
  } | null
}

export type RankedEntry = {
  publicNumber: string
  chain: (number | null)[] | null
  rank: number | null
  admitted: boolean | null
  lot: Buffer | null
}

/** Streams applications, frozen inputs and entries of a run joined by application, in the byte order of public numbers. */
export async function* inputsAndEntries(client: pg.ClientBase, { authority, round, run }: RunKey): AsyncGenerator<InputAndEntry[]> {
  const [a, r] = [pg.escapeLiteral(authority), pg.escapeLiteral(round)]
  const batches = copyOut(
    client,
    `copy (
      select p.public_number, p.person_index, i.application is not null, i.document, i.salt, i.digest,
             e.application is not null, e.eligible, e.total, e.items, e.chain, e.rank, e.admitted, e.lot
      from (
        select a.application, a.public_number, s.citizen_number_index as person_index
        from applications a left join persons s on s.authority = a.authority and s.person = a.person
        where a.authority = ${a} and a.round = ${r}
      ) p
      full join (select * from frozen_inputs where authority = ${a} and round = ${r}) i using (application)
      full join (select * from entries where authority = ${a} and round = ${r} and run = ${Number(run)}) e using (application)
      order by p.public_number nulls last
    ) to stdout`,
  )
  for await (const batch of batches) yield batch.map(inputAndEntry)
}

/** Streams the entries of a run that have a rank, best first, within a rank by public number. */
export async function* rankedEntries(client: pg.ClientBase, { authority, round, run }: RunKey): AsyncGenerator<RankedEntry[]> {
  const [a, r] = [pg.escapeLiteral(authority), pg.escapeLiteral(round)]
  const batches = copyOut(
    client,
    `copy (
      select coalesce(p.public_number, ''), e.chain, e.rank, e.admitted, e.lot
      from entries e left join applications p using (authority, round, application)
      where e.authority = ${a} and e.round = ${r} and e.run = ${Number(run)} and e.rank is not null
      order by e.rank, p.public_number
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([publicNumber, chain, rank, admitted, lot]) => ({
      publicNumber: publicNumber as string,
      chain: integers(chain),
      rank: integer(rank),
      admitted: truth(admitted),
      lot: bytes(lot),
    }))
}

function inputAndEntry(row: CopyRow): InputAndEntry {
  const [publicNumber, person, frozen, document, salt, digest, stored, eligible, total, items, chain, rank, admitted, lot] = row
  return {
    publicNumber: publicNumber ?? null,
    person: bytes(person),
    frozen: frozen === 't' ? { document: document ?? null, salt: bytes(salt), digest: bytes(digest) } : null,
    entry:
      stored === 't'
        ? {
            eligible: eligible ?? null,
            total: integer(total),
            items: integers(items),
            chain: integers(chain),
            rank: integer(rank),
            admitted: truth(admitted),
            lot: bytes(lot),
          }
        : null,
  }
}

type Field = string | null | undefined

const integer = (field: Field): number | null => (field == null ? null : Number(field))
const truth = (field: Field): boolean | null => (field == null ? null : field === 't')
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
