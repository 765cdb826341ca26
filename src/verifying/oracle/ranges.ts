import { compare, fraction, negative, plus, type Rational, times, zero } from './rational.ts'

/*
 * The points that an applicant may have: one figure where everything is known, otherwise from the least to the most, either perhaps without
 * end. Beside the range stands whether missing evidence could still give points, or take some away.
 */

export type End = Rational | 'endless'
/** A low that is endless lies below every figure, a high that is endless above. */
export type Range = { low: End; high: End; gain: boolean; loss: boolean }

/** Where only one value is left, nothing is open. */
export function settled(range: Range): Range {
  const { low, high } = range
  return low !== 'endless' && high !== 'endless' && compare(low, high) === 0 ? { low, high, gain: false, loss: false } : range
}

export const exactly = (points: Rational): Range => ({ low: points, high: points, gain: false, loss: false })

/** A range of which no more is known: it could give what is above 0 and take away what is below. */
export function open({ low, high }: { low: End; high: End }): Range {
  return settled({ low, high, gain: high === 'endless' || compare(high, zero) > 0, loss: low === 'endless' || compare(low, zero) < 0 })
}

/** Both ends by themselves; what has no end keeps none. */
export const endsBy = (range: Range, change: (end: Rational) => Rational): Range =>
  settled({ ...range, low: finite(range.low, change), high: finite(range.high, change) })

const finite = (end: End, change: (end: Rational) => Rational): End => (end === 'endless' ? end : change(end))

export function added(ranges: Range[]): Range {
  const add = (a: End, b: End) => (a === 'endless' || b === 'endless' ? 'endless' : plus(a, b))
  return settled({ low: ranges.map(r => r.low).reduce(add, zero), high: ranges.map(r => r.high).reduce(add, zero), ...flags(ranges) })
}

export function highest(ranges: Range[]): Range {
  return settled({ low: mostLow(ranges), high: mostHigh(ranges), ...flags(ranges) })
}

export const lowest = (ranges: Range[]): Range => deducted(highest(ranges.map(deducted)))

/** All that any of the ranges allows. */
export function united(ranges: Range[]): Range {
  return { low: lowest(ranges).low, high: mostHigh(ranges), ...flags(ranges) }
}

export function deducted({ low, high, gain, loss }: Range): Range {
  return { low: finite(high, negative), high: finite(low, negative), gain: loss, loss: gain }
}

/** Cap and floor: an endless end is brought to a figure as well. */
export function limited(range: Range, atMost: Rational | undefined, atLeast: Rational | undefined): Range {
  const capped = atMost ? { ...lowest([range, exactly(atMost)]), gain: range.gain, loss: range.loss } : range
  return settled(atLeast ? { ...highest([capped, exactly(atLeast)]), gain: range.gain, loss: range.loss } : capped)
}

/** Only so many ranges, those with the most points, all together. */
export function bestOf(ranges: Range[], most: number): Range {
  const by = (end: 'low' | 'high', endless: number) => (a: Range, b: Range) => order(b[end], a[end], endless)
  const low = added(ranges.toSorted(by('low', -1)).slice(0, most)).low
  const high = added(ranges.toSorted(by('high', 1)).slice(0, most)).high
  return settled({ low, high, ...flags(ranges) })
}

/** The order of two ends, of which an endless one is the least (-1) or the most (1). */
function order(a: End, b: End, endless: number): number {
  if (a === 'endless') return b === 'endless' ? 0 : endless
  return b === 'endless' ? -endless : compare(a, b)
}

/** So many times any range of 0 or one of these: what records of an unknown number give. */
export function repeated({ low, high }: Range, most: number | undefined): Range {
  const of = (end: End, counts: boolean): End =>
    counts ? (most === undefined ? 'endless' : finite(end, one => times(one, fraction(BigInt(most))))) : zero
  return open({
    low: of(low, low === 'endless' || compare(low, zero) < 0),
    high: of(high, high === 'endless' || compare(high, zero) > 0),
  })
}

const flags = (ranges: Range[]) => ({ gain: ranges.some(range => range.gain), loss: ranges.some(range => range.loss) })

function mostLow(ranges: Range[]): End {
  const known = ranges.map(range => range.low).filter(end => end !== 'endless')
  return known.length === 0 ? 'endless' : known.reduce((a, b) => (compare(a, b) >= 0 ? a : b))
}

function mostHigh(ranges: Range[]): End {
  const ends = ranges.map(range => range.high)
  return ends.includes('endless') ? 'endless' : (ends as Rational[]).reduce((a, b) => (compare(a, b) >= 0 ? a : b))
}
