import { createHash } from 'node:crypto'
import type { InputProperty } from '../property.ts'
import type { StoredInput } from '../stored.ts'

/** R3: each application has a frozen input, and its digest is what salt, person, document and claim give. */
export const inputs: InputProperty =
  (_, find) =>
  ({ frozen, person, concern }) => {
    if (frozen === null) find('R3', concern, 'the application has no frozen input')
    else if (!hasItsDigest(frozen, person))
      find('R3', concern, 'the frozen input does not have the digest that was recorded when it was frozen')
  }

function hasItsDigest({ document, claim, salt, digest }: StoredInput, person: Uint8Array | null): boolean {
  if (document === null || claim === null || salt === null || digest === null || person === null) return false
  return createHash('sha256').update(salt).update(person).update(document, 'utf8').update(claim, 'utf8').digest().equals(digest)
}
