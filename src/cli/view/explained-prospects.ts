import type { Prospect, Way } from '../../scoring/prospects.ts'
import { compare, parseFigure, type Rational } from '../../values/rational.ts'
import type { Telling } from './telling.ts'

/** So many ways to more points are told for one item. */
const mostWays = 5

/** What would change the points of one item, as lines: what is still possible, the days on which it turns by itself, and the nearest ways to more. */
export function prospectLines({ item, points, stillPossible, rises, falls, ways }: Prospect, telling: Telling): string[] {
  const { words, explanation } = telling
  if (points === null) return [words.notKnownYet]
  const nothingMore = stillPossible !== null && figure(stillPossible).num <= 0
  // Whoever has the most of a rule that only takes away has lost nothing.
  const reached = figure(points).num === 0 ? words.nothingTaken : words.mostReached
  // Evidence that is missing may give more, and no measure of it can be changed.
  const isOpen = explanation.items.find(one => one.item === item)?.known !== 'exact'
  return [
    stillPossible === null ? words.noLimit : nothingMore ? reached : words.possible(stillPossible),
    ...(rises ? [words.rises(rises.date, rises.points)] : []),
    ...(falls ? [words.falls(falls.date, falls.points)] : []),
    ...(nothingMore ? [] : wayTexts(ways, isOpen, telling)),
  ]
}

/** The nearest ways to more, of the least gain first. */
function wayTexts(ways: Prospect['ways'], isOpen: boolean, telling: Telling): string[] {
  const { words } = telling
  if (ways === null) return [words.notPredicted]
  if (ways.length === 0) return [isOpen ? words.notKnownYet : words.noWay]
  const sorted = [...ways].sort((a, b) => compare(figure(a.points), figure(b.points)))
  const told = sorted.slice(0, mostWays).map(way => wayText(way, telling))
  return ways.length > mostWays ? [...told, words.moreWays(ways.length - mostWays)] : told
}

function wayText({ measure, from, to, points }: Way, { words, labels, explanation }: Telling): string {
  const title = labels.measure(measure)
  return `${change()}${words.colon}${words.gives(points)}`

  function change(): string {
    if (Array.isArray(to)) {
      const more = to.filter(code => !from.includes(code)).map(code => labels.code(code, measure))
      return words.codesWay(more.join(words.both), title)
    }
    if (explanation.measures[measure]?.unit === 'yes-no')
      return words.answerWay(title, labels.value(measure, to), labels.value(measure, from))
    // "months insured" names its unit already, "age" does not.
    const tellsUnit = labels.value(measure, to) === to
    return words.amountWay(to, String(from), title, tellsUnit ? null : labels.unit(measure, to === '1'))
  }
}

function figure(text: string): Rational {
  return parseFigure(text) as Rational
}
