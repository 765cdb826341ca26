import { readFacts } from '../scoring/evidence/read-facts.ts'
import { explain } from '../scoring/explain.ts'
import type { Explanation } from '../scoring/explanation.ts'
import { type ScoreTexts, scorer, scoreTexts } from '../scoring/score.ts'
import { parseDate } from '../values/civil-date.ts'
import { Refusal } from '../values/refusal.ts'
import type { Office } from './office.ts'
import { schemeByName } from './schemes.ts'

/**
 * Scores facts, declared ones too, by a stored scheme. Nothing is stored.
 * @throws Refusal `unknown-scheme`; `invalid-facts`; `invalid-request` for an impossible date
 */
export async function estimate(
  office: Office,
  { scheme: key, asOf, facts }: { scheme: { scheme: string; version: string }; asOf: string; facts: unknown },
): Promise<ScoreTexts & { explanation: Explanation }> {
  const day = parseDate(asOf)
  if (day === undefined)
    throw new Refusal('invalid-request', [
      { code: 'impossible-date', pointer: '/asOf', message: 'There is no such day; write YYYY-MM-DD.' },
    ])
  const scheme = await schemeByName(office, key)
  const { score, explanation } = explain(scorer(scheme, day), readFacts(scheme.vocabulary, facts, '/facts'))
  return { ...scoreTexts(scheme, score), explanation }
}
