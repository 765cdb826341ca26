import type { Lottery } from '../lot.ts'
import type { KeyUnit, Scored } from '../order-keys.ts'
import type { RoundRules } from '../rules.ts'
import type { Outcome } from './case-file.ts'

/** Round rules with the units of their scheme. */
export type RulesInUnits = {
  rules: RoundRules
  /** The unit of each order key. */
  units: readonly KeyUnit[]
  /** How many decimals the total has. */
  totalScale: number
  /** The gate or the score line in units of the total; null without one. */
  gateAtLeast: number | null
}

/** One example with the list that the rule text gives, and where it stands in its file. */
export type RoundCase = {
  case: string
  /** Where the expectation comes from. */
  source: string
  /** Places of pools, instead of those of the rules. */
  places: ReadonlyMap<string, number>
  /** Where the rules draw lots. */
  lottery: Lottery | undefined
  applications: Application[]
  /** Expected figures by pool; of a pool that is not named none are expected. Empty where a score line decides. */
  pools: ReadonlyMap<string, PoolFigures>
  /** Null where the rules have no second round. */
  secondRound: SecondRoundFigures | null
  pointer: string
  line: number
  column: number
}

export type Application = {
  id: string
  scored: Scored
  pool: string | undefined
  household: string | undefined
  persons: number | undefined
  expect: Fate
}

/** What becomes of an application. */
export type Fate = { outcome: Outcome; rank: number | null; reserve: number | null }

/** What a pool ends with. A cut-off has a text for each order key, and none if nobody is admitted. */
export type PoolFigures = { cutOff: string[]; atLine: number; unused: number }
export type SecondRoundFigures = { places: number; cutOff: string[]; atLine: number }
