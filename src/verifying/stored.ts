import type { RoundingMode } from '../values/rounding.ts'

/*
 * A stored run as the verifier is given it. It may be corrupted, so anything may be null where a rule asks for a value.
 * Points are in units of their scale, dates are day numbers (days since 1970-01-01), digests are raw bytes.
 */

export type StoredEntry = {
  eligible: string | null
  /** In units of the total's scale. */
  total: number | null
  /** In the scheme's order, each in units of its own scale; null where not known. */
  items: readonly (number | null)[] | null
  chain: readonly (number | null)[] | null
  rank: number | null
  admitted: boolean | null
  lot: Uint8Array | null
}

export type StoredInput = { document: string | null; salt: Uint8Array | null; digest: Uint8Array | null }

/** One row of the first pass: an application with its frozen input and its entry, or one of the two that belongs to no application. */
export type InputRow = {
  /** Null when the entry or the frozen input belongs to no application of the round. */
  publicNumber: string | null
  /** The blind index of the identity number: the same bytes for the same person, however often they are stored. */
  person: Uint8Array | null
  frozen: StoredInput | null
  entry: StoredEntry | null
}

/** One row of the second pass: an entry that has a rank. */
export type RankedRow = {
  publicNumber: string
  chain: readonly (number | null)[] | null
  rank: number | null
  admitted: boolean | null
  lot: Uint8Array | null
}

/** What a run says of itself. Digests are `sha256:` and hexadecimal, the seed is hexadecimal. */
export type StoredRun = {
  applicants: number | null
  eligible: number | null
  admitted: number | null
  cutOff: readonly (number | null)[] | null
  atLine: number | null
  inputsDigest: string | null
  lotSeed: string | null
}

/** What scoring a frozen input again gives: points as in StoredEntry, the chain only for the eligible. */
export type Rescored = {
  eligible: string
  total: number | null
  items: readonly (number | null)[]
  chain: readonly number[] | null
}

/** What a stored run is measured against: the scheme, the round and its rules, and what the run says of itself. */
export type VerifyContext = {
  /** The scheme's items in the order in which entries keep them. */
  items: readonly { id: string; scale: number }[]
  /** The scheme's total rule: the sum of the items at these positions, at least so much (in units), rounded to a scale. */
  total: { items: readonly number[] | null; scale: number; rounding: RoundingMode | 'none'; floor: number | null }
  /** The least total that may be ranked by the round rules, in units; null without such a gate. */
  gateAtLeast: number | null
  /** The order keys: what each names (an item by its position; a measure or date cannot be seen in an entry) and which values are better. */
  order: readonly { names: 'total' | 'measure' | { item: number }; direction: 'desc' | 'asc' }[]
  places: number
  line: 'admit-all' | 'admit-none' | 'lot'
  /** The digest of all inputs that the round froze. */
  inputsDigest: string | null
  /** What committed the lot seed, null if nothing was committed. */
  lotSeedDigest: string | null
  run: StoredRun
  /** Scores a frozen document again. May throw: that is a finding too. */
  rescore(document: string): Rescored
}

/** A whole chain: one safe integer for each order key. Null for anything else. */
export function wholeChain(chain: readonly (number | null)[] | null, keys: number): readonly number[] | null {
  return Array.isArray(chain) && chain.length === keys && chain.every(Number.isSafeInteger) ? (chain as readonly number[]) : null
}

export function sameNumbers(a: readonly (number | null)[] | null, b: readonly (number | null)[] | null): boolean {
  if (a === null || b === null) return a === b
  return Array.isArray(a) && a.length === b.length && a.every((value, i) => value === b[i])
}
