import Type, { type TProperties } from 'typebox'
import { estimate } from '../../round/estimate.ts'
import { replayReceipt } from '../../round/replay.ts'
import { scoreOf } from '../../round/score-query.ts'
import type { Json } from '../../values/canonical-json.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import {
  component,
  Day,
  Digest,
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
    prospects: Type.Array(ref('Prospect')),
    receipt: ref('Receipt'),
    unused: Type.Array(Type.String(), { description: 'Evidence that was given and that the scheme does not use.' }),
  }),
)
const Texts = Type.Unsafe({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] })
const OnDay = orNull(strict({ date: Day, points: Points }))
const Prospect = component(
  'Prospect',
  Type.Object(
    {
      item: Type.String(),
      points: orNull(Points),
      stillPossible: Type.Unsafe({
        type: ['string', 'null'],
        description: 'Points that can be added to these; null if there is no limit.',
      }),
      rises: OnDay,
      falls: OnDay,
      ways: orNull(Type.Array(strict({ measure: Type.String(), from: Texts, to: Texts, points: Points }))),
    },
    {
      additionalProperties: false,
      description:
        'What would change the points of an item: the next day on which they rise or fall by themselves, and the least change of a single measure that gives more.',
    },
  ),
)
const ReceiptBody = Type.Object(
  {
    receipt: Type.Literal(1),
    scheme: strict({ scheme: SchemeName, version: SchemeVersion, digest: Digest }),
    engine: Type.String({ maxLength: 100 }),
    facts: strict({ salt: Type.String({ pattern: '^[0-9a-f]{32}$', description: '32 hexadecimal digits' }), digest: Digest }),
    asOf: Type.String({ maxLength: 10 }),
    eligibleFor: Type.Unsafe<{ [total: string]: 'yes' | 'no' | 'undetermined' }>({
      type: 'object',
      additionalProperties: { type: 'string', enum: ['yes', 'no', 'undetermined'] },
    }),
    items: Type.Unsafe<{ [item: string]: string | null }>({ type: 'object', additionalProperties: { type: ['string', 'null'] } }),
    totals: Type.Unsafe<{ [total: string]: string | null }>({ type: 'object', additionalProperties: { type: ['string', 'null'] } }),
  },
  { additionalProperties: false, description: 'What was decided by which rules on which facts, without the facts themselves.' },
)
const Receipt = component('Receipt', { ...ReceiptBody })
const Difference = strict({
  pointer: Type.String(),
  receipt: Type.Union([Type.String(), Type.Null()]),
  now: Type.Union([Type.String(), Type.Null()]),
})
const Replay = component(
  'Replay',
  strict({
    equal: Type.Boolean(),
    difference: orNull(Difference),
    engine: strict({ receipt: Type.String(), now: Type.String() }),
  }),
)
const Score = component(
  'Score',
  strict({
    ...common,
    round: RoundName,
    publicNumber: PublicNumber,
    asOf: Day,
    pool: orNull(Type.String()),
    rank: Type.Union([Ordinal, Type.Null()], {
      description: 'Told, like what follows, only once the list is out. None of who is represented, and none where a score line decides.',
    }),
    admitted: orNull(Type.Boolean()),
    outcome: orNull(word('first-round', 'second-round', 'correction', 'call-up', 'not-admitted', 'struck-off', 'lapsed')),
    reserve: Type.Union([Ordinal, Type.Null()], { description: 'The number on the reserve list.' }),
    represented: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'Whether another application of the household competes for both; its place is theirs too.',
    }),
    settlement: orNull(word('settled', 'lapsed')),
    receipt: Type.Union([Digest, Type.Null()], {
      description: 'Binds what was decided to the evidence and rules it was decided on (docs/ranking.md, Digests).',
    }),
    correction: orNull(strict({ edition: Ordinal, decision: Type.String(), ground: word('evidence', 'eligibility', 'identity') })),
  }),
)
export const scoreComponents = [Reason, Notice, Prospect, Receipt, Replay, Estimate, Score]

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
    '/v1/replays',
    operation({
      id: 'replayReceipt',
      tag,
      summary: 'Score the facts of a receipt again; nothing is stored',
      description: 'Answers that the receipt comes out equal, or the first place where it does not.',
      access: 'public',
      body: strict({ receipt: ReceiptBody, facts: Facts }),
      bodyLimit: 524_288,
      answers: { 200: { description: 'Whether it comes out again.', schema: ref('Replay') } },
      refuses: ['unknown-scheme', 'invalid-receipt', 'invalid-facts', 'out-of-range'],
    }),
    async request => replayReceipt(office, { ...request.body, facts: request.body.facts as Json }),
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
