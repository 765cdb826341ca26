import { roundQuotient } from '../../values/rounding.ts'
import { dayIn } from '../moments.ts'
import type { InputProperty, ReadRow } from '../property.ts'
import type { KeyName, VerifyContext } from '../stored.ts'

/** R4: an entry agrees with itself: items, total, and the chain values that name them; and it and its application with the frozen claim. */
export const totals: InputProperty = (context, find) => row => {
  const { entry, concern } = row
  if (entry === null) return
  if (row.frozen !== null) for (const fault of againstClaim(row, context)) find('R4', concern, fault)
  const { items, total, chain } = entry
  if (!Array.isArray(items) || items.length !== context.items.length || !items.every(isPointsOrNone)) {
    find('R4', concern, `the entry does not have one value or none for each of the ${context.items.length} items`)
    return
  }
  const sum = totalOf(items, context)
  if (sum !== null && total !== null && total !== sum) find('R4', concern, 'the total is not what the items give')
  if (Array.isArray(chain)) {
    context.order.forEach(({ names }, i) => {
      const named = namedValue(names, row, context)
      if (named !== undefined && chain[i] !== named) find('R4', concern, `the value of order key ${i + 1} is not the one it names`)
    })
  }
}

const isPointsOrNone = (value: unknown) => value === null || Number.isSafeInteger(value)

/** The value that an order key names; undefined where it cannot be seen here. */
function namedValue(names: KeyName, { entry, claim }: ReadRow, { zone }: VerifyContext): number | null | undefined {
  if (names === 'measure') return undefined
  if (names === 'total') return entry?.total
  if ('item' in names) return entry?.items?.[names.item]
  if (claim === null) return null
  return names.submission === 'moment' ? claim.submittedAt : dayIn(claim.submittedAt, zone)
}

function againstClaim({ entry, frozen, claim, ...application }: ReadRow, { hasPools, pools }: VerifyContext): string[] {
  if (frozen?.claim && claim === null) return ['the claim cannot be read']
  const claimed = { pool: claim?.pool ?? null, household: claim?.household ?? null, persons: claim?.persons ?? null }
  const faults: string[] = []
  if (application.pool !== claimed.pool) faults.push('the application names another pool than it claimed')
  if (hexOf(application.household) !== claimed.household) faults.push('the application names another household than it claimed')
  if (application.persons !== claimed.persons) faults.push('the application names another number of persons than it claimed')
  if ((entry?.pool ?? null) !== claimed.pool) faults.push('the pool is not the one that was claimed')
  if (hasPools ? !pools.some(one => one.pool === claimed.pool) : claimed.pool !== null)
    faults.push('the rules do not have the pool that was claimed')
  if (hexOf(entry?.household ?? null) !== claimed.household) faults.push('the household is not the one that was claimed')
  if ((entry?.persons ?? null) !== claimed.persons) faults.push('the number of persons is not the one that was claimed')
  return faults
}

const hexOf = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex')

/**
 * The total that the items give, in units of its scale. Null when an item is not known, or the total is more than a sum: then only scoring again (R12) can tell.
 * Undefined, which no total equals, when the sum is not exact.
 */
function totalOf(items: readonly (number | null)[], { items: kinds, total }: VerifyContext): number | null | undefined {
  if (total.items === null) return null
  let scale = total.scale
  for (const position of total.items) scale = Math.max(scale, kinds[position]?.scale ?? 0)
  let sum = 0
  for (const position of total.items) {
    const value = items[position]
    if (value === null || value === undefined) return null
    sum += value * 10 ** (scale - (kinds[position]?.scale ?? 0))
    if (!Number.isSafeInteger(sum)) return undefined
  }
  const step = 10 ** (scale - total.scale)
  if (total.rounding === 'none' && sum % step !== 0) return undefined
  const rounded = roundQuotient(sum, step, total.rounding === 'none' ? 'floor' : total.rounding)
  return total.floor !== null && rounded < total.floor ? total.floor : rounded
}
