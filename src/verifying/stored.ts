import type { RoundingMode } from '../values/rounding.ts'

/*
 * A stored run as the verifier is given it. It may be corrupted, so anything may be null where a rule asks for a value.
 * Points are in units of their scale, dates are day numbers (days since 1970-01-01), submissions milliseconds since 1970, digests raw bytes.
 * A pool is '' in a round without pools.
 */

export type Values = readonly (number | null)[] | null

export type StoredEntry = {
  eligible: string | null
  /** In units of the total's scale. */
  total: number | null
  /** In the scheme's order, each in units of its own scale; null where not known. */
  items: Values
  chain: Values
  pool: string | null
  household: Uint8Array | null
  persons: number | null
  receipt: Uint8Array | null
}

export type StoredInput = { document: string | null; claim: string | null; salt: Uint8Array | null; digest: Uint8Array | null }

export type StoredStanding = {
  pool: string | null
  rank: number | null
  outcome: string | null
  reserve: number | null
  lot: Uint8Array | null
}

/** One row of the first pass: an application with what the run has of it, or something that belongs to no application. */
export type InputRow = {
  application: number
  /** Null when the rest belongs to no application of the round. */
  publicNumber: string | null
  pool: string | null
  household: Uint8Array | null
  persons: number | null
  /** The blind index of the identity number: the same bytes for the same person, however often they are stored. */
  person: Uint8Array | null
  frozen: StoredInput | null
  entry: StoredEntry | null
  /** That there is a standing, and in which pool. */
  standing: { pool: string | null } | null
}

export type NumberRow = { publicNumber: string; pool: string | null; digest: Uint8Array | null }
export type PersonRow = { publicNumber: string; pool: string | null; person: Uint8Array | null }
/** A standing that has a rank. */
export type RankedRow = { publicNumber: string; pool: string | null; rank: number; chain: Values }
/** An eligible entry that names a household. */
export type MemberRow = { application: number; publicNumber: string; pool: string | null; household: Uint8Array; chain: Values }
/** An eligible entry with its standing. */
export type EligibleRow = {
  application: number
  publicNumber: string
  pool: string | null
  persons: number | null
  chain: Values
  standing: StoredStanding | null
}

/** What a run says of a pool. */
export type PoolFigures = {
  pool: string
  places: number | null
  eligible: number | null
  admitted: number | null
  admittedSecond: number | null
  unused: number | null
  cutOff: Values
  atLine: number | null
}

/** What a run says of itself. Digests are `sha256:` and hexadecimal, the secret is hexadecimal. */
export type StoredRun = {
  applicants: number | null
  eligible: number | null
  admitted: number | null
  pools: readonly PoolFigures[]
  secondRound: { places: number | null; cutOff: Values; atLine: number | null } | null
  inputsDigest: string | null
  lotSecret: string | null
  /** The draw's text. */
  draw: string | null
  engine: string
}

/** What scoring a frozen input again gives: points as in StoredEntry, the chain only for the eligible. */
export type Rescored = { eligible: string; total: number | null; items: Values; chain: readonly number[] | null }

/** What an order key names. A measure or date cannot be seen in an entry; an item is named by its position. */
export type KeyName = 'total' | 'measure' | { item: number } | { submission: 'day' | 'moment' }
export type OrderKey = { names: KeyName; direction: 'desc' | 'asc' }

/** `places` with those carried over, `own` without. */
export type Pool = { pool: string; places: number; own: number }
export type LineRule = 'admit-all' | 'admit-none' | 'lot'
export type StraddleRule = 'all-in' | 'none' | 'next-smaller'
export type SecondRound = { percent: string; rounding: 'down' | 'up'; atRoom: 'admit-all' | 'admit-none' }

/** The rules by which places are filled. */
export type FillingRules = {
  order: readonly OrderKey[]
  /** One without a name in a round without pools. */
  pools: readonly Pool[]
  line: LineRule
  straddle: StraddleRule | null
  secondRound: SecondRound | null
  reserve: number | null
}

/** What a stored run is measured against: the scheme, the round and its rules, and what the run says of itself. */
export type VerifyContext = FillingRules & {
  decides: 'ranking' | 'score-line'
  hasPools: boolean
  unit: 'applicants' | 'households' | 'persons'
  /** The scheme's items in the order in which entries keep them. */
  items: readonly { id: string; scale: number }[]
  /** The scheme's total rule: the sum of the items at these positions, at least so much (in units), rounded to a scale. */
  total: { items: readonly number[] | null; scale: number; rounding: RoundingMode | 'none'; floor: number | null }
  /** The least total that the gate or the score line of the round rules asks for, in units; null without one. */
  atLeast: number | null
  /** `+08:00`: whose days are meant; null where the rules name none. */
  zone: string | null
  /** What a result of the draw looks like; null where none is drawn. */
  drawForm: readonly { count: number; from: number; to: number; order: 'ascending' | 'drawn' }[] | null
  schemeDigest: string
  rulesDigest: string
  /** The reference date. */
  asOf: string
  /** The digest of all inputs that the round froze. */
  inputsDigest: string | null
  /** What committed the lot secret, null if nothing was committed. */
  lotSecretDigest: string | null
  /** Whether the round froze claims. One that did not has runs without a number of places. */
  hasClaims: boolean
  /** When the round was frozen, as instants in ISO form; there ought to be one. */
  frozenAt: readonly string[]
  /** The last draw that was entered for the round, null if none was. */
  enteredDraw: { heldOn: string; numbers: string; enteredAt: string } | null
  run: StoredRun
  sample: { seed: Uint8Array; size: number }
  /** Scores a frozen document again. May throw: that is a finding too. */
  rescore(document: string, claim: string): Rescored
  /** The same by the second program for the scheme language. */
  oracle(document: string, claim: string): Rescored
}

/** A whole chain: one safe integer for each order key. Null for anything else. */
export function wholeChain(chain: Values, keys: number): readonly number[] | null {
  return Array.isArray(chain) && chain.length === keys && chain.every(Number.isSafeInteger) ? (chain as readonly number[]) : null
}

export function sameNumbers(a: Values, b: Values): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((value, i) => value === b[i])
}

/** Whether a chain is better than another: at the first key that differs it has the larger value (`desc`) or the smaller (`asc`). */
export function isBetter(a: readonly number[], b: readonly number[], order: readonly OrderKey[]): boolean {
  const first = order.findIndex((_, i) => a[i] !== b[i])
  if (first < 0) return false
  const [x, y] = [a[first] as number, b[first] as number]
  return order[first]?.direction === 'desc' ? x > y : x < y
}
