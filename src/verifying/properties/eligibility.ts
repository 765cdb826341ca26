import type { Find } from '../findings.ts'
import type { InputProperty } from '../property.ts'
import { type StoredEntry, type VerifyContext, wholeChain } from '../stored.ts'

/** R5: the eligible have total, chain and rank; nobody else has chain, rank, lot or admission. */
export function eligibility(context: VerifyContext, find: Find): InputProperty {
  const ofTheEligible = (entry: StoredEntry): string[] => {
    const faults: string[] = []
    if (!Number.isSafeInteger(entry.total)) faults.push('has no total')
    else if (context.gateAtLeast !== null && (entry.total as number) < context.gateAtLeast) faults.push('has a total below the gate')
    if (wholeChain(entry.chain, context.order.length) === null) faults.push('has no whole chain')
    if (!Number.isSafeInteger(entry.rank)) faults.push('has no rank')
    return faults.map(fault => `an eligible applicant ${fault}`)
  }
  const ofTheOthers = (entry: StoredEntry): string[] => {
    const faults: string[] = []
    if (entry.chain !== null) faults.push('has a chain')
    if (entry.rank !== null) faults.push('has a rank')
    if (entry.lot !== null) faults.push('has a lot')
    if (entry.admitted !== false) faults.push('is admitted')
    return faults.map(fault => `an applicant who is not eligible ${fault}`)
  }
  return {
    row({ publicNumber, entry }) {
      if (publicNumber === null || entry === null) return
      if (entry.eligible !== 'yes' && entry.eligible !== 'no' && entry.eligible !== 'undetermined') {
        find('R5', publicNumber, 'eligible is neither yes, no nor undetermined')
      }
      for (const fault of entry.eligible === 'yes' ? ofTheEligible(entry) : ofTheOthers(entry)) find('R5', publicNumber, fault)
    },
    end() {},
  }
}
