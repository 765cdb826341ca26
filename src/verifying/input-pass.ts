import { type Report, startReport } from './findings.ts'
import { inputProperties } from './properties/all.ts'
import type { InputRow, VerifyContext } from './stored.ts'

/**
 * The first pass (R1 to R5, the counts of R11, R12): takes every application with its frozen input and its entry in the order of public numbers by
 * their UTF-8 bytes, and last what belongs to no application. `end` gives the report.
 * @throws Error when the rows come in another order: then the caller is at fault, not the run
 */
export function createInputPass(context: VerifyContext): { row(row: InputRow): void; end(): Report } {
  const { find, report } = startReport()
  const properties = inputProperties.map(property => property(context, find))
  let last: Buffer | null = Buffer.alloc(0)
  return {
    row(row) {
      const number = row.publicNumber === null ? null : Buffer.from(row.publicNumber, 'utf8')
      if (number !== null && (last === null || last.compare(number) > 0)) throw new Error('the rows are not in the order of public numbers')
      last = number
      for (const property of properties) property.row(row)
    },
    end() {
      for (const property of properties) property.end()
      return report()
    },
  }
}
