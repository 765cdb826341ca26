import { readClaim } from './claim.ts'
import { type Find, named, wholeRun } from './findings.ts'
import { eligibility } from './properties/eligibility.ts'
import { inputs } from './properties/inputs.ts'
import { receipts } from './properties/receipts.ts'
import { rescoring } from './properties/rescoring.ts'
import { secondProgram } from './properties/second-program.ts'
import { totals } from './properties/totals.ts'
import type { InputProperty } from './property.ts'
import { isInSample } from './sample.ts'
import type { InputRow, VerifyContext } from './stored.ts'

const properties: readonly InputProperty[] = [inputs, totals, eligibility, rescoring, receipts]

/**
 * The first pass (R1 to R5, R12, R14, R16, and of R11 the number of applicants): takes every application with what the run has of it, in the order of
 * applications, and last what belongs to no application. `end` gives how many entries the second program of R16 was asked about.
 * @throws Error when the rows come in another order: then the caller is at fault, not the run
 */
export function createInputPass(context: VerifyContext, find: Find): { row(row: InputRow): void; end(): number } {
  const checks = properties.map(property => property(context, find))
  const ask = secondProgram(context, find)
  let last = Number.NEGATIVE_INFINITY
  let strays = false
  let frozen = 0
  let asked = 0
  return {
    row(row) {
      if (row.frozen !== null) frozen++
      const { publicNumber } = row
      if (publicNumber === null) {
        strays = true
        findStray(row, find)
        return
      }
      if (strays || row.application < last) throw new Error('the rows are not in the order of applications')
      const claim = row.frozen?.claim ? readClaim(row.frozen.claim) : null
      const pools = named(row.pool, claim?.pool, row.entry?.pool, row.standing?.pool)
      const read = { ...row, publicNumber, claim, concern: { application: publicNumber, pools } }
      if (row.application === last) find('R1', read.concern, 'the application has more than one entry, frozen input or standing')
      last = row.application
      if (row.entry === null) find('R1', read.concern, 'the application has no entry')
      for (const check of checks) check(read)
      if (isInSample(publicNumber, context.sample, context.run.applicants) && ask(read)) asked++
    },
    end() {
      // Not the entries: one that is missing is R1 of its pool, and no fault of the run's own figures.
      if (context.run.applicants !== frozen)
        find('R11', wholeRun, `the run counts ${context.run.applicants ?? 'no'} applicants, ${frozen} were frozen`)
      return asked
    },
  }
}

function findStray({ frozen, entry, standing }: InputRow, find: Find): void {
  if (frozen !== null) find('R3', wholeRun, 'a frozen input belongs to no application of the round')
  if (entry !== null) find('R1', wholeRun, 'an entry belongs to no application of the round')
  if (standing !== null) find('R5', wholeRun, 'a standing belongs to no application of the round')
}
