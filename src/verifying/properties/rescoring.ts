import { Refusal } from '../../values/refusal.ts'
import type { InputProperty } from '../property.ts'
import type { Rescored } from '../stored.ts'
import { differences } from './differences.ts'

/** R12: scoring each frozen input again gives the entry's eligibility, total, items and chain. */
export const rescoring: InputProperty =
  (context, find) =>
  ({ frozen, entry, concern }) => {
    if (entry === null || frozen === null || frozen.document === null) return
    let again: Rescored
    try {
      again = context.rescore(frozen.document, frozen.claim ?? '')
    } catch (error) {
      // Of an error that is no refusal only the kind is told: its message may quote the document.
      const reason = error instanceof Refusal ? error.message : error instanceof Error ? error.name : 'unknown error'
      find('R12', concern, `the frozen input cannot be scored again: ${reason}`)
      return
    }
    const differ = differences(entry, again, context)
    if (differ.length > 0) find('R12', concern, `scored again, the frozen input gives another ${differ.join(', ')}`)
  }
