import { readRules, readStoredRules, rulesDigest } from '../ranking/rules.ts'
import type { RoundState } from '../store/database.ts'
import {
  getRound,
  insertRound,
  listRoundSteps,
  listRounds,
  lockRound,
  type RoundStep,
  type StoredRound,
  stepRound,
} from '../store/rounds.ts'
import { inTransaction } from '../store/transaction.ts'
import { type DayNumber, formatDate, parseDate } from '../values/civil-date.ts'
import { Refusal } from '../values/refusal.ts'
import type { Actor, Office } from './office.ts'
import { activatedScheme, schemeByDigest } from './schemes.ts'
import { fitTogether, type Judge } from './standing.ts'
import { pointing } from './taken.ts'

/**
 * Makes a draft of a round and binds it to its rules and to the activated scheme that they name. Rules with a lot need the digest of its secret now:
 * the secret is committed before anybody applies.
 * @throws Refusal `invalid-rules`; `unknown-scheme`; `scheme-not-active`; `incomplete-scheme`; `round-exists`; `lot-not-committed`
 */
export async function createRound(
  office: Office,
  { authority }: Actor,
  { round, rules: text, lotSecretDigest: committed }: { round: string; rules: string; lotSecretDigest?: string | undefined },
): Promise<StoredRound> {
  const rules = readRules(text)
  if (rules.asOf === null)
    throw new Refusal('invalid-rules', [
      { code: 'missing-field', pointer: '/asOf', message: '"asOf" is missing: the reference date of the round, as YYYY-MM-DD' },
    ])
  if (rules.draws !== (committed !== undefined))
    throw new Refusal('lot-not-committed', [
      {
        code: 'lot-not-committed',
        pointer: '/lotSecretDigest',
        message: rules.draws
          ? 'These rules draw lots at the line: give "lotSecretDigest", sha256: and the SHA-256 of a secret, before anybody applies.'
          : 'These rules draw no lots: leave "lotSecretDigest" out.',
      },
    ])
  const scheme = await activatedScheme(office, rules.scheme)
  fitTogether(scheme, rules, rules.asOf)
  const draft = {
    authority,
    round,
    scheme_digest: scheme.digest,
    rules: text,
    rules_digest: rulesDigest(rules),
    as_of: formatDate(rules.asOf),
    state: 'draft' as const,
    lot_secret_digest: committed ?? null,
    created_at: office.now(),
  }
  await pointing(insertRound(office.db, draft), { 'round-exists': '/round', 'round-name': '/round' })
  return theRound(office, authority, round)
}

/** The steps that only move a round on: opening it for applications, and closing it. The others are work: freezing, running, publishing. */
const plainSteps = { open: 'draft', closed: 'open' } as const satisfies Partial<Record<RoundState, RoundState>>

/** Opens or closes a round. Closing waits for applications that are being taken. @throws Refusal `round-state` */
export async function moveRound(
  office: Office,
  { authority, client }: Actor,
  round: string,
  to: keyof typeof plainSteps,
): Promise<StoredRound> {
  await inTransaction(office.pool, async ({ db }) => {
    await lockRound(db, authority, round)
    await stepRound(db, { authority, round, from: plainSteps[to], to, takenBy: client, takenAt: office.now() })
  })
  return theRound(office, authority, round)
}

/** @throws Refusal `unknown-round` */
export async function theRound(office: Office, authority: string, round: string): Promise<StoredRound> {
  const found = await getRound(office.db, authority, round)
  if (!found) throw new Refusal('unknown-round', `There is no round ${round}.`)
  return found
}

export async function roundsOf(
  office: Office,
  { authority }: Actor,
  page: { after?: string | undefined; limit: number },
): Promise<StoredRound[]> {
  return listRounds(office.db, { authority, ...page })
}

export async function stepsOf(office: Office, { authority }: Actor, round: string): Promise<RoundStep[]> {
  return listRoundSteps(office.db, authority, round)
}

/**
 * The scheme and rules of a stored round, ready to judge. Rules that lack a draw are read too: what goes on with a round asks `needsDraw` first.
 * @throws Refusal `round-altered` when rules, scheme or reference date are not those that the round was bound to
 */
export async function judgeOf(office: Office, round: StoredRound): Promise<Judge> {
  const rules = readStoredRules(round.rules)
  const scheme = await schemeByDigest(office, round.scheme_digest)
  const isBound =
    rulesDigest(rules) === round.rules_digest &&
    rules.scheme.scheme === scheme.scheme &&
    rules.scheme.version === scheme.version &&
    rules.asOf === parseDate(round.as_of)
  if (!isBound)
    throw new Refusal(
      'round-altered',
      `The stored rules, scheme or reference date of round ${round.round} are not those it was bound to; restore them from the backup.`,
    )
  return fitTogether(scheme, rules, parseDate(round.as_of) as DayNumber)
}

/** Why a round that is neither closed nor frozen nor ranked is not run. */
export function cannotBeRun({ round, state }: StoredRound): Refusal {
  return new Refusal(
    'round-state',
    state === 'draft' || state === 'open'
      ? `Round ${round} is ${state}: close it first, then it can be run.`
      : `Round ${round} is ${state}: its list is public, so it cannot be run again.`,
  )
}
