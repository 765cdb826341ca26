import Type, { type Static } from 'typebox'
import { type RunWithCutOff, runOf, runsOf } from '../../round/runs.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import { Count, component, Digest, Instant, Ordinal, orNull, RoundName, ref, strict, word } from '../schemas/parts.ts'
import { RoundParams } from './rounds.ts'

const Report = component(
  'RunReport',
  strict({
    holds: Type.Boolean(),
    counts: Type.Unsafe<{ [code: string]: number }>({
      type: 'object',
      additionalProperties: { type: 'integer' },
      description: 'Breaches by the codes R1 to R12 of docs/ranking.md.',
    }),
    findings: Type.Array(strict({ code: Type.String(), application: Type.Optional(Type.String()), message: Type.String() }), {
      description: 'The first twenty of each code.',
    }),
  }),
)
const Run = component(
  'Run',
  strict({
    run: Ordinal,
    state: word('scored', 'ranked', 'verified', 'failed'),
    engine: Type.String(),
    schemeDigest: Digest,
    rulesDigest: Digest,
    inputsDigest: Digest,
    applicants: Count,
    eligible: orNull(Count),
    admitted: orNull(Count),
    atLine: orNull(Count),
    cutOff: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: 'Chain of the last admitted, in the order of the keys; null if nobody is, or not yet.',
    }),
    report: orNull(ref('RunReport')),
    seconds: Type.Unsafe<{ [stage: string]: number }>({ type: 'object', additionalProperties: { type: 'number' } }),
    startedAt: Instant,
    finishedAt: orNull(Instant),
  }),
)
const AtWork = component(
  'RunAtWork',
  Type.Object(
    {
      state: word('working', 'done', 'failed'),
      startedAt: Instant,
      stage: orNull(word('freeze', 'score', 'rank', 'verify', 'publish')),
      done: Type.Integer({ minimum: 0, description: 'Applicants that this stage has done.' }),
      total: Count,
      run: orNull(Ordinal),
      problem: orNull(ref('Problem')),
    },
    {
      additionalProperties: false,
      description: 'The last run that this process was asked for, while it goes on and after. `problem` says why it failed.',
    },
  ),
)
export const runComponents = [Report, Run, AtWork]

const tag = 'Runs'

function view({ run, cutOff }: RunWithCutOff): Static<typeof Run> {
  return {
    run: run.run,
    state: run.state,
    engine: run.engine,
    schemeDigest: run.scheme_digest,
    rulesDigest: run.rules_digest,
    inputsDigest: run.inputs_digest,
    applicants: run.applicants,
    eligible: run.eligible,
    admitted: run.admitted,
    atLine: run.at_line,
    cutOff,
    report: run.findings as Static<typeof Report> | null,
    seconds: run.seconds,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
  }
}

export const runs: Routes = (app, { office, runs }) => {
  app.post(
    '/v1/rounds/:round/runs',
    operation({
      id: 'startRun',
      tag,
      summary: 'Freeze, score, rank and verify a round',
      description:
        'The work goes on after the answer; ask its Location how far it is. A ranked round can be run again until its notice is out.',
      access: 'rounds:run',
      params: RoundParams,
      body: strict({
        lotSeed: Type.Optional(
          Type.String({ maxLength: 512, description: 'The committed seed in hexadecimal, if the rules draw lots at the line.' }),
        ),
      }),
      answers: { 202: { description: 'The work has begun.', schema: ref('RunAtWork'), headers: { Location: { type: 'string' } } } },
      refuses: [
        'unknown-round',
        'round-state',
        'round-busy',
        'round-altered',
        'unusable-evidence',
        'invalid-lot-seed',
        'lot-seed-missing',
        'lot-seed-wrong',
      ],
    }),
    async (request, reply) => {
      const { round } = request.params
      const begun = await runs.start(callerOf(request), round, request.body.lotSeed)
      reply.code(202).header('location', `/v1/rounds/${round}/runs`)
      return begun satisfies Static<typeof AtWork>
    },
  )

  app.get(
    '/v1/rounds/:round/runs',
    operation({
      id: 'listRuns',
      tag,
      summary: "A round's runs, oldest first, and the one at work",
      access: 'rounds:read',
      params: RoundParams,
      answers: { 200: { description: 'The runs.', schema: strict({ atWork: orNull(ref('RunAtWork')), runs: Type.Array(ref('Run')) }) } },
      refuses: ['unknown-round', 'round-altered'],
    }),
    async request => {
      const caller = callerOf(request)
      const found = await runsOf(office, caller, request.params.round)
      return { atWork: runs.of(caller.authority, request.params.round), runs: found.map(view) }
    },
  )

  app.get(
    '/v1/rounds/:round/runs/:run',
    operation({
      id: 'getRun',
      tag,
      summary: 'A run with what its verifier found',
      access: 'rounds:read',
      params: strict({ round: RoundName, run: Ordinal }),
      answers: { 200: { description: 'The run.', schema: ref('Run') } },
      refuses: ['unknown-round', 'unknown-run', 'round-altered'],
    }),
    async request => view(await runOf(office, callerOf(request), request.params.round, request.params.run)),
  )
}
