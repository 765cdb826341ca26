import type { Find } from '../findings.ts'
import { isCut, type RankProperty } from '../property.ts'
import { sameNumbers, type VerifyContext } from '../stored.ts'

/** R11, second part: the run's cut-off is the chain of the last admitted, and its number at the line is that of those whom the line cuts through. */
export function line({ run, places }: VerifyContext, find: Find): RankProperty {
  let cutOff: readonly number[] | null = null
  let atLine = 0
  return {
    standing(standing) {
      if (standing.rows.some(row => row.admitted === true)) cutOff = standing.chain
      if (isCut(standing, places)) atLine = standing.rows.length
    },
    end() {
      if (!sameNumbers(run.cutOff, cutOff)) find('R11', null, 'the cut-off of the run is not the chain of the last admitted')
      if (run.atLine !== atLine) find('R11', null, `the run counts ${run.atLine} at the line, its entries are ${atLine}`)
    },
  }
}
