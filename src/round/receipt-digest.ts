import { hash } from 'node:crypto'
import type { Standing } from './standing.ts'

/** What every entry of a run was decided by. `asOf` is YYYY-MM-DD. */
export type DecidedBy = { engine: string; schemeDigest: string; rulesDigest: string; asOf: string }

/**
 * The receipt digest of an entry (docs/ranking.md, Digests): SHA-256 over what was decided and what it was decided on. `inputDigest` is in hexadecimal,
 * and so is what is given.
 */
export function receiptDigester({
  engine,
  schemeDigest,
  rulesDigest,
  asOf,
}: DecidedBy): (inputDigest: string, standing: Standing) => string {
  const head = `${engine}\n${schemeDigest}\n${rulesDigest}\n${asOf}\n`
  return (inputDigest, { eligible, total, items, chain, pool }) =>
    hash(
      'sha256',
      `${head}${inputDigest}\n${eligible}\n${total ?? ''}\n${items.join()}\n${chain === null ? '-' : chain.join()}\n${pool ?? ''}\n`,
      'hex',
    )
}
