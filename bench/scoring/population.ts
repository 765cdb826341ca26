import { Random } from '../../src/cli/demo/random.ts'
import { vocabularies } from '../../src/cli/vocabularies.ts'
import type { Facts } from '../../src/scoring/evidence/facts.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { type DayNumber, formatDate, parseDate } from '../../src/values/civil-date.ts'

export const reference = parseDate('2025-12-31') as DayNumber

/** Synthetic applicants with evidence of every kind that the scheme asks for, so that nothing is missing. The same seed gives the same ones. */
export function* population(seed: string, applicants: number): Iterable<Facts> {
  const vocabulary = vocabularies().newest
  for (let index = 0; index < applicants; index++) yield readFacts(vocabulary, evidence(new Random(seed, 'bench', index)))
}

const certificates = ['senior-secondary', 'college', 'bachelor-diploma', 'bachelor-degree', 'master-degree', 'doctor-degree']
const grades = ['junior-title', 'level-4', 'level-3', 'middle-title', 'level-1', 'senior-title']
const levels = ['county', 'city', 'provincial', 'national']
const payments = ['on-time', 'on-time', 'on-time', 'back-paid']
const insurances = ['pension', 'pension', 'medical']

function evidence(random: Random) {
  const one = <T>(values: readonly T[]): T => values[random.below(values.length)] as T
  const several = <T>(most: number, record: () => T): T[] => Array.from({ length: random.below(most + 1) }, record)
  const date = (yearsBack: number) => formatDate(reference - random.below(yearsBack * 365))
  return {
    birth: [{ date: formatDate(reference - random.between(17 * 365, 60 * 365)) }],
    education: several(2, () => ({ certificate: one(certificates), issued: date(20) })),
    skill: several(2, () => ({ grade: one(grades), issued: date(10) })),
    insurance: months(random, 60).map(span => ({ ...span, insurance: one(insurances), payment: one(payments) })),
    employment: days(random, 400).map(span => ({ ...span, basis: one(['contract', 'licence']) })),
    residence: days(random, 80),
    home: months(random, 30).map(span => ({ ...span, tenure: one(['own', 'rent', 'rent', 'dormitory']) })),
    volunteering: several(4, () => ({ date: date(8), hours: `${random.below(90)}.${random.below(10)}` })),
    bloodDonation: several(3, () => ({ date: date(8), volume: one(['200', '300', '400']) })),
    donation: several(3, () => ({ date: date(8), amount: `${random.below(2500)}.${random.between(10, 99)}` })),
    incomeTax: several(8, () => ({ date: date(7), amount: String(random.below(20_000)) })),
    award: random.chance(1500) ? [{ date: date(10), level: one(levels) }] : [],
    detention: random.chance(200) ? [{ date: date(10) }] : [],
    taxOffence: random.chance(300) ? [{ date: date(10) }] : [],
  }
}

/** Spans one after another, with gaps of up to so many days between them; half of the last ones still go on. */
function days(random: Random, gap: number): { from: string; to?: string }[] {
  const spans = []
  const last = random.between(0, 3)
  let from = reference - random.between(500, 5000)
  for (let i = 0; i <= last && from < reference; i++) {
    const to = from + random.between(60, 1500)
    const goesOn = to >= reference || (i === last && random.chance(5000))
    spans.push({ from: formatDate(from), ...(!goesOn && { to: formatDate(to) }) })
    if (goesOn) break
    from = to + random.between(1, gap)
  }
  return spans
}

/** Spans of calendar months. One may begin in the very month in which the one before it ends. */
function months(random: Random, gap: number): { from: string; to?: string }[] {
  return days(random, gap).map(({ from, to }) => ({ from: from.slice(0, 7), ...(to && { to: to.slice(0, 7) }) }))
}
