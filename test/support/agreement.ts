import { isDeepStrictEqual } from 'node:util'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import { formatMeasure } from '../../src/scoring/measures/format.ts'
import { scorer, scoreTexts } from '../../src/scoring/score.ts'
import { compare } from '../../src/values/rational.ts'
import { day, type SchemeInWords, shippedScheme, vocabulary } from './cases.ts'
import { beijing2020 } from './oracle-beijing.ts'
import { model2017 } from './oracle-model.ts'
import { randomFacts, randomFrom } from './random-facts.ts'

/** Reference dates for random facts: those of the rounds, and others that move the windows. */
const referenceDates = {
  'beijing/2020': ['2019-12-31', '2019-12-31', '2021-12-31', '2020-02-29', '2018-06-30'],
  'model/2017': ['2016-12-31', '2016-12-31', '2016-02-29', '2019-08-31', '2015-11-30'],
} as const

/**
 * Scores random facts three ways: by the integers of `value`, by the steps of `explain`, and by the oracle. Gives the first disagreement,
 * or undefined, and how many facts were of each answer (so that a test can say that it saw them all).
 */
export function firstDisagreement(
  name: SchemeInWords,
  seed: number,
  runs: number,
): { disagreement: object | undefined; seen: { [what: string]: number } } {
  const scheme = shippedScheme(name)
  const random = randomFrom(seed)
  const scorers = referenceDates[name].map(date => ({ date, at: scorer(scheme, day(date)) }))
  const seen: { [what: string]: number } = { yes: 0, no: 0, undetermined: 0, exact: 0, 'lower-bound': 0 }
  for (let run = 0; run < runs; run++) {
    const raw = randomFacts(vocabulary, random)
    const { date, at } = random.pick(scorers)
    const facts = readFacts(vocabulary, raw)
    const { score, explanation } = explain(at, facts)
    const texts = scoreTexts(scheme, score)
    seen[texts.eligible] = (seen[texts.eligible] ?? 0) + 1
    seen[texts.totalIs] = (seen[texts.totalIs] ?? 0) + 1

    const walked = at.evaluation(facts)
    for (const [i, { item, node }] of scheme.items.entries()) {
      const { known, points, low, high, missing } = walked.item(i)
      const same = score.items[i]?.points === points && score.items[i]?.known === known
      const within = !low || !high || compare(low, high) <= 0
      if (!same || !within || (known === 'exact' && beyond(walked.item(i).explained.low, node.least, node.most)))
        return { disagreement: { run, date, raw, item, score: score.items[i], points, low, high, missing }, seen }
    }
    const explained = Object.fromEntries(explanation.items.map(item => [item.item, item.points]))
    const oracle = name === 'beijing/2020' ? beijing2020(raw, date) : model2017(raw, date)
    const { eligible, items, total, totalIs } = texts
    const got = { eligible, items, total, totalIs }
    const { residentSince, ...wanted } = { residentSince: undefined, ...oracle }
    if (!isDeepStrictEqual(got, wanted) || !isDeepStrictEqual(explained, items) || explanation.totals[0]?.points !== total)
      return { disagreement: { run, date, raw, got, wanted, explained }, seen }
    if (name === 'model/2017') {
      const measure = scheme.measures.find(one => one.name === 'residentSince')
      const since = score.measure('residentSince')
      const text = since === undefined || !measure ? undefined : formatMeasure(measure, since)
      if (text !== residentSince) return { disagreement: { run, date, raw, since: text, residentSince }, seen }
    }
  }
  return { disagreement: undefined, seen }
}

function beyond(
  value: { num: number; den: number } | undefined,
  least?: { num: number; den: number },
  most?: { num: number; den: number },
): boolean {
  if (!value) return false
  return (least !== undefined && compare(value, least) < 0) || (most !== undefined && compare(value, most) > 0)
}
