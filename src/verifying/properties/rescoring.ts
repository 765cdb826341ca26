import { Refusal } from '../../values/refusal.ts'
import type { Find } from '../findings.ts'
import type { InputProperty } from '../property.ts'
import { type Rescored, type StoredEntry, sameNumbers, type VerifyContext } from '../stored.ts'

/** R12: scoring each frozen input again gives the entry's eligibility, total, items and chain. */
export function rescoring(context: VerifyContext, find: Find): InputProperty {
  return {
    row({ publicNumber, frozen, entry }) {
      if (publicNumber === null || entry === null || frozen === null || frozen.document === null) return
      let again: Rescored
      try {
        again = context.rescore(frozen.document)
      } catch (error) {
        // Of an error that is no refusal only the kind is told: its message may quote the document.
        const reason = error instanceof Refusal ? error.message : error instanceof Error ? error.name : 'unknown error'
        find('R12', publicNumber, `the frozen input cannot be scored again: ${reason}`)
        return
      }
      const differ = differences(entry, again, context)
      if (differ.length > 0) find('R12', publicNumber, `scored again, the frozen input gives another ${differ.join(', ')}`)
    },
    end() {},
  }
}

function differences(entry: StoredEntry, again: Rescored, { items }: VerifyContext): string[] {
  const differ: string[] = []
  if (entry.eligible !== again.eligible) differ.push('eligibility')
  if (entry.total !== again.total) differ.push('total')
  if (!sameNumbers(entry.items, again.items)) {
    differ.push(...items.filter((_, i) => entry.items?.[i] !== again.items[i]).map(({ id }) => `item ${id}`))
    if (entry.items?.length !== again.items.length) differ.push('number of items')
  }
  if (!sameNumbers(entry.chain, again.chain)) differ.push('chain of order keys')
  return differ
}
