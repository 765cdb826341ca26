import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { problemAnswers } from './operation.ts'
import { type ProblemCode, problems } from './problems.ts'

const info = {
  title: 'Settlement points',
  version: '1',
  description: [
    'Scores, ranks and publishes points-based household settlement.',
    'Points are decimal texts, never JSON numbers. Errors are `application/problem+json` (RFC 9457) with a stable `code` and JSON pointers.',
    'An unknown field is refused, never dropped. Lists are read in pages by an opaque key.',
  ].join('\n\n'),
  license: { name: 'Not licensed for reuse', identifier: 'LicenseRef-none' },
}

const tags = [
  { name: 'Schemes', description: 'Points schemes: drafts, and versions that were activated and never change.' },
  { name: 'Persons and evidence', description: 'Permit holders and what registers say of them.' },
  { name: 'Rounds', description: 'Yearly rounds and their applications.' },
  { name: 'Runs', description: 'Freezing, scoring, ranking and verifying.' },
  { name: 'Publishing', description: 'Sealing editions.' },
  { name: 'Published lists', description: 'What is public; no key is needed.' },
  { name: 'Scores', description: 'Estimates with receipts, replays, and the portal’s query.' },
  { name: 'Service', description: 'Probes and problem pages.' },
]

/** Collects the routes for the API's document (OpenAPI 3.1), and serves a reference page that asks nothing of other hosts. */
export async function describe(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      servers: [{ url: '/' }],
      tags,
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key of a client, sp_…, with its scopes.' } },
      },
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: { ...schema, response: { ...(schema?.response as object), ...problemAnswers(route.config?.problems ?? []) } },
    }),
    refResolver: { buildLocalReference: json => String(json.$id) },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Without the bar on top, which bears a logo and a field for the address of other documents.
    uiConfig: { validatorUrl: null, deepLinking: true, layout: 'BaseLayout' },
    theme: { title: 'Settlement points — API' },
    // The plugin's own rule lets other hosts in, and turns plain HTTP inside an office's network into HTTPS that is not there.
    staticCSP: {
      'default-src': "'self'",
      'img-src': ["'self'", 'data:'],
      'object-src': "'none'",
      'base-uri': "'self'",
      'frame-ancestors': "'none'",
    },
    transformSpecification: () => openapiDocument(app) as Record<string, unknown>,
    logLevel: 'warn',
  })
}

/** The API's document with its names sorted, so that it is the same text on every machine. The app must be ready. */
export function openapiDocument(app: FastifyInstance): object {
  const document = app.swagger() as { [part: string]: unknown }
  return sorted({
    ...document,
    'x-problems': Object.keys(problems).map(code => ({ code, status: problems[code as ProblemCode].status })),
  }) as object
}

/** The text that is checked in as openapi/openapi.json. */
export function openapiText(app: FastifyInstance): string {
  return `${JSON.stringify(openapiDocument(app), null, 2)}\n`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const names = Object.keys(value)
    .filter(name => name !== '$id')
    .sort()
  return Object.fromEntries(names.map(name => [name, sorted((value as { [name: string]: unknown })[name])]))
}
