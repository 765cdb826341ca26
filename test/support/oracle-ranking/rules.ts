/*
 * What a round decides by, and what it decides, as the oracle of docs/ranking.md takes and gives it. The oracle is naive on purpose: it compares each with
 * each, counts and filters, and shares no code with the ranking nor with the verifier.
 */

export type Direction = 'asc' | 'desc'
export type Key =
  | { key: 'total'; direction: Direction }
  | { key: 'item' | 'measure' | 'date'; of: string; direction: Direction }
  | { key: 'submission'; to: 'day' | 'moment'; direction: Direction }

export type Pool = { pool: string; places: number; carriedOver: number[] }

export type OracleRules = {
  /** Decimal text. Where it is given there is no order, and the rest has no meaning. */
  scoreLine: string | null
  /** The least total that is ranked, as decimal text. */
  gate: string | null
  order: Key[]
  unit: 'applicants' | 'households' | 'persons'
  /** Whether applications name a pool; without, there is one pool that is named ''. */
  hasPools: boolean
  pools: Pool[]
  secondRound: { percent: string; rounding: 'down' | 'up'; atRoom: 'admit-none' | 'admit-all' } | null
  line: 'admit-all' | 'admit-none' | 'lot'
  straddle: 'all-in' | 'none' | 'next-smaller' | null
  reserve: number | null
  /** As `+08:00`. */
  zone: string | null
}

export type Lottery = { secret: Uint8Array; draw: string }

/** One application as it was scored. What is null is not known, or was not asked for. */
export type Application = {
  publicNumber: string
  /** Whether the scheme's own gates let it through. */
  eligibleByScheme: boolean
  /** Hundredths of a point. */
  total: number | null
  items: { [id: string]: number | null }
  /** A date as the day number. */
  measures: { [name: string]: number | null }
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  submittedAt: number
  pool: string | null
  household: string | null
  persons: number | null
}

export type Chain = number[]

/** The application that competes for its household. */
export type Head = { publicNumber: string; chain: Chain; pool: string; household: string; weight: number }

export type Standing = {
  pool: string
  rank: number | null
  outcome: 'first' | 'second' | 'none' | 'represented'
  reserve: number | null
  /** Hexadecimal. */
  lot: string | null
}

export type Decided = {
  publicNumber: string
  /** Null if it is not eligible. */
  chain: Chain | null
  standing: Standing | null
}

export type PoolFigures = {
  pool: string
  places: number
  heads: number
  admitted: number
  admittedSecond: number
  unused: number
  cutOff: Chain | null
  atLine: number
}

export type RoundOutcome = {
  /** In the byte order of public numbers. */
  applications: Decided[]
  /** None where a score line decides. */
  pools: PoolFigures[]
  secondRound: { places: number; cutOff: Chain | null; atLine: number } | null
}
