import type { RoundRules } from '../ranking/rules.ts'
import { householdDigest, type Keys } from '../store/encryption.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'

/** What an application says as it is given; `household` is the office's label. */
export type GivenClaim = { pool?: string | undefined; household?: string | undefined; persons?: number | undefined }

/** The same as it is stored: of a label only its keyed digest. */
export type StoredClaim = { pool: string | null; household: Buffer | null; persons: number | null }

/** Reads what is given at a pointer. @throws Refusal `invalid-claim` with every fault */
export type ClaimReader = (given: GivenClaim, pointer: string) => StoredClaim

const mostPersons = 99
const labelForm = /^[^\s\p{C}](?:[^\p{C}]{0,98}[^\s\p{C}])?$/u

/** Reads claims by the rules of a round: what they do not ask for is refused, since it would decide nothing. */
export function claimReader(
  { hasPools, pools, unit }: Pick<RoundRules, 'hasPools' | 'pools' | 'unit'>,
  keys: Keys,
  { authority, round }: { authority: string; round: string },
): ClaimReader {
  const names = new Set(pools.map(({ pool }) => pool))
  const household = (text: string | undefined) => {
    const label = text?.normalize('NFC')
    if (label === undefined || !labelForm.test(label)) return null
    return householdDigest(keys, { authority, round, label })
  }
  return (given, pointer) => {
    const faults: Fault[] = []
    const fault = (field: string, code: string, message: string) => faults.push({ code, pointer: at(pointer, field), message })

    if (!hasPools) {
      if (given.pool !== undefined) fault('pool', 'superfluous', 'This round has no pools; leave "pool" out.')
    } else if (given.pool === undefined) fault('pool', 'missing-field', `Name the pool: ${[...names].join(', ')}.`)
    else if (!names.has(given.pool)) fault('pool', 'unknown-name', `There is no such pool; the round has: ${[...names].join(', ')}.`)

    const label = household(given.household)
    if (given.household !== undefined && unit === 'applicants')
      fault('household', 'superfluous', 'In this round each application takes a place of its own; leave "household" out.')
    else if (given.household !== undefined && label === null)
      fault('household', 'wrong-form', 'The label of a household is 1 to 100 characters on one line, without blanks around it.')

    if (unit !== 'persons') {
      if (given.persons !== undefined) fault('persons', 'superfluous', 'In this round persons are not counted; leave "persons" out.')
    } else if (given.persons === undefined)
      fault('persons', 'missing-field', 'Say in "persons" how many persons settle, the applicant included.')
    else if (!Number.isInteger(given.persons) || given.persons < 1 || given.persons > mostPersons)
      fault('persons', 'out-of-range', `"persons" is a whole number from 1 to ${mostPersons}, the applicant included.`)

    if (faults.length > 0) throw new Refusal('invalid-claim', faults)
    return { pool: given.pool ?? null, household: label, persons: given.persons ?? null }
  }
}
