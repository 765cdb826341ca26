import closeWithGrace from 'close-with-grace'
import { type Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import { logOptions } from '../api/logging.ts'
import { startWorker } from '../api/runs-at-work.ts'
import { closingLog } from '../api/server.ts'
import { migrationsFolder, readConfig } from '../config.ts'
import { openQueue } from '../store/jobs.ts'
import { pendingMigrations } from '../store/migrate.ts'
import { Refusal } from '../values/refusal.ts'
import { warnOf } from './not-ready.ts'
import { whenNpmIsGone } from './npm-parent.ts'
import { openOffice } from './open-office.ts'

const mostAtOnce = 8
/** How long stopping waits for runs at work, before they go to another worker; and after which time what then still hangs is cut off. */
const millisecondsToFinish = 30_000
const millisecondsToClose = 40_000

/** `points worker`: does the runs that the API has ordered. */
export function workerCommand(program: Command): void {
  program
    .command('worker')
    .summary('do the runs that the API orders')
    .description(
      'Does the runs of rounds that clients of the API order, until SIGTERM or SIGINT; on any number of machines over the same DATABASE_URL. ' +
        'A run whose worker is killed goes to another worker, from its last finished stage on. The log goes to stdout, one JSON object a line.',
    )
    .option('--concurrency <n>', `how many runs of different rounds it does side by side, 1 to ${mostAtOnce}`, readCount, 1)
    .action(start)
}

async function start({ concurrency }: { concurrency: number }): Promise<void> {
  const config = readConfig()
  if (config.databaseUrl === undefined)
    throw new Refusal(
      'wrong-configuration',
      'A worker does the runs of a service on the same database: set DATABASE_URL and SETTLEMENT_KEYS to those of the service. Without them points serve does its runs by itself.',
    )
  const log = pino(logOptions({ level: config.logLevel }) || {})
  const { office, close } = await openOffice(config)
  const queue = openQueue(office.jobs.pool, { works: true, onError: err => log.warn({ err }, 'the queue of runs has an error') })
  const worker = startWorker(office, queue, { atOnce: concurrency, log })
  const stopped = Promise.withResolvers<void>()
  const grace = closeWithGrace({ delay: millisecondsToClose, logger: closingLog(log) }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'stopping after an error that nobody caught')
    else log.info({ signal }, 'stopping')
    await worker.stop(millisecondsToFinish)
    await close()
    log.info('stopped')
    stopped.resolve()
  })
  whenNpmIsGone(() => grace.close())
  await warnOf(config.databaseUrl, () => pendingMigrations(office.pool, migrationsFolder), log)
  await stopped.promise
}

function readCount(text: string): number {
  const count = /^\d$/.test(text) ? Number(text) : 0
  if (count < 1 || count > mostAtOnce) throw new InvalidArgumentError(`Give a number from 1 to ${mostAtOnce}.`)
  return count
}
