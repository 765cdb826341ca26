import type { FastifyInstance, FastifyLoggerOptions, FastifyReply, FastifyRequest } from 'fastify'
import type { LoggerOptions } from 'pino'
import { Refusal } from '../values/refusal.ts'

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
    redact: ['authorization', '*.authorization', '*.headers', '*.body', 'citizenNumber', '*.citizenNumber', '*.name', '*.lotSeed'],
    serializers: {
      req: (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url ?? null }),
      res: (reply: FastifyReply) => ({ status: reply.statusCode }),
      err: loggedError,
    },
  }
}

/**
 * An error without what PostgreSQL quotes of the row: its message, detail and query may hold personal data. Of a refusal without its pointers, which may
 * begin with a public number.
 */
export function loggedError(error: unknown): object {
  const { name, message, stack, code, table, constraint, severity } = (error ?? {}) as { [field: string]: unknown }
  const frames = typeof stack === 'string' ? stack.split('\n').filter(line => /^\s+at /.test(line)) : []
  if (severity !== undefined) return { type: 'DatabaseError', code, table, constraint, stack: frames.join('\n') }
  if (error instanceof Refusal) return { type: name, message: messagesOf(error), code, stack: frames.join('\n') }
  return { type: name ?? typeof error, message, code, stack: frames.join('\n') }
}

function messagesOf({ faults }: Refusal): string {
  const different = [...new Set(faults.map(fault => fault.message))]
  return `${different.slice(0, 3).join(' ')}${faults.length > 1 ? ` (${faults.length} faults)` : ''}`
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
