import { roundQuotient } from '../../values/rounding.ts'
import type { Find } from '../findings.ts'
import type { InputProperty } from '../property.ts'
import type { StoredEntry, VerifyContext } from '../stored.ts'

/** R4: an entry agrees with itself: items, total, and the chain values that name them. */
export function totals(context: VerifyContext, find: Find): InputProperty {
  return {
    row({ publicNumber, entry }) {
      if (publicNumber === null || entry === null) return
      const { items, total, chain } = entry
      if (!Array.isArray(items) || items.length !== context.items.length || !items.every(isPointsOrNone)) {
        find('R4', publicNumber, `the entry does not have one value or none for each of the ${context.items.length} items`)
        return
      }
      const sum = totalOf(items, context)
      if (sum !== null && total !== null && total !== sum) find('R4', publicNumber, 'the total is not what the items give')
      if (Array.isArray(chain)) {
        context.order.forEach(({ names }, i) => {
          if (!agrees(chain[i], names, entry)) find('R4', publicNumber, `the value of order key ${i + 1} is not the one it names`)
        })
      }
    },
    end() {},
  }
}

function isPointsOrNone(value: unknown): boolean {
  return value === null || Number.isSafeInteger(value)
}

function agrees(value: number | null | undefined, names: VerifyContext['order'][number]['names'], entry: StoredEntry): boolean {
  if (names === 'measure') return true
  return value === (names === 'total' ? entry.total : entry.items?.[names.item])
}

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
