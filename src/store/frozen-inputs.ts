import type { Kysely, Selectable } from 'kysely'
import pg from 'pg'
import { byteaOf, byteaText, type CopyWriter, copyIn, copyOut } from './copy.ts'
import type { Database, FrozenInputsTable } from './database.ts'

export type FrozenInput = Selectable<FrozenInputsTable>
export type NewFrozenInput = { application: number; document: string; claim: string; salt: Buffer; digest: Buffer }

export async function getFrozenInput(
  db: Kysely<Database>,
  authority: string,
  round: string,
  application: number,
): Promise<FrozenInput | undefined> {
  const query = db.selectFrom('frozen_inputs').selectAll().where('authority', '=', authority).where('round', '=', round)
  return query.where('application', '=', application).executeTakeFirst()
}

/** Opens a COPY into the frozen inputs of one round; see `CopyWriter`. */
export function frozenInputWriter(
  client: pg.ClientBase,
  authority: string,
  round: string,
): Omit<CopyWriter, 'write'> & { write(input: NewFrozenInput): Promise<void> | undefined } {
  const writer = copyIn(client, 'copy frozen_inputs (authority, round, application, document, claim, salt, digest) from stdin')
  return {
    write: ({ application, document, claim, salt, digest }) =>
      writer.write([authority, round, application, document, claim, byteaText(salt), byteaText(digest)]),
    end: writer.end,
    destroy: writer.destroy,
  }
}

/** `digest` is in hexadecimal. */
export type InputToScore = { application: string; document: string; claim: string; digest: string }

/** Streams all frozen inputs of a round as they lie there, in no order: a sort of a million documents would spill gigabytes. */
export async function* frozenInputsOfRound(client: pg.ClientBase, authority: string, round: string): AsyncGenerator<InputToScore[]> {
  const [a, r] = [pg.escapeLiteral(authority), pg.escapeLiteral(round)]
  const batches = copyOut(
    client,
    `copy (
      select application, document, claim, encode(digest, 'hex') from frozen_inputs where authority = ${a} and round = ${r}
    ) to stdout`,
  )
  for await (const batch of batches)
    yield batch.map(([application, document, claim, digest]) => ({ application, document, claim, digest }) as InputToScore)
}

/** Streams the digests of all frozen inputs of a round in the byte order of public numbers. */
export async function* inputDigestsOfRound(client: pg.ClientBase, authority: string, round: string): AsyncGenerator<Buffer[]> {
  const [a, r] = [pg.escapeLiteral(authority), pg.escapeLiteral(round)]
  const batches = copyOut(
    client,
    `copy (
      select i.digest from frozen_inputs i join applications p using (authority, round, application)
      where i.authority = ${a} and i.round = ${r}
      order by p.public_number
    ) to stdout`,
  )
  for await (const batch of batches) yield batch.map(([digest]) => byteaOf(digest as string))
}
