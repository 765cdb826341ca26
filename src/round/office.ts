import type { Vocabulary } from '../scoring/vocabulary.ts'
import type { Store } from '../store/connect.ts'
import type { Keys } from '../store/encryption.ts'

/** What every use case is handed: the store, the keys, and the two things that a pure program has not, a clock and randomness. */
export type Office = Omit<Store, 'close'> & {
  keys: Keys
  /** The moment as ISO 8601 in UTC. */
  now(): string
  randomBytes(count: number): Buffer
  /** The vocabulary of a version, or undefined if this installation has none. */
  vocabularyOf(version: string): Vocabulary | undefined
  /** The newest vocabulary. Evidence that it lacks is taken in as the schemes of the database name it (intake-vocabulary.ts). */
  vocabulary: Vocabulary
}

/** On whose behalf something is done: a client of an authority. */
export type Actor = { authority: string; client: string }
