import { buildApp } from '../../src/api/app.ts'
import { serve } from '../../src/api/server.ts'

/* A process that serves, for server.test.ts to stop. It needs no database: the probes ask nothing of the office. */

const app = buildApp({ office: { jobs: {} } as never, logger: { level: 'info' } })
const { address } = await serve({
  app,
  host: '127.0.0.1',
  port: 0,
  drainMilliseconds: 300,
  onClose: () => console.log('the database is ended'),
})
console.log(`listening ${address}`)
