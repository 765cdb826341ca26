import { formatDate } from '../../values/civil-date.ts'
import { formatDecimal } from '../../values/decimal.ts'
import type { Life } from './life.ts'
import { type Random, type Table, weighted } from './random.ts'
import { type EvidenceFields, type Statement, statements } from './statement.ts'

/*
 * What people did for others, and what they did wrong. How often is assumed throughout: no register publishes it for this group.
 */

/** How many events somebody has, of those who have any. */
const few = weighted([1, 2, 3, 4, 5, 6].map(count => [count, 7 - count]))
const once = weighted([
  [1, 85],
  [2, 15],
])

const levels = weighted([
  ['county', 62],
  ['city', 28],
  ['provincial', 9],
  ['national', 1],
])
/** Hours of one service, in tenths. */
const hours = weighted([20, 25, 30, 35, 40, 45, 60, 80, 120, 160, 240].map((tenths, i) => [tenths, 12 - i]))
const volumes = weighted([
  ['200', 30],
  ['300', 25],
  ['400', 45],
])
/** Whole yuan of one donation. */
const amounts = weighted([
  [50, 20],
  [100, 30],
  [200, 20],
  [500, 15],
  [1000, 10],
  [2000, 4],
  [5000, 1],
])

/** What the offices for volunteers, blood and charity, the tax office and the police know. Most people have nothing on record. */
export function conductStatements(random: Random, life: Life): Statement[] {
  const event = (date: string): EvidenceFields => ({ date })
  return [
    ...statements(
      random,
      'volunteering',
      'volunteer-register',
      events(random, life, 2200, few, date => ({ hours: formatDecimal(random.pick(hours), 1), date })),
      { onlyDeclared: 400, rejected: 100 },
    ),
    ...statements(
      random,
      'bloodDonation',
      'blood-centre',
      events(random, life, 1100, few, date => ({ volume: random.pick(volumes), date })),
      { onlyDeclared: 60 },
    ),
    ...statements(
      random,
      'donation',
      'charity-register',
      events(random, life, 700, few, date => ({ amount: formatDecimal(100 * random.pick(amounts), 2), date })),
      { onlyDeclared: 200, rejected: 100 },
    ),
    ...statements(
      random,
      'award',
      'human-resources',
      events(random, life, 180, once, date => ({ level: random.pick(levels), date })),
      { onlyDeclared: 500, rejected: 500 },
    ),
    ...statements(random, 'taxOffence', 'tax-office', events(random, life, 40, once, event), { unasked: 40 }),
    ...statements(random, 'detention', 'police', events(random, life, 110, once, event), { unasked: 50 }),
    ...statements(random, 'crime', 'police', events(random, life, 70, once, event), { unasked: 50 }),
  ]
}

/** Events of the last ten years, not before the age of 18, in the order of their dates. */
function events(
  random: Random,
  { age, asOf }: Life,
  ofTenThousand: number,
  counts: Table<number>,
  record: (date: string) => EvidenceFields,
): EvidenceFields[] {
  if (!random.chance(ofTenThousand)) return []
  const daysBack = Math.min(3652, 365 * (age - 18) + 30)
  return Array.from({ length: random.pick(counts) }, () => asOf - random.below(daysBack))
    .sort((a, b) => a - b)
    .map(day => record(formatDate(day)))
}
