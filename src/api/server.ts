import { setTimeout as after } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'

export type Served = {
  /** Where it listens. */
  address: string
  /** Stops as a signal would, and ends the process. */
  stop(): void
}

/**
 * Listens, and on SIGTERM, SIGINT or an uncaught error stops in order: `/readyz` says no → (`drainMilliseconds`, for a balancer to notice) → no new
 * connections → requests and runs at work finish → `onClose` (ends the database) → exit. What has not finished after
 * `closeLimitMilliseconds` is cut off; a stage of a run is one transaction, so nothing is left half done.
 */
export async function serve({
  app,
  host,
  port,
  onClose,
  drainMilliseconds = 0,
  closeLimitMilliseconds = 40_000,
}: {
  app: FastifyInstance
  host: string
  port: number
  onClose: () => Promise<void> | void
  drainMilliseconds?: number
  closeLimitMilliseconds?: number
}): Promise<Served> {
  const grace = closeWithGrace({ delay: closeLimitMilliseconds, logger: closingLog(app.log) }, async ({ signal, err }) => {
    if (err) app.log.fatal({ err }, 'stopping after an error that nobody caught')
    else app.log.info({ signal }, 'stopping')
    app.stopBeingReady()
    if (drainMilliseconds > 0) await after(drainMilliseconds)
    await app.close()
    await onClose()
    app.log.info('stopped')
  })
  try {
    return { address: await app.listen({ host, port }), stop: () => grace.close() }
  } catch (error) {
    grace.uninstall()
    await app.close()
    await onClose()
    throw error
  }
}

/** What close-with-grace tells: an error, or a sentence such as that time is up. */
export function closingLog(log: { error(fields: object, message: string): void }): { error(error: unknown): void } {
  return {
    error: error => log.error(error instanceof Error ? { err: error } : {}, error instanceof Error ? 'closing failed' : String(error)),
  }
}
