import { createHash } from 'node:crypto'
import type { Find } from '../findings.ts'
import type { InputProperty } from '../property.ts'
import type { StoredInput, VerifyContext } from '../stored.ts'

/** R3: each frozen input has its digest, and all of them give the digest that the round and the run name. */
export function inputs(context: VerifyContext, find: Find): InputProperty {
  // Over the stored digests: an input altered behind its digest is one finding, an input altered with its digest is found at the end.
  const all = createHash('sha256')
  return {
    row({ publicNumber, person, frozen }) {
      if (publicNumber === null) {
        if (frozen !== null) find('R3', null, 'a frozen input belongs to no application of the round')
        return
      }
      if (frozen === null) {
        find('R3', publicNumber, 'the application has no frozen input')
        return
      }
      if (frozen.digest !== null) all.update(frozen.digest)
      if (!hasItsDigest(frozen, person))
        find('R3', publicNumber, 'the frozen input does not have the digest that was recorded when it was frozen')
    },
    end() {
      const digest = `sha256:${all.digest('hex')}`
      if (context.inputsDigest !== digest) find('R3', null, 'the frozen inputs do not give the digest that the round names')
      if (context.run.inputsDigest !== digest) find('R3', null, 'the frozen inputs do not give the digest that the run names')
    },
  }
}

function hasItsDigest({ document, salt, digest }: StoredInput, person: Uint8Array | null): boolean {
  if (document === null || salt === null || digest === null || person === null) return false
  return createHash('sha256').update(salt).update(person).update(document, 'utf8').digest().equals(digest)
}
