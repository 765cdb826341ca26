import { newPublicNumber } from '../publishing/public-number.ts'
import { type Application, getApplication, insertApplication } from '../store/applications.ts'
import { holdRound, type StoredRound } from '../store/rounds.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import type { Actor, Office } from './office.ts'
import { theRound } from './rounds.ts'

/**
 * Takes the application of a registered person in an open round and gives its random public number, by which the lists name it.
 * @throws Refusal `round-not-open`; `second-application`; `unknown-person`; `unknown-round`
 */
export async function apply(
  office: Office,
  { authority }: Actor,
  round: string,
  person: number,
): Promise<{ publicNumber: string; submittedAt: string }> {
  const publicNumber = newPublicNumber(office.randomBytes)
  const submittedAt = office.now()
  // Looked at without a lock first: late applicants must not wait for a run.
  takesApplications(await theRound(office, authority, round))
  await inTransaction(office.pool, async ({ db }) => {
    takesApplications(await holdRound(db, authority, round))
    await insertApplication(db, { authority, round, person, public_number: publicNumber, submitted_at: submittedAt })
  })
  return { publicNumber, submittedAt }
}

/** @throws Refusal `round-not-open` */
export function takesApplications({ round, state }: StoredRound): void {
  if (state !== 'open') throw new Refusal('round-not-open', `Round ${round} is ${state}: applications are taken only while it is open.`)
}

/** @throws Refusal `unknown-application` */
export async function applicationOf(office: Office, { authority }: Actor, round: string, publicNumber: string): Promise<Application> {
  const found = await getApplication(office.db, authority, round, publicNumber)
  if (!found) throw new Refusal('unknown-application', `Round ${round} has no application with this public number.`)
  return found
}
