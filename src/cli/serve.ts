import type { Command } from 'commander'
import { buildApp } from '../api/app.ts'
import { serve } from '../api/server.ts'
import { migrationsFolder, readConfig } from '../config.ts'
import { pendingMigrations } from '../store/migrate.ts'
import { openOffice } from './open-office.ts'

/** `points serve`: the HTTP API. */
export function serveCommand(program: Command): void {
  program
    .command('serve')
    .summary('serve the HTTP API')
    .description(
      'Serves the API on HOST and PORT until SIGTERM or SIGINT, over DATABASE_URL or the embedded server. The log goes to stdout, one JSON object a line.',
    )
    .action(start)
}

async function start(): Promise<void> {
  const config = readConfig()
  const { office, close } = await openOffice(config)
  const ready = async () => (await pendingMigrations(office.pool, migrationsFolder)).length === 0
  const app = buildApp({ office, logger: { level: config.logLevel }, ready })
  const { address } = await serve({ app, host: config.host, port: config.port, onClose: close })
  process.stderr.write(`listening on ${address}; reference at ${address}/docs\n`)
}
