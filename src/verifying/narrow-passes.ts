import { createHash } from 'node:crypto'
import { type Find, named, wholeRun } from './findings.ts'
import type { NumberRow, PersonRow, VerifyContext } from './stored.ts'

/**
 * No two applications share a public number (R1), and the digests of the frozen inputs give the digest that round and run name (R3). Takes every
 * application in the order of public numbers by their UTF-8 bytes.
 * @throws Error when the rows come in another order: then the caller is at fault, not the run
 */
export function createNumbersPass({ inputsDigest, run }: VerifyContext, find: Find): { row(row: NumberRow): void; end(): void } {
  // Over the stored digests: an input altered behind its digest is one finding, an input altered with its digest is found at the end.
  const all = createHash('sha256')
  let before: { number: Buffer; pool: string | null } | null = null
  return {
    row({ publicNumber, pool, digest }) {
      const number = Buffer.from(publicNumber, 'utf8')
      const step = before === null ? 1 : number.compare(before.number)
      if (step < 0) throw new Error('the rows are not in the order of public numbers')
      if (step === 0) find('R1', { application: publicNumber, pools: named(pool, before?.pool) }, 'the public number stands more than once')
      before = { number, pool }
      if (digest !== null) all.update(digest)
    },
    end() {
      const digest = `sha256:${all.digest('hex')}`
      if (inputsDigest !== digest) find('R3', wholeRun, 'the frozen inputs do not give the digest that the round names')
      if (run.inputsDigest !== digest) find('R3', wholeRun, 'the frozen inputs do not give the digest that the run names')
    },
  }
}

/**
 * R2: each person at most once. Takes every application in the order of the persons' digests, those without one last.
 * @throws Error when the rows come in another order: then the caller is at fault, not the run
 */
export function createPersonsPass(find: Find): { row(row: PersonRow): void } {
  let before: { person: Uint8Array | null; pool: string | null } | null = null
  return {
    row({ publicNumber, pool, person }) {
      if (person === null) find('R2', { application: publicNumber, pools: named(pool) }, 'the application belongs to no person')
      else if (before !== null) {
        const step = before.person === null ? -1 : Buffer.from(person).compare(before.person)
        if (step < 0) throw new Error('the rows are not in the order of persons')
        if (step === 0)
          find('R2', { application: publicNumber, pools: named(pool, before.pool) }, 'the person has another application in the round')
      }
      before = { person, pool }
    },
  }
}
