import type { FastifyInstance, FastifyLoggerOptions, FastifyReply, FastifyRequest } from 'fastify'
import type { LoggerOptions } from 'pino'
import { isUnavailable } from '../store/errors.ts'
import { Refusal } from '../values/refusal.ts'
import { isProblemCode, problems } from './problems.ts'

export type LogOptions = LoggerOptions & Pick<FastifyLoggerOptions, 'stream'>

declare module 'fastify' {
  interface FastifyReply {
    /** Code of the problem that was answered. */
    problemCode: string | null
  }
}

/**
 * What the log may hold is listed here; all else stays out. Of a request its method and the pattern of its route: a public number or anything that a
 * wrong caller puts into an address is not written down. No header and no body.
 */
export function logOptions(options: LogOptions | false): LogOptions | false {
  if (options === false) return false
  return {
    ...options,
    redact: ['authorization', '*.authorization', '*.headers', '*.body', 'citizenNumber', '*.citizenNumber', '*.name', '*.lotSecret'],
    serializers: {
      req: (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url ?? null }),
      res: (reply: FastifyReply) => ({ status: reply.statusCode }),
      err: loggedError,
    },
  }
}

/**
 * An error without what PostgreSQL quotes of the row, and without what JSON.parse quotes of a text: message, detail and query may hold personal data.
 * So may the messages and pointers of a refusal, unless it is of the service itself: of others only how many faults, and of what kind.
 */
export function loggedError(error: unknown): object {
  const { name, message, stack, code, table, constraint, severity } = (error ?? {}) as { [field: string]: unknown }
  const frames = typeof stack === 'string' ? stack.split('\n').filter(line => /^\s+at /.test(line)) : []
  // A database that is away is nobody's fault in here, and may be told for every request.
  const type = name ?? typeof error
  const told = { code, ...(isUnavailable(error) ? {} : { stack: frames.join('\n') }) }
  if (severity !== undefined) return { type: 'DatabaseError', ...told, table, constraint }
  if (error instanceof SyntaxError) return { type, ...told }
  if (error instanceof Refusal && !isOfService(error)) return { type, ...told, faults: error.faults.length, found: kindsOf(error) }
  return { type, message, ...told }
}

function isOfService({ code }: Refusal): boolean {
  return isProblemCode(code) && problems[code].status >= 500
}

/** Each code with the kind of evidence or the field that its pointer leads to. A public number does not look like a name; a name of a field that comes later may be anybody's. */
function kindsOf({ faults }: Refusal): string[] {
  const kinds = faults.map(({ code, pointer }) =>
    `${code} ${pointer.split('/').find(token => /^[a-z][A-Za-z0-9_-]*$/.test(token)) ?? ''}`.trim(),
  )
  return [...new Set(kinds)].slice(0, 10)
}

/** One line for each answer; pino's usual two cost a third of the throughput. */
export function logAnswers(app: FastifyInstance): void {
  app.decorateReply('problemCode', null)
  app.addHook('onResponse', async (request, reply) => {
    const { url: route, config } = request.routeOptions
    const isPublished = config.access === 'public' && route?.startsWith('/v1/published/')
    request.log.info(
      {
        method: request.method,
        route: route ?? null,
        ...(isPublished && reply.statusCode < 400 ? { path: request.url.split('?')[0] } : {}),
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
        ...(request.caller ?? {}),
        ...(reply.problemCode === null ? {} : { problem: reply.problemCode }),
      },
      'answered',
    )
  })
}
