import { type DayNumber, firstDayOf, formatDate, formatMonth, lastDayOf, type MonthNumber, monthOf } from '../../values/civil-date.ts'
import type { Life } from './life.ts'
import { type Random, weighted } from './random.ts'
import { type EvidenceFields, type Statement, statements } from './statement.ts'

/** One job, in calendar months; `to` is null while it goes on. */
type Job = { from: MonthNumber; to: MonthNumber | null; basis: string }

/** How many months a job lasts: drawn as one of these stretches, then evenly inside. Assumed. */
const jobLengths = weighted<readonly [number, number]>([
  [[3, 11], 16],
  [[12, 35], 30],
  [[36, 83], 30],
  [[84, 180], 24],
])
/** Months between two jobs; a negative number means that they overlap. */
const pauses = weighted([
  [0, 50],
  [1, 18],
  [2, 10],
  [3, 6],
  [5, 5],
  [9, 3],
  [14, 2],
  [-1, 4],
  [-2, 2],
])
const bases = weighted([
  ['contract', 880],
  ['licence', 95],
  ['farmland', 25],
])
/** Months until an employer insures somebody. A third did so late or never: general knowledge of those years, an assumption. */
const monthsUntilInsured = weighted<readonly [number, number]>([
  [[0, 0], 60],
  [[1, 3], 20],
  [[4, 24], 15],
  [[500, 500], 5],
])

/** What the human resources office knows: the jobs, and the months for which insurance was paid. */
export function workStatements(random: Random, life: Life): Statement[] {
  const jobs = jobsOf(random, life)
  return [
    ...statements(
      random,
      'employment',
      'human-resources',
      jobs.map(job => employmentRecord(random, job, life.asOf)),
      { onlyDeclared: 150, rejected: 80 },
    ),
    ...statements(random, 'insurance', 'human-resources', insuranceRecords(random, jobs, life.asOf), { unasked: 40 }),
  ]
}

function jobsOf(random: Random, { arrival, asOf }: Life): Job[] {
  const jobs: Job[] = []
  const now = monthOf(asOf)
  let from = arrival + random.below(3)
  while (from < now && jobs.length < 12) {
    const [shortest, longest] = random.pick(jobLengths)
    const to = from + random.between(shortest, longest) - 1
    const basis = random.pick(bases)
    if (to >= now) {
      // Some who look employed had just left when the round closed.
      const left = random.chance(500) && now - from > 6
      jobs.push({ from, to: left ? now - random.between(1, 5) : null, basis })
      break
    }
    jobs.push({ from, to, basis })
    from = to + 1 + random.pick(pauses)
  }
  return jobs
}

/** Contracts mostly begin on the first and end on the last of a month, the others on some day inside. */
function employmentRecord(random: Random, job: Job, asOf: DayNumber): EvidenceFields {
  const late = random.chance(4000) ? random.between(1, 14) : 0
  const early = random.chance(3000) ? random.between(1, 13) : 0
  const from = Math.min(firstDayOf(job.from) + late, asOf)
  return { basis: job.basis, from: formatDate(from), ...(job.to !== null && { to: formatDate(Math.max(lastDayOf(job.to) - early, from)) }) }
}

/** Paid from some months after the job began to its end, at the latest to the month of the reference date; some of the first months were paid back. */
function insuranceRecords(random: Random, jobs: readonly Job[], asOf: DayNumber): EvidenceFields[] {
  const records: EvidenceFields[] = []
  const paid = (payment: string, from: MonthNumber, to: MonthNumber) => {
    records.push({ insurance: 'pension', payment, from: formatMonth(from), to: formatMonth(to) })
  }
  for (const job of jobs) {
    const [least, most] = random.pick(monthsUntilInsured)
    const start = job.from + random.between(least, most)
    const back = random.chance(1800) ? random.between(1, 9) : 0
    const end = Math.min(job.to ?? monthOf(asOf), monthOf(asOf))
    if (start > end) continue
    const backFrom = Math.max(job.from, start - back)
    if (backFrom < start) paid('back-paid', backFrom, start - 1)
    paid('on-time', start, end)
  }
  return records
}
