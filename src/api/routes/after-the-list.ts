import Type from 'typebox'
import { mostOfDecision } from '../../publishing/published-text.ts'
import { callUp } from '../../round/call-up.ts'
import { correctApplication } from '../../round/correct.ts'
import { enterSettlements } from '../../round/settlements.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import { Count, Id, PublicNumber, publishedText, strict } from '../schemas/parts.ts'
import { GroundWord, locationOf, Reason, sealedAnswer, sealedView } from './editions.ts'
import { RoundParams } from './rounds.ts'

const tag = 'Publishing'
/** What every change of a published list may refuse. */
const refusals = ['unknown-round', 'round-state', 'round-busy', 'round-altered', 'run-does-not-hold', 'list-changed'] as const
const Numbers = Type.Array(Type.String({ maxLength: 40 }), { maxItems: 100_000, description: 'Public numbers that stand on the list.' })

export const afterTheList: Routes = (app, { office }) => {
  app.post(
    '/v1/rounds/:round/settlements',
    operation({
      id: 'enterSettlements',
      tag,
      summary: 'Enter who has settled and whose place has lapsed',
      description: 'Of households on the final list, once their term is over; all or none, and of each once.',
      access: 'rounds:publish',
      params: RoundParams,
      body: strict({ settled: Numbers, lapsed: Numbers }),
      bodyLimit: 4_194_304,
      answers: { 200: { description: 'How many were entered.', schema: strict({ settled: Count, lapsed: Count }) } },
      refuses: [
        'unknown-round',
        'round-state',
        'round-busy',
        'round-altered',
        'run-does-not-hold',
        'no-settlement-term',
        'invalid-settlements',
      ],
    }),
    async request => {
      const { settled, lapsed } = request.body
      await enterSettlements(office, callerOf(request), request.params.round, { settled, lapsed })
      return { settled: settled.length, lapsed: lapsed.length }
    },
  )

  app.post(
    '/v1/rounds/:round/call-ups',
    operation({
      id: 'callUp',
      tag,
      summary: 'Give free places to the reserve list',
      description:
        'Once it is entered of every household whose term is over whether it has settled. A new edition without the lapsed, with the called up.',
      access: 'rounds:publish',
      params: RoundParams,
      body: strict({ reason: Reason }),
      answers: { 201: sealedAnswer },
      refuses: [...refusals, 'no-reserve-list', 'settlements-open', 'nothing-to-call-up'],
    }),
    async (request, reply) => {
      const sealed = await callUp(office, callerOf(request), request.params.round, request.body)
      reply.code(201).header('location', locationOf(sealed))
      return sealedView(sealed)
    },
  )

  app.post(
    '/v1/rounds/:round/corrections',
    operation({
      id: 'correctApplication',
      tag,
      summary: 'Correct an application by an upheld objection',
      description:
        'The application is scored again from its frozen evidence in which only the named records are put right. A new edition that names the decision and its ground; nobody else on the list changes.',
      access: 'rounds:publish',
      params: RoundParams,
      body: strict({
        publicNumber: PublicNumber,
        records: Type.Array(Id, {
          minItems: 1,
          maxItems: 500,
          description: 'Numbers of the evidence that puts it right, verified or rejected.',
        }),
        decision: publishedText(mostOfDecision, 'the number of the decision; it is published'),
        ground: GroundWord,
      }),
      answers: { 201: sealedAnswer },
      refuses: [...refusals, 'unknown-application', 'pool-set-aside', 'unknown-evidence', 'invalid-correction', 'unusable-evidence'],
    }),
    async (request, reply) => {
      const sealed = await correctApplication(office, callerOf(request), request.params.round, request.body)
      reply.code(201).header('location', locationOf(sealed))
      return sealedView(sealed)
    },
  )
}
