import { createHash } from 'node:crypto'
import type { InputProperty } from '../property.ts'
import type { StoredEntry, Values, VerifyContext } from '../stored.ts'

/** R14: each entry's receipt digest is what it gives. Entries of rounds that were frozen before claims were kept may be without one. */
export const receipts: InputProperty =
  (context, find) =>
  ({ frozen, entry, concern }) => {
    if (entry === null || frozen === null || frozen.digest === null) return
    if (entry.receipt === null) {
      if (frozen.claim !== '') find('R14', concern, 'the entry has no receipt digest')
    } else if (!receiptOf(entry, frozen.digest, context).equals(entry.receipt))
      find('R14', concern, 'the receipt digest is not what the entry gives')
  }

function receiptOf({ eligible, total, items, chain, pool }: StoredEntry, digest: Uint8Array, context: VerifyContext): Buffer {
  const lines = [
    context.run.engine,
    context.schemeDigest,
    context.rulesDigest,
    context.asOf,
    Buffer.from(digest).toString('hex'),
    eligible ?? '',
    total ?? '',
    listed(items),
    chain === null ? '-' : listed(chain),
    pool ?? '',
  ]
  return createHash('sha256')
    .update(lines.map(line => `${line}\n`).join(''), 'utf8')
    .digest()
}

const listed = (values: Values) => (values ?? []).map(value => value ?? '').join(',')
