import { lastDayToSettle } from '../ranking/deadline.ts'
import { dayIn } from '../ranking/moment.ts'
import type { RoundRules } from '../ranking/rules.ts'
import { enteredSettlements, type SettlingHousehold, unsettled } from '../store/settlements.ts'
import type { DayNumber } from '../values/civil-date.ts'
import { Refusal } from '../values/refusal.ts'
import type { Published } from './edition-content.ts'
import type { Office } from './office.ts'
import { sealedDocuments } from './published-before.ts'

type Zoned = { zone: string; settlement: NonNullable<RoundRules['settlement']> }

/** The term of a household on the list of which nothing is entered yet, with its last day. */
export type OpenTerm = SettlingHousehold & { lastDay: DayNumber; isOver: boolean }

/**
 * The open terms of those who stand on the list under these public numbers, by public number. Days are those of the rules' zone.
 * @param listed public numbers of the last edition
 * @throws Refusal `round-altered`
 */
export async function openTerms(
  office: Office,
  db: Office['db'],
  { round, judge }: Published,
  listed: readonly string[],
): Promise<OpenTerm[]> {
  const { rules } = judge
  if (!hasTerm(rules)) return []
  const households = await unsettled(db, round, listed)
  const lastDays = await lastDaysOf(db, round, rules, households)
  const today = dayIn(rules.zone, Date.parse(office.now()))
  return households.flatMap(one => {
    const lastDay = lastDays.get(one.unit.toString('hex'))
    return lastDay === undefined ? [] : [{ ...one, lastDay, isOver: today > lastDay }]
  })
}

/**
 * Checks all that was entered of settling: each of a household that has a term, and on a day after its last one, which is over now too.
 * @throws Refusal `round-altered`
 */
export async function settlementsHold(office: Office, db: Office['db'], { round, judge }: Published): Promise<void> {
  const entered = await enteredSettlements(db, round)
  const { rules } = judge
  const lastDays = hasTerm(rules) ? await lastDaysOf(db, round, rules, entered) : new Map<string, DayNumber>()
  const isBehind = (moment: string, lastDay: DayNumber) => dayIn(rules.zone as string, Date.parse(moment)) > lastDay
  const isSound = entered.every(({ unit, isOwn, entered_at }) => {
    const lastDay = lastDays.get(unit.toString('hex'))
    return isOwn && lastDay !== undefined && isBehind(entered_at, lastDay) && isBehind(office.now(), lastDay)
  })
  if (!isSound)
    throw new Refusal(
      'round-altered',
      `It is stored of a household of round ${round.round} whether it has settled, and its term was not over; restore the database from its backup.`,
    )
}

/**
 * The last day of each household that has a term, by its unit in hexadecimal. A term begins by the first edition that lists an application of the household,
 * but by none before the first final one; what editions say is read from their sealed documents.
 */
async function lastDaysOf(
  db: Office['db'],
  { authority, round }: Published['round'],
  { zone, settlement }: Zoned,
  households: readonly SettlingHousehold[],
): Promise<Map<string, DayNumber>> {
  const units = new Map(households.flatMap(({ unit, members }) => members.map(number => [number, unit.toString('hex')] as const)))
  const lastDays = new Map<string, DayNumber>()
  if (households.length === 0) return lastDays
  let isFinal = false
  for await (const { kind, sealedAt, entries } of sealedDocuments(db, authority, round)) {
    isFinal ||= kind === 'final'
    if (!isFinal) continue
    const lastDay = lastDayToSettle(settlement, dayIn(zone, Date.parse(sealedAt)), kind === 'call-up')
    for (const { publicNumber } of entries) {
      const unit = units.get(publicNumber)
      if (unit !== undefined && !lastDays.has(unit)) lastDays.set(unit, lastDay)
    }
  }
  return lastDays
}

function hasTerm(rules: RoundRules): rules is RoundRules & Zoned {
  return rules.settlement !== null && rules.zone !== null
}
