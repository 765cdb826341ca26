import { Refusal } from '../values/refusal.ts'
import { databaseMistake } from './operator-mistakes.ts'

/** Why a service or a worker that has started is not ready. It goes on: the database may come up, or be migrated, a moment later. */
export async function warnOf(
  databaseUrl: string,
  pending: () => Promise<string[]>,
  log: { warn(fields: object, message: string): void },
): Promise<void> {
  try {
    const lacking = await pending()
    if (lacking.length > 0) log.warn({ lacking }, 'not ready: the database is not up to date; run points migrate')
  } catch (err) {
    const mistake = err instanceof Refusal ? err : databaseMistake(err, databaseUrl)
    log.warn({ err }, `not ready: ${mistake?.message ?? 'the database cannot be used'}`)
  }
}
