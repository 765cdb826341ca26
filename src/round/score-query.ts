import { timingSafeEqual } from 'node:crypto'
import { readFacts } from '../scoring/evidence/read-facts.ts'
import { explain } from '../scoring/explain.ts'
import type { Explanation } from '../scoring/explanation.ts'
import { getApplication } from '../store/applications.ts'
import { editionEntryOf, lastEdition } from '../store/editions.ts'
import { blindIndex } from '../store/encryption.ts'
import { type Entry, getEntry } from '../store/entries.ts'
import { getFrozenInput } from '../store/frozen-inputs.ts'
import { indexOfPerson } from '../store/persons.ts'
import { getRun } from '../store/runs.ts'
import { parseCitizenNumber } from '../values/citizen-number.ts'
import { formatDecimal } from '../values/decimal.ts'
import { Refusal } from '../values/refusal.ts'
import type { Actor, Office } from './office.ts'
import { totalScale } from './publish.ts'
import { judgeOf, theRound } from './rounds.ts'
import type { RoundReason, Standing } from './standing.ts'

/** One applicant's score as it was ranked, explained. Rank and admission are told only once the notice is out. */
export type ScoreAnswer = {
  round: string
  publicNumber: string
  asOf: string
  eligible: Standing['eligible']
  total: string | null
  items: { [item: string]: string | null }
  missing: string[]
  reasons: RoundReason[]
  rank: number | null
  admitted: boolean | null
  explanation: Explanation
}

/**
 * Answers a portal that asks for one applicant's score, by public number and citizen number together. The explanation is made anew from the
 * frozen input, and nothing is answered if it does not give what is stored, or if the published list says something else.
 * @throws Refusal `no-such-applicant`, the same whichever of the two numbers is wrong; `not-scored-yet`
 */
export async function scoreOf(
  office: Office,
  { authority }: Actor,
  query: { round: string; publicNumber: string; citizenNumber: string },
): Promise<ScoreAnswer> {
  const round = await theRound(office, authority, query.round)
  const publicNumber = readPublicNumber(query.publicNumber)
  const application = publicNumber === undefined ? undefined : await getApplication(office.db, authority, query.round, publicNumber)
  const number = parseCitizenNumber(query.citizenNumber)
  const index = application && (await indexOfPerson(office.db, authority, application.person))
  if (!application || !index || number === undefined || !timingSafeEqual(index, blindIndex(office.keys, number)))
    throw new Refusal(
      'no-such-applicant',
      'No applicant of this round has this public number together with this citizen identity number. Check both.',
    )
  if (round.verified_run === null)
    throw new Refusal(
      'not-scored-yet',
      `Round ${query.round} is ${round.state}: the scores are there when it has been ranked and verified.`,
    )

  const key = { authority, round: query.round, run: round.verified_run }
  const [run, judge, frozen, entry] = await Promise.all([
    getRun(office.db, key),
    judgeOf(office, round),
    getFrozenInput(office.db, authority, query.round, application.application),
    getEntry(office.db, key, application.application),
  ])
  if (run?.state !== 'verified')
    throw new Refusal(
      'not-scored-yet',
      round.state === 'ranked'
        ? `The run of round ${query.round} was found not to hold; the scores are there when the round has been run again.`
        : `The run of round ${query.round} was found not to hold; the scores are there when the database has been restored and the list published.`,
    )
  if (!frozen || !entry) throw new Error(`application ${application.application} of round ${query.round} has no frozen input or entry`)
  const { score, explanation } = explain(judge.scorer, readFacts(judge.scheme.vocabulary, JSON.parse(frozen.document)))
  const standing = judge.standing(score)
  if (!agrees(standing, entry))
    throw new Error(`the stored entry of application ${application.application} is not what its frozen input gives`)

  const total = standing.total === null ? null : formatDecimal(standing.total, totalScale(judge))
  const edition = await lastEdition(office.db, authority, query.round)
  if (edition !== undefined) {
    const listed = await editionEntryOf(office.db, { authority, round: query.round, edition, publicNumber: application.public_number })
    if ((listed !== undefined) !== entry.admitted || (listed && (listed.rank !== entry.rank || listed.total !== total)))
      throw new Error(
        `the stored entry of application ${application.application} is not what edition ${edition} of round ${query.round} says`,
      )
  }
  return {
    round: query.round,
    publicNumber: application.public_number,
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
    rank: edition === undefined ? null : entry.rank,
    admitted: edition === undefined ? null : entry.admitted,
    explanation,
  }
}

/** A public number as it is stored, from what people type: small letters, full width, blanks, other dashes or none. Undefined if it is none. */
export function readPublicNumber(text: string): string | undefined {
  const typed = text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase()
  return /^[0-9A-Z]{12}$/.test(typed) ? typed.replace(/^(.{4})(.{4})/, '$1-$2-') : undefined
}

function agrees(standing: Standing, entry: Entry): boolean {
  return (
    entry.eligible === standing.eligible &&
    entry.total === standing.total &&
    JSON.stringify(entry.items) === JSON.stringify(standing.items) &&
    JSON.stringify(entry.chain) === JSON.stringify(standing.chain)
  )
}
