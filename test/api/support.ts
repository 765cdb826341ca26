import { once } from 'node:events'
import { Writable } from 'node:stream'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { type AppOptions, buildApp } from '../../src/api/app.ts'
import { openapiDocument } from '../../src/api/openapi.ts'
import { enterAuthority, enterClient, type Scope, scopes } from '../../src/round/clients.ts'
import type { Office } from '../../src/round/office.ts'
import { factsOf, type PublishedRow } from '../support/beijing.ts'
import type { throwAwayDatabase } from '../support/database.ts'
import { anOffice, putInForce, schemeFile, schemeTexts } from '../support/office.ts'

type Test = Parameters<typeof throwAwayDatabase>[0]
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
// What came back is looked into by tests alone.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Answer = { status: number; body: any; headers: { [name: string]: unknown }; text: string }
export type Call = (
  method: Method,
  url: string,
  options?: { key?: string; body?: unknown; headers?: { [name: string]: string } },
) => Promise<Answer>

/** An app over a throw-away database with two authorities. Every answer that `call` gets is checked against the app's own document. */
export async function build(t: Test, options: Partial<AppOptions> = {}) {
  const { office, actor } = await anOffice(t)
  await enterAuthority(office, 'otheroffice', { 'zh-CN': '另一机关', en: 'another office' })
  const app = buildApp({ office, runsAtOnce: 2, ...options })
  await app.ready()
  t.teardown(() => app.close())
  let clients = 0
  const key = (granted: readonly Scope[] = scopes, authority = actor.authority) =>
    enterClient(office, { authority, client: `client-${++clients}` }, granted)
  const inForce = (place: string) => putInForce(office, actor, schemeTexts(place))
  return { app, office, key, inForce, call: callerOf(app), check: documentCheck(app) }
}

export function callerOf(app: FastifyInstance): Call {
  const check = documentCheck(app)
  return async (method, url, { key, body, headers } = {}) => {
    const request: InjectOptions = { method, url, headers: { ...headers, ...(key ? { authorization: `Bearer ${key}` } : {}) } }
    if (body !== undefined) {
      request.payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
      request.headers = { 'content-type': 'application/json', ...request.headers }
    }
    const { statusCode: status, headers: got, payload: text } = await app.inject(request)
    const answer: Answer = {
      status,
      headers: got,
      text,
      body: /json/.test(String(got['content-type'])) && text ? JSON.parse(text) : undefined,
    }
    check(method, url, answer)
    return answer
  }
}

/** Checks that a status is documented for its route and that the answer has the documented type and fits the schema. */
export function documentCheck(app: FastifyInstance): (method: string, url: string, answer: Answer) => void {
  // biome-ignore lint/suspicious/noExplicitAny: a document of any shape
  const document = openapiDocument(app) as any
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema(document, 'api')
  const compiled = new Map<string, ValidateFunction>()
  const paths = Object.keys(document.paths).map(path => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }))
  return (method, url, { status, headers, body, text }) => {
    const where = `${method} ${url} → ${status}`
    const path = paths.find(({ pattern }) => pattern.test(url.split('?')[0] as string))?.path
    const described = path === undefined ? undefined : document.paths[path][method.toLowerCase()]
    const type = String(headers['content-type'] ?? '').split(';')[0] as string
    if (!described && [404, 405].includes(status)) return fits('api#/components/schemas/Problem', body, where)
    const response = described?.responses[status]
    if (!response) throw new Error(`${where} is not in the document: ${text.slice(0, 500)}`)
    if (!response.content) return
    if (!response.content[type]) throw new Error(`${where} is ${type}, not ${Object.keys(response.content)}`)
    if (/json/.test(type))
      fits(`api#/paths/${token(path as string)}/${method.toLowerCase()}/responses/${status}/content/${token(type)}/schema`, body, where)
  }

  function fits(schema: string, body: unknown, where: string): void {
    const validate = compiled.get(schema) ?? ajv.compile({ $ref: schema })
    compiled.set(schema, validate)
    if (!validate(body))
      throw new Error(`${where} does not fit its schema: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body).slice(0, 500)}`)
  }
}

function token(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))
}

export const beijing = schemeTexts('beijing/2020')

/** The rules of Beijing's round with another quota. */
export function beijingRules(places: number): string {
  return schemeFile('beijing/2020/rounds.yaml').replace(/places: \d+/, `places: ${places}`)
}

/** A permit holder of so many months of insurance, as statements that registers verified. */
export function statementsOf(monthsInsured: number): object[] {
  const row: PublishedRow = {
    birth_year: '1980',
    employment: (monthsInsured / 4).toFixed(2),
    residence: (Math.round((monthsInsured * 100) / 24 + 1e-9) / 100).toFixed(2),
    education: '15.00',
    education_overlap_deduction: '0.00',
    job_housing_area: '0',
    innovation: '0.00',
    tax: '0',
    honour: '0.00',
  }
  return Object.entries(factsOf(row)).flatMap(([kind, records]): object[] =>
    records.length === 0
      ? [{ kind, source: 'register', state: 'verified', record: null }]
      : records.map(({ source, state, ...record }: { source?: string; state?: string }) => ({ kind, source, state, record })),
  )
}

/** Facts for an estimate. */
export function someFacts(): object {
  return { birth: [{ date: '1980-07-01' }], insurance: [{ insurance: 'pension', payment: 'on-time', from: '2010-03', to: '2019-12' }] }
}

/** Waits until the run of a round that was ordered over HTTP has ended. */
export async function runEnded(call: Call, key: string, round: string): Promise<Answer> {
  for (;;) {
    const answer = await call('GET', `/v1/rounds/${round}/runs`, { key })
    if (answer.body.job.finishedAt !== null) return answer
    await new Promise(done => setTimeout(done, 20))
  }
}

/** A log that is kept as text. */
export function keptLog(): { options: { level: string; stream: Writable }; text(): string; has(line: string): Promise<void> } {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
      stream.emit('written')
    },
  })
  return {
    options: { level: 'trace', stream },
    text: () => text,
    async has(line) {
      while (!text.includes(line)) await once(stream, 'written')
    },
  }
}

export type { Office }
