import type { Find } from '../findings.ts'
import type { InputProperty } from '../property.ts'
import type { VerifyContext } from '../stored.ts'

/** R11, first part: the run's numbers of applicants, eligible and admitted are those of its entries. */
export function counts({ run }: VerifyContext, find: Find): InputProperty {
  const counted = { applicants: 0, eligible: 0, admitted: 0 }
  return {
    row({ entry }) {
      if (entry === null) return
      counted.applicants++
      if (entry.eligible === 'yes') counted.eligible++
      if (entry.admitted === true) counted.admitted++
    },
    end() {
      for (const name of ['applicants', 'eligible', 'admitted'] as const) {
        if (run[name] !== counted[name]) find('R11', null, `the run counts ${run[name]} ${name}, its entries are ${counted[name]}`)
      }
    },
  }
}
