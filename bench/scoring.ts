import { parseArgs } from 'node:util'
import type { Facts } from '../src/scoring/evidence/facts.ts'
import { type Contestant, contest, type Standing } from './scoring/contest.ts'
import { handWritten, type Measures } from './scoring/hand-written.ts'
import { measuresOf } from './scoring/hand-written-measures.ts'
import { jsonLogic } from './scoring/json-logic.ts'
import { jsonRulesEngine } from './scoring/json-rules-engine.ts'
import { bind, ours, oursExplained, oursFromEvidence } from './scoring/ours.ts'
import { installPeers } from './scoring/peers.ts'
import { population } from './scoring/population.ts'
import { zen } from './scoring/zen.ts'

/*
 * Applicants per second by the twelve indicators of bench/scoring/scheme.yaml: our scheme against the same written by hand and in other rule
 * engines. All get the same objects of measures, and all points must agree.
 *
 *   npm run -s bench:scoring -- --applicants 100000 --json
 *   npm run -s bench:scoring -- --spans      from the evidence, with the calendar work, against the same written by hand
 */

const { values } = parseArgs({
  options: {
    applicants: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    spans: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const applicants = Number(values.applicants)
if (!Number.isSafeInteger(applicants) || applicants < 1) throw new Error('--applicants is a whole number, 1 or more')

/** Written by hand for one kind of input; what the others are compared with. */
const byHand = <Input>(points: (applicant: Input) => { items: number[]; total: number }): Contestant<Input> => ({
  name: 'handWritten',
  givesItems: true,
  score(applicants, { totals, items }) {
    for (let i = 0; i < applicants.length; i++) {
      const given = points(applicants[i] as Input)
      totals[i] = given.total
      items[i] = given.items[i % given.items.length] as number
    }
  },
})

const bound = bind()
const people = population(values.seed, applicants)

async function fromEvidence(): Promise<Standing[]> {
  return contest<Facts>([byHand(facts => handWritten(measuresOf(facts))), oursFromEvidence(bound)], [...people])
}

async function fromMeasures(): Promise<Standing[]> {
  installPeers()
  const measures: Measures[] = []
  for (const facts of people) measures.push(measuresOf(facts))
  return contest([byHand(handWritten), ours(bound), oursExplained(bound), jsonLogic(), jsonRulesEngine(), zen()], measures)
}

const standings = await (values.spans ? fromEvidence() : fromMeasures())
const agree = standings.every(({ differs }) => differs === undefined)
const median = (rates: number[]) => Math.round(rates.toSorted((a, b) => a - b)[rates.length >> 1] as number)

const hand = median((standings[0] as Standing).rates)
const row = (...cells: string[]) =>
  `${cells[0]?.padEnd(22)}${cells
    .slice(1)
    .map(cell => cell.padStart(16))
    .join('')}\n`
const grouped = (n: number) => Math.round(n).toLocaleString('en')
process.stdout.write(row('', 'applicants/s', 'least', 'most', 'times slower', 'applicants', 'gives'))
for (const { name, rates, applicants, givesItems } of standings) {
  const figures = [median(rates), Math.min(...rates), Math.max(...rates)].map(grouped)
  process.stdout.write(row(name, ...figures, (hand / median(rates)).toFixed(1), grouped(applicants), givesItems ? 'items, total' : 'total'))
}
for (const { differs } of standings) if (differs) process.stderr.write(`Points differ: ${differs}\n`)
const perSecond = Object.fromEntries(standings.map(({ name, rates }) => [name, median(rates)]))
if (values.json) process.stdout.write(`${JSON.stringify({ applicants, agree, perSecond })}\n`)
if (!agree) process.exitCode = 1
