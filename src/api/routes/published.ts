import Type, { type Static } from 'typebox'
import { PublishedEditionSchema } from '../../publishing/edition-schema.ts'
import { editionEntries, editionOf, editionsOf } from '../../round/editions.ts'
import { freezeStatement } from '../../round/freeze-statement.ts'
import type { EditionEntry } from '../../store/editions.ts'
import { Refusal } from '../../values/refusal.ts'
import { operation } from '../operation.ts'
import { isNumber, PageQuery, pageOf, readAfter, readPage } from '../paging.ts'
import type { Routes } from '../routes.ts'
import {
  AuthorityName,
  Count,
  component,
  Day,
  Digest,
  Instant,
  Ordinal,
  orNull,
  Points,
  PublicNumber,
  RoundName,
  ref,
  strict,
  word,
} from '../schemas/parts.ts'
import { Kind } from './editions.ts'

const Head = component(
  'EditionHead',
  strict({ edition: Ordinal, kind: Kind, digest: Digest, supersedes: orNull(Digest), reason: Type.String(), sealedAt: Instant }),
)
const Entry = component(
  'EditionEntry',
  strict({
    position: Ordinal,
    rank: orNull(Ordinal),
    publicNumber: PublicNumber,
    name: Type.String(),
    total: Points,
    pool: orNull(Type.String()),
    through: Type.Union([word('second-round', 'correction', 'call-up'), Type.Null()], {
      description: 'How somebody came onto the list otherwise than in the first round.',
    }),
  }),
)
const Edition = component(
  'Edition',
  Type.Unsafe<unknown>({
    ...PublishedEditionSchema,
    description:
      'A sealed edition: canonical JSON, whose SHA-256 without the member `digest` is that digest. `points verify` checks it offline. `format` says which of the two forms it has.',
  }),
)
const Freeze = component(
  'FreezeStatement',
  strict({
    authority: AuthorityName,
    round: RoundName,
    frozenAt: Instant,
    applications: Count,
    inputs: Digest,
    lotSecretDigest: orNull(Digest),
    draws: Type.Array(strict({ name: Type.String(), heldOn: Day, numbers: Type.String(), enteredAt: Instant }), {
      description: 'Every draw that was entered, oldest first; the last one counts.',
    }),
  }),
)
export const publishedComponents = [Head, Entry, Edition, Freeze]

const tag = 'Published lists'
const roundOf = { authority: AuthorityName, round: RoundName }
/** A sealed edition never changes; an hour, so that a list that must go offline is gone from caches the same day. */
const cached = 'public, max-age=3600'

function entryView(row: EditionEntry): Static<typeof Entry> {
  return {
    position: row.position,
    rank: row.rank,
    publicNumber: row.public_number,
    name: row.name_masked,
    total: row.total,
    pool: row.pool,
    through: row.through,
  }
}

export const published: Routes = (app, { office }) => {
  /** The editions of a round. A round that has published nothing is unknown to the public. */
  const editionsOfRound = async ({ authority, round }: { authority: string; round: string }) => {
    const found = await editionsOf(office, authority, round)
    if (found.length === 0) throw new Refusal('nothing-published', `Nothing has been published for round ${round} of ${authority}.`)
    return found
  }

  app.get(
    '/v1/published/:authority/:round/freeze',
    operation({
      id: 'getFreeze',
      tag,
      summary: 'What a frozen round committed itself to',
      description: 'Public at once: the draw that decides lots is the first one on a day after this moment.',
      access: 'public',
      params: strict(roundOf),
      answers: { 200: { description: 'The statement.', schema: ref('FreezeStatement') } },
      refuses: ['nothing-published'],
    }),
    async request => {
      const { authority, round } = request.params
      return (await freezeStatement(office, authority, round)) satisfies Static<typeof Freeze>
    },
  )

  app.get(
    '/v1/published/:authority/:round/editions',
    operation({
      id: 'listEditions',
      tag,
      summary: 'The published editions of a round, oldest first',
      access: 'public',
      params: strict(roundOf),
      answers: { 200: { description: 'The editions.', schema: strict({ items: Type.Array(ref('EditionHead')) }) } },
      refuses: ['nothing-published'],
    }),
    async request => {
      const found = await editionsOfRound(request.params)
      const items = found.map(({ edition, kind, digest, supersedes, reason, sealed_at }) => ({
        edition,
        kind,
        digest,
        supersedes,
        reason,
        sealedAt: sealed_at,
      }))
      return { items: items satisfies Static<typeof Head>[] }
    },
  )

  app.get(
    '/v1/published/:authority/:round/editions/:edition',
    operation({
      id: 'getEdition',
      tag,
      summary: 'A sealed edition, byte for byte as it was sealed',
      description: 'The ETag is its digest.',
      access: 'public',
      params: strict({ ...roundOf, edition: Ordinal }),
      answers: {
        200: {
          description: 'The edition.',
          schema: ref('Edition'),
          headers: { ETag: { type: 'string' }, 'Cache-Control': { type: 'string' } },
        },
        304: { description: 'The caller has this edition.' },
      },
      refuses: ['unknown-edition', 'round-altered'],
    }),
    async (request, reply) => {
      const { authority, round, edition } = request.params
      const { document, digest } = await editionOf(office, authority, round, edition)
      reply.header('etag', `"${digest}"`).header('cache-control', cached)
      if (has(request.headers['if-none-match'], `"${digest}"`)) return reply.code(304).send()
      // As bytes, so that no serialiser touches what was sealed.
      return reply.type('application/json').send(Buffer.from(document, 'utf8'))
    },
  )

  app.get(
    '/v1/published/:authority/:round/editions/:edition/entries',
    operation({
      id: 'listEntries',
      tag,
      summary: 'A published list in pages, best first',
      access: 'public',
      params: strict({ ...roundOf, edition: Ordinal }),
      query: PageQuery,
      answers: { 200: { description: 'A page of the list.', schema: pageOf(ref('EditionEntry')) } },
      refuses: ['nothing-published', 'unknown-edition', 'round-altered'],
    }),
    async (request, reply) => {
      const { authority, round, edition } = request.params
      const after = readAfter<[number]>(request.query.after, [isNumber(2_147_483_647)])?.[0]
      const heads = await editionsOfRound(request.params)
      if (!heads.some(head => head.edition === edition)) throw new Refusal('unknown-edition', `Round ${round} has no edition ${edition}.`)
      reply.header('cache-control', cached)
      return readPage(request, request.query.limit, limit => editionEntries(office, { authority, round, edition, after, limit }), {
        item: entryView,
        key: row => [row.position],
      })
    },
  )
}

/** If-None-Match by weak comparison (RFC 9110, 13.1.2). */
function has(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
