import { createRequire } from 'node:module'
import type { Contestant } from './contest.ts'
import type { Measures } from './hand-written.ts'

type JsonLogic = { apply(logic: unknown, data: object): number }

const measure = (name: keyof Measures) => ({ var: name })
const holds = (name: keyof Measures, code: string) => ({ in: [code, measure(name)] })
/** Full units: JsonLogic has no floor, but the remainder leaves a multiple. */
const full = (n: unknown, per: number) => ({ '/': [{ '-': [n, { '%': [n, per] }] }, per] })
const limit = (n: unknown, atMost: number) => ({ min: [n, atMost] })
const times = (n: unknown, points: number) => ({ '*': [n, points] })

/** Rows with the most points come first, so that the first that is held counts. */
const choice = (name: keyof Measures, rows: [code: string, points: number][]) => ({
  if: [...rows.flatMap(([code, points]) => [holds(name, code), points]), 0],
})

const years = measure('ageAtApplication')
const work = measure('wholeYearsEmployed')
const twelfths = {
  max: [times(limit(measure('monthsOwnHome'), 240), 100), times(limit(measure('monthsRentDeclared'), 240), 50)],
}

const items = [
  { if: [{ '<': [years, 18] }, 0, { '<': [years, 36] }, 3000, { '<': [years, 46] }, 2000, { '<': [years, 56] }, 750, 0] },
  choice('education', [
    ['doctor-degree', 5000],
    ['master-degree', 4000],
    ['bachelor-degree', 2650],
    ['bachelor-diploma', 2000],
    ['college', 1050],
    ['senior-secondary', 500],
  ]),
  choice('skills', [
    ['senior-title', 5000],
    ['level-1', 4000],
    ['middle-title', 2000],
    ['level-3', 1750],
    ['level-4', 1000],
  ]),
  limit(times(measure('monthsInsured'), 25), 4000),
  limit({ if: [{ '<': [work, 5] }, times(work, 400), times(work, 600)] }, 6000),
  limit(times(full(measure('monthsResident'), 12), 300), 3000),
  full({ '+': [twelfths, 6] }, 12),
  limit(times(full(measure('volunteerHours'), 500), 200), 1000),
  limit(times(full(measure('bloodDonated'), 200), 200), 1000),
  limit(times(full(measure('moneyDonated'), 100_000), 200), 1000),
  {
    if: [
      { '>=': [measure('honours'), 1] },
      3000,
      { and: [{ '>=': [measure('taxYears'), 3] }, { '>=': [measure('monthsInsured'), 36] }] },
      600,
      0,
    ],
  },
  { '-': [0, { '+': [times(measure('detentions'), 3000), times(measure('taxOffences'), 1200)] }] },
]
const total = { max: [{ '+': items }, 0] }

/** json-logic-js: the scheme as one expression in JSON, which it walks for each applicant. */
export function jsonLogic(): Contestant<Measures> {
  const engine = createRequire(import.meta.url)('json-logic-js') as JsonLogic
  return {
    name: 'json-logic-js',
    givesItems: false,
    score(applicants, { totals }) {
      for (const [i, measures] of applicants.entries()) totals[i] = engine.apply(total, measures)
    },
  }
}
