import { type Answer, all, any, bounded, not } from './answers.ts'
import type { Day } from './calendar.ts'
import { byYear, type Value } from './measures.ts'
import {
  added,
  bestOf,
  deducted,
  type End,
  endsBy,
  exactly,
  highest,
  limited,
  lowest,
  open,
  type Range,
  repeated,
  settled,
  united,
} from './ranges.ts'
import {
  ceiling,
  compare,
  figure,
  floor,
  larger,
  minus,
  over,
  plus,
  type Rational,
  rounded,
  smaller,
  times,
  whole,
  zero,
} from './rational.ts'
import type { Axis, Bands, Choice, Condition, Decide, Each, Node, Percent, Rate, Selection, Share, Table } from './trees.ts'

/*
 * Points (docs/scheme-language.md, Points). A node is evaluated for somebody. Where a measure is missing it has the range that it has for
 * `anybody`: of whom nothing at all is known, and every condition is open.
 */

export type Somebody = {
  measure(name: string): Value | undefined
  /** What the registers say of one record after another, each with the day it begins; missing if they say nothing. */
  records(selection: Selection): { begins: Day; attributes: { [name: string]: Value } }[] | undefined
  date(text: string): Day | undefined
  /** As rounded. */
  item(name: string): Range
  total(name: string): Range
  choiceOf(item: string): Choice
  /** Of whom nothing is known. */
  anybody: Somebody
}

export function pointsOf(node: Node, who: Somebody): Range {
  const of = (inner: Node) => pointsOf(inner, who)
  if ('points' in node) return exactly(figure(node.points))
  if ('rate' in node) return rate(node.rate, who)
  if ('bands' in node) return bands(node.bands, who)
  if ('table' in node) return table(node.table, who)
  if ('choice' in node) return choice(node.choice, who)
  if ('sum' in node) return added(node.sum.map(of))
  if ('highest' in node) return highest(node.highest.map(of))
  if ('lowest' in node) return lowest(node.lowest.map(of))
  if ('limit' in node) return limited(of(node.limit.of), optionalFigure(node.limit.atMost), optionalFigure(node.limit.atLeast))
  if ('round' in node) return endsBy(of(node.round.of), end => rounded(end, Number(node.round.scale), node.round.mode))
  if ('percent' in node) return percent(node.percent, who)
  if ('share' in node) return share(node.share, who)
  if ('deduct' in node) return deducted(of(node.deduct))
  if ('decide' in node) return decide(node.decide, who)
  if ('each' in node) return each(node.each, who)
  if ('items' in node) return added(node.items.map(item => who.item(item)))
  if ('total' in node) return who.total(node.total)
  throw new Error('no such node')
}

function rate({ of, points, per, count, after, upTo }: Rate, who: Somebody): Range {
  const given = (units: Rational) => {
    const counted = larger(minus(upTo === undefined ? units : smaller(units, figure(upTo)), figure(after ?? '0')), zero)
    const steps = over(counted, figure(per))
    return times(figure(points), count === 'exact' ? steps : count === 'whole' ? floor(steps) : ceiling(steps))
  }
  const units = numberOf(of, who)
  if (units) return exactly(given(units))
  // From nothing to what the last unit that counts gives, or without end.
  const sign = compare(figure(points), zero)
  const most: End = sign === 0 ? zero : upTo === undefined ? 'endless' : given(figure(upTo))
  return open(sign < 0 ? { low: most, high: zero } : { low: zero, high: most })
}

function bands({ of, rows, outside }: Bands, who: Somebody): Range {
  const value = numberOf(of, who)
  if (!value) {
    const nodes = [...rows.map(row => row.then), ...(outside && !areAllWithin(rows) ? [outside] : [])]
    return open(united(nodes.map(node => pointsOf(node, who.anybody))))
  }
  const row = rows.find(({ from, below }) => (!from || compare(value, figure(from)) >= 0) && (!below || compare(value, figure(below)) < 0))
  const node = row ? row.then : outside
  if (!node) throw new Error('no band holds')
  return pointsOf(node, who)
}

/** Whether every value, from 0 without end, falls into a band: what holds outside is then given to nobody. */
function areAllWithin(rows: Bands['rows']): boolean {
  const fromTheFirst = rows.some(({ from }) => from === undefined || compare(figure(from), zero) <= 0)
  return fromTheFirst && rows.some(({ below }) => below === undefined)
}

function table({ down, across, points, otherwise }: Table, who: Somebody): Range {
  const [rows, columns] = [places(down, who), places(across, who)]
  if (!rows || !columns) {
    const cells = hasAlwaysPlace(down) && hasAlwaysPlace(across) ? points.flat() : [...points.flat(), otherwise]
    return open(united(cells.map(cell => exactly(figure(cell)))))
  }
  const cells = rows.flatMap(row => columns.map(column => figure((points[row] as string[])[column] as string)))
  return exactly(cells.length === 0 ? figure(otherwise) : cells.reduce(larger))
}

/** Whether every value, from 0 without end, has a row (or column): then no pair of values is left to `otherwise`. */
const hasAlwaysPlace = (axis: Axis) => !('codes' in axis) && compare(figure(axis.from[0] as string), zero) <= 0

/** The rows (or columns) of an axis that apply: of figures the last one reached, of codes all that are held. */
function places(axis: Axis, who: Somebody): number[] | undefined {
  if ('codes' in axis) {
    const held = codesOf(axis.of, who)
    return held && [...axis.codes.keys()].filter(place => held.includes(axis.codes[place] as string))
  }
  const value = numberOf(axis.of, who)
  return value && [...axis.from.keys()].filter(place => compare(value, figure(axis.from[place] as string)) >= 0).slice(-1)
}

function choice(choice: Choice, who: Somebody): Range {
  const row = takenRow(choice, who)
  if (row === undefined)
    return open(united([...choice.rows.map(row => row.points), choice.otherwise].map(points => exactly(figure(points)))))
  return exactly(figure(row ? row.points : choice.otherwise))
}

/** The row with the most points whose codes are all held, of equal rows the first; null if there is none. */
function takenRow({ of, rows }: Choice, who: Somebody): Choice['rows'][number] | null | undefined {
  const held = codesOf(of, who)
  if (!held) return undefined
  const holding = rows.filter(row => row.holds.every(code => held.includes(code)))
  return holding.find(row => holding.every(other => compare(figure(other.points), figure(row.points)) <= 0)) ?? null
}

function percent({ of, percent }: Percent, who: Somebody): Range {
  const hundredths = /^\d/.test(percent) ? figure(percent) : numberOf(percent, who)
  if (!hundredths) return repeated(pointsOf(of, who.anybody), undefined)
  if (compare(hundredths, zero) === 0) return exactly(zero) // also of what has no end
  return endsBy(pointsOf(of, who), end => over(times(end, hundredths), whole(100)))
}

function share({ of, among, plus: more, scale, mode }: Share, who: Somebody): Range {
  const part = (divisor: Rational) => (end: Rational) => rounded(over(end, larger(divisor, whole(1))), Number(scale), mode)
  const number = numberOf(among, who)
  if (number) return endsBy(pointsOf(of, who), part(plus(number, figure(more ?? '0'))))
  // From nothing, among ever more, to what is left if nobody shares.
  return open(united([exactly(zero), endsBy(pointsOf(of, who.anybody), part(figure(more ?? '0')))]))
}

function decide({ rows, otherwise }: Decide, who: Somebody): Range {
  const ranges = candidates({ rows, otherwise }, who).map(node => pointsOf(node, who))
  if (ranges.length === 1) return ranges[0] as Range
  const union = united(ranges)
  const more = open(union)
  return settled({ ...union, gain: union.gain || more.gain, loss: union.loss || more.loss })
}

/** The rows that may be the one: each that does not fail, up to the first that holds for certain. */
function candidates({ rows, otherwise }: Decide, who: Somebody): Node[] {
  const nodes: Node[] = []
  for (const row of rows) {
    const answer = answerOf(row.if, who)
    if (answer !== false) nodes.push(row.then)
    if (answer === true) return nodes
  }
  return [...nodes, otherwise]
}

function each({ give, perYear, best, ...selection }: Each, who: Somebody): Range {
  const records = who.records(selection)
  if (!records) return repeated(pointsOf(give, who.anybody), best === undefined ? undefined : Number(best))
  // Attributes of the record stand where otherwise measures do.
  const given = records.map(({ begins, attributes }) => ({
    begins,
    points: pointsOf(give, { ...who, measure: name => attributes[name] ?? who.measure(name) }),
  }))
  if (best !== undefined)
    return bestOf(
      given.map(record => record.points),
      Number(best),
    )
  if (!perYear) return added(given.map(record => record.points))
  const years = [...byYear(given).values()].map(year => added(year.map(record => record.points)))
  return added(years.map(year => limited(year, figure(perYear.atMost), undefined)))
}

export function answerOf(condition: Condition, who: Somebody): Answer {
  if (who === who.anybody) return undefined
  if ('all' in condition) return all(condition.all.map(part => answerOf(part, who)))
  if ('any' in condition) return any(condition.any.map(part => answerOf(part, who)))
  if ('not' in condition) return not(answerOf(condition.not, who))
  if ('chosen' in condition) {
    const row = takenRow(who.choiceOf(condition.chosen.item), who)
    return row === undefined ? undefined : row?.row === condition.chosen.row
  }
  if ('value' in condition) return bounded(pointsOf(condition.value, who), condition)
  if ('date' in condition) return between(who.date(condition.date), condition, who)
  const value = who.measure(condition.measure)
  if (value === undefined) return undefined
  if ('yes' in value) return value.yes === (condition.is === 'yes')
  if ('codes' in value)
    return condition.holds === undefined
      ? value.codes.length === 1 && value.codes[0] === condition.is
      : value.codes.includes(condition.holds)
  if ('date' in value) return between(value.date, condition, who)
  return bounded(exactly(value.number), condition)
}

function between(day: Day | undefined, { from, until }: { from?: string; until?: string }, who: Somebody): Answer {
  const [first, last] = [from === undefined ? undefined : who.date(from), until === undefined ? undefined : who.date(until)]
  const ordered = (a: Day | undefined, b: Day | undefined) => (a === undefined || b === undefined ? undefined : a <= b)
  return all([from === undefined ? true : ordered(first, day), until === undefined ? true : ordered(day, last)])
}

function numberOf(measure: string, who: Somebody): Rational | undefined {
  const value = who.measure(measure)
  return value && 'number' in value ? value.number : undefined
}

function codesOf(measure: string, who: Somebody): string[] | undefined {
  const value = who.measure(measure)
  return value && 'codes' in value ? value.codes : undefined
}

const optionalFigure = (text: string | undefined) => (text === undefined ? undefined : figure(text))
