import { canonicalJson, type Json } from '../values/canonical-json.ts'

/** What an application says beside its evidence. `household` is the keyed digest of the label, in hexadecimal. */
export type Claim = {
  /** The moment of the application, as `2026-11-28T08:00:00.000Z`; null of a round that was frozen before claims were kept. */
  submittedAt: string | null
  pool: string | null
  household: string | null
  persons: number | null
}

/** The claim as it is frozen and digested: canonical JSON of what was given (docs/ranking.md, Digests). */
export function claimText({ submittedAt, pool, household, persons }: Claim & { submittedAt: string }): string {
  const given: { [field: string]: Json } = { submittedAt }
  if (pool !== null) given.pool = pool
  if (household !== null) given.household = household
  if (persons !== null) given.persons = persons
  return canonicalJson(given)
}

/** Reads a claim as it was frozen; the empty text is that of a round frozen before claims were kept. */
export function readClaim(text: string): Claim {
  const { submittedAt = null, pool = null, household = null, persons = null } = text === '' ? {} : (JSON.parse(text) as Partial<Claim>)
  return { submittedAt, pool, household, persons }
}
