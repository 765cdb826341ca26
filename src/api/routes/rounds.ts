import Type, { type Static } from 'typebox'
import { mostDrawnNumbers } from '../../ranking/rules-faults.ts'
import { drawsOf, enterDraw } from '../../round/draws.ts'
import { createRound, moveRound, roundsOf, stepsOf, theRound } from '../../round/rounds.ts'
import type { Draw as StoredDraw } from '../../store/draws.ts'
import type { StoredRound } from '../../store/rounds.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import { isText, PageQuery, pageOf, readAfter, readPage } from '../paging.ts'
import type { Routes } from '../routes.ts'
import { component, Day, Digest, Instant, Ordinal, orNull, RoundName, ref, strict, word } from '../schemas/parts.ts'

const State = word('draft', 'open', 'closed', 'frozen', 'ranked', 'notice', 'final')
const fields = {
  round: RoundName,
  state: State,
  asOf: Day,
  schemeDigest: Digest,
  rulesDigest: Digest,
  lotSecretDigest: orNull(Digest),
  inputsDigest: orNull(Digest),
  verifiedRun: orNull(Ordinal),
  createdAt: Instant,
}
const Round = component('Round', strict(fields))
const Whole = component(
  'RoundWithSteps',
  strict({
    ...fields,
    rules: Type.String({ description: 'The round rules as they were written (YAML).' }),
    pendingRecords: orNull(
      Type.Integer({ minimum: 0, description: 'Declared records that the freeze left out, since they were not verified; null before it.' }),
    ),
    alsoElsewhere: orNull(
      Type.Integer({
        minimum: 0,
        description: 'Applicants whom another authority of the installation knows too, as the freeze counted them; null before it.',
      }),
    ),
    steps: Type.Array(strict({ step: Ordinal, from: State, to: State, takenBy: Type.String(), takenAt: Instant })),
  }),
)
const drawFields = {
  name: Type.String({ minLength: 1, maxLength: 60, description: 'The name of the draw within its series.', examples: ['2026139'] }),
  heldOn: Day,
}
const Draw = component(
  'Draw',
  strict({ entry: Ordinal, ...drawFields, numbers: Type.String({ examples: ['1,5,9'] }), enteredBy: Type.String(), enteredAt: Instant }),
)
export const roundComponents = [Round, Whole, Draw]

export const RoundParams = strict({ round: RoundName })
const tag = 'Rounds'

function view(row: StoredRound): Static<typeof Round> {
  return {
    round: row.round,
    state: row.state,
    asOf: row.as_of,
    schemeDigest: row.scheme_digest,
    rulesDigest: row.rules_digest,
    lotSecretDigest: row.lot_secret_digest,
    inputsDigest: row.inputs_digest,
    verifiedRun: row.verified_run,
    createdAt: row.created_at,
  }
}

export const rounds: Routes = (app, { office }) => {
  app.post(
    '/v1/rounds',
    operation({
      id: 'createRound',
      tag,
      summary: 'Draft a round',
      description:
        'The round is bound to its rules and to the stored scheme that they name. Pointers of `invalid-rules` lead into the rules.',
      access: 'rounds:write',
      body: strict({
        round: RoundName,
        rules: Type.String({ minLength: 1, maxLength: 262_144, description: 'Round rules (YAML) by docs/ranking.md.' }),
        lotSecretDigest: Type.Optional(Digest),
      }),
      bodyLimit: 800_000,
      answers: { 201: { description: 'Drafted.', schema: ref('Round'), headers: { Location: { type: 'string' } } } },
      refuses: [
        'unreadable-document',
        'invalid-rules',
        'unknown-scheme',
        'scheme-not-active',
        'incomplete-scheme',
        'gate-beyond-scale',
        'lot-not-committed',
        'round-exists',
      ],
    }),
    async (request, reply) => {
      const round = await createRound(office, callerOf(request), request.body)
      reply.code(201).header('location', `/v1/rounds/${round.round}`)
      return view(round)
    },
  )

  app.get(
    '/v1/rounds',
    operation({
      id: 'listRounds',
      tag,
      summary: "The authority's rounds by name",
      access: 'rounds:read',
      query: PageQuery,
      answers: { 200: { description: 'A page of rounds.', schema: pageOf(ref('Round')) } },
    }),
    async request => {
      const after = readAfter<[string]>(request.query.after, [isText])?.[0]
      return readPage(request, request.query.limit, limit => roundsOf(office, callerOf(request), { after, limit }), {
        item: view,
        key: row => [row.round],
      })
    },
  )

  app.get(
    '/v1/rounds/:round',
    operation({
      id: 'getRound',
      tag,
      summary: 'A round with its rules and its steps',
      access: 'rounds:read',
      params: RoundParams,
      answers: { 200: { description: 'The round.', schema: ref('RoundWithSteps') } },
      refuses: ['unknown-round'],
    }),
    async request => {
      const caller = callerOf(request)
      const row = await theRound(office, caller.authority, request.params.round)
      const steps = await stepsOf(office, caller, row.round)
      const taken = steps.map(s => ({ step: s.step, from: s.from_state, to: s.to_state, takenBy: s.taken_by, takenAt: s.taken_at }))
      return {
        ...view(row),
        rules: row.rules,
        pendingRecords: row.pending_records,
        alsoElsewhere: row.also_elsewhere,
        steps: taken as Static<typeof Whole>['steps'],
      } satisfies Static<typeof Whole>
    },
  )

  app.post(
    '/v1/rounds/:round/steps',
    operation({
      id: 'stepRound',
      tag,
      summary: 'Open a round for applications, or close it',
      description: 'The other steps are work: a run freezes and ranks, an edition publishes. No step goes back.',
      access: 'rounds:write',
      params: RoundParams,
      body: strict({ to: word('open', 'closed') }),
      answers: { 200: { description: 'The round in its new state.', schema: ref('Round') } },
      refuses: ['unknown-round', 'round-state', 'round-busy', 'clock-behind'],
    }),
    async request => view(await moveRound(office, callerOf(request), request.params.round, request.body.to)),
  )

  app.post(
    '/v1/rounds/:round/draws',
    operation({
      id: 'enterDraw',
      tag,
      summary: 'Enter the public draw that decides the lots of a frozen round',
      description:
        'The first draw of the series that is held on a day after the freeze, once it was held. A slip is put right by entering it again; the last entry counts, and all are published.',
      access: 'rounds:run',
      params: RoundParams,
      body: strict({ ...drawFields, numbers: Type.Array(Type.Integer(), { minItems: 1, maxItems: mostDrawnNumbers }) }),
      answers: { 201: { description: 'Entered.', schema: ref('Draw') } },
      refuses: ['unknown-round', 'no-draw', 'invalid-draw', 'lot-without-draw', 'round-state', 'round-busy', 'round-altered'],
    }),
    async (request, reply) => {
      const draw = await enterDraw(office, callerOf(request), request.params.round, request.body)
      reply.code(201)
      return drawView(draw)
    },
  )

  app.get(
    '/v1/rounds/:round/draws',
    operation({
      id: 'listDraws',
      tag,
      summary: 'The entries of a draw, in their order; the last one counts',
      access: 'rounds:read',
      params: RoundParams,
      answers: { 200: { description: 'The entries.', schema: strict({ items: Type.Array(ref('Draw')) }) } },
      refuses: ['unknown-round'],
    }),
    async request => ({ items: (await drawsOf(office, callerOf(request), request.params.round)).map(drawView) }),
  )
}

function drawView({
  entry,
  name,
  held_on: heldOn,
  numbers,
  entered_by: enteredBy,
  entered_at: enteredAt,
}: StoredDraw): Static<typeof Draw> {
  return { entry, name, heldOn, numbers, enteredBy, enteredAt }
}
