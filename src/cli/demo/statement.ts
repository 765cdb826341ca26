import type { Random } from './random.ts'

/** One row of evidence as an office stores it. A record of null: the register was asked and holds nothing. */
export type Statement = {
  kind: string
  source: string
  state: 'verified' | 'declared' | 'rejected'
  record: EvidenceFields | null
}
export type EvidenceFields = { [field: string]: string }

/** What may go wrong on the way from a register to the office, each in so many of ten thousand applicants. */
export type Flaws = {
  /** Nobody asked: there is no statement at all, and the kind is missing. */
  unasked?: number
  /** The applicant declared the records and no register has confirmed them. */
  onlyDeclared?: number
  /** The register refused the last record. */
  rejected?: number
}

/** The statements that a register's records become. Without records there is nothing to declare or to refuse. */
export function statements(
  random: Random,
  kind: string,
  source: string,
  records: readonly EvidenceFields[],
  flaws: Flaws = {},
): Statement[] {
  // All three are drawn every time, so that a figure changed here leaves the rest of the applicant as it was.
  const unasked = random.chance(flaws.unasked ?? 0)
  const onlyDeclared = random.chance(flaws.onlyDeclared ?? 0)
  const rejected = random.chance(flaws.rejected ?? 0)
  if (unasked) return []
  // A register does not say the same thing twice.
  const different = records.filter((record, i) => records.findIndex(one => JSON.stringify(one) === JSON.stringify(record)) === i)
  if (records.length === 0) return [{ kind, source, state: 'verified', record: null }]
  if (onlyDeclared) return different.map(record => ({ kind, source: 'applicant', state: 'declared', record }))
  return different.map((record, i) => ({ kind, source, state: rejected && i === different.length - 1 ? 'rejected' : 'verified', record }))
}
