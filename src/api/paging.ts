import type { FastifyRequest } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { Refusal } from '../values/refusal.ts'
import { orNull, strict } from './schemas/parts.ts'

const usual = 100

/** Every list is read by key in pages, so that each request is bounded work however long the list is. */
export const PageQuery = strict({
  after: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9_-]{1,200}$', description: 'a page key, as the page before gives it under "next"' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: `Most items of the page; ${usual} if not said.` })),
})

export function pageOf<T extends TSchema>(items: T) {
  return strict({
    items: Type.Array(items),
    next: orNull(Type.String({ description: 'Address of the next page.', examples: ['/v1/rounds?after=WyIyMDIwIl0&limit=100'] })),
  })
}

type KeyPart = string | number

/** Reads the page key; it must have the parts that `is` checks. @throws Refusal `invalid-request` */
export function readAfter<K extends KeyPart[]>(
  after: string | undefined,
  is: { [i in keyof K]: (part: unknown) => part is K[i] },
): K | undefined {
  if (after === undefined) return undefined
  const key = parsed(after)
  if (Array.isArray(key) && key.length === is.length && is.every((check, i) => check(key[i]))) return key as K
  const fault = {
    code: 'wrong-page-key',
    pointer: '/after',
    in: 'query',
    message: 'This is no page key of this list; take it from "next" of the page before.',
  }
  throw new Refusal('invalid-request', [fault])
}

function parsed(after: string): unknown {
  try {
    return JSON.parse(Buffer.from(after, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

export const isText = (part: unknown): part is string =>
  typeof part === 'string' && part.length <= 100 && !part.includes('\0') && part.isWellFormed()
export const isNumber =
  (most: number) =>
  (part: unknown): part is number =>
    Number.isSafeInteger(part) && (part as number) >= 0 && (part as number) <= most

/** Reads one row more than the page shows, to know whether there is a next page, and gives the page. */
export async function readPage<Row, Item>(
  request: FastifyRequest,
  limit: number | undefined,
  read: (limit: number) => Promise<Row[]>,
  { item, key }: { item: (row: Row) => Item; key: (row: Row) => KeyPart[] },
): Promise<{ items: Item[]; next: string | null }> {
  const most = limit ?? usual
  const rows = await read(most + 1)
  const last = rows.length > most ? (rows[most - 1] as Row) : undefined
  const path = request.url.split('?')[0]
  const next = last === undefined ? null : `${path}?after=${Buffer.from(JSON.stringify(key(last))).toString('base64url')}&limit=${most}`
  return { items: rows.slice(0, most).map(item), next }
}
