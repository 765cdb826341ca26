import { createRequire } from 'node:module'
import type { Contestant } from './contest.ts'
import type { Measures } from './hand-written.ts'

type Rule = { conditions: object; event: { type: string; params: { points: number } } }
type JsonRulesEngine = {
  Engine: new (rules: Rule[]) => { run(facts: object): Promise<{ events: Rule['event'][] }> }
}

const is = (fact: keyof Measures, operator: string, value: number | string) => ({ fact, operator, value })
const rule = (type: string, points: number, ...all: object[]): Rule => ({ conditions: { all }, event: { type, params: { points } } })

const band = (points: number, from: number, below: number) =>
  rule('age', points, is('ageAtApplication', 'greaterThanInclusive', from), is('ageAtApplication', 'lessThan', below))
const choice = (type: string, fact: keyof Measures, rows: [code: string, points: number][]) =>
  rows.map(([code, points]) => rule(type, points, is(fact, 'contains', code)))

/** What can be said as conditions with a constant: bands, choices, and the rows of a decision, each excluding those above it. */
const rules = [
  band(3000, 18, 36),
  band(2000, 36, 46),
  band(750, 46, 56),
  ...choice('education', 'education', [
    ['doctor-degree', 5000],
    ['master-degree', 4000],
    ['bachelor-degree', 2650],
    ['bachelor-diploma', 2000],
    ['college', 1050],
    ['senior-secondary', 500],
  ]),
  ...choice('skill', 'skills', [
    ['senior-title', 5000],
    ['level-1', 4000],
    ['middle-title', 2000],
    ['level-3', 1750],
    ['level-4', 1000],
  ]),
  rule('yearOfWork', 400, is('wholeYearsEmployed', 'lessThan', 5)),
  rule('yearOfWork', 600, is('wholeYearsEmployed', 'greaterThanInclusive', 5)),
  rule('recognition', 3000, is('honours', 'greaterThanInclusive', 1)),
  rule(
    'recognition',
    600,
    is('honours', 'lessThan', 1),
    is('taxYears', 'greaterThanInclusive', 3),
    is('monthsInsured', 'greaterThanInclusive', 36),
  ),
]

/** json-rules-engine has conditions and no arithmetic: rates, caps, the highest row and the sum stand beside it in code. One run at a time is its fastest. */
export function jsonRulesEngine(): Contestant<Measures> {
  const { Engine } = createRequire(import.meta.url)('json-rules-engine') as JsonRulesEngine
  const engine = new Engine(rules)
  return {
    name: 'json-rules-engine',
    givesItems: false,
    async score(applicants, { totals }) {
      for (const [i, measures] of applicants.entries()) {
        const { events } = await engine.run(measures)
        totals[i] = total(measures, events)
      }
    },
  }
}

function total(measures: Measures, events: readonly Rule['event'][]): number {
  const highest = { age: 0, education: 0, skill: 0, yearOfWork: 0, recognition: 0 }
  for (const { type, params } of events) {
    const name = type as keyof typeof highest
    highest[name] = Math.max(highest[name], params.points)
  }
  const { age, education, skill, yearOfWork, recognition } = highest
  const insurance = Math.min(25 * measures.monthsInsured, 4000)
  const work = Math.min(yearOfWork * measures.wholeYearsEmployed, 6000)
  const residence = Math.min(300 * Math.floor(measures.monthsResident / 12), 3000)
  const twelfths = Math.max(100 * Math.min(measures.monthsOwnHome, 240), 50 * Math.min(measures.monthsRentDeclared, 240))
  const home = Math.floor((twelfths + 6) / 12)
  const volunteering = Math.min(200 * Math.floor(measures.volunteerHours / 500), 1000)
  const blood = Math.min(200 * Math.floor(measures.bloodDonated / 200), 1000)
  const donations = Math.min(200 * Math.floor(measures.moneyDonated / 100_000), 1000)
  const conduct = 3000 * measures.detentions + 1200 * measures.taxOffences
  const sum = age + education + skill + insurance + work + residence + home + volunteering + blood + donations + recognition - conduct
  return Math.max(sum, 0)
}
