import type { Find } from '../findings.ts'
import type { InputProperty } from '../property.ts'
import type { VerifyContext } from '../stored.ts'

/** R1: exactly one entry for each application of the round, and none else. */
export function applications(_context: VerifyContext, find: Find): InputProperty {
  let last: string | null = null
  return {
    row({ publicNumber, entry }) {
      if (publicNumber === null) {
        if (entry !== null) find('R1', null, 'an entry belongs to no application of the round')
        return
      }
      if (publicNumber === last) find('R1', publicNumber, 'the public number stands more than once')
      if (entry === null) find('R1', publicNumber, 'the application has no entry')
      last = publicNumber
    },
    end() {},
  }
}
