import type { Command } from 'commander'
import { buildApp } from '../api/app.ts'
import { serve } from '../api/server.ts'
import { migrationsFolder, readConfig } from '../config.ts'
import { pendingMigrations } from '../store/migrate.ts'
import { checkReplica } from './check-replica.ts'
import { warnOf } from './not-ready.ts'
import { whenNpmIsGone } from './npm-parent.ts'
import { openOffice } from './open-office.ts'
import { addressMistake } from './operator-mistakes.ts'

/** Exit code of a service that did not stop by itself. */
const failed = 70

/** `points serve`: the HTTP API. */
export function serveCommand(program: Command): void {
  program
    .command('serve')
    .summary('serve the HTTP API')
    .description(
      'Serves the API on HOST and PORT until SIGTERM or SIGINT, over DATABASE_URL or the embedded server. The log goes to stdout, one JSON object a line. ' +
        'It does runs in its own process, WORKERS of them side by side; with WORKERS=0 it leaves them to `points worker`.',
    )
    .action(start)
}

async function start(): Promise<void> {
  const config = readConfig()
  let stop = (): void => process.exit(failed)
  whenNpmIsGone(() => stop())
  const opened = await openOffice(config)
  await checkReplica(config, opened.office).catch(async error => {
    await opened.close()
    throw error
  })
  const pending = () => pendingMigrations(opened.office.pool, migrationsFolder)
  const ready = async () => (await pending()).length === 0
  const app = buildApp({ office: opened.office, logger: { level: config.logLevel }, ready, runsAtOnce: config.workers })
  const served = await serve({ app, host: config.host, port: config.port, onClose: opened.close }).catch(error => {
    throw addressMistake(error, config) ?? error
  })
  stop = served.stop
  if ('died' in opened)
    opened.died.then(how => {
      app.log.fatal(`our own PostgreSQL has ended (${how}) though nobody stopped it; stopping: start again, what was finished is kept`)
      process.once('exit', () => {
        process.exitCode = failed
      })
      served.stop()
    })
  process.stderr.write(`listening on ${served.address}; reference at ${served.address}/docs\n`)
  if (config.databaseUrl !== undefined) await warnOf(config.databaseUrl, pending, app.log)
}
