import Type, { type TProperties } from 'typebox'
import { estimate } from '../../round/estimate.ts'
import { scoreOf } from '../../round/score-query.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import {
  component,
  Day,
  Ordinal,
  orNull,
  Points,
  PublicNumber,
  RoundName,
  ref,
  SchemeName,
  SchemeVersion,
  strict,
  word,
} from '../schemas/parts.ts'

const pointsByName = (description: string) =>
  Type.Unsafe({ type: 'object', additionalProperties: { type: ['string', 'null'] }, description })
const Reason = component(
  'Reason',
  Type.Object(
    {
      code: Type.String(),
      gate: Type.Optional(Type.String()),
      freeze: Type.Optional(Type.String()),
      item: Type.Optional(Type.String()),
      key: Type.Optional(Type.String()),
    },
    { additionalProperties: false, description: 'Why somebody is not eligible, not known to be, or has only a lower bound.' },
  ),
)
const Notice = component(
  'Notice',
  Type.Object(
    { code: Type.String(), check: Type.Optional(Type.String()), measure: Type.Optional(Type.String()) },
    {
      additionalProperties: false,
      description: 'Measures that should agree and do not, or an attested value that the evidence contradicts.',
    },
  ),
)
const common = {
  eligible: word('yes', 'no', 'undetermined'),
  total: orNull(Points),
  items: pointsByName('Points by item; null where they are not known.'),
  missing: Type.Array(Type.String(), { description: 'Kinds of evidence that were asked for and are missing.' }),
  reasons: Type.Array(ref('Reason')),
  explanation: ref('Explanation'),
} satisfies TProperties
const Estimate = component(
  'Estimate',
  strict({
    ...common,
    totalIs: word('exact', 'lower-bound', 'undetermined'),
    totals: pointsByName('Every total of the scheme.'),
    eligibleFor: Type.Unsafe({
      type: 'object',
      additionalProperties: { type: 'string', enum: ['yes', 'no', 'undetermined'] },
      description: 'By total: whether its gates are passed and none of its freezes holds.',
    }),
    notices: Type.Array(ref('Notice'), { description: 'What should be looked at, though no point depends on it.' }),
    unused: Type.Array(Type.String(), { description: 'Evidence that was given and that the scheme does not use.' }),
  }),
)
const Score = component(
  'Score',
  strict({
    ...common,
    round: RoundName,
    publicNumber: PublicNumber,
    asOf: Day,
    rank: Type.Union([Ordinal, Type.Null()], { description: 'Told only once the notice is out.' }),
    admitted: orNull(Type.Boolean()),
  }),
)
export const scoreComponents = [Reason, Notice, Estimate, Score]

const tag = 'Scores'
const Facts = Type.Unsafe<unknown>({
  type: 'object',
  description:
    'Kinds of evidence, each with its records. An empty list says that the register was asked and has none; a kind that is not named is missing.',
  additionalProperties: true,
  examples: [
    { birth: [{ date: '1980-07-01' }], insurance: [{ insurance: 'pension', payment: 'on-time', from: '2010-03', to: '2019-12' }] },
  ],
})

export const scores: Routes = (app, { office }) => {
  app.post(
    '/v1/estimates',
    operation({
      id: 'estimateScore',
      tag,
      summary: 'Score facts, declared ones too; nothing is stored',
      access: 'public',
      body: strict({
        scheme: strict({ scheme: SchemeName, version: SchemeVersion }),
        asOf: Type.String({ maxLength: 10, description: 'The reference date, YYYY-MM-DD.', examples: ['2019-12-31'] }),
        facts: Facts,
      }),
      bodyLimit: 262_144,
      answers: { 200: { description: 'The score, explained.', schema: ref('Estimate') } },
      refuses: ['unknown-scheme', 'invalid-facts', 'out-of-range'],
    }),
    async request => estimate(office, request.body),
  )

  app.post(
    '/v1/score-queries',
    operation({
      id: 'queryScore',
      tag,
      summary: "One applicant's score as it was ranked, explained",
      description:
        'For a portal. Both numbers go into the body, never into an address. The answer is the same whichever of them is wrong; the explanation is made anew from the frozen evidence.',
      access: 'scores:query',
      body: strict({ round: RoundName, publicNumber: Type.String({ maxLength: 40 }), citizenNumber: Type.String({ maxLength: 100 }) }),
      answers: { 200: { description: 'The score, explained.', schema: ref('Score') } },
      refuses: ['unknown-round', 'no-such-applicant', 'not-scored-yet', 'round-altered'],
    }),
    async request => scoreOf(office, callerOf(request), request.body),
  )
}
