import type { Find } from '../findings.ts'
import { CannotRead } from '../oracle/reader.ts'
import type { ReadRow } from '../property.ts'
import type { Rescored, VerifyContext } from '../stored.ts'
import { differences } from './differences.ts'

/** R16: the second program for the scheme language gives the same as the entry. Tells whether there was anything to ask about. */
export function secondProgram(context: VerifyContext, find: Find): (row: ReadRow) => boolean {
  return ({ frozen, entry, concern }) => {
    if (entry === null || frozen === null || frozen.document === null) return false
    let other: Rescored
    try {
      other = context.oracle(frozen.document, frozen.claim ?? '')
    } catch (error) {
      // Of another error only the kind is told: its message may quote the document.
      const reason = error instanceof CannotRead ? error.message : error instanceof Error ? error.name : 'unknown error'
      find('R16', concern, `the second program cannot score the frozen input: ${reason}`)
      return true
    }
    const differ = differences(entry, other, context)
    if (differ.length > 0) find('R16', concern, `the second program gives another ${differ.join(', ')}`)
    return true
  }
}
