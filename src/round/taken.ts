import { Refusal } from '../values/refusal.ts'

/** The authority knows this person already: it is told the number, which the office may have lost. */
export class PersonExists extends Refusal {
  readonly person: number

  constructor(person: number) {
    super('person-exists', [
      {
        code: 'person-exists',
        pointer: '/citizenNumber',
        message: `This authority already has a person with this citizen number: go on with person ${person}.`,
      },
    ])
    this.person = person
  }
}

/** This person has applied in the round already: the public number is told once more. */
export class SecondApplication extends Refusal {
  readonly publicNumber: string

  constructor(publicNumber: string) {
    super('second-application', [
      {
        code: 'second-application',
        pointer: '/person',
        message: `This person has already applied in this round, with the public number ${publicNumber}. One application is taken.`,
      },
    ])
    this.publicNumber = publicNumber
  }
}

/** Waits for a call of the store and points what it refuses to the part of the input that each code speaks of. */
export async function pointing<T>(call: Promise<T>, pointers: { readonly [code: string]: string }): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof Refusal) for (const fault of error.faults) fault.pointer ||= pointers[fault.code] ?? ''
    throw error
  }
}

export function isRefused(error: unknown, code: string): boolean {
  return error instanceof Refusal && error.code === code
}
