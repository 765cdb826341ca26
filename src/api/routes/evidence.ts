import Type, { type Static } from 'typebox'
import { evidenceOf, takeEvidence } from '../../round/evidence.ts'
import type { StoredEvidence } from '../../store/evidence.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import { isNumber, PageQuery, pageOf, readAfter, readPage } from '../paging.ts'
import type { Routes } from '../routes.ts'
import { component, Day, Id, Instant, orNull, ref, strict, word } from '../schemas/parts.ts'

const State = word('declared', 'verified', 'rejected')
const Record = Type.Unsafe<{ [field: string]: unknown } | null>({
  type: ['object', 'null'],
  description: 'The fields that the vocabulary or the scheme gives to this kind, or null: the source holds nothing of this kind.',
  additionalProperties: true,
  examples: [{ insurance: 'pension', payment: 'on-time', from: '2010-03', to: '2019-12' }],
})

const Evidence = component(
  'Evidence',
  strict({
    evidence: Id,
    kind: Type.String(),
    source: Type.String(),
    state: State,
    record: Record,
    validFrom: orNull(Day),
    validTo: orNull(Day),
    recordedAt: Instant,
    recordedBy: Type.String(),
    supersedes: orNull(Id),
  }),
)
export const evidenceComponents = [Evidence]

const StatementBody = strict({
  kind: Type.String({
    maxLength: 60,
    description: 'A kind of evidence of the vocabulary or of a scheme that was activated, or `attested`.',
  }),
  source: Type.String({ maxLength: 60, description: 'Short name of the register or office that says so.' }),
  state: State,
  record: Record,
  supersedes: Type.Optional(Id),
})

const tag = 'Persons and evidence'
const params = strict({ person: Id })

function view(row: StoredEvidence): Static<typeof Evidence> {
  return {
    evidence: row.evidence,
    kind: row.kind,
    source: row.source,
    state: row.state,
    record: row.record as { [field: string]: unknown } | null,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    recordedAt: row.recorded_at,
    recordedBy: row.recorded_by,
    supersedes: row.supersedes,
  }
}

export const evidence: Routes = (app, { office }) => {
  app.post(
    '/v1/persons/:person/evidence',
    operation({
      id: 'takeEvidence',
      tag,
      summary: 'Take in what registers or the person say',
      description:
        'All statements are taken in or none. Nothing is overwritten: a correction, or a change of state, supersedes the earlier statement. Evidence is taken at any time; what is recorded after the freeze of a round does not count in that round.',
      access: 'evidence:write',
      params,
      body: strict({ statements: Type.Array(StatementBody, { minItems: 1, maxItems: 500 }) }),
      bodyLimit: 1_048_576,
      answers: {
        201: { description: 'Taken in; the numbers stand in the order of the statements.', schema: strict({ evidence: Type.Array(Id) }) },
      },
      refuses: ['invalid-facts', 'unknown-person', 'unknown-evidence', 'evidence-superseded', 'same-statement'],
    }),
    async (request, reply) => {
      const numbers = await takeEvidence(office, callerOf(request), request.params.person, request.body.statements, '/statements')
      reply.code(201)
      return { evidence: numbers }
    },
  )

  app.get(
    '/v1/persons/:person/evidence',
    operation({
      id: 'listEvidence',
      tag,
      summary: 'All that was recorded of a person, oldest first',
      description: 'Superseded statements are among them.',
      access: 'evidence:write',
      params,
      query: PageQuery,
      answers: { 200: { description: 'A page of statements.', schema: pageOf(ref('Evidence')) } },
      refuses: ['unknown-person'],
    }),
    async request => {
      const after = readAfter<[number]>(request.query.after, [isNumber(Number.MAX_SAFE_INTEGER)])?.[0]
      const { person } = request.params
      return readPage(request, request.query.limit, limit => evidenceOf(office, callerOf(request), { person, after, limit }), {
        item: view,
        key: row => [row.evidence],
      })
    },
  )
}
