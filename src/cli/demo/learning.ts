import { addMonths, type DayNumber, formatDate, yearOf } from '../../values/civil-date.ts'
import type { Life } from './life.ts'
import { type Random, weighted } from './random.ts'
import { type EvidenceFields, type Statement, statements } from './statement.ts'

type Schooling = 'junior' | 'senior-secondary' | 'college' | 'bachelor' | 'master' | 'doctor'

/**
 * The highest schooling, of a thousand. The national survey of migrant workers of 2016 found some 9 % with college or more; those who
 * apply for settlement are more schooled, so a fifth is assumed here. Junior secondary and less is no certificate of the vocabulary.
 */
const schoolings = weighted<Schooling>([
  ['junior', 425],
  ['senior-secondary', 370],
  ['college', 125],
  ['bachelor', 68],
  ['master', 11],
  ['doctor', 1],
])

const certificatesOf: Record<Schooling, { certificate: string; atAge: number }[]> = {
  junior: [],
  'senior-secondary': [{ certificate: 'senior-secondary', atAge: 18 }],
  college: [{ certificate: 'college', atAge: 21 }],
  bachelor: [
    { certificate: 'bachelor-diploma', atAge: 22 },
    { certificate: 'bachelor-degree', atAge: 22 },
  ],
  master: [
    { certificate: 'bachelor-diploma', atAge: 22 },
    { certificate: 'bachelor-degree', atAge: 22 },
    { certificate: 'master-diploma', atAge: 25 },
    { certificate: 'master-degree', atAge: 25 },
  ],
  doctor: [
    { certificate: 'master-diploma', atAge: 25 },
    { certificate: 'master-degree', atAge: 25 },
    { certificate: 'doctor-diploma', atAge: 29 },
    { certificate: 'doctor-degree', atAge: 29 },
  ],
}
/** Bachelors who have the diploma without the degree, of ten thousand. */
const withoutDegree = 1400

/** The best skill grade or title, of a thousand: two thirds have none. Assumed. */
const grades = weighted<string | null>([
  [null, 655],
  ['level-5', 105],
  ['level-4', 95],
  ['level-3', 58],
  ['level-2', 14],
  ['level-1', 3],
  ['junior-title', 42],
  ['middle-title', 24],
  ['senior-title', 4],
])

/** What the education office and the human resources office know: certificates, skill grades and titles. */
export function learningStatements(random: Random, life: Life): Statement[] {
  return [
    ...statements(random, 'education', 'education-office', certificates(random, life), { unasked: 20, onlyDeclared: 180, rejected: 90 }),
    ...statements(random, 'skill', 'human-resources', skills(random, life), { unasked: 20, onlyDeclared: 350, rejected: 150 }),
  ]
}

function certificates(random: Random, life: Life): EvidenceFields[] {
  const schooling = random.pick(schoolings)
  const noDegree = schooling === 'bachelor' && random.chance(withoutDegree)
  return certificatesOf[schooling]
    .filter(({ certificate, atAge }) => life.age > atAge && !(noDegree && certificate === 'bachelor-degree'))
    .map(({ certificate, atAge }) => ({ certificate, issued: `${yearOf(life.birth) + atAge}-06-30` }))
}

function skills(random: Random, life: Life): EvidenceFields[] {
  const grade = random.pick(grades)
  const issued = dateSince(random, addMonths(life.birth, 12 * 18, 'last-day'), life.asOf)
  return grade === null ? [] : [{ grade, issued: formatDate(issued) }]
}

/** Some day from the one date to the other, not more than 15 years back. */
function dateSince(random: Random, from: DayNumber, until: DayNumber): DayNumber {
  return until - random.below(Math.max(1, Math.min(until - from, 15 * 365)))
}
