import { type Receipt, type Replay, replay } from '../scoring/receipt.ts'
import type { Json } from '../values/canonical-json.ts'
import type { Office } from './office.ts'
import { schemeByDigest } from './schemes.ts'

/**
 * Scores the facts of a receipt again by the very scheme that it names. Nothing is stored.
 * @throws Refusal `unknown-scheme`; `invalid-receipt`; `invalid-facts`; `out-of-range`
 */
export async function replayReceipt(office: Office, { receipt, facts }: { receipt: Receipt; facts: Json }): Promise<Replay> {
  return replay(await schemeByDigest(office, receipt.scheme.digest), receipt, facts)
}
