import { parseDate } from '../../values/civil-date.ts'
import { parseDecimal } from '../../values/decimal.ts'
import { parseInstant } from '../moment.ts'
import type { KeyUnit } from '../order-keys.ts'

/** Reads the value of an order key as people write it; undefined if it has another form. */
export function parseKeyValue(text: string, unit: KeyUnit): number | undefined {
  switch (unit.kind) {
    case 'decimal':
      return parseDecimal(text, unit.scale)
    case 'date':
      return parseDate(text)
    case 'instant':
      return parseInstant(text)
  }
}

/** What the value of an order key looks like, for error messages. */
export function formOf(unit: KeyUnit): string {
  switch (unit.kind) {
    case 'decimal':
      return unit.scale === 0 ? 'a whole number' : `a figure with at most ${unit.scale} decimals`
    case 'date':
      return 'a date YYYY-MM-DD'
    case 'instant':
      return 'a moment in UTC such as 2026-11-28T08:00:00Z'
  }
}
