import type pg from 'pg'
import type { OrderKey } from '../../src/ranking/order-keys.ts'
import { copyIn, copyOut } from '../../src/store/copy.ts'

/*
 * What the stages are measured against, on the very rows of the run: the least that PostgreSQL, and COPY with JSON, need for as many applicants.
 */

export type Floors = { sqlRank: number; copyRoundTrip: number; insertSelect: number }
type Key = { authority: string; round: string; run: number }

const clock = () => performance.now() / 1000

/** Bare `rank()` into a table without an index, over the chains as the entries keep them. */
export async function sqlRank(client: pg.ClientBase, { authority, round, run }: Key, order: readonly OrderKey[]): Promise<number> {
  const keys = order.map(({ direction }, i) => `chain[${i + 1}] ${direction}`).join(', ')
  return timed(client, async () => {
    await client.query(
      `create table floor_rank as select application, rank() over (order by ${keys}) as rank from entries
       where authority = '${authority}' and round = '${round}' and run = ${run} and eligible = 'yes'`,
    )
  })
}

/** Documents out by COPY, JSON.parse, as many rows of an entry's shape back by COPY, under the primary key of the entries; nothing is scored. */
export async function copyRoundTrip(
  reader: pg.ClientBase,
  writer: pg.ClientBase,
  { authority, round }: Key,
  items: number,
  keys: number,
): Promise<number> {
  const constant = `{${Array(items).fill(1500).join(',')}}`
  const chain = `{${Array(keys).fill(14000).join(',')}}`
  await writer.query('create table floor_copy (like entries including indexes)')
  return timed(writer, async () => {
    const columns = 'authority, round, run, application, eligible, total, items, reasons, missing, chain'
    const copy = copyIn(writer, `copy floor_copy (${columns}) from stdin`)
    const where = `authority = '${authority}' and round = '${round}'`
    let parsed = 0
    for await (const batch of copyOut(reader, `copy (select application, document from frozen_inputs where ${where}) to stdout`))
      for (const [application, document] of batch) {
        if (JSON.parse(document as string) !== null) parsed++
        const behind = copy.write([authority, round, 1, application as string, 'yes', 4500, constant, '[]', '{}', chain])
        if (behind) await behind
      }
    if ((await copy.end()) !== parsed) throw new Error('rows were lost on the way')
  })
}

/** `INSERT … SELECT` with the arithmetic of a total over the stored items, under the primary key of the entries. */
export async function insertSelect(client: pg.ClientBase, { authority, round, run }: Key, items: number): Promise<number> {
  const sum = Array.from({ length: items }, (_, i) => `coalesce(items[${i + 1}], 0)`).join(' + ')
  await client.query('create table floor_insert (like entries including indexes)')
  return timed(client, async () => {
    await client.query(
      `insert into floor_insert (authority, round, run, application, eligible, total, items, reasons, missing)
       select authority, round, run, application, eligible, ${sum}, '{}', '[]', '{}' from entries
       where authority = '${authority}' and round = '${round}' and run = ${run}`,
    )
  })
}

async function timed(client: pg.ClientBase, work: () => Promise<void>): Promise<number> {
  await client.query('begin')
  const started = clock()
  await work()
  await client.query('commit')
  const seconds = clock() - started
  await client.query('drop table if exists floor_rank, floor_copy, floor_insert')
  await client.query('checkpoint')
  return seconds
}
