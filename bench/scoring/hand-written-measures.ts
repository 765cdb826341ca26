import type { EvidenceRecord, Facts } from '../../src/scoring/evidence/facts.ts'
import { addMonths, type DayNumber, monthOf, wholeMonthsBetween, yearOf } from '../../src/values/civil-date.ts'
import type { Measures } from './hand-written.ts'
import { reference } from './population.ts'

const month = monthOf(reference)
const fiveYearsBack = addMonths(reference, -60, 'last-day') + 1
const firstYear = yearOf(fiveYearsBack)

/** The calendar work as a programmer would write it for this one scheme, over the same evidence that `score` gets. */
export function measuresOf({ kinds }: Facts): Measures {
  const records = (kind: string) => kinds.get(kind) as readonly EvidenceRecord[]
  const insured = records('insurance').filter(({ codes }) => codes.insurance === 'pension' && codes.payment === 'on-time')
  const home = records('home')
  return {
    ageAtApplication: Math.floor(wholeMonthsBetween((records('birth')[0] as EvidenceRecord).from, reference, 'last-day') / 12),
    education: held(records('education'), 'certificate'),
    skills: held(records('skill'), 'grade'),
    monthsInsured: calendarMonths(insured),
    wholeYearsEmployed: Math.floor(completedMonths(stretches(records('employment'), reference)) / 12),
    monthsResident: completedMonths(lastChain(stretches(records('residence'), reference))),
    monthsOwnHome: calendarMonths(home.filter(({ codes }) => codes.tenure === 'own')),
    monthsRentDeclared: calendarMonths(home.filter(({ codes }) => codes.tenure === 'rent')),
    volunteerHours: sum(records('volunteering'), 'hours'),
    bloodDonated: sum(records('bloodDonation'), 'volume'),
    moneyDonated: sum(records('donation'), 'amount'),
    taxYears: yearsOfTax(records('incomeTax')),
    honours: records('award').filter(({ from, codes }) => from <= reference && (codes.level === 'national' || codes.level === 'provincial'))
      .length,
    detentions: records('detention').filter(lately).length,
    taxOffences: records('taxOffence').filter(lately).length,
  }
}

type Stretch = { from: number; to: number }

const lately = ({ from }: EvidenceRecord): boolean => from >= fiveYearsBack && from <= reference

/** Spans that overlap or adjoin put together, up to a last day or month. */
function stretches(spans: readonly Stretch[], until: number): Stretch[] {
  const joined: Stretch[] = []
  let last: Stretch | undefined
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    if (span.from > until) break
    const to = Math.min(span.to, until)
    if (last && span.from <= last.to + 1) last.to = Math.max(last.to, to)
    else {
      last = { from: span.from, to }
      joined.push(last)
    }
  }
  return joined
}

function calendarMonths(spans: readonly Stretch[]): number {
  let months = 0
  for (const { from, to } of stretches(spans, month)) months += to - from + 1
  return months
}

function completedMonths(parts: readonly Stretch[]): number {
  let months = 0
  for (const { from, to } of parts) months += wholeMonthsBetween(from, to + 1, 'last-day')
  return months
}

/** The stretches that reach the reference date over gaps of at most three months. */
function lastChain(parts: readonly Stretch[]): readonly Stretch[] {
  let next: DayNumber = reference + 1
  let first = parts.length
  while (first > 0) {
    const { from, to } = parts[first - 1] as Stretch
    if (next > addMonths(to + 1, 3, 'last-day')) break
    next = from
    first--
  }
  return parts.slice(first)
}

function held(records: readonly EvidenceRecord[], attribute: string): string[] {
  const codes: string[] = []
  for (const record of records) {
    const code = record.codes[attribute] as string
    if (record.from <= reference && record.to >= reference && !codes.includes(code)) codes.push(code)
  }
  return codes
}

function sum(records: readonly EvidenceRecord[], amount: string): number {
  let all = 0
  for (const record of records) if (lately(record)) all += record.amounts[amount] as number
  return all
}

/** Calendar years with 10,000 yuan of income tax or more. */
function yearsOfTax(records: readonly EvidenceRecord[]): number {
  const years = [0, 0, 0, 0, 0]
  for (const record of records) if (lately(record)) (years[yearOf(record.from) - firstYear] as number) += record.amounts.amount as number
  return years.filter(tax => tax >= 1_000_000).length
}
