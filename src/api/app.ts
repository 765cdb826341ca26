import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import fp from 'fastify-plugin'
import type { Office } from '../round/office.ts'
import { openQueue } from '../store/jobs.ts'
import { Refusal } from '../values/refusal.ts'
import { challengeOf, guard } from './access.ts'
import { allowedMethods } from './allowed-methods.ts'
import { readBody } from './body.ts'
import { checkRequest } from './checking.ts'
import { answerClientError } from './client-error.ts'
import { problemOf } from './error-to-problem.ts'
import { type LogOptions, logAnswers, logOptions } from './logging.ts'
import { measure } from './metrics.ts'
import { describe } from './openapi.ts'
import { afterTheList } from './routes/after-the-list.ts'
import { applicationComponents, applications } from './routes/applications.ts'
import { editionComponents, editions } from './routes/editions.ts'
import { evidence, evidenceComponents } from './routes/evidence.ts'
import { metrics } from './routes/metrics.ts'
import { personComponents, persons } from './routes/persons.ts'
import { published, publishedComponents } from './routes/published.ts'
import { roundComponents, rounds } from './routes/rounds.ts'
import { runComponents, runs } from './routes/runs.ts'
import { schemeComponents, schemes } from './routes/schemes.ts'
import { scoreComponents, scores } from './routes/scores.ts'
import { service } from './routes/service.ts'
import type { Context, Routes, TypedApp } from './routes.ts'
import { startWorker, type Worker } from './runs-at-work.ts'
import { explanationComponents } from './schemas/explanation.ts'
import { ProblemSchema } from './schemas/problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on `/readyz` says no, so that no new requests are sent here; the ones that come are still answered. */
    stopBeingReady(): void
  }
}

export type AppOptions = {
  office: Office
  /** Options of pino, or false for no log. */
  logger?: LogOptions | false
  /** Whether the database can be used: reachable, no migration pending. An error counts as no. */
  ready?: () => Promise<boolean> | boolean
  /** How many runs this process does side by side; with 0 it only orders them, and workers elsewhere do them. */
  runsAtOnce?: number
  /** How long closing waits for a run that is at work, before it is left to another worker. */
  runLimitMilliseconds?: number
}

/** Every resource. A new one is a file in routes/ and a word in these two lists. */
const resources: readonly Routes[] = [
  schemes,
  persons,
  evidence,
  rounds,
  applications,
  runs,
  editions,
  afterTheList,
  published,
  scores,
  service,
  metrics,
]
const components = [
  ProblemSchema,
  ...schemeComponents,
  ...personComponents,
  ...evidenceComponents,
  ...roundComponents,
  ...applicationComponents,
  ...runComponents,
  ...editionComponents,
  ...publishedComponents,
  ...scoreComponents,
  ...explanationComponents,
]

const seconds = 1000
const limits = {
  bodyLimit: 65_536,
  /** A socket on which nothing moves: longer than publishing takes for 200,000 applicants. */
  connectionTimeout: 180 * seconds,
  /** From the first byte of a request to its last. */
  requestTimeout: 30 * seconds,
  /** Longer than the 60 s of usual proxies, so that the proxy closes first and never sends into a closing socket. */
  keepAliveTimeout: 72 * seconds,
  http: { headersTimeout: 15 * seconds, maxHeaderSize: 16_384 },
}

/** The API over an office, not listening. Give it to `serve`, or `inject` requests in tests. */
export function buildApp({
  office,
  logger = false,
  ready = () => true,
  runsAtOnce = 0,
  runLimitMilliseconds = 30 * seconds,
}: AppOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    ...limits,
    logger: logOptions(logger) as never,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    // Closing answers by a problem of ours, see below.
    return503OnClosing: false,
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
  })
  const closing = new AbortController()
  let stopping = false
  app.decorate('stopBeingReady', () => {
    stopping = true
  })
  app.addHook('preClose', async () => {
    stopping = true
    closing.abort()
  })

  app.setValidatorCompiler(checkRequest)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => readBody(body))
  app.setErrorHandler(answerError)
  const methodsAt = allowedMethods(app)
  app.setNotFoundHandler(async (request, reply) => {
    const methods = methodsAt(request.url.split('?')[0] as string)
    if (methods.length === 0) throw new Refusal('not-found', 'There is nothing at this address; /docs lists all addresses.')
    reply.header('allow', methods.join(', '))
    throw new Refusal('method-not-allowed', `This address takes ${methods.join(', ')}.`)
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff').header('cache-control', 'no-store')
    if (closing.signal.aborted) throw new Refusal('stopping', 'The service is stopping; send the request again, another instance takes it.')
  })
  app.addHook('onSend', async (_request, reply) => {
    // A request that had begun before would else keep its connection, and with it the process, for as long as a kept connection may live.
    if (closing.signal.aborted) reply.header('connection', 'close')
  })
  guard(app, office)
  app.addHook('preParsing', async (request, reply) => {
    const encoding = request.headers['content-encoding']
    if (request.routeOptions.schema?.body === undefined || encoding === undefined || /^\s*identity\s*$/i.test(encoding)) return
    reply.header('accept-encoding', 'identity')
    throw new Refusal('compressed-body', 'Send the body uncompressed, without "Content-Encoding".')
  })
  logAnswers(app)

  const queue = openQueue(office.jobs.pool, {
    works: runsAtOnce > 0,
    onError: err => app.log.warn({ err }, 'the queue of runs has an error'),
  })
  const context: Context = {
    office,
    queue,
    metrics: measure(app, office),
    ready: async () => !stopping && (await answersInTime(ready)),
    closing: closing.signal,
  }
  for (const component of components) app.addSchema(component)
  // In the order of registration: the description must be there when the first route is added.
  app.register(
    fp(
      async () => {
        await describe(app)
        for (const add of resources) add(app.withTypeProvider() as TypedApp, context)
      },
      { name: 'resources' },
    ),
  )
  let worker: Worker | undefined
  app.addHook('onReady', async () => {
    if (runsAtOnce > 0) worker = startWorker(office, queue, { atOnce: runsAtOnce, log: app.log })
  })
  app.addHook('onClose', () => (worker ? worker.stop(runLimitMilliseconds) : queue.stop(0)))
  return app
}

/** A database that hangs must not hang the probe. */
async function answersInTime(ready: () => Promise<boolean> | boolean): Promise<boolean> {
  const late = Promise.withResolvers<false>()
  const timer = setTimeout(() => late.resolve(false), 3 * seconds)
  try {
    return await Promise.race([ready(), late.promise])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const chinese = /^\s*zh\b/i.test(request.headers['accept-language'] ?? '')
  const { problem, unexpected } = problemOf(error, { chinese })
  if (unexpected) request.log.error({ err: error }, problem.code)
  else if (problem.code === 'database-unavailable') request.log.warn({ err: error }, problem.code)
  const challenge = challengeOf(problem.code, request)
  if (challenge) reply.header('www-authenticate', challenge)
  if (problem.status === 503) reply.header('retry-after', '5')
  reply.problemCode = problem.code
  reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .header('vary', 'accept-language')
    .type('application/problem+json')
    .send({ ...problem, instance: `urn:uuid:${request.id}` })
}
