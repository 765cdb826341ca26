import { hash } from 'node:crypto'
import type { StoredRound } from '../store/rounds.ts'
import type { Standing } from './standing.ts'

/**
 * The receipt digest of an entry (docs/ranking.md, Digests): SHA-256 over what was decided and what it was decided on. `inputDigest` is in hexadecimal,
 * and so is what is given.
 */
export function receiptDigester(
  engine: string,
  { scheme_digest, rules_digest, as_of }: Pick<StoredRound, 'scheme_digest' | 'rules_digest' | 'as_of'>,
): (inputDigest: string, standing: Standing) => string {
  const head = `${engine}\n${scheme_digest}\n${rules_digest}\n${as_of}\n`
  return (inputDigest, { eligible, total, items, chain, pool }) =>
    hash(
      'sha256',
      `${head}${inputDigest}\n${eligible}\n${total ?? ''}\n${items.join()}\n${chain === null ? '-' : chain.join()}\n${pool ?? ''}\n`,
      'hex',
    )
}
