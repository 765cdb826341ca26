import { createRequire } from 'node:module'
import type { Contestant } from './contest.ts'
import type { Measures } from './hand-written.ts'

type Zen = {
  ZenEngine: new () => { createDecision(content: object): { evaluate(context: object): Promise<{ result: Record<string, number> }> } }
  ZenDecisionContent: new (content: object) => object
}

/** Rows with the most points come first, so that the first that is held counts. */
const choice = (name: keyof Measures, rows: [code: string, points: number][]) =>
  `${rows.map(([code, points]) => `'${code}' in ${name} ? ${points} : `).join('')}0`

const items = {
  age: 'ageAtApplication < 18 ? 0 : ageAtApplication < 36 ? 3000 : ageAtApplication < 46 ? 2000 : ageAtApplication < 56 ? 750 : 0',
  education: choice('education', [
    ['doctor-degree', 5000],
    ['master-degree', 4000],
    ['bachelor-degree', 2650],
    ['bachelor-diploma', 2000],
    ['college', 1050],
    ['senior-secondary', 500],
  ]),
  skill: choice('skills', [
    ['senior-title', 5000],
    ['level-1', 4000],
    ['middle-title', 2000],
    ['level-3', 1750],
    ['level-4', 1000],
  ]),
  insurance: 'min([25 * monthsInsured, 4000])',
  work: 'min([(wholeYearsEmployed < 5 ? 400 : 600) * wholeYearsEmployed, 6000])',
  residence: 'min([300 * floor(monthsResident / 12), 3000])',
  home: 'floor((max([100 * min([monthsOwnHome, 240]), 50 * min([monthsRentDeclared, 240])]) + 6) / 12)',
  volunteering: 'min([200 * floor(volunteerHours / 500), 1000])',
  blood: 'min([200 * floor(bloodDonated / 200), 1000])',
  donations: 'min([200 * floor(moneyDonated / 100000), 1000])',
  recognition: 'honours >= 1 ? 3000 : taxYears >= 3 and monthsInsured >= 36 ? 600 : 0',
  conduct: '0 - (3000 * detentions + 1200 * taxOffences)',
}
const names = Object.keys(items)
const sum = names.map(name => `$.${name}`).join(' + ')
const expressions = Object.entries({ ...items, total: `max([${sum}, 0])` }).map(([key, value]) => ({ id: key, key, value }))

/** One node of thirteen expressions: its decision tables would be slower. */
const decision = {
  nodes: [
    { id: 'measures', type: 'inputNode', name: 'measures', position: { x: 0, y: 0 } },
    {
      id: 'points',
      type: 'expressionNode',
      name: 'points',
      position: { x: 200, y: 0 },
      content: { expressions, passThrough: false, inputField: null, outputPath: null, executionMode: 'single' },
    },
    { id: 'result', type: 'outputNode', name: 'result', position: { x: 400, y: 0 } },
  ],
  edges: [
    { id: 'in', type: 'edge', sourceId: 'measures', targetId: 'points' },
    { id: 'out', type: 'edge', sourceId: 'points', targetId: 'result' },
  ],
}

/** So many evaluations at a time: one by one takes twice as long, a thousand is slower again, and 20 or 50 are no faster. */
const inFlight = 100

/** @gorules/zen-engine, native code. The decision is compiled before. */
export function zen(): Contestant<Measures> {
  const { ZenEngine, ZenDecisionContent } = createRequire(import.meta.url)('@gorules/zen-engine') as Zen
  const engine = new ZenEngine()
  const compiled = engine.createDecision(new ZenDecisionContent(decision))
  return {
    name: '@gorules/zen-engine',
    givesItems: true,
    async score(applicants, { totals, items }) {
      for (let first = 0; first < applicants.length; first += inFlight) {
        const answers = await Promise.all(applicants.slice(first, first + inFlight).map(measures => compiled.evaluate(measures)))
        for (const [at, { result }] of answers.entries()) {
          const i = first + at
          totals[i] = result.total as number
          items[i] = result[names[i % names.length] as string] as number
        }
      }
    },
  }
}
