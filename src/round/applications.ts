import { newPublicNumber } from '../publishing/public-number.ts'
import { readStoredRules } from '../ranking/rules.ts'
import { type Application, getApplication, insertApplication, publicNumberOf, setClaim } from '../store/applications.ts'
import { holdRound, type StoredRound } from '../store/rounds.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import { type ClaimReader, claimReader, type GivenClaim } from './given-claim.ts'
import { needsDraw } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import { theRound } from './rounds.ts'
import { isRefused, pointing, SecondApplication } from './taken.ts'

/**
 * Takes the application of a registered person in an open round and gives its random public number, by which the lists name it. Pool, household and persons
 * are given as the rules of the round ask.
 * @throws Refusal `second-application` with the public number, whatever the round's state; `invalid-claim`; `lot-without-draw`; `round-not-open`; `round-busy`; `unknown-person`;
 * `unknown-round`
 */
export async function apply(
  office: Office,
  { authority }: Actor,
  round: string,
  person: number,
  given: GivenClaim = {},
): Promise<{ publicNumber: string; submittedAt: string }> {
  const publicNumber = newPublicNumber(office.randomBytes)
  const submittedAt = office.now()
  try {
    // Looked at without a lock first: late applicants must not wait for a run.
    const before = await theRound(office, authority, round)
    takesApplications(before)
    const claim = readGiven(office, before)(given, '')
    await inTransaction(office.pool, async ({ db }) => {
      takesApplications(await holdRound(db, authority, round))
      const application = { authority, round, person, public_number: publicNumber, submitted_at: submittedAt, ...claim }
      await pointing(insertApplication(db, application), { 'unknown-person': '/person' })
    })
  } catch (error) {
    if (!isRefused(error, 'second-application') && !isRefused(error, 'round-not-open')) throw error
    const before = await publicNumberOf(office.db, authority, round, person)
    throw before === undefined ? error : new SecondApplication(before)
  }
  return { publicNumber, submittedAt }
}

/**
 * Puts right what an application says of pool, household and persons, all of it anew, until its round is frozen: a freeze refuses a household in two pools, and a
 * pool that the evidence excludes.
 * @throws Refusal `invalid-claim`; `lot-without-draw`; `round-state`; `round-busy`; `unknown-application`; `unknown-round`
 */
export async function correctClaim(
  office: Office,
  { authority }: Actor,
  round: string,
  publicNumber: string,
  given: GivenClaim,
): Promise<Application> {
  return inTransaction(office.pool, async ({ db }) => {
    const stored = await holdRound(db, authority, round)
    if (stored.state !== 'open' && stored.state !== 'closed')
      throw new Refusal('round-state', `Round ${round} is ${stored.state}: what an application says is put right before the freeze.`)
    const claim = readGiven(office, stored)(given, '')
    return known(await setClaim(db, { authority, round, publicNumber }, claim), round)
  })
}

/** Reads what applications of a round claim. @throws Refusal `lot-without-draw`: nobody applies for what can never be ranked */
export function readGiven(office: Office, { authority, round, rules }: StoredRound): ClaimReader {
  const read = readStoredRules(rules)
  needsDraw({ round }, read)
  return claimReader(read, office.keys, { authority, round })
}

/** @throws Refusal `round-not-open` */
export function takesApplications({ round, state }: StoredRound): void {
  if (state !== 'open') throw new Refusal('round-not-open', `Round ${round} is ${state}: applications are taken only while it is open.`)
}

/** @throws Refusal `unknown-application` */
export async function applicationOf(office: Office, { authority }: Actor, round: string, publicNumber: string): Promise<Application> {
  return known(await getApplication(office.db, authority, round, publicNumber), round)
}

function known(found: Application | undefined, round: string): Application {
  if (!found) throw new Refusal('unknown-application', `Round ${round} has no application with this public number.`)
  return found
}
