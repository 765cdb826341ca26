import { formatDate } from '../../values/civil-date.ts'
import { formatDecimal } from '../../values/decimal.ts'
import { dateUnit, type Unit, yesNoUnit } from '../vocabulary.ts'
import type { Measure, MeasureValue } from './measure.ts'

/** A measure's value as people write it: "258", "12.50", "yes", "2015-03-01", or the list of codes. */
export function formatMeasure(measure: Measure, value: MeasureValue): string | string[] {
  return typeof value === 'number' ? formatIn(measure.definition.unit, value) : [...value]
}

/** An integer in a unit as people write it. */
export function formatIn({ name, scale }: Unit, value: number): string {
  if (name === dateUnit) return formatDate(value)
  if (name === yesNoUnit) return value === 1 ? 'yes' : 'no'
  return formatDecimal(value, scale)
}
