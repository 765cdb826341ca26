import Type, { type Static } from 'typebox'
import { activateScheme } from '../../round/activate-scheme.ts'
import { lint, schemeHeads, storedScheme, storeScheme } from '../../round/schemes.ts'
import type { SchemeState } from '../../store/database.ts'
import type { SchemeHead } from '../../store/schemes.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import { isText, PageQuery, pageOf, readAfter, readPage } from '../paging.ts'
import type { Routes } from '../routes.ts'
import { AuthorityName, component, Digest, Instant, orNull, ref, SchemeName, SchemeVersion, strict, word } from '../schemas/parts.ts'

const Client = component(
  'ClientName',
  Type.Object(
    { authority: AuthorityName, client: Type.String() },
    { additionalProperties: false, description: 'A client of the API and the authority for which it acts.' },
  ),
)
const State = Type.Unsafe<SchemeState>({
  type: 'string',
  enum: ['draft', 'active', 'superseded'],
  description: 'Rounds can use what was activated, whether or not it is superseded since.',
})
const content = {
  scheme: SchemeName,
  version: SchemeVersion,
  status: word('complete', 'incomplete'),
  digest: Digest,
  casesDigest: Digest,
  state: State,
}
const head = {
  ...content,
  storedAt: Instant,
  storedBy: describedRef('ClientName', 'Who stored it last; null if that was not recorded.'),
  activatedAt: orNull(Instant),
  activatedBy: describedRef('ClientName', 'The second person; null while it is a draft, or if that was not recorded.'),
  supersedes: orNull(Type.String({ description: 'The version that was active before.' })),
  supersededAt: orNull(Instant),
  supersededBy: orNull(Type.String({ description: 'The version that took its place.' })),
}
const CaseFile = strict({
  name: Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'Name of the file, by which its findings are told.',
    examples: ['gates.yaml'],
  }),
  text: Type.String({ minLength: 1, maxLength: 1_048_576, description: 'Cases (YAML) by docs/scheme-language.md.' }),
})
const Cases = Type.Array(CaseFile, {
  maxItems: 50,
  description: 'Files with examples and the result that the rule text gives, worked out by hand.',
})
const Head = component('SchemeHead', strict(head))
const Whole = component(
  'Scheme',
  strict({
    ...head,
    source: Type.String({ description: 'The scheme as it was written (YAML).' }),
    cases: Cases,
  }),
)
const Stored = component(
  'StoredScheme',
  strict({ ...content, stored: Type.Boolean({ description: 'False when this very content was stored before.' }) }),
)
const Finding = component(
  'Finding',
  Type.Object(
    {
      severity: word('error', 'note'),
      code: Type.String(),
      pointer: Type.String({ description: 'JSON pointer into the scheme, or into the case file.' }),
      message: Type.String(),
      line: Type.Integer({ minimum: 1 }),
      column: Type.Integer({ minimum: 1 }),
      file: Type.Optional(Type.String({ description: 'The case file; left out of what is said of the scheme itself.' })),
    },
    { additionalProperties: false, description: 'What the linter says of one place in a scheme or in its cases.' },
  ),
)
export const schemeComponents = [Client, Head, Whole, Stored, Finding]

const Source = Type.String({ minLength: 1, maxLength: 1_048_576, description: 'A scheme (YAML) by docs/scheme-language.md.' })
/** Every character of the largest scheme may take three bytes; the rest is for its cases. */
const bodyLimit = 4_194_304
const tag = 'Schemes'
const params = strict({ scheme: SchemeName, version: SchemeVersion })

function describedRef(name: string, description: string) {
  return Type.Unsafe<Static<typeof Client> | null>({ anyOf: [{ $ref: `${name}#` }, { type: 'null' }], description })
}

function headView(row: SchemeHead): Static<typeof Head> {
  return {
    scheme: row.scheme,
    version: row.version,
    status: row.status,
    digest: row.digest,
    casesDigest: row.cases_digest,
    state: row.state,
    storedAt: row.stored_at,
    storedBy: clientName(row.stored_authority, row.stored_client),
    activatedAt: row.activated_at,
    activatedBy: clientName(row.activated_authority, row.activated_client),
    supersedes: row.supersedes,
    supersededAt: row.superseded_at,
    supersededBy: row.superseded_by,
  }
}

function clientName(authority: string | null, client: string | null): Static<typeof Client> | null {
  return authority !== null && client !== null ? { authority, client } : null
}

export const schemes: Routes = (app, { office }) => {
  app.post(
    '/v1/schemes',
    operation({
      id: 'storeScheme',
      tag,
      summary: 'Store a draft of a scheme with its cases',
      description:
        'A draft may be stored again, and the last who stored it is its author. What was activated never changes: other content needs another version. Pointers of `invalid-scheme` lead into the scheme; those of `invalid-cases` begin with /cases/<i> and lead into that file.',
      access: 'schemes:write',
      body: strict({ source: Source, cases: Cases }),
      bodyLimit,
      answers: {
        200: { description: 'This very content was stored before.', schema: ref('StoredScheme') },
        201: { description: 'Stored as a draft.', schema: ref('StoredScheme'), headers: { Location: { type: 'string' } } },
      },
      refuses: ['invalid-scheme', 'invalid-cases', 'scheme-version-exists'],
    }),
    async (request, reply) => {
      const { scheme, casesDigest, stored, state } = await storeScheme(office, callerOf(request), request.body)
      const { scheme: name, version, status, digest } = scheme
      reply.code(stored ? 201 : 200).header('location', `/v1/schemes/${name}/${version}`)
      return { scheme: name, version, status, digest, casesDigest, state, stored } satisfies Static<typeof Stored>
    },
  )

  app.post(
    '/v1/schemes/:scheme/:version/activation',
    operation({
      id: 'activateScheme',
      tag,
      summary: 'Activate a draft, as the second person',
      description:
        'The digests are those of the draft that was reviewed, and of its cases. Whoever stored it cannot activate it. Every case must come out as expected. What it names itself must not mean something else in a scheme that was activated before. Rounds can use the version from now on, and the one that was active before is superseded.',
      access: 'schemes:activate',
      params,
      body: strict({ digest: Digest, casesDigest: Digest }),
      answers: { 200: { description: 'Active.', schema: ref('SchemeHead') } },
      refuses: [
        'unknown-scheme',
        'scheme-state',
        'scheme-changed',
        'second-person-needed',
        'cases-not-green',
        'kind-differs',
        'invalid-scheme',
        'invalid-cases',
      ],
    }),
    async request => headView(await activateScheme(office, callerOf(request), request.params, request.body)),
  )

  app.post(
    '/v1/schemes::lint',
    operation({
      id: 'lintScheme',
      tag,
      summary: 'Check a scheme and its cases, or round rules; nothing is stored',
      access: 'schemes:write',
      body: strict({
        source: Type.String({ minLength: 1, maxLength: 1_048_576, description: 'A scheme or round rules (YAML).' }),
        cases: Type.Optional(Cases),
        scheme: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 1_048_576,
            description: 'For round rules: the scheme (YAML) against which they are checked, instead of the stored one that they name.',
          }),
        ),
      }),
      bodyLimit,
      answers: {
        200: {
          description: 'What was found; no error means that it can be stored.',
          schema: strict({ findings: Type.Array(ref('Finding')) }),
        },
      },
    }),
    async ({ body: { source, cases = [], scheme } }) => ({ findings: await lint(office, { source, cases, scheme }) }),
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
      summary: 'A scheme and its cases as they were written',
      access: 'public',
      params,
      answers: { 200: { description: 'The scheme.', schema: ref('Scheme') } },
      refuses: ['unknown-scheme'],
    }),
    async request => {
      const stored = await storedScheme(office, request.params)
      return { ...headView(stored), source: stored.source, cases: stored.cases } satisfies Static<typeof Whole>
    },
  )
}
