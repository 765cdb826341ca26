import type { ColumnType, GeneratedAlways } from 'kysely'

// The tables of migrations/, by hand. `Instant` is ISO text in UTC, `CivilDate` is 'YYYY-MM-DD', points and ids are safe integers.
type Instant = string
type CivilDate = string
/** Written as JSON text, read as the value. */
type Jsonb<T> = ColumnType<T, string, string>

/** A text in one or more languages, by language tag. */
export type Words = Record<string, string>
export type RoundState = 'draft' | 'open' | 'closed' | 'frozen' | 'ranked' | 'notice' | 'final'
export type RunState = 'scored' | 'ranked' | 'verified' | 'failed'
export type EvidenceState = 'declared' | 'verified' | 'rejected'
export type Eligible = 'yes' | 'no' | 'undetermined'
export type SchemeStatus = 'complete' | 'incomplete'
export type SchemeState = 'draft' | 'active' | 'superseded'
export type EditionKind = 'notice' | 'final'

export type AuthoritiesTable = { authority: string; name: Jsonb<Words> }

export type ClientsTable = {
  authority: string
  client: string
  key_digest: Buffer
  scopes: string[]
  created_at: Instant
  revoked_at: Instant | null
}

export type SchemesTable = {
  digest: string
  scheme: string
  version: string
  status: SchemeStatus
  source: string
  vocabulary: string
  stored_at: Instant
  state: SchemeState
  cases: Jsonb<{ name: string; text: string }[]>
  cases_digest: string
  stored_authority: string | null
  stored_client: string | null
}

export type SchemeStepsTable = {
  scheme: string
  version: string
  from_state: SchemeState
  to_state: SchemeState
  other_version: string | null
  taken_authority: string
  taken_client: string
  taken_at: Instant
}

export type PersonsTable = {
  authority: string
  person: GeneratedAlways<number>
  citizen_number_encrypted: Buffer
  citizen_number_index: Buffer
  name_encrypted: Buffer
  created_at: Instant
}

export type EvidenceTable = {
  authority: string
  person: number
  evidence: GeneratedAlways<number>
  kind: string
  source: string
  state: EvidenceState
  record: ColumnType<unknown, string | null, never>
  valid_from: CivilDate | null
  valid_to: CivilDate | null
  recorded_at: Instant
  recorded_by: string
  supersedes: number | null
}

export type RoundsTable = {
  authority: string
  round: string
  scheme_digest: string
  rules: string
  rules_digest: string
  as_of: CivilDate
  state: RoundState
  lot_seed_digest: string | null
  inputs_digest: string | null
  pending_records: number | null
  also_elsewhere: number | null
  verified_run: number | null
  created_at: Instant
}

export type RoundStepsTable = {
  authority: string
  round: string
  step: number
  from_state: string
  to_state: string
  taken_by: string
  taken_at: Instant
}

export type ApplicationsTable = {
  authority: string
  round: string
  application: GeneratedAlways<number>
  person: number
  public_number: string
  submitted_at: Instant
}

export type FrozenInputsTable = {
  authority: string
  round: string
  application: number
  document: string
  salt: Buffer
  digest: Buffer
}

export type RunsTable = {
  authority: string
  round: string
  run: number
  state: RunState
  engine: string
  scheme_digest: string
  rules_digest: string
  inputs_digest: string
  applicants: number
  eligible: number | null
  admitted: number | null
  cut_off: number[] | null
  at_line: number | null
  lot_seed: string | null
  findings: Jsonb<unknown> | null
  failures: ColumnType<unknown[], string | undefined, string>
  seconds: Jsonb<Record<string, number>>
  started_at: Instant
  finished_at: Instant | null
}

export type EntriesTable = {
  authority: string
  round: string
  run: number
  application: number
  eligible: Eligible
  total: number | null
  items: (number | null)[]
  reasons: Jsonb<unknown>
  missing: string[]
  chain: number[] | null
  rank: number | null
  admitted: ColumnType<boolean, boolean | undefined, boolean>
  lot: Buffer | null
}

export type EditionsTable = {
  authority: string
  round: string
  edition: number
  kind: EditionKind
  run: number
  document: string
  digest: string
  supersedes: string | null
  reason: string
  sealed_by: string
  sealed_at: Instant
}

export type EditionEntriesTable = {
  authority: string
  round: string
  edition: number
  position: number
  rank: number
  public_number: string
  name_masked: string
  total: string
}

export type MigrationsTable = { name: string; checksum: string; applied_at: ColumnType<Instant, never, never> }

export interface Database {
  authorities: AuthoritiesTable
  clients: ClientsTable
  schemes: SchemesTable
  scheme_steps: SchemeStepsTable
  persons: PersonsTable
  evidence: EvidenceTable
  rounds: RoundsTable
  round_steps: RoundStepsTable
  applications: ApplicationsTable
  frozen_inputs: FrozenInputsTable
  runs: RunsTable
  entries: EntriesTable
  editions: EditionsTable
  edition_entries: EditionEntriesTable
  migrations: MigrationsTable
}
