import { newPublicNumber } from '../publishing/public-number.ts'
import { type Application, getApplication, insertApplication, publicNumberOf } from '../store/applications.ts'
import { holdRound, type StoredRound } from '../store/rounds.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import type { Actor, Office } from './office.ts'
import { theRound } from './rounds.ts'
import { isRefused, pointing, SecondApplication } from './taken.ts'

/**
 * Takes the application of a registered person in an open round and gives its random public number, by which the lists name it.
 * @throws Refusal `second-application` with the public number, whatever the round's state; `round-not-open`; `round-busy`; `unknown-person`; `unknown-round`
 */
export async function apply(
  office: Office,
  { authority }: Actor,
  round: string,
  person: number,
): Promise<{ publicNumber: string; submittedAt: string }> {
  const publicNumber = newPublicNumber(office.randomBytes)
  const submittedAt = office.now()
  try {
    // Looked at without a lock first: late applicants must not wait for a run.
    takesApplications(await theRound(office, authority, round))
    await inTransaction(office.pool, async ({ db }) => {
      takesApplications(await holdRound(db, authority, round))
      const application = { authority, round, person, public_number: publicNumber, submitted_at: submittedAt }
      await pointing(insertApplication(db, application), { 'unknown-person': '/person' })
    })
  } catch (error) {
    if (!isRefused(error, 'second-application') && !isRefused(error, 'round-not-open')) throw error
    const before = await publicNumberOf(office.db, authority, round, person)
    throw before === undefined ? error : new SecondApplication(before)
  }
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
