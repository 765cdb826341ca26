import { readInstant } from './moments.ts'

/** What an application claimed beside its evidence. `submittedAt` in milliseconds since 1970, `household` in hexadecimal. */
export type Claim = { submittedAt: number; pool: string | null; household: string | null; persons: number | null }

/** Reads the text of a frozen claim (docs/ranking.md, Digests). Null if it is none. */
export function readClaim(text: string): Claim | null {
  let claim: unknown
  try {
    claim = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof claim !== 'object' || claim === null) return null
  const { submittedAt, pool = null, household = null, persons = null } = claim as { [field: string]: unknown }
  const moment = typeof submittedAt === 'string' ? readInstant(submittedAt) : null
  const isSound =
    moment !== null &&
    (pool === null || typeof pool === 'string') &&
    (household === null || (typeof household === 'string' && /^[0-9a-f]{64}$/.test(household))) &&
    (persons === null || Number.isSafeInteger(persons))
  return isSound ? { submittedAt: moment, pool, household, persons: persons as number | null } : null
}
