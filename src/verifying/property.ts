import type { Claim } from './claim.ts'
import type { Concern, Find } from './findings.ts'
import type { InputRow, VerifyContext } from './stored.ts'

/** A row of the first pass that has an application, with what it claimed (null if that cannot be read) and whom a breach concerns. */
export type ReadRow = InputRow & { publicNumber: string; claim: Claim | null; concern: Concern }

/** A property that is checked row by row in the first pass. */
export type InputProperty = (context: VerifyContext, find: Find) => (row: ReadRow) => void
