import { type Rescored, type StoredEntry, sameNumbers, type VerifyContext } from '../stored.ts'

/** In what an entry differs from what its frozen input gives. */
export function differences(entry: StoredEntry, again: Rescored, { items }: VerifyContext): string[] {
  const differ: string[] = []
  if (entry.eligible !== again.eligible) differ.push('eligibility')
  if (entry.total !== again.total) differ.push('total')
  if (!sameNumbers(entry.items, again.items)) {
    differ.push(...items.filter((_, i) => entry.items?.[i] !== again.items?.[i]).map(({ id }) => `item ${id}`))
    if (entry.items?.length !== again.items?.length) differ.push('number of items')
  }
  if (!sameNumbers(entry.chain, again.chain)) differ.push('chain of order keys')
  return differ
}
