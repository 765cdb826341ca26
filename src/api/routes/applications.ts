import type { Static } from 'typebox'
import { applicationOf, apply } from '../../round/applications.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import { component, Id, Instant, PublicNumber, RoundName, ref, strict } from '../schemas/parts.ts'
import { RoundParams } from './rounds.ts'

const Taken = component('TakenApplication', strict({ publicNumber: PublicNumber, submittedAt: Instant }))
const Application = component('Application', strict({ publicNumber: PublicNumber, person: Id, submittedAt: Instant }))
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
      body: strict({ person: Id }),
      answers: { 201: { description: 'Taken.', schema: ref('TakenApplication'), headers: { Location: { type: 'string' } } } },
      refuses: ['unknown-round', 'unknown-person', 'round-not-open', 'round-busy', 'second-application', 'public-number-taken'],
    }),
    async (request, reply) => {
      const { round } = request.params
      const taken: Static<typeof Taken> = await apply(office, callerOf(request), round, request.body.person)
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
      return { publicNumber: found.public_number, person: found.person, submittedAt: found.submitted_at } satisfies Static<
        typeof Application
      >
    },
  )
}
