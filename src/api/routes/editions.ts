import Type, { type Static } from 'typebox'
import type { EditionKind } from '../../publishing/edition.ts'
import { noProgress } from '../../round/progress.ts'
import { publish } from '../../round/publish.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import { AuthorityName, Count, component, Digest, Instant, Ordinal, orNull, RoundName, ref, strict, word } from '../schemas/parts.ts'
import { RoundParams } from './rounds.ts'

export const Kind = word<EditionKind>('notice', 'final')
const Sealed = component(
  'SealedEdition',
  strict({
    authority: AuthorityName,
    round: RoundName,
    edition: Ordinal,
    kind: Kind,
    digest: Digest,
    listDigest: Type.String({
      description: 'Digest of entries and cut-off alone: the same list has the same one, whatever the day it was sealed.',
    }),
    supersedes: orNull(Digest),
    reason: Type.String(),
    sealedAt: Instant,
    sealedBy: Type.String(),
    counts: strict({ applicants: Count, eligible: Count, admitted: Count, atLine: Count }),
    cutOff: orNull(Type.Array(Type.String())),
  }),
)
export const editionComponents = [Sealed]

export const editions: Routes = (app, { office }) => {
  app.post(
    '/v1/rounds/:round/editions',
    operation({
      id: 'publishEdition',
      tag: 'Publishing',
      summary: 'Seal and publish a list',
      description: 'First the notice (公示), then the final list. The run is verified once more; what does not hold is never sealed.',
      access: 'rounds:publish',
      params: RoundParams,
      body: strict({ kind: Kind, reason: Type.String({ minLength: 1, maxLength: 2000 }) }),
      answers: {
        201: { description: 'Sealed and public.', schema: ref('SealedEdition'), headers: { Location: { type: 'string' } } },
      },
      refuses: ['unknown-round', 'round-state', 'round-busy', 'round-altered', 'run-does-not-hold', 'list-changed'],
    }),
    async (request, reply) => {
      const { kind, reason } = request.body
      const { edition, listDigest } = await publish(office, callerOf(request), request.params.round, { kind, reason, progress: noProgress })
      const { authority, round, edition: number, digest, supersedes, sealedAt, sealedBy, counts, cutOff } = edition
      reply.code(201).header('location', `/v1/published/${authority}/${round}/editions/${number}`)
      return {
        authority,
        round,
        edition: number,
        kind,
        digest,
        listDigest,
        supersedes,
        reason,
        sealedAt,
        sealedBy,
        counts,
        cutOff,
      } satisfies Static<typeof Sealed>
    },
  )
}
