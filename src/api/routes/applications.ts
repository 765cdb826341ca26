import Type, { type Static } from 'typebox'
import { applicationOf, apply, correctClaim } from '../../round/applications.ts'
import type { Application as StoredApplication } from '../../store/applications.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import { component, Id, Instant, orNull, PublicNumber, RoundName, ref, strict } from '../schemas/parts.ts'
import { RoundParams } from './rounds.ts'

const Taken = component('TakenApplication', strict({ publicNumber: PublicNumber, submittedAt: Instant }))
const Application = component(
  'Application',
  strict({
    publicNumber: PublicNumber,
    person: Id,
    submittedAt: Instant,
    pool: orNull(Type.String()),
    inHousehold: Type.Boolean({ description: 'Whether a household was named. Its label is not kept, only a keyed digest of it.' }),
    persons: orNull(Type.Integer({ minimum: 1, maximum: 99 })),
  }),
)
/** What the rules of a round may ask of an application. */
const claim = {
  pool: Type.Optional(Type.String({ maxLength: 60, description: 'The pool, where the rules have pools.' })),
  household: Type.Optional(
    Type.String({
      maxLength: 100,
      description:
        'A label that is the same in all applications of one household, where a place is for households or persons. Only a keyed digest of it is kept.',
    }),
  ),
  persons: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 99, description: 'How many settle, the applicant included, where a place is for each person.' }),
  ),
}
export const applicationComponents = [Taken, Application]

const tag = 'Rounds'

export const applications: Routes = (app, { office }) => {
  app.post(
    '/v1/rounds/:round/applications',
    operation({
      id: 'apply',
      tag,
      summary: 'Take the application of a registered person',
      description:
        'The public number is random; the lists name the application by it. Give it to the applicant. `second-application` tells the number again, in every state of the round.',
      access: 'persons:write',
      params: RoundParams,
      body: strict({ person: Id, ...claim }),
      answers: { 201: { description: 'Taken.', schema: ref('TakenApplication'), headers: { Location: { type: 'string' } } } },
      refuses: [
        'unknown-round',
        'unknown-person',
        'invalid-claim',
        'lot-without-draw',
        'round-not-open',
        'round-busy',
        'second-application',
        'public-number-taken',
      ],
    }),
    async (request, reply) => {
      const { round } = request.params
      const taken: Static<typeof Taken> = await apply(office, callerOf(request), round, request.body.person, request.body)
      reply.code(201).header('location', `/v1/rounds/${round}/applications/${taken.publicNumber}`)
      return taken
    },
  )

  app.get(
    '/v1/rounds/:round/applications/:publicNumber',
    operation({
      id: 'getApplication',
      tag,
      summary: 'An application by its public number',
      access: 'rounds:read',
      params: strict({ round: RoundName, publicNumber: PublicNumber }),
      answers: { 200: { description: 'The application.', schema: ref('Application') } },
      refuses: ['unknown-application'],
    }),
    async request => {
      const found = await applicationOf(office, callerOf(request), request.params.round, request.params.publicNumber)
      return view(found)
    },
  )

  app.put(
    '/v1/rounds/:round/applications/:publicNumber/claim',
    operation({
      id: 'correctClaim',
      tag,
      summary: 'Put right the pool, household and persons of an application',
      description:
        'All three are given anew. Until the round is frozen: a freeze refuses a household in two pools, and a pool that the evidence excludes.',
      access: 'persons:write',
      params: strict({ round: RoundName, publicNumber: PublicNumber }),
      body: strict(claim),
      answers: { 200: { description: 'The application.', schema: ref('Application') } },
      refuses: ['unknown-round', 'unknown-application', 'invalid-claim', 'lot-without-draw', 'round-state', 'round-busy'],
    }),
    async request => {
      const { round, publicNumber } = request.params
      return view(await correctClaim(office, callerOf(request), round, publicNumber, request.body))
    },
  )
}

function view(stored: StoredApplication): Static<typeof Application> {
  const { public_number: publicNumber, person, submitted_at: submittedAt, pool, household, persons } = stored
  return { publicNumber, person, submittedAt, pool, inHousehold: household !== null, persons }
}
