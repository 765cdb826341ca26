import type { TSchema } from 'typebox'
import type { Scope } from '../round/clients.ts'
import { type ProblemCode, problems } from './problems.ts'
import { ref } from './schemas/parts.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route can refuse, for the API's document. Answers of this kind are all made by one handler, so no route needs a serialiser for them. */
    problems?: readonly ProblemCode[]
  }
}

type Answer = { description: string; schema?: TSchema; type?: string; headers?: { [name: string]: object } }

type Operation<P extends TSchema, Q extends TSchema, B extends TSchema> = {
  id: string
  tag: string
  summary: string
  description?: string
  access: Scope | 'public'
  params?: P
  query?: Q
  body?: B
  /** Most bytes of the body; 64 KiB if not said. */
  bodyLimit?: number
  answers: { [status: number]: Answer }
  /** What the use case may refuse. What every call of its kind can meet (no key, wrong form, no database) is added. */
  refuses?: readonly ProblemCode[]
}

/** Options of a route from what the API's document says of it: who may call it, what goes in, and every answer with its problems. */
export function operation<P extends TSchema, Q extends TSchema, B extends TSchema>(op: Operation<P, Q, B>) {
  const own = Object.entries(op.answers).map(([status, { description, schema, type = 'application/json', headers }]) => [
    status,
    { description, ...(headers ? { headers } : {}), ...(schema ? { content: { [type]: { schema } } } : { type: 'null' }) },
  ])
  const schema = {
    operationId: op.id,
    tags: [op.tag],
    summary: op.summary,
    ...(op.description ? { description: op.description } : {}),
    security: op.access === 'public' ? [] : [{ key: [] }],
    ...(op.params ? { params: op.params } : {}),
    ...(op.query ? { querystring: op.query } : {}),
    ...(op.body ? { body: op.body } : {}),
    response: Object.fromEntries(own),
  }
  return {
    config: { access: op.access, problems: [...commonProblems(op), ...(op.refuses ?? [])] },
    ...(op.bodyLimit ? { bodyLimit: op.bodyLimit } : {}),
    // Its parts stand in it only when they are given; their types say so by `TSchema`, of which nothing is known.
    schema: schema as typeof schema & { params: P; querystring: Q; body: B },
  }
}

function commonProblems(op: { access: Scope | 'public'; params?: unknown; query?: unknown; body?: unknown }): ProblemCode[] {
  return [
    ...(op.access === 'public' ? [] : (['unauthenticated', 'scope-missing'] as const)),
    ...(op.params || op.query || op.body ? (['invalid-request'] as const) : []),
    ...(op.body ? (['malformed-json', 'body-too-large', 'unsupported-media-type', 'compressed-body'] as const) : []),
    'internal-error',
    'database-unavailable',
    'stopping',
  ]
}

/** Problems by their status, each with the codes that it can have here. */
export function problemAnswers(codes: readonly ProblemCode[]) {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of new Set(codes)) byStatus.set(problems[code].status, [...(byStatus.get(problems[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map(code => `\`${code}\`: ${problems[code].title.en}.`).join('\n'),
        content: { 'application/problem+json': { schema: ref('Problem') } },
      },
    ]),
  )
}
