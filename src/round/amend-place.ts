import { compareBytes } from '../ranking/byte-order.ts'
import { compareChains } from '../ranking/order-keys.ts'
import type { RoundRules } from '../ranking/rules.ts'
import { insertAmendments } from '../store/amendments.ts'
import type { Application } from '../store/applications.ts'
import { type Member, membersOf } from '../store/corrections.ts'
import type { Change } from '../store/database.ts'
import { type Place, placeOf } from '../store/places.ts'
import type { Run, RunKey } from '../store/runs.ts'
import { settlementOf } from '../store/settlements.ts'
import type { Work } from '../store/transaction.ts'
import { type Refilled, refill } from './refill.ts'

/** The run whose list is amended, and the edition that will do it. */
export type Amended = { key: RunKey; run: Run; rules: RoundRules; edition: number }

/** How a household stands: its place, and its head as last corrected. */
export type HouseholdStanding = { place: Place | undefined; head: Member | undefined }

type Applicant = Pick<Application, 'application' | 'household'>

export async function standingOf(db: Work['db'], amended: Amended, applicant: Applicant): Promise<HouseholdStanding> {
  return { place: await placeOf(db, amended.key, applicant), head: await headOf(db, amended, applicant) }
}

/** The best chain, among equal ones the smallest public number by its bytes. */
async function headOf(db: Work['db'], { key, rules }: Amended, applicant: Applicant): Promise<Member | undefined> {
  const directions = rules.order.map(({ direction }) => direction)
  const members = await membersOf(db, key, applicant)
  return members.sort((a, b) => compareChains(a.chain, b.chain, directions) || compareBytes(a.public_number, b.public_number))[0]
}

/**
 * Stores what a correction, which is stored already, makes of the household's place (docs/ranking.md, Late correction).
 * @param before how the household stood without it
 * @returns the household
 */
export async function amendPlace(
  work: Work,
  amended: Amended,
  applicant: Applicant,
  { place, head: before }: HouseholdStanding,
): Promise<Buffer> {
  const { key, rules, edition } = amended
  const after = await headOf(work.db, amended, applicant)
  const filled = after && (rules.decides === 'score-line' ? atScoreLine : await refill(work, key, rules, amended.run, after))
  const unit = place?.unit ?? unitOf(applicant)
  const hasLapsed = (await settlementOf(work.db, key.authority, key.round, unit)) === 'lapsed'
  const directions = rules.order.map(({ direction }) => direction)
  const isWorse = after === undefined || (before !== undefined && compareChains(after.chain, before.chain, directions) > 0)
  const change = changeOf(place?.listed === true, filled, isWorse, hasLapsed)
  const { authority, round } = key
  await insertAmendments(work.db, [
    {
      ...{ authority, round, edition, unit, change },
      application: after?.application ?? null,
      listed_before: place?.listed ? place.application : null,
      listed: change === 'admitted' || change === 'kept',
      rank: filled?.rank ?? null,
      reserve: filled?.reserve ?? null,
      through: change === 'admitted' ? 'correction' : change === 'kept' ? (place?.through ?? null) : null,
    },
  ])
  return unit
}

const atScoreLine = { rank: null, reserve: null, isAdmitted: true }

/** A place that has lapsed is not given back by a correction. */
function changeOf(wasListed: boolean, filled: Pick<Refilled, 'isAdmitted'> | undefined, isWorse: boolean, hasLapsed: boolean): Change {
  if (hasLapsed) return 'lapsed'
  if (filled?.isAdmitted) return wasListed ? 'kept' : 'admitted'
  if (!wasListed) return 'none'
  return isWorse ? 'struck-off' : 'kept'
}

/** As the store makes it: the household's digest, or the eight bytes of the application's number. */
function unitOf({ application, household }: Applicant): Buffer {
  if (household !== null) return household
  const unit = Buffer.alloc(8)
  unit.writeBigInt64BE(BigInt(application))
  return unit
}
