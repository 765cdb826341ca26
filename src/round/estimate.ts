import { readFacts } from '../scoring/evidence/read-facts.ts'
import { explain } from '../scoring/explain.ts'
import type { Explanation } from '../scoring/explanation.ts'
import { type Prospect, prospects } from '../scoring/prospects.ts'
import { type Receipt, receiptOf } from '../scoring/receipt.ts'
import { type ScoreTexts, scorer, scoreTexts } from '../scoring/score.ts'
import type { Json } from '../values/canonical-json.ts'
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
): Promise<ScoreTexts & { explanation: Explanation; prospects: Prospect[]; receipt: Receipt }> {
  const day = parseDate(asOf)
  if (day === undefined)
    throw new Refusal('invalid-request', [
      { code: 'impossible-date', pointer: '/asOf', message: 'There is no such day; write YYYY-MM-DD.' },
    ])
  const scheme = await schemeByName(office, key)
  const bound = scorer(scheme, day)
  const read = readFacts(scheme.vocabulary, facts, '/facts')
  const { score, explanation } = explain(bound, read)
  return {
    ...scoreTexts(scheme, score),
    explanation,
    prospects: prospects(bound, read),
    receipt: receiptOf(scheme, day, facts as Json, score, office.randomBytes(16).toString('hex')),
  }
}
