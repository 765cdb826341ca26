import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import { scorer, scoreTexts } from '../../src/scoring/score.ts'
import type { Json } from '../../src/values/canonical-json.ts'
import { digestOf } from '../../src/values/digest.ts'
import { casesOf, day, shippedScheme, shippedSchemes } from './cases.ts'

/* Run by itself: prints the time zone, a local midnight, and the digest of all cases' scores with their explanations. */

const results = shippedSchemes.flatMap(name => {
  const scheme = shippedScheme(name)
  return casesOf(name).map(one => {
    const { score, explanation } = explain(scorer(scheme, day(one.asOf)), readFacts(scheme.vocabulary, one.facts))
    return { ...scoreTexts(scheme, score), explanation }
  })
})
const midnight = new Date(2020, 1, 29).toISOString()
console.log(Intl.DateTimeFormat().resolvedOptions().timeZone, midnight, digestOf(results as unknown as Json))
