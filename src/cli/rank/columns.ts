import { formatInstant, parseInstant } from '../../ranking/moment.ts'
import type { OrderKey } from '../../ranking/order-keys.ts'
import { parseDate } from '../../values/civil-date.ts'
import { parseDecimal } from '../../values/decimal.ts'
import type { Fault } from '../../values/refusal.ts'

/** What stands in one place of every row: decimals, with the most decimals seen, dates, or moments in UTC. */
export type Column = { kind: 'decimal'; scale: number } | { kind: 'date' } | { kind: 'moment' }

/** The column of an order key. */
export function columnOfKey(key: OrderKey): Column {
  if (key.key === 'submission') return { kind: key.to === 'day' ? 'date' : 'moment' }
  return key.key === 'date' ? { kind: 'date' } : { kind: 'decimal', scale: 0 }
}

const decimalForm = /^-?\d{1,15}(\.\d{1,9})?$/
const dateForm = /^\d{4}-\d{2}-\d{2}$/
const momentForm = /^\d{4}-\d{2}-\d{2}T/
const remedies = {
  decimal: 'a decimal such as "30.00", with at most 15 digits and 9 decimals',
  date: 'a date such as "2015-03-01"',
  moment: `a moment in UTC such as "${formatInstant(0)}"`,
}

/** What kind a text is of, by its form. Zeros at the end of a decimal do not count. */
export function columnOfText(text: string): Column | undefined {
  if (dateForm.test(text)) return { kind: 'date' }
  if (momentForm.test(text)) return { kind: 'moment' }
  return decimalForm.test(text) ? { kind: 'decimal', scale: (text.split('.')[1] ?? '').replace(/0+$/, '').length } : undefined
}

/** What is wrong with a value that has to be of one of these kinds. */
export function valueFault(pointer: string, value: unknown, kinds: readonly Column['kind'][]): Fault | undefined {
  const fault = (code: string, message: string): Fault => ({ code, pointer, message })
  if (value === undefined) return fault('missing-field', `"${pointer.slice(1)}" is missing`)
  if (typeof value === 'number') return fault('number-not-text', 'points are texts, so that they stay exact: write "97.13", not 97.13')
  if (typeof value !== 'string') return fault('wrong-type', 'points are a text such as "97.13"')
  const column = columnOfText(value)
  if (column === undefined || !kinds.includes(column.kind))
    return fault('wrong-form', `write ${kinds.map(kind => remedies[kind]).join(' or ')}`)
  if (column.kind === 'date' && parseDate(value) === undefined) return fault('impossible-date', 'there is no such day')
  if (column.kind === 'moment' && parseInstant(value) === undefined)
    return fault('impossible-moment', `there is no such moment; write ${remedies.moment}`)
  return undefined
}

/** The integer of a text of the column, undefined where it would not be exact. */
export function integerOf(text: string, column: Column): number | undefined {
  switch (column.kind) {
    case 'decimal':
      return parseDecimal(text, column.scale)
    case 'date':
      return parseDate(text)
    case 'moment':
      return parseInstant(text)
  }
}
