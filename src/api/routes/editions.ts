import Type, { type Static } from 'typebox'
import type { EditionKind, Ground } from '../../publishing/edition.ts'
import { mostOfReason } from '../../publishing/published-text.ts'
import { noProgress } from '../../round/progress.ts'
import { type PublishedKind, publish } from '../../round/publish.ts'
import type { Sealed } from '../../round/seal.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import {
  AuthorityName,
  Count,
  component,
  Digest,
  Instant,
  Ordinal,
  orNull,
  publishedText,
  RoundName,
  ref,
  strict,
  word,
} from '../schemas/parts.ts'
import { RoundParams } from './rounds.ts'

export const Kind = word<EditionKind>('notice', 'final', 'correction', 'call-up')
const SealedEdition = component(
  'SealedEdition',
  strict({
    authority: AuthorityName,
    round: RoundName,
    edition: Ordinal,
    kind: Kind,
    digest: Digest,
    listDigest: Type.String({
      description: 'Digest of entries and cut-offs alone: the same list has the same one, whatever the day it was sealed.',
    }),
    supersedes: orNull(Digest),
    reason: Type.String(),
    sealedAt: Instant,
    sealedBy: Type.String(),
    counts: strict({ applicants: Count, eligible: Count, admitted: Count, atLine: Count }),
    cutOff: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description:
        'Of a round without pools; null if nobody is admitted, where pools have cut-offs of their own and where a score line decides.',
    }),
    setAside: Type.Array(strict({ pool: Type.String(), reason: Type.Array(Type.String()) }), {
      description: 'Pools that are missing since they do not hold, with the codes of docs/ranking.md.',
    }),
    entries: Type.Integer({ minimum: 0, description: 'How many stand on the list.' }),
  }),
)
export const editionComponents = [SealedEdition]

/** What is told of an edition that was just sealed. */
export function sealedView({ edition, listDigest }: Sealed): Static<typeof SealedEdition> {
  const { authority, round, kind, digest, supersedes, reason, sealedAt, sealedBy, counts, cutOff = null, setAside = [], entries } = edition
  return {
    ...{ authority, round, edition: edition.edition, kind, digest, listDigest, supersedes, reason, sealedAt, sealedBy, counts, cutOff },
    setAside: setAside.map(({ pool, reason }) => ({ pool, reason })),
    entries: entries.length,
  }
}

export function locationOf({ edition: { authority, round, edition } }: Sealed): string {
  return `/v1/published/${authority}/${round}/editions/${edition}`
}

export const sealedAnswer = { description: 'Sealed and public.', schema: ref('SealedEdition'), headers: { Location: { type: 'string' } } }
export const Reason = publishedText(mostOfReason, 'why there is this edition; it is published')
export const GroundWord = word<Ground>('evidence', 'eligibility', 'identity')

export const editions: Routes = (app, { office }) => {
  app.post(
    '/v1/rounds/:round/editions',
    operation({
      id: 'publishEdition',
      tag: 'Publishing',
      summary: 'Seal and publish a list',
      description:
        'First the notice (公示), then the final list. The run is verified once more; what does not hold is never sealed. A pool that does not hold is left out with the reason; once it holds, the same kind again adds it.',
      access: 'rounds:publish',
      params: RoundParams,
      body: strict({ kind: word<PublishedKind>('notice', 'final'), reason: Reason }),
      answers: { 201: sealedAnswer },
      refuses: [
        'unknown-round',
        'round-state',
        'round-busy',
        'clock-behind',
        'lot-without-draw',
        'round-altered',
        'run-does-not-hold',
        'list-changed',
      ],
    }),
    async (request, reply) => {
      const { kind, reason } = request.body
      const sealed = await publish(office, callerOf(request), request.params.round, { kind, reason, progress: noProgress })
      reply.code(201).header('location', locationOf(sealed))
      return sealedView(sealed)
    },
  )
}
