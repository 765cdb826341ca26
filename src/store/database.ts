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
/** How a standing came out: admitted in the first or the second round, not admitted, or represented by the head of its household. */
export type Outcome = 'first' | 'second' | 'none' | 'represented'
/** Places that the first round left, the chain of the worst admitted in the second round, and how many stood at its line. */
export type SecondRoundFigures = { places: number; cutOff: number[] | null; atLine: number }
export type EditionKind = 'notice' | 'final' | 'correction' | 'call-up'

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
  lot_secret_digest: string | null
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
  pool: string | null
  household: Buffer | null
  persons: number | null
}

export type FrozenInputsTable = {
  authority: string
  round: string
  application: number
  document: string
  salt: Buffer
  digest: Buffer
  claim: string
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
  lot_secret: string | null
  lot_secret_encrypted: Buffer | null
  draw: string | null
  chain_least: number[] | null
  chain_most: number[] | null
  second_round: Jsonb<SecondRoundFigures> | null
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
  pool: string | null
  household: Buffer | null
  persons: number | null
  receipt: Buffer | null
}

export type StandingsTable = {
  authority: string
  round: string
  run: number
  application: number
  pool: string | null
  rank: number | null
  outcome: Outcome
  reserve: number | null
  lot: Buffer | null
}

export type RunPoolsTable = {
  authority: string
  round: string
  run: number
  pool: string
  places: number | null
  eligible: number
  admitted: number
  admitted_second: number
  unused: number | null
  cut_off: number[] | null
  at_line: number
  set_aside: Jsonb<unknown> | null
}

export type DrawsTable = {
  authority: string
  round: string
  entry: number
  name: string
  held_on: CivilDate
  numbers: string
  entered_by: string
  entered_at: Instant
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
  rank: number | null
  public_number: string
  name_masked: string
  total: string
  pool: string | null
  through: Through | null
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
  standings: StandingsTable
  run_pools: RunPoolsTable
  draws: DrawsTable
  editions: EditionsTable
  edition_entries: EditionEntriesTable
  migrations: MigrationsTable
}

export type JobState = 'queued' | 'working' | 'done' | 'failed' | 'cancelled'

export type RoundJobsTable = {
  authority: string
  round: string
  job: string
  state: JobState
  ordered_by: string
  ordered_at: Instant
  lot_secret_encrypted: Buffer | null
  attempt: number
  broke_off: number
  worker: string | null
  stage: string | null
  done: number
  total: number
  stage_started_at: Instant | null
  heartbeat_at: Instant | null
  cancel_asked_by: string | null
  run: number | null
  problem: Jsonb<{ code: string; faults: { code: string; pointer: string; message: string }[] }> | null
  finished_at: Instant | null
}

export interface Database {
  round_jobs: RoundJobsTable
}

/** How somebody came onto a list otherwise than in the first round. */
export type Through = 'second-round' | 'correction' | 'call-up'
export type Change = 'admitted' | 'kept' | 'struck-off' | 'none' | 'called-up' | 'lapsed'

export type SettlementsTable = {
  authority: string
  round: string
  unit: Buffer
  application: number
  outcome: 'settled' | 'lapsed'
  entered_by: string
  entered_at: Instant
}

export type CorrectionsTable = {
  authority: string
  round: string
  edition: number
  application: number
  records: number[]
  decision: string
  ground: 'evidence' | 'eligibility' | 'identity'
  document: string
  salt: Buffer
  digest: Buffer
  engine: string
  eligible: Eligible
  total: number | null
  items: (number | null)[]
  reasons: Jsonb<unknown>
  missing: string[]
  chain: number[] | null
  receipt: Buffer
}

export type AmendmentsTable = {
  authority: string
  round: string
  edition: number
  unit: Buffer
  change: Change
  application: number | null
  listed_before: number | null
  listed: boolean
  rank: number | null
  reserve: number | null
  through: Through | null
}

export interface Database {
  settlements: SettlementsTable
  corrections: CorrectionsTable
  amendments: AmendmentsTable
}
