import { formatDate } from '../values/civil-date.ts'
import { formatDecimal } from '../values/decimal.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { dayIn, formatInstant } from './moment.ts'
import type { RoundRules } from './rules.ts'

/** Whether the larger value is better (`desc`) or the smaller (`asc`). */
export type Direction = 'desc' | 'asc'

/** One key of the order: the total that is ranked, an item of the scheme, a measure, a measure that is a date, or the time of the application. */
export type OrderKey =
  | { key: 'total'; direction: Direction }
  | { key: 'item' | 'measure' | 'date'; of: string; direction: Direction }
  | { key: 'submission'; to: 'day' | 'moment'; direction: Direction }

/**
 * The values of the order keys, first key first: points in units of their scale, measures in steps of their unit, dates as day numbers, moments in
 * milliseconds since 1970-01-01T00:00:00Z.
 */
export type Chain = readonly number[]

/** How a chain value is written: as a decimal with so many decimals, as a date, or as a moment in UTC. */
export type KeyUnit = { kind: 'decimal'; scale: number } | { kind: 'date' } | { kind: 'instant' }

/** What ranking needs of a scored result. Null or undefined is a value that is not known. */
export type Scored = {
  /** In units of the total's scale. */
  total: number | null
  /** In units of the item's own scale. */
  item(id: string): number | null | undefined
  /** In steps of the measure's unit; a date as its day number. */
  measure(name: string): number | null | undefined
  /** When the application was made, in milliseconds since 1970-01-01T00:00:00Z. */
  submission: number
}

/** What ranking needs of a scheme: the units of all that an order key can name; undefined where there is no such name or no quantity. */
export type ScoredUnits = {
  totalScale: number
  itemScale(id: string): number | undefined
  measureUnit(name: string): KeyUnit | undefined
}

/** The chain, or why there is none: the keys whose value is not known make the applicant undetermined. */
export type ChainResult = { chain: number[] } | { reason: 'order-key-missing'; missing: OrderKey[] }

/** Takes the value of each order key from a scored result; days are those of the rules' zone. */
export function chainOf({ order, zone }: Pick<RoundRules, 'order' | 'zone'>, scored: Scored): ChainResult {
  const chain: number[] = []
  const missing: OrderKey[] = []
  for (const key of order) {
    const value = keyValue(key, scored, zone)
    if (value === null || value === undefined) missing.push(key)
    else chain.push(value)
  }
  return missing.length > 0 ? { reason: 'order-key-missing', missing } : { chain }
}

function keyValue(key: OrderKey, scored: Scored, zone: string | null): number | null | undefined {
  switch (key.key) {
    case 'total':
      return scored.total
    case 'item':
      return scored.item(key.of)
    case 'submission':
      return key.to === 'day' ? dayIn(zone as string, scored.submission) : scored.submission
    default:
      return scored.measure(key.of)
  }
}

/**
 * The unit of each order key.
 * @throws Refusal `invalid-rules`: a key names what the scheme does not have, or a date key a measure that is no date (or the reverse)
 */
export function unitsOf(order: readonly OrderKey[], scheme: ScoredUnits): KeyUnit[] {
  const faults: Fault[] = []
  const units = order.map((key, i) => {
    const unit = unitOf(key, scheme)
    const refuse = (code: string, message: string) => faults.push({ code, pointer: `/order/${i}/of`, message })
    const name = 'of' in key ? key.of : key.key
    if (unit === undefined) {
      refuse('unknown-name', `the scheme has no ${key.key === 'item' ? 'item' : 'measure'} "${name}" to order by`)
    } else if (key.key === 'date' && unit.kind !== 'date') {
      refuse('wrong-unit', `the measure "${name}" is no date; order by it with key: measure`)
    } else if (key.key === 'measure' && unit.kind === 'date') {
      refuse('wrong-unit', `the measure "${name}" is a date; order by it with key: date`)
    }
    return unit
  })
  if (faults.length > 0) throw new Refusal('invalid-rules', faults)
  return units as KeyUnit[]
}

function unitOf(key: OrderKey, scheme: ScoredUnits): KeyUnit | undefined {
  if (key.key === 'total') return { kind: 'decimal', scale: scheme.totalScale }
  if (key.key === 'submission') return { kind: key.to === 'day' ? 'date' : 'instant' }
  if (key.key !== 'item') return scheme.measureUnit(key.of)
  const scale = scheme.itemScale(key.of)
  return scale === undefined ? undefined : { kind: 'decimal', scale }
}

/** Writes a chain value for people: (9713, scale 2) → "97.13", a day number → "2015-03-01", a moment → "2026-11-28T08:00:00.123Z". */
export function formatKeyValue(value: number, unit: KeyUnit): string {
  switch (unit.kind) {
    case 'decimal':
      return formatDecimal(value, unit.scale)
    case 'date':
      return formatDate(value)
    case 'instant':
      return formatInstant(value)
  }
}

/** Negative when the first chain is better, positive when the second is, 0 when they are equal. */
export function compareChains(a: Chain, b: Chain, directions: readonly Direction[]): number {
  for (let i = 0; i < directions.length; i++) {
    const x = a[i] as number
    const y = b[i] as number
    if (x !== y) return x > y === (directions[i] === 'desc') ? -1 : 1
  }
  return 0
}
