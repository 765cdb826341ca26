import Type from 'typebox'
import { operation } from '../operation.ts'
import type { Routes } from '../routes.ts'

export const metrics: Routes = (app, { metrics }) => {
  app.get(
    '/metrics',
    {
      ...operation({
        id: 'getMetrics',
        tag: 'Service',
        summary: 'Figures for Prometheus',
        description: 'Of this process, and of the runs of the whole installation. There is no name in it: of no round, office or person.',
        access: 'metrics:read',
        answers: { 200: { description: 'The figures.', schema: Type.String(), type: 'text/plain' } },
      }),
      // A scrape comes every few seconds; it is logged only when it fails.
      logLevel: 'warn',
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  )
}
