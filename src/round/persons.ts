import { blindIndex } from '../store/encryption.ts'
import { drawPersons, encryptPerson, findPerson, insertPerson, otherAuthoritiesOf } from '../store/persons.ts'
import { inTransaction } from '../store/transaction.ts'
import { parseCitizenNumber } from '../values/citizen-number.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import type { Actor, Office } from './office.ts'
import { isRefused, PersonExists } from './taken.ts'

/** The longest name in the household register has far fewer characters. */
const longestName = 100
export const nameForm = `A name has 1 to ${longestName} characters, a letter among them.`

/** A name without blanks at its ends; undefined if it is none. */
export function parseName(text: string): string | undefined {
  const name = text.trim()
  return /\p{L}/u.test(name) && [...name].length <= longestName && name.isWellFormed() ? name : undefined
}

/**
 * Registers a permit holder under the actor's authority and tells which other authorities of the installation know the same person.
 * @throws Refusal `invalid-person` with pointers; `person-exists` with the number when the authority knows the citizen number already
 */
export async function registerPerson(
  office: Office,
  { authority }: Actor,
  { citizenNumber, name }: { citizenNumber: string; name: string },
): Promise<{ person: number; alsoUnder: string[] }> {
  const faults: Fault[] = []
  const number = parseCitizenNumber(citizenNumber)
  if (number === undefined)
    faults.push({
      code: 'wrong-citizen-number',
      pointer: '/citizenNumber',
      message:
        'This is no citizen identity number (GB 11643): 17 digits with a real birth date, then the check character they give. Check it against the card.',
    })
  const trimmed = parseName(name)
  if (trimmed === undefined) faults.push({ code: 'wrong-form', pointer: '/name', message: nameForm })
  if (number === undefined || trimmed === undefined) throw new Refusal('invalid-person', faults)

  try {
    return await inTransaction(office.pool, async ({ db }) => {
      const [person] = (await drawPersons(db, 1)) as [number]
      const encrypted = encryptPerson(office.keys, { authority, person, citizenNumber: number, name: trimmed })
      await insertPerson(db, authority, { person, ...encrypted, createdAt: office.now() })
      return { person, alsoUnder: await otherAuthoritiesOf(db, authority, encrypted.citizenNumberIndex) }
    })
  } catch (error) {
    const known = isRefused(error, 'person-exists') ? await findPerson(office.db, authority, blindIndex(office.keys, number)) : undefined
    throw known === undefined ? error : new PersonExists(known)
  }
}
