import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Office } from '../round/office.ts'
import type { Queue } from '../store/jobs.ts'
import type { Metrics } from './metrics.ts'

/** The app as the routes see it: requests have the types of their schemas. */
export type TypedApp = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>

/** What the routes are given beside the app. */
export type Context = {
  office: Office
  queue: Queue
  metrics: Metrics
  ready: () => Promise<boolean>
  /** Aborted when the service begins to close: answers that have no end of their own end then. */
  closing: AbortSignal
}

/** Adds the routes of one resource. */
export type Routes = (app: TypedApp, context: Context) => void
