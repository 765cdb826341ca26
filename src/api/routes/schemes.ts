import Type, { type Static } from 'typebox'
import { lint, schemeHeads, storedScheme, storeScheme } from '../../round/schemes.ts'
import type { SchemeHead } from '../../store/schemes.ts'
import { operation } from '../operation.ts'
import { isText, PageQuery, pageOf, readAfter, readPage } from '../paging.ts'
import type { Routes } from '../routes.ts'
import { component, Digest, Instant, ref, SchemeName, SchemeVersion, strict, word } from '../schemas/parts.ts'

const head = {
  scheme: SchemeName,
  version: SchemeVersion,
  status: word('complete', 'incomplete'),
  digest: Digest,
}
const Head = component('SchemeHead', strict({ ...head, storedAt: Instant }))
const WithSource = component(
  'Scheme',
  strict({ ...head, storedAt: Instant, source: Type.String({ description: 'The scheme as it was written (YAML).' }) }),
)
const Stored = component(
  'StoredScheme',
  strict({ ...head, stored: Type.Boolean({ description: 'False when this very scheme was stored before.' }) }),
)
const Finding = component(
  'Finding',
  Type.Object(
    {
      severity: word('error', 'note'),
      code: Type.String(),
      pointer: Type.String({ description: 'JSON pointer into the scheme.' }),
      message: Type.String(),
      line: Type.Integer({ minimum: 1 }),
      column: Type.Integer({ minimum: 1 }),
    },
    { additionalProperties: false, description: 'What the linter says of one place in a scheme.' },
  ),
)
export const schemeComponents = [Head, WithSource, Stored, Finding]

const Source = strict({
  source: Type.String({ minLength: 1, maxLength: 1_048_576, description: 'A scheme (YAML) by docs/scheme-language.md.' }),
})
/** Every character of the largest scheme may take three bytes. */
const bodyLimit = 3_200_000
const tag = 'Schemes'

function headView({ scheme, version, status, digest, stored_at }: SchemeHead): Static<typeof Head> {
  return { scheme, version, status, digest, storedAt: stored_at }
}

export const schemes: Routes = (app, { office }) => {
  app.post(
    '/v1/schemes',
    operation({
      id: 'storeScheme',
      tag,
      summary: 'Store a scheme for good',
      description:
        'What is stored never changes. The same scheme may be stored again; another content needs another version. Pointers of faults lead into the scheme.',
      access: 'schemes:write',
      body: Source,
      bodyLimit,
      answers: {
        200: { description: 'This very scheme was stored before.', schema: ref('StoredScheme') },
        201: { description: 'Stored.', schema: ref('StoredScheme'), headers: { Location: { type: 'string' } } },
      },
      refuses: ['invalid-scheme', 'scheme-version-exists'],
    }),
    async (request, reply) => {
      const { scheme, stored } = await storeScheme(office, request.body.source)
      const { scheme: name, version, status, digest } = scheme
      reply.code(stored ? 201 : 200).header('location', `/v1/schemes/${name}/${version}`)
      return { scheme: name, version, status, digest, stored } satisfies Static<typeof Stored>
    },
  )

  app.post(
    '/v1/schemes::lint',
    operation({
      id: 'lintScheme',
      tag,
      summary: 'Check a scheme; nothing is stored',
      access: 'schemes:write',
      body: Source,
      bodyLimit,
      answers: {
        200: {
          description: 'What was found; no error means that it can be stored.',
          schema: strict({ findings: Type.Array(ref('Finding')) }),
        },
      },
    }),
    async request => ({ findings: lint(office, request.body.source) }),
  )

  app.get(
    '/v1/schemes',
    operation({
      id: 'listSchemes',
      tag,
      summary: 'Stored schemes by name and version',
      access: 'public',
      query: PageQuery,
      answers: { 200: { description: 'A page of schemes.', schema: pageOf(ref('SchemeHead')) } },
    }),
    async request => {
      const after = readAfter<[string, string]>(request.query.after, [isText, isText])
      const key = after && { scheme: after[0], version: after[1] }
      return readPage(request, request.query.limit, limit => schemeHeads(office, { after: key, limit }), {
        item: headView,
        key: ({ scheme, version }) => [scheme, version],
      })
    },
  )

  app.get(
    '/v1/schemes/:scheme/:version',
    operation({
      id: 'getScheme',
      tag,
      summary: 'A scheme as it was written',
      access: 'public',
      params: strict({ scheme: SchemeName, version: SchemeVersion }),
      answers: { 200: { description: 'The scheme.', schema: ref('Scheme') } },
      refuses: ['unknown-scheme'],
    }),
    async request => {
      const stored = await storedScheme(office, request.params)
      return { ...headView(stored), source: stored.source } satisfies Static<typeof WithSource>
    },
  )
}
