import Type, { type Static } from 'typebox'
import { yearOf } from '../../values/civil-date.ts'
import { plus } from '../../values/decimal.ts'
import { Figure } from '../document-parts.ts'
import type { EvidenceRecord } from '../evidence/facts.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import type { KindDefinition, Unit } from '../vocabulary.ts'
import type { Selection } from './selection.ts'

/*
 * Amounts of records: their unit, how each is brought down, and their sums by calendar year.
 */

/** The unit of an amount of a kind. */
export function amountUnit(kind: KindDefinition, name: string, place: Place, compilation: Compilation): Unit | undefined {
  const unit = kind.attributes.get(name)?.unit
  return unit ?? compilation.error('unknown-name', place.pointer, `${kind.name} has no amount "${name}"`)
}

/** Whether amounts of a kind can be added by date, as those of events can; tells it if not. */
export function checkEvents({ kind }: Selection, place: Place, compilation: Compilation): boolean {
  if (kind.shape !== 'event')
    compilation.error('unit-mismatch', inside(place, 'of').pointer, `${kind.name} is no event, so its amounts cannot be added by date`)
  return kind.shape === 'event'
}

/** How an amount is brought down: to a whole multiple of `unit`, then to `atMost`. */
export const Limits = Type.Object(
  { unit: Type.Optional(Figure), atMost: Type.Optional(Figure) },
  { additionalProperties: false, minProperties: 1 },
)

export function compileLimits(
  source: Static<typeof Limits> | undefined,
  { scale }: Unit,
  place: Place,
  compilation: Compilation,
): ((amount: number) => number) | undefined {
  if (!source) return undefined
  const unit = source.unit === undefined ? 1 : compilation.scaled(source.unit, scale, inside(place, 'unit'))
  const atMost = source.atMost === undefined ? Number.POSITIVE_INFINITY : compilation.scaled(source.atMost, scale, inside(place, 'atMost'))
  if (unit <= 0) compilation.error('wrong-form', inside(place, 'unit').pointer, 'must be more than 0')
  if (atMost < 0) compilation.error('wrong-form', inside(place, 'atMost').pointer, 'must be 0 or more')
  return amount => Math.min(amount - (amount % unit), atMost)
}

/** The sum of each calendar year that has a record, by the day of the record. */
export function yearSums(records: readonly EvidenceRecord[], amountOf: (record: EvidenceRecord) => number): Iterable<number> {
  const sums = new Map<number, number>()
  for (const record of records) {
    const year = yearOf(record.from)
    sums.set(year, plus(sums.get(year) ?? 0, amountOf(record)))
  }
  return sums.values()
}
