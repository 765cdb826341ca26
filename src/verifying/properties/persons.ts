import type { Find } from '../findings.ts'
import type { InputProperty } from '../property.ts'
import type { VerifyContext } from '../stored.ts'

/** R2: each person at most once. Keeps the set of persons, the one thing that grows with the round. */
export function persons(_context: VerifyContext, find: Find): InputProperty {
  const seen = new Set<string>()
  return {
    row({ publicNumber, person }) {
      if (publicNumber === null) return
      if (person === null) {
        find('R2', publicNumber, 'the application belongs to no person')
        return
      }
      const key = Buffer.from(person).toString('latin1')
      if (seen.has(key)) find('R2', publicNumber, 'the person has another application in the round')
      seen.add(key)
    },
    end() {},
  }
}
