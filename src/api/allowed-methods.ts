import type { FastifyInstance } from 'fastify'

/** Which methods an address takes, to tell a wrong method (405) from a wrong address (404). */
export function allowedMethods(app: FastifyInstance): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (!url.includes('*')) routes.push({ pattern: patternOf(url), methods: [method].flat() })
  })
  return path => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))].sort()
}

/** `:name` is any part of a path, `::` is a colon. */
function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map(part => (/^:[^:]/.test(part) ? '[^/]+' : part.replaceAll('::', ':').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${parts.join('/')}$`)
}
