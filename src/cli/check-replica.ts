import type { Config } from '../config.ts'
import type { Office } from '../round/office.ts'
import { identityOf } from '../store/database-identity.ts'
import { isUnavailable, sqlState } from '../store/errors.ts'
import { Refusal } from '../values/refusal.ts'
import { databaseMistake } from './operator-mistakes.ts'

const insufficientPrivilege = '42501'

/**
 * Checks that DATABASE_READ_URL leads to a copy of the database in DATABASE_URL: portals would else be told that nothing is published. One that only does
 * not answer now may come back, and one that does not tell who it is to this user may be the right one.
 * @throws Refusal `wrong-configuration`; `database-out-of-reach`
 */
export async function checkReplica({ readUrl }: Config, { pool, replica }: Office): Promise<void> {
  if (readUrl === undefined || replica === null) return
  const [here, there] = await Promise.all([
    identityOf(pool).catch(() => undefined),
    identityOf(replica).catch(error => {
      if (sqlState(error) === insufficientPrivilege) return undefined
      const mistake = databaseMistake(error, readUrl, 'DATABASE_READ_URL')
      if (mistake === undefined || !isUnavailable(error)) throw mistake ?? error
      process.stderr.write(`${mistake.message} Until then portals are asked to wait.\n`)
      return undefined
    }),
  ])
  if (here !== undefined && there !== undefined && here !== there)
    throw new Refusal(
      'wrong-configuration',
      'DATABASE_READ_URL leads to another database than DATABASE_URL. Name a streaming replica of the same server, and the same database on it.',
    )
}
