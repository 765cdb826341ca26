import type { InputProperty } from '../property.ts'
import { type StoredEntry, type VerifyContext, wholeChain } from '../stored.ts'

/** R5: the eligible have total, whole chain and standing; nobody else has a chain or a standing. */
export const eligibility: InputProperty = (context, find) => row => {
  const { entry, standing, concern } = row
  if (entry === null) {
    if (standing !== null) find('R5', concern, 'there is a standing, but no entry that is eligible')
    return
  }
  if (entry.eligible !== 'yes' && entry.eligible !== 'no' && entry.eligible !== 'undetermined')
    find('R5', concern, 'eligible is neither yes, no nor undetermined')
  if (entry.eligible === 'yes') {
    for (const fault of ofTheEligible(entry, context)) find('R5', concern, `an eligible applicant ${fault}`)
    if (standing === null) find('R5', concern, 'an eligible applicant has no standing')
    else if (standing.pool !== entry.pool) find('R5', concern, 'the standing is in another pool than the entry')
  } else {
    if (entry.chain !== null) find('R5', concern, 'an applicant who is not eligible has a chain')
    if (standing !== null) find('R5', concern, 'an applicant who is not eligible has a standing')
  }
}

function ofTheEligible({ total, chain }: StoredEntry, { atLeast, order }: VerifyContext): string[] {
  const faults: string[] = []
  if (!Number.isSafeInteger(total)) faults.push('has no total')
  else if (atLeast !== null && (total as number) < atLeast) faults.push('has a total below the gate or score line')
  if (wholeChain(chain, order.length) === null) faults.push('has no whole chain')
  return faults
}
