import Type, { type Static } from 'typebox'
import { registerPerson } from '../../round/persons.ts'
import { callerOf } from '../access.ts'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'
import { AuthorityName, component, Id, ref, strict } from '../schemas/parts.ts'

const Person = component(
  'Person',
  strict({
    person: Id,
    alsoUnder: Type.Array(AuthorityName, { description: 'Other authorities of the installation that know the same citizen number.' }),
  }),
)
export const personComponents = [Person]

export const persons: Routes = (app, { office }) => {
  app.post(
    '/v1/persons',
    operation({
      id: 'registerPerson',
      tag: 'Persons and evidence',
      summary: 'Register a permit holder',
      description:
        'Citizen number and name are sealed. They never come back out of this API, except the masked name in a published list. `person-exists` tells the number of the person who is registered.',
      access: 'persons:write',
      body: strict({
        citizenNumber: Type.String({ maxLength: 100, description: 'Citizen identity number (GB 11643) with its check character.' }),
        name: Type.String({ maxLength: 1000 }),
      }),
      answers: { 201: { description: 'Registered.', schema: ref('Person') } },
      refuses: ['invalid-person', 'person-exists'],
    }),
    async (request, reply) => {
      reply.code(201)
      return (await registerPerson(office, callerOf(request), request.body)) satisfies Static<typeof Person>
    },
  )
}
