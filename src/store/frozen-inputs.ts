import type { Kysely, Selectable } from 'kysely'
import pg from 'pg'
import { byteaText, type CopyRow, type CopyWriter, copyIn, copyOut } from './copy.ts'
import type { Database, FrozenInputsTable } from './database.ts'

export type FrozenInput = Selectable<FrozenInputsTable>
export type NewFrozenInput = { application: number; document: string; salt: Buffer; digest: Buffer }

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
  const writer = copyIn(client, 'copy frozen_inputs (authority, round, application, document, salt, digest) from stdin')
  return {
    write: input => writer.write([authority, round, input.application, input.document, byteaText(input.salt), byteaText(input.digest)]),
    end: writer.end,
    destroy: writer.destroy,
  }
}

/**
 * Streams all frozen inputs of a round in the byte order of public numbers: batches of rows [application, public number, document, salt,
 * digest], the last two as PostgreSQL writes bytes (`byteaOf` reads them).
 */
export function frozenInputsOfRound(client: pg.ClientBase, authority: string, round: string): AsyncGenerator<CopyRow[]> {
  const [a, r] = [pg.escapeLiteral(authority), pg.escapeLiteral(round)]
  return copyOut(
    client,
    `copy (
      select i.application, p.public_number, i.document, i.salt, i.digest
      from frozen_inputs i join applications p using (authority, round, application)
      where i.authority = ${a} and i.round = ${r}
      order by p.public_number
    ) to stdout`,
  )
}
