import Type from 'typebox'
import { Refusal } from '../../values/refusal.ts'
import { openapiDocument } from '../openapi.ts'
import { operation } from '../operation.ts'
import { problemPage } from '../problem-page.ts'
import { isProblemCode } from '../problems.ts'
import type { Routes } from '../routes.ts'
import { strict, word } from '../schemas/parts.ts'

const tag = 'Service'
const html = { schema: Type.String(), type: 'text/html' }
/** A probe comes every few seconds; it is logged only when it fails. */
const quiet = { logLevel: 'warn' } as const

export const service: Routes = (app, { ready }) => {
  app.get(
    '/healthz',
    {
      ...operation({
        id: 'health',
        tag,
        summary: 'Whether the process lives',
        access: 'public',
        answers: { 200: { description: 'It lives.', schema: strict({ status: word('ok') }) } },
      }),
      ...quiet,
    },
    async () => ({ status: 'ok' }),
  )

  app.get(
    '/readyz',
    {
      ...operation({
        id: 'readiness',
        tag,
        summary: 'Whether requests can be served',
        description: 'Not while the database is away or lacks a migration, and not once the process is stopping.',
        access: 'public',
        answers: { 200: { description: 'They can.', schema: strict({ status: word('ready') }) } },
        refuses: ['not-ready'],
      }),
      ...quiet,
    },
    async () => {
      if (!(await ready())) throw new Refusal('not-ready', 'The database does not answer, lacks a migration, or the service is stopping.')
      return { status: 'ready' }
    },
  )

  app.get(
    '/problems/:code',
    operation({
      id: 'getProblemPage',
      tag,
      summary: 'What a problem means, as a page',
      access: 'public',
      params: strict({ code: Type.String({ pattern: '^[a-z-]{1,60}$', description: 'a code of a problem' }) }),
      answers: { 200: { description: 'The page.', ...html } },
      refuses: ['unknown-problem'],
    }),
    async (request, reply) => {
      const { code } = request.params
      if (!isProblemCode(code)) throw new Refusal('unknown-problem', `There is no problem "${code}".`)
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .send(problemPage(code))
    },
  )

  app.get('/openapi.json', { schema: { hide: true } }, async () => openapiDocument(app))
}
