import { addMonths, type DayNumber, formatDate } from '../values/civil-date.ts'
import { formatDecimal } from '../values/decimal.ts'
import type { Facts } from './evidence/facts.ts'
import { formatMeasure } from './measures/format.ts'
import { type MeasureValue, take } from './measures/measure.ts'
import type { Walk } from './reach.ts'
import type { Turn } from './scheme/compilation.ts'
import type { Item, Scheme } from './scheme/scheme.ts'
import { type Scorer, scorer, withinRange } from './score.ts'

/** What would change the points of one item, worked out by scoring again. */
export type Prospect = {
  item: string
  points: string | null
  /** Points that nobody can get beyond these; null if there is no limit or the points are not known. */
  stillPossible: string | null
  /** The next days on which the points rise or fall if what goes on now goes on and nothing else happens. */
  rises: OnDay | null
  falls: OnDay | null
  /** The least change of a single measure, all others as they are, that gives more points. */
  ways: Way[]
}
export type OnDay = { date: string; points: string }
export type Way = { measure: string; from: string | string[]; to: string | string[]; points: string }

/** So far the calendar is looked ahead. */
const monthsAhead = 240

/**
 * What would change an applicant's points: for each item what is still possible, the next day on which it rises or falls by itself, and for each
 * measure the least value that gives more. Every answer is a score that was worked out.
 */
export function prospects(bound: Scorer, facts: Facts): Prospect[] {
  return withinRange(() => {
    const now = bound.evaluation(facts)
    const days = turningDays(bound, facts, now)
    return bound.scheme.items.map((item, i): Prospect => {
      const { points } = now.item(i)
      const on = (turned: { day: DayNumber; points: number } | undefined) =>
        turned ? { date: formatDate(turned.day), points: formatDecimal(turned.points, item.scale) } : null
      return {
        item: item.item,
        points: points === null ? null : formatDecimal(points, item.scale),
        stillPossible: points === null || item.possible === undefined ? null : formatDecimal(item.possible - points, item.scale),
        rises: on(days[i]?.rises),
        falls: on(days[i]?.falls),
        ways: points === null ? [] : waysUp(bound, facts, now, item, i, points),
      }
    })
  })
}

type Turning = { day: DayNumber; points: number }

/** By item: the first day on which it has more points than now, and the first on which it has fewer. */
function turningDays(bound: Scorer, facts: Facts, now: Walk): { rises?: Turning; falls?: Turning }[] {
  const { scheme, asOf } = bound
  const found: { rises?: Turning; falls?: Turning }[] = scheme.items.map(() => ({}))
  const look = (day: DayNumber, previous: DayNumber) => {
    const then = scorer(scheme, day).evaluation(facts)
    for (const [i, turning] of found.entries()) {
      const before = now.item(i).points
      const { points } = then.item(i)
      if (before === null || points === null || points === before) continue
      const direction = points > before ? 'rises' : 'falls'
      turning[direction] ??= firstDay(scheme, facts, i, before, direction, previous, day)
    }
  }
  for (let n = 1; n <= monthsAhead; n++) {
    if (found.every((turning, i) => now.item(i).points === null || (turning.rises && turning.falls))) break
    look(addMonths(asOf, n, 'last-day'), addMonths(asOf, n - 1, 'last-day'))
  }
  return found
}

/** The first day after `from`, and not after `until`, on which an item has turned. */
function firstDay(
  scheme: Scheme,
  facts: Facts,
  item: number,
  before: number,
  direction: 'rises' | 'falls',
  from: DayNumber,
  until: DayNumber,
): Turning {
  for (let day = from + 1; day <= until; day++) {
    const { points } = scorer(scheme, day).evaluation(facts).item(item)
    if (points !== null && (direction === 'rises' ? points > before : points < before)) return { day, points }
  }
  throw new Error('an item that has turned by the end of a month has turned on no day of it')
}

function waysUp(bound: Scorer, facts: Facts, now: Walk, item: Item, index: number, points: number): Way[] {
  const ways: Way[] = []
  for (const measure of new Set(item.turns.map(turn => turn.measure))) {
    const value = take(measure, now)
    if (value === undefined) continue
    const pointsAt = (other: MeasureValue): number | null => {
      const changed = bound.evaluation(facts)
      changed.values[measure.index] = other
      return changed.item(index).points
    }
    const turns = item.turns.filter(turn => turn.measure === measure)
    const better = typeof value === 'number' ? leastAbove(value, turns, pointsAt, points) : codesBeyond(value, turns, pointsAt, points)
    for (const { to, points: then } of better)
      ways.push({
        measure: measure.name,
        from: formatMeasure(measure, value),
        to: formatMeasure(measure, to),
        points: formatDecimal(then, item.scale),
      })
  }
  return ways
}

type Better = { to: MeasureValue; points: number }

/**
 * The least value above the present one that gives more. Between two turns points go one way only, so each stretch is halved until its first
 * better value is found; behind the last turn stretches double.
 */
function leastAbove(value: number, turns: readonly Turn[], pointsAt: (value: number) => number | null, points: number): Better[] {
  const isBetter = (at: number) => (pointsAt(at) ?? Number.NEGATIVE_INFINITY) > points
  const ends = turns.flatMap(turn => ('at' in turn ? [turn.at - 1, turn.at, turn.at + 1] : []))
  const last = Math.max(value, ...ends)
  for (let step = 1; step < 2 ** 31; step *= 2) ends.push(last + step)
  let low = value
  for (const end of [...new Set(ends)].filter(end => end > value).sort((a, b) => a - b)) {
    if (isBetter(end)) {
      let high = end
      while (high - low > 1) {
        const middle = low + Math.floor((high - low) / 2)
        if (isBetter(middle)) high = middle
        else low = middle
      }
      return [{ to: high, points: pointsAt(high) as number }]
    }
    low = end
  }
  return []
}

/** Every set of codes that a row or a condition asks for and that gives more when it is held as well. */
function codesBeyond(
  held: readonly string[],
  turns: readonly Turn[],
  pointsAt: (value: readonly string[]) => number | null,
  points: number,
): Better[] {
  const found = new Map<string, Better>()
  for (const turn of turns) {
    if (!('holds' in turn) || turn.holds.every(code => held.includes(code))) continue
    const to = [...new Set([...held, ...turn.holds])]
    const then = pointsAt(to)
    if (then !== null && then > points) found.set(to.join(), { to, points: then })
  }
  return [...found.values()].sort((a, b) => a.points - b.points)
}
