import { addMonths, type DayNumber, firstDayOf, formatDate, lastDayOf, parseDate } from '../values/civil-date.ts'
import { formatDecimal } from '../values/decimal.ts'
import type { Facts } from './evidence/facts.ts'
import { formatMeasure } from './measures/format.ts'
import { type Measure, type MeasureValue, notTaken, take } from './measures/measure.ts'
import type { Walk } from './reach.ts'
import type { Turn } from './scheme/compilation.ts'
import type { Item } from './scheme/scheme.ts'
import { type Scorer, scorer, withinRange } from './score.ts'
import { ofMonths } from './vocabulary.ts'

/** What would change the points of one item, worked out by scoring again. */
export type Prospect = {
  item: string
  points: string | null
  /** Points that nobody can get beyond these; null if there is no limit or the points are not known. */
  stillPossible: string | null
  /** The next days on which the points rise or fall if what goes on now goes on and nothing else happens; null if none is in sight. */
  rises: OnDay | null
  falls: OnDay | null
  /**
   * The least change of a single measure, all others as they are, that gives more points. Null where points rest on single records or on other
   * items: then no measure tells it.
   */
  ways: Way[] | null
}
export type OnDay = { date: string; points: string }
export type Way = { measure: string; from: string | string[]; to: string | string[]; points: string }

/** No date that can be written lies behind it. */
const lastDay = parseDate('9999-12-31') as DayNumber
/** So far the calendar is looked ahead. */
const monthsAhead = 240
/** Days that are scored, times the records that each looks at: whoever sends thousands of records is told less far ahead. */
const mostLooks = 60_000

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
      const on = (turned: Turning | undefined) =>
        turned ? { date: formatDate(turned.day), points: formatDecimal(turned.points, item.scale) } : null
      const still = points === null || item.possible === undefined ? undefined : item.possible - points
      return {
        item: item.item,
        points: points === null ? null : formatDecimal(points, item.scale),
        stillPossible: still === undefined || !Number.isSafeInteger(still) ? null : formatDecimal(still, item.scale),
        rises: on(days[i]?.rises),
        falls: on(days[i]?.falls),
        ways: item.node.beyond ? null : points === null ? [] : waysUp(bound, facts, now, item, i, points),
      }
    })
  })
}

type Turning = { day: DayNumber; points: number }
type Turnings = { rises?: Turning; falls?: Turning }

/**
 * By item: the first day on which it has more points than now, and the first on which it has fewer. Points turn on the day that completes a month, a year
 * or an age, or on which a record begins or has ended; so the days on which records begin and end and every month's are looked at, and between two
 * of them the day itself is found by halving.
 */
function turningDays(bound: Scorer, facts: Facts, now: Walk): Turnings[] {
  const { scheme, asOf } = bound
  const records = [...facts.kinds.values()].reduce((sum, list) => sum + list.length, 0)
  let looks = Math.floor(mostLooks / Math.max(10, records))
  const pointsOn = (day: DayNumber): (number | null)[] => {
    looks--
    const walk = scorer(scheme, day).evaluation(facts)
    for (const measure of scheme.program.measures) take(measure, walk)
    const outcomes = scheme.program.ofValues(walk.values as (MeasureValue | undefined)[], walk)
    return scheme.items.map((_, i) =>
      outcomes && !outcomes.openItems?.[i] ? (outcomes.items[i] as number) : now.item(i).points === null ? null : walk.item(i).points,
    )
  }
  const found: Turnings[] = scheme.items.map(() => ({}))
  const before = scheme.items.map((_, i) => now.item(i).points)
  const turned = (i: number, points: number | null): 'rises' | 'falls' | undefined => {
    const then = before[i]
    return points === null || then == null || points === then ? undefined : points > then ? 'rises' : 'falls'
  }
  let previous = asOf
  for (const day of daysAhead(asOf, bound, facts)) {
    if (looks <= 0) break
    const points = pointsOn(day)
    for (const [i, turnings] of found.entries()) {
      const direction = turned(i, points[i] as number | null)
      if (!direction || turnings[direction]) continue
      let [low, high, there] = [previous, day, points[i] as number]
      while (high - low > 1 && looks > 0) {
        const middle = low + Math.floor((high - low) / 2)
        const then = pointsOn(middle)[i] as number | null
        if (turned(i, then) === direction) [high, there] = [middle, then as number]
        else low = middle
      }
      if (high - low <= 1) turnings[direction] = { day: high, points: there }
    }
    if (found.every((turnings, i) => before[i] === null || (turnings.rises && turnings.falls))) break
    previous = day
  }
  return found
}

/** The days that are looked at, in order: each month's day of the reference date, and the days on which a record begins, ends or has just ended. */
function daysAhead(asOf: DayNumber, { scheme }: Scorer, facts: Facts): DayNumber[] {
  const days = new Set<DayNumber>()
  for (let n = 1; n <= monthsAhead; n++) days.add(addMonths(asOf, n, 'last-day'))
  const last = addMonths(asOf, monthsAhead, 'last-day')
  const look = (day: DayNumber) => {
    if (day > asOf && day < last) days.add(day)
  }
  for (const [name, records] of facts.kinds) {
    const kind = scheme.vocabulary.kinds.get(name)
    if (!kind) continue
    for (const { from, to } of records.slice(0, 100)) {
      if (Number.isFinite(from)) look(ofMonths(kind) ? firstDayOf(from) : from)
      if (!Number.isFinite(to)) continue
      const end = ofMonths(kind) ? lastDayOf(to) : to
      look(end)
      look(end + 1)
    }
  }
  return [...days].filter(day => day <= lastDay).sort((a, b) => a - b)
}

function waysUp(bound: Scorer, facts: Facts, now: Walk, item: Item, index: number, points: number): Way[] {
  const ways: Way[] = []
  const measures = bound.scheme.measures
  for (const measure of new Set(item.turns.map(turn => turn.measure))) {
    const value = take(measure, now)
    if (value === undefined) continue
    const resting = measures.filter(one => restsOn(one, measure))
    const pointsAt = (other: MeasureValue): number | null => {
      const changed = bound.evaluation(facts)
      for (const one of measures) changed.values[one.index] = now.values[one.index]
      for (const one of resting) changed.values[one.index] = notTaken
      changed.values[measure.index] = other
      return changed.item(index).points
    }
    const turns = item.turns.filter(turn => turn.measure === measure)
    const better =
      typeof value === 'number' ? leastAbove(value, turns, pointsAt, points) : codesBeyond(value, measure, turns, pointsAt, points)
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

/** Whether a measure is made of another, directly or through others. */
function restsOn(measure: Measure, other: Measure): boolean {
  return (measure.parts ?? []).some(part => part === other || restsOn(part, other))
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

/** Every set of codes that a row or a condition asks for and that gives more when it is held as well; of a trait, instead of the one that is. */
function codesBeyond(
  held: readonly string[],
  measure: Measure,
  turns: readonly Turn[],
  pointsAt: (value: readonly string[]) => number | null,
  points: number,
): Better[] {
  const found = new Map<string, Better>()
  for (const turn of turns) {
    if (!('holds' in turn) || turn.holds.every(code => held.includes(code))) continue
    if (measure.single && turn.holds.length > 1) continue
    const to = measure.single ? turn.holds : [...new Set([...held, ...turn.holds])]
    const then = pointsAt(to)
    if (then !== null && then > points) found.set(to.join(), { to, points: then })
  }
  return [...found.values()].sort((a, b) => a.points - b.points)
}
