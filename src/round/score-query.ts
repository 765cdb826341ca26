import { timingSafeEqual } from 'node:crypto'
import type { Ground } from '../publishing/edition.ts'
import { readPublicNumber } from '../publishing/public-number.ts'
import { readFacts } from '../scoring/evidence/read-facts.ts'
import { explain } from '../scoring/explain.ts'
import type { Explanation } from '../scoring/explanation.ts'
import { lastCorrection } from '../store/amendments.ts'
import { type Application, getApplication } from '../store/applications.ts'
import type { Change } from '../store/database.ts'
import { editionEntryOf, lastEdition } from '../store/editions.ts'
import { blindIndex } from '../store/encryption.ts'
import { getEntry } from '../store/entries.ts'
import { getFrozenInput } from '../store/frozen-inputs.ts'
import { indexOfPerson } from '../store/persons.ts'
import { type Place, placeOf } from '../store/places.ts'
import { inOneState } from '../store/reader.ts'
import type { StoredRound } from '../store/rounds.ts'
import { listRunPools } from '../store/run-pools.ts'
import { getRun, type RunKey } from '../store/runs.ts'
import { type SettlementOutcome, settlementOf } from '../store/settlements.ts'
import { parseCitizenNumber } from '../values/citizen-number.ts'
import { formatDecimal } from '../values/decimal.ts'
import { Refusal } from '../values/refusal.ts'
import { totalScale } from './edition-content.ts'
import { listIsAsSealed } from './editions.ts'
import type { Actor, Office } from './office.ts'
import { receiptDigester } from './receipt-digest.ts'
import { judgeOf, theRound } from './rounds.ts'
import { isSameScore, type RoundReason, type Standing } from './standing.ts'

export type ScoreQuery = { round: string; publicNumber: string; citizenNumber: string }

/** How the household of an applicant came to its place, or why it has none. */
export type Outcome = 'first-round' | 'second-round' | 'correction' | 'call-up' | 'not-admitted' | 'struck-off' | 'lapsed'

/** What was decided of an applicant: told once the list of the pool is out, null before. */
export type Decided = {
  /** Among the heads of the pool; none for the represented, and where a score line decides. */
  rank: number | null
  admitted: boolean | null
  outcome: Outcome | null
  /** The number on the reserve list. */
  reserve: number | null
  /** Whether another application of the household competes for both, whose place is the applicant's too. */
  represented: boolean | null
  /** What was entered of the household after its term. */
  settlement: SettlementOutcome | null
}

/** One applicant's score as it was ranked or last corrected, explained. */
export type ScoreAnswer = Decided & {
  round: string
  publicNumber: string
  pool: string | null
  asOf: string
  eligible: Standing['eligible']
  total: string | null
  items: { [item: string]: string | null }
  missing: string[]
  reasons: RoundReason[]
  /** The receipt digest of docs/ranking.md, `sha256:` and hexadecimal; null in runs of earlier versions. */
  receipt: string | null
  /** The decision by which the application was last corrected. */
  correction: { edition: number; decision: string; ground: Ground } | null
  explanation: Explanation
}

/**
 * Answers a portal that asks for one applicant's score, by public number and citizen number together. The explanation is made anew from the
 * frozen or corrected input, and nothing is answered if it does not give what is stored with its receipt, or if the published list says something else.
 * @throws Refusal `no-such-applicant`, the same whichever of the two numbers is wrong; `not-scored-yet`; `round-altered`
 */
export async function scoreOf(office: Office, { authority }: Actor, query: ScoreQuery): Promise<ScoreAnswer> {
  return inOneState(office.reads, db => answerOf({ ...office, db }, authority, query))
}

async function answerOf(office: Office, authority: string, query: ScoreQuery): Promise<ScoreAnswer> {
  const round = await theRound(office, authority, query.round)
  const application = await applicantOf(office, authority, query)
  if (round.verified_run === null)
    throw new Refusal(
      'not-scored-yet',
      `Round ${query.round} is ${round.state}: the scores are there when it has been ranked and verified.`,
    )

  const key = { authority, round: query.round, run: round.verified_run }
  const run = await getRun(office.db, key)
  if (run?.state !== 'verified')
    throw new Refusal(
      'not-scored-yet',
      round.state === 'ranked'
        ? `The run of round ${query.round} was found not to hold; the scores are there when the round has been run again.`
        : `The run of round ${query.round} was found not to hold; the scores are there when the database has been restored and the list published.`,
    )
  const judge = await judgeOf(office, round)
  const frozen = await getFrozenInput(office.db, authority, query.round, application.application)
  const entry = await getEntry(office.db, key, application.application)
  const correction = await lastCorrection(office.db, authority, query.round, application.application)
  if (!frozen || !entry) throw new Error(`application ${application.application} of round ${query.round} has no frozen input or entry`)

  const input = correction ?? frozen
  const { score, explanation } = explain(judge.scorer, readFacts(judge.scheme.vocabulary, JSON.parse(input.document)))
  const standing = judge.standing(score, frozen.claim)
  const stored = correction ?? entry
  if (!isSameScore(standing, stored))
    throw new Error(`the stored entry of application ${application.application} is not what its input gives`)
  const receiptOf = receiptDigester((correction ?? run).engine, round)
  const receipt = stored.receipt?.toString('hex') ?? null
  if (receipt !== null && receipt !== receiptOf(input.digest.toString('hex'), standing))
    throw new Error(`the receipt of application ${application.application} is not what it was decided on`)

  const total = standing.total === null ? null : formatDecimal(standing.total, totalScale(judge))
  return {
    round: query.round,
    publicNumber: application.public_number,
    pool: standing.pool,
    asOf: round.as_of,
    eligible: standing.eligible,
    total,
    items: Object.fromEntries(
      judge.scheme.items.map(({ item, scale }, i) => {
        const points = standing.items[i]
        return [item, points == null ? null : formatDecimal(points, scale)]
      }),
    ),
    missing: standing.missing,
    reasons: standing.reasons,
    ...(await decidedOf(office, round, key, application, { eligible: standing.eligible, total })),
    receipt: receipt && `sha256:${receipt}`,
    correction: correction ? { edition: correction.edition, decision: correction.decision, ground: correction.ground } : null,
    explanation,
  }
}

async function applicantOf(office: Office, authority: string, query: ScoreQuery): Promise<Application> {
  const publicNumber = readPublicNumber(query.publicNumber)
  const application = publicNumber === undefined ? undefined : await getApplication(office.db, authority, query.round, publicNumber)
  const number = parseCitizenNumber(query.citizenNumber)
  const index = application && (await indexOfPerson(office.db, authority, application.person))
  if (!application || !index || number === undefined || !timingSafeEqual(index, blindIndex(office.keys, number)))
    throw new Refusal(
      'no-such-applicant',
      'No applicant of this round has this public number together with this citizen identity number. Check both.',
    )
  return application
}

const untold: Decided = { rank: null, admitted: null, outcome: null, reserve: null, represented: null, settlement: null }

/** What was decided, proved equal to what the last edition says. */
async function decidedOf(
  office: Office,
  { authority, round }: StoredRound,
  key: RunKey,
  application: Application,
  { eligible, total }: { eligible: Standing['eligible']; total: string | null },
): Promise<Decided> {
  const edition = await lastEdition(office.db, authority, round)
  const pool = (await listRunPools(office.db, key)).find(one => one.pool === (application.pool ?? ''))
  if (edition === undefined || pool?.set_aside) return untold
  await listIsAsSealed(office, { authority, round, edition })
  const place = await placeOf(office.db, key, application)
  const isHead = place?.application === application.application
  const numbers = new Set([application.public_number, ...(place?.public_number ? [place.public_number] : [])])
  for (const publicNumber of numbers) {
    const listed = await editionEntryOf(office.db, { authority, round, edition, publicNumber })
    const isWanted = place?.listed === true && publicNumber === place.public_number
    const isSame = listed === undefined || (listed.rank === place?.rank && (!isHead || listed.total === total))
    if ((listed !== undefined) !== isWanted || !isSame)
      throw new Error(`the place of application ${application.application} is not what edition ${edition} of round ${round} says`)
  }
  if (!place || (!isHead && eligible !== 'yes'))
    return { ...untold, admitted: false, outcome: place?.application === null ? outcomeOf(place) : 'not-admitted', represented: false }
  return {
    rank: isHead ? place.rank : null,
    admitted: place.listed,
    outcome: outcomeOf(place),
    reserve: isHead ? place.reserve : null,
    represented: !isHead,
    settlement: (await settlementOf(office.db, authority, round, place.unit)) ?? null,
  }
}

const lost: { [change in Change]?: Outcome } = { 'struck-off': 'struck-off', lapsed: 'lapsed' }

function outcomeOf({ listed, through, change }: Place): Outcome {
  if (listed) return through ?? 'first-round'
  return (change && lost[change]) ?? 'not-admitted'
}
