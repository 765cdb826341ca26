import { readFileSync } from 'node:fs'
import { vocabularies } from '../../src/cli/vocabularies.ts'
import type { Facts } from '../../src/scoring/evidence/facts.ts'
import { explainMeasures } from '../../src/scoring/explain.ts'
import type { Outcomes } from '../../src/scoring/points/program.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { type Scorer, scorer } from '../../src/scoring/score.ts'
import { parseDecimal } from '../../src/values/decimal.ts'
import type { Contestant } from './contest.ts'
import type { Measures } from './hand-written.ts'
import { reference } from './population.ts'

export function bind(): Scorer {
  return scorer(readScheme(readFileSync(new URL('scheme.yaml', import.meta.url), 'utf8'), vocabularies().of), reference)
}

export function ours(bound: Scorer): Contestant<Measures> {
  return {
    name: 'ours',
    givesItems: true,
    score(applicants, { totals, items }) {
      for (let i = 0; i < applicants.length; i++) {
        const outcomes = bound.points(applicants[i] as Measures) as Outcomes
        totals[i] = outcomes.totals[0] as number
        items[i] = outcomes.items[i % outcomes.items.length] as number
      }
    },
  }
}

/** With the whole explanation of every applicant. Its points are decimal texts, which are read back here. */
export function oursExplained(bound: Scorer): Contestant<Measures> {
  const hundredths = (points: string | null | undefined) => parseDecimal(points as string, 2) as number
  return {
    name: 'oursExplained',
    givesItems: true,
    score(applicants, points) {
      for (const [i, measures] of applicants.entries()) {
        const { items, totals } = explainMeasures(bound, measures)
        points.totals[i] = hundredths(totals[0]?.points)
        points.items[i] = hundredths(items[i % items.length]?.points)
      }
    },
  }
}

/** From the evidence: the calendar work, the points, what is missing and every reason. */
export function oursFromEvidence(bound: Scorer): Contestant<Facts> {
  return {
    name: 'ours',
    givesItems: true,
    score(applicants, points) {
      for (const [i, facts] of applicants.entries()) {
        const { items, totals } = bound.score(facts)
        points.totals[i] = totals[0]?.points as number
        points.items[i] = items[i % items.length]?.points as number
      }
    },
  }
}
