import Type, { type Static } from 'typebox'
import { cancelRun, type JobView, jobOf, orderRun } from '../../round/jobs.ts'
import { type RunWithFigures, runOf, runsOf } from '../../round/runs.ts'
import { callerOf } from '../access.ts'
import { keptProblem } from '../error-to-problem.ts'
import { operation } from '../operation.ts'
import { progressStreams } from '../progress-stream.ts'
import type { Routes } from '../routes.ts'
import { Count, component, Digest, Instant, Ordinal, orNull, RoundName, ref, strict, word } from '../schemas/parts.ts'
import { RoundParams } from './rounds.ts'

const found = {
  counts: Type.Unsafe<{ [code: string]: number }>({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Breaches by the codes of docs/ranking.md, such as R3.',
  }),
  findings: Type.Array(strict({ code: Type.String(), application: Type.Optional(Type.String()), message: Type.String() }), {
    description: 'The first twenty of each code.',
  }),
}
const Report = component(
  'RunReport',
  strict({
    holds: Type.Boolean(),
    ...found,
    setAside: Type.Optional(
      Type.Array(strict({ pool: Type.String(), ...found }), { description: 'Pools that do not hold, in a run that holds without them.' }),
    ),
    sample: Type.Optional(
      Type.Union([strict({ seed: Type.String(), size: Count, checked: Count }), Type.Null()], {
        description: 'What was scored a second time, by the second program for the scheme language.',
      }),
    ),
  }),
)
const CutOff = Type.Union([Type.Array(Type.String()), Type.Null()], {
  description: 'Chain of the last admitted, in the order of the keys; null if nobody is.',
})
const Pool = strict({
  pool: Type.String({ description: 'Its name; "" in a round without pools.' }),
  places: Type.Union([Count, Type.Null()], {
    description: 'With those carried over; null where a score line decides, and in runs of earlier versions.',
  }),
  eligible: Count,
  admitted: Type.Integer({ minimum: 0, description: 'Heads, in the first round.' }),
  admittedSecond: Type.Integer({ minimum: 0, description: 'Heads, in the second round.' }),
  unused: orNull(Count),
  cutOff: CutOff,
  atLine: Count,
})
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
    pools: Type.Array(Pool, { description: 'Empty before the run is ranked.' }),
    secondRound: orNull(strict({ places: Count, cutOff: CutOff, atLine: Count })),
    report: orNull(ref('RunReport')),
    seconds: Type.Unsafe<{ [stage: string]: number }>({ type: 'object', additionalProperties: { type: 'number' } }),
    startedAt: Instant,
    finishedAt: orNull(Instant),
  }),
)
const Job = component(
  'RunJob',
  Type.Object(
    {
      job: Type.String({ pattern: '^[0-9a-f-]{36}$', description: 'The number of the job.' }),
      state: word('queued', 'working', 'done', 'failed', 'cancelled'),
      orderedBy: Type.String({ description: 'The client that ordered it.' }),
      orderedAt: Instant,
      stage: orNull(word('freeze', 'score', 'rank', 'verify', 'publish')),
      done: Type.Integer({ minimum: 0, description: 'Applicants that this stage has done.' }),
      total: Count,
      perSecond: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], {
        description: 'Applicants a second in this stage; null before there is a pace.',
      }),
      secondsLeft: Type.Union([Count, Type.Null()], { description: 'Until this stage ends, at that pace.' }),
      heartbeatAt: Type.Union([Instant, Type.Null()], { description: 'When its worker was last heard of.' }),
      silent: Type.Boolean({
        description: 'Whether its worker was not heard of for three seconds. After ten seconds another one takes the job.',
      }),
      cancelAsked: Type.Boolean({ description: 'Whether somebody has asked to cancel it.' }),
      run: orNull(Ordinal),
      waitsFor: Type.Union([word('draw'), Type.Null()], {
        description:
          '`draw`: it is done without a run, since it has frozen a round whose lots wait for the public draw. Enter that, then order again.',
      }),
      problem: orNull(ref('Problem')),
      finishedAt: orNull(Instant),
    },
    {
      additionalProperties: false,
      description: 'The work on a run: the last that was ordered for its round. `problem` says why it failed.',
    },
  ),
)
export const runComponents = [Report, Run, Job]

const tag = 'Runs'

function view({ run, pools, secondRound }: RunWithFigures): Static<typeof Run> {
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
    pools,
    secondRound,
    report: run.findings as Static<typeof Report> | null,
    seconds: run.seconds,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
  }
}

function jobView({ problem, ...job }: JobView): Static<typeof Job> {
  return { ...job, problem: problem && keptProblem(problem, job.job) }
}

export const runs: Routes = (app, { office, queue, closing }) => {
  app.post(
    '/v1/rounds/:round/runs',
    operation({
      id: 'startRun',
      tag,
      summary: 'Freeze, score, rank and verify a round',
      description:
        'Orders the work; a worker does it. Ask the Location how far it is. A ranked round can be run again until its notice is out.',
      access: 'rounds:run',
      params: RoundParams,
      body: strict({
        lotSecret: Type.Optional(
          Type.String({ maxLength: 512, description: 'The committed secret in hexadecimal, if the rules draw lots at the line.' }),
        ),
      }),
      answers: { 202: { description: 'The work is ordered.', schema: ref('RunJob'), headers: { Location: { type: 'string' } } } },
      refuses: [
        'unknown-round',
        'round-state',
        'round-busy',
        'round-altered',
        'invalid-lot-secret',
        'lot-secret-missing',
        'lot-secret-wrong',
        'draw-missing',
        'lot-without-draw',
      ],
    }),
    async (request, reply) => {
      const { round } = request.params
      const job = await orderRun(office, queue, callerOf(request), round, request.body)
      reply.code(202).header('location', `/v1/rounds/${round}/runs`)
      return jobView(job)
    },
  )

  app.post(
    '/v1/rounds/:round/runs/cancellation',
    operation({
      id: 'cancelRun',
      tag,
      summary: 'Cancel the run that waits or is at work',
      description:
        'One that waits has ended with the answer, and what its last worker left of it is gone. One at work stops within seconds, on whatever machine, and leaves nothing of the unfinished run behind; a freeze that was finished stays.',
      access: 'rounds:run',
      params: RoundParams,
      answers: { 202: { description: 'It is cancelled, or will be: see `state` and `cancelAsked`.', schema: ref('RunJob') } },
      refuses: ['unknown-round', 'nothing-at-work'],
    }),
    async (request, reply) => {
      const job = await cancelRun(office, queue, callerOf(request), request.params.round)
      reply.code(202)
      return jobView(job)
    },
  )

  app.get(
    '/v1/rounds/:round/runs',
    operation({
      id: 'listRuns',
      tag,
      summary: "A round's runs, oldest first, and the last job",
      access: 'rounds:read',
      params: RoundParams,
      answers: { 200: { description: 'The runs.', schema: strict({ job: orNull(ref('RunJob')), runs: Type.Array(ref('Run')) }) } },
      refuses: ['unknown-round', 'round-altered'],
    }),
    async request => {
      const caller = callerOf(request)
      const job = await jobOf(office, caller, request.params.round)
      const found = await runsOf(office, caller, request.params.round)
      return { job: job && jobView(job), runs: found.map(view) }
    },
  )

  const streams = progressStreams({ closing })
  app.get(
    '/v1/rounds/:round/runs/progress',
    {
      exposeHeadRoute: false,
      ...operation({
        id: 'streamProgress',
        tag,
        summary: 'How a run goes on, as server-sent events',
        description:
          'At once and then each second an event `progress`, with a RunJob as its data; when the job has ended, or there is none, an event `end` with the job or null, and the end. ' +
          'The stream also ends without that event when the service stops, and after ten minutes; connect again then.',
        access: 'rounds:read',
        params: RoundParams,
        answers: { 200: { description: 'The events.', schema: Type.String(), type: 'text/event-stream' } },
        refuses: ['unknown-round', 'too-many-streams'],
      }),
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const ask = async () => {
        const job = await jobOf(office, caller, request.params.round)
        return job && jobView(job)
      }
      const events = streams.open(caller, await ask(), ask)
      // Kept for another request, the connection would hold a service back that stops.
      return reply.type('text/event-stream').header('x-accel-buffering', 'no').header('connection', 'close').send(events)
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
