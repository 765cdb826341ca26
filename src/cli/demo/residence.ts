import { addMonths, type DayNumber, firstDayOf, formatDate } from '../../values/civil-date.ts'
import type { Life } from './life.ts'
import { type Random, weighted } from './random.ts'
import { type EvidenceFields, type Statement, statements } from './statement.ts'

/** Months from the arrival to the registration of residence. Most register late or when an employer asks. Assumed. */
const monthsUntilRegistered = weighted([30, 20, 10, 8, 6, 5, 4, 4, 4, 3, 3, 3].map((weight, i) => [i, weight]))

/** What the police know: registered residence and the permit. */
export function residenceStatements(random: Random, life: Life): Statement[] {
  const registered = firstDayOf(life.arrival + random.pick(monthsUntilRegistered)) + random.below(28)
  const since = Math.min(registered, life.asOf)
  return [
    ...statements(random, 'residence', 'police', registrations(random, since, life.asOf), { unasked: 20, onlyDeclared: 60 }),
    ...statements(random, 'permit', 'police', permits(random, since, life.asOf), { unasked: 25, rejected: 30 }),
  ]
}

/** One stretch that goes on, or two with a gap of days to a year where somebody moved and registered late. */
function registrations(random: Random, since: DayNumber, asOf: DayNumber): EvidenceFields[] {
  const days = asOf - since
  if (days < 400 || !random.chance(1500)) return [{ from: formatDate(since) }]
  const left = since + random.between(180, Math.min(days - 30, 5000))
  const again = Math.min(left + 1 + random.between(1, random.chance(5000) ? 25 : 360), asOf)
  return [{ from: formatDate(since), to: formatDate(left) }, { from: formatDate(again) }]
}

/** The permit is signed each year. Most are valid on the reference date, some ran out, a few people never had one. */
function permits(random: Random, since: DayNumber, asOf: DayNumber): EvidenceFields[] {
  const issued = Math.min(addMonths(since, 6, 'last-day'), asOf)
  const untilExpiry = random.between(1, 365)
  const state = random.below(1000)
  if (state < 12) return []
  const expires = state < 55 && asOf - untilExpiry >= issued ? asOf - untilExpiry : asOf + untilExpiry
  return [{ from: formatDate(issued), to: formatDate(expires) }]
}
