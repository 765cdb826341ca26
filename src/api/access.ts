import type { FastifyInstance, FastifyRequest } from 'fastify'
import { clientOf, type Scope } from '../round/clients.ts'
import type { Actor, Office } from '../round/office.ts'
import { Refusal } from '../values/refusal.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller's key must allow; `public` needs no key. Every route under /v1 says it. */
    access?: Scope | 'public'
  }
  interface FastifyRequest {
    caller: Actor | null
  }
}

/** The form of our keys (round/clients.ts); anything else is refused without a look into the database. */
const bearer = /^Bearer +(sp_[A-Za-z0-9_-]{43})$/i

/** Lets only those in whose key has the scope that a route names. A route under /v1 that names nothing stops the start. */
export function guard(app: FastifyInstance, office: Office): void {
  app.decorateRequest('caller', null)
  app.addHook('onRoute', route => {
    if (route.url.startsWith('/v1') && route.config?.access === undefined)
      throw new Error(`route ${route.url} does not say who may call it`)
  })
  app.addHook('onRequest', async request => {
    const needed = request.routeOptions.config.access
    if (needed === undefined || needed === 'public') return
    request.caller = await allowed(office, request, needed)
  })
}

async function allowed(office: Office, request: FastifyRequest, needed: Scope): Promise<Actor> {
  const key = bearer.exec(request.headers.authorization ?? '')?.[1]
  const client = key === undefined ? undefined : await clientOf(office, key)
  if (!client)
    throw new Refusal(
      'unauthenticated',
      'Send a valid key: "Authorization: Bearer sp_…". Keys are given out by the operator and may have been revoked.',
    )
  if (!client.scopes.includes(needed))
    throw new Refusal(
      'scope-missing',
      `This call needs the scope ${needed}, which the key of ${client.client} has not. Ask the operator for a key with it.`,
    )
  return { authority: client.authority, client: client.client }
}

/** On whose behalf a request acts: always the key's own authority, never one that the request names. */
export function callerOf(request: FastifyRequest): Actor {
  if (!request.caller) throw new Error('a public route has no caller')
  return request.caller
}

/** What RFC 6750 has a refused caller told in WWW-Authenticate; undefined for other problems. */
export function challengeOf(code: string, request: FastifyRequest): string | undefined {
  const realm = 'Bearer realm="settlement-points"'
  if (code === 'scope-missing') return `${realm}, error="insufficient_scope", scope="${request.routeOptions.config.access}"`
  if (code === 'unauthenticated') return request.headers.authorization === undefined ? realm : `${realm}, error="invalid_token"`
  return undefined
}
