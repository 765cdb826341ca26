import Type, { type Static } from 'typebox'
import { component, Id, PublicNumber, strict } from './parts.ts'

export const FaultSchema = strict({
  code: Type.String({ description: 'Stable code of the fault, such as `impossible-date`.' }),
  pointer: Type.String({
    description:
      'JSON pointer to the faulty part: of the body, or of the YAML document that the body holds. "" is the whole. Of `unusable-evidence` it begins with the public number, and leads into the facts of that applicant.',
  }),
  message: Type.String({ description: 'What is wrong and what would be right.' }),
  in: Type.Optional(
    Type.Unsafe<'query' | 'path'>({
      type: 'string',
      enum: ['query', 'path'],
      description: 'Where the pointer leads when it is not the body.',
    }),
  ),
})

export const ProblemSchema = component(
  'Problem',
  strict({
    type: Type.String({ description: 'Address of a page about this kind of problem, `/problems/<code>`.' }),
    title: Type.String({ description: 'In Chinese if Accept-Language prefers it.' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    instance: Type.Optional(Type.String({ description: 'This very request in the log, `urn:uuid:…`; also in the header X-Request-Id.' })),
    code: Type.String({ description: 'Stable code of the problem, the last part of `type`.' }),
    errors: Type.Array(FaultSchema, { description: 'Every fault that was found, each with what to do about it.' }),
    person: Type.Optional(Type.Unsafe<number>({ ...Id, description: 'With `person-exists`: the number of the person who is registered.' })),
    publicNumber: Type.Optional(
      Type.Unsafe<string>({
        ...PublicNumber,
        description: 'With `second-application`: the public number of the application that was taken.',
      }),
    ),
  }),
)
export type Problem = Static<typeof ProblemSchema>
