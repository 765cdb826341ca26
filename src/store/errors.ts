import { Refusal } from '../values/refusal.ts'

/** Names of constraints in migrations/ that a caller can run into, and the refusal each one means. */
const constraints: Record<string, [code: string, message: string]> = {
  authorities_authority_check: ['authority-name', 'The name of an authority has 2 to 40 of a-z, 0-9 and "-", a letter first.'],
  clients_pkey: ['client-exists', 'This authority already has a client of this name. Revoked clients keep their name.'],
  clients_authority_fkey: ['unknown-authority', 'There is no such authority.'],
  schemes_stored_authority_fkey: ['unknown-authority', 'There is no such authority.'],
  scheme_steps_taken_authority_fkey: ['unknown-authority', 'There is no such authority.'],
  persons_authority_fkey: ['unknown-authority', 'There is no such authority.'],
  persons_once_per_authority: ['person-exists', 'This authority already has a person with this citizen number.'],
  evidence_authority_person_fkey: ['unknown-person', 'There is no such person under this authority.'],
  evidence_authority_person_supersedes_fkey: ['unknown-evidence', 'The evidence to be superseded is not of this person.'],
  evidence_supersedes_check: ['unknown-evidence', 'A statement supersedes an earlier one, never itself.'],
  evidence_same_statement: [
    'same-statement',
    'This very statement is recorded already, or was before it was corrected. Supersede the one that holds now; what happened twice is one record with the sum.',
  ],
  evidence_superseded_once: ['evidence-superseded', 'This evidence was superseded by another record in the meantime. Read it again.'],
  rounds_pkey: ['round-exists', 'This authority already has a round of this name.'],
  rounds_round_check: ['round-name', 'The name of a round has 1 to 40 of a-z, 0-9 and "-", no "-" first.'],
  rounds_authority_fkey: ['unknown-authority', 'There is no such authority.'],
  rounds_scheme_digest_fkey: ['unknown-scheme', 'The scheme of this round is not stored.'],
  applications_authority_round_fkey: ['unknown-round', 'There is no such round.'],
  applications_authority_person_fkey: ['unknown-person', 'There is no such person under this authority.'],
  applications_once_per_round: ['second-application', 'This person has already applied in this round. One application is taken.'],
  applications_public_number: ['public-number-taken', 'This public number is taken in this round. Draw another.'],
  runs_pkey: ['run-exists', 'The round already has a run of this number.'],
  editions_pkey: ['edition-exists', 'The round already has an edition of this number.'],
}

/** SQLSTATE of the triggers refuse_change (migration 0001) and guard_scheme (0002). */
const neverChanges = 'SP001'
/** SQLSTATE lock_not_available: another transaction held a row lock for longer than the time out. */
export const lockNotAvailable = '55P03'
/** SQLSTATE serialization_failure: the row was changed after the state that this transaction sees. */
export const serializationFailure = '40001'

/** Waits for a statement and throws PostgreSQL's refusals as ours; other errors go through as they are. */
export async function refusing<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement
  } catch (error) {
    throw refusalOf(error) ?? error
  }
}

/** What an error of PostgreSQL means to people; undefined when it is a fault of ours. */
export function refusalOf(error: unknown): Refusal | undefined {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown }
  if (code === neverChanges) return new Refusal('never-changes', 'What is recorded or sealed never changes.')
  const meaning = typeof constraint === 'string' && Object.hasOwn(constraints, constraint) ? constraints[constraint] : undefined
  return meaning && new Refusal(...meaning)
}

export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/**
 * SQLSTATEs of a server that is not there now: connection exceptions (08), too many connections, shut down, starting up; and of one that let go of a
 * statement that may go through in a moment (40001, 40P01), as a replica does when it must replay what a long read still looks at.
 */
const unavailableStates = /^(08...|40001|40P01|53300|57P0[1-5])$/
/** What Node and pg say of a connection that cannot be had or breaks. pg gives some of these no code. */
const unavailableCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENOENT'])
const unavailableMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after calling end|Client has encountered a connection error)/

/** Whether an error says that the database cannot be reached now: nobody's fault, and the same call may go through in a moment. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof Refusal) return false
  const code = sqlState(error)
  const { syscall } = error as { syscall?: unknown }
  if (code !== undefined && unavailableCodes.has(code))
    return syscall === undefined || ['connect', 'read', 'write', 'getaddrinfo'].includes(String(syscall))
  return (code !== undefined && unavailableStates.test(code)) || unavailableMessages.test(error.message)
}
