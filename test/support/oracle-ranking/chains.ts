import type { Application, Chain, Key, OracleRules } from './rules.ts'

const decimals = 9n

/** A decimal text as a whole number of 10⁻⁹. */
export function billionths(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const value = BigInt(whole + fraction.padEnd(Number(decimals), '0'))
  return text.startsWith('-') ? -value : value
}

function atLeast(hundredths: number, least: string): boolean {
  return BigInt(hundredths) * 10n ** (decimals - 2n) >= billionths(least)
}

/** The chain of an application, or null if it is not eligible. */
export function chainOf(application: Application, { scoreLine, gate, order, zone }: OracleRules): Chain | null {
  const { eligibleByScheme, total } = application
  if (!eligibleByScheme || total === null) return null
  if (scoreLine !== null) return atLeast(total, scoreLine) ? [] : null
  if (gate !== null && !atLeast(total, gate)) return null
  const values = order.map(key => valueBy(application, key, zone))
  return values.every(value => value !== null) ? values : null
}

function valueBy({ total, items, measures, submittedAt }: Application, key: Key, zone: string | null): number | null {
  if (key.key === 'total') return total
  if (key.key === 'item') return items[key.of] as number | null
  if (key.key !== 'submission') return measures[key.of] as number | null
  if (key.to === 'moment') return submittedAt
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone as string) as unknown as [string, string, string, string]
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1)
  return Math.floor((submittedAt + offset) / 86_400_000)
}

/** Whether a is strictly better: at the first key that differs it has the larger value (`desc`) or the smaller (`asc`). */
export function better(a: Chain, b: Chain, order: Key[]): boolean {
  for (const [i, { direction }] of order.entries()) {
    const x = a[i] as number
    const y = b[i] as number
    if (x > y) return direction === 'desc'
    if (x < y) return direction === 'asc'
  }
  return false
}

export function equal(a: Chain, b: Chain): boolean {
  return a.every((value, i) => value === b[i])
}

/** Of two public numbers, whether the first is the smaller by its UTF-8 bytes. */
export function smallerNumber(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')) < 0
}
