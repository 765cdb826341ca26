import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Office } from '../round/office.ts'
import type { RunsAtWork } from './runs-at-work.ts'

/** The app as the routes see it: requests have the types of their schemas. */
export type TypedApp = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>

/** What the routes are given beside the app. */
export type Context = { office: Office; runs: RunsAtWork; ready: () => Promise<boolean> }

/** Adds the routes of one resource. */
export type Routes = (app: TypedApp, context: Context) => void
