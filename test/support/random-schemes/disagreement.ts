import { isDeepStrictEqual } from 'node:util'
import { readFacts } from '../../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../../src/scoring/explain.ts'
import type { Answer, Explanation } from '../../../src/scoring/explanation.ts'
import type { Walk } from '../../../src/scoring/reach.ts'
import type { Scheme } from '../../../src/scoring/scheme/scheme.ts'
import { type Known, type Notice, type Points, type Score, type Scorer, scoreTexts, withinRange } from '../../../src/scoring/score.ts'
import { formatDecimal } from '../../../src/values/decimal.ts'
import { compare, type Rational } from '../../../src/values/rational.ts'
import { Refusal } from '../../../src/values/refusal.ts'
import { decimal, fraction } from '../../../src/verifying/oracle/rational.ts'
import { type OracleResult, oracleScore } from '../../../src/verifying/oracle/score.ts'
import type { SchemeTree, VocabularyTree } from '../../../src/verifying/oracle/trees.ts'
import type { RawFacts } from '../random-facts.ts'
import type { Map_ } from './pool.ts'

/*
 * One applicant scored three ways: by the fast path of `score`, by the steps of `explain`, and by the oracle. Beside that, what must hold
 * of every score whatever the rules are.
 */

export type Bound = { tree: Map_; vocabulary: VocabularyTree; scorer: Scorer; asOf: string }
export type Disagreement = { what: string; fast?: unknown; explained?: unknown; oracle?: unknown }
export type Judged = { disagreement?: Disagreement; explanation?: Explanation; score?: Score; refused: boolean }

type Answers = Pick<OracleResult, 'eligibleFor' | 'items' | 'totals' | 'notices'>
type Short = { points: string | null; known: Known }

/** Scores facts all three ways. `without` is a kind of evidence whose loss must leave all points possible. */
export function judge(bound: Bound, raw: RawFacts, without: string | undefined): Judged {
  try {
    return withinRange(() => judged(bound, raw, without))
  } catch (error) {
    if (error instanceof Refusal && error.code === 'out-of-range') return { refused: true }
    return { refused: false, disagreement: { what: `fails: ${error instanceof Error ? error.stack : error}` } }
  }
}

function judged({ tree, vocabulary, scorer, asOf }: Bound, raw: RawFacts, without: string | undefined): Judged {
  const facts = readFacts(scorer.scheme.vocabulary, raw)
  const { score, explanation } = explain(scorer, facts)
  const walk = scorer.evaluation(facts)
  const oracle = ordered(oracleScore(tree as unknown as SchemeTree, vocabulary, raw, asOf))
  const disagreement =
    differing(scorer.scheme, score, explanation, walk, oracle) ??
    strange(scorer.scheme, score, explanation) ??
    outside(scorer.scheme, walk) ??
    (without === undefined ? undefined : lost(scorer, raw, walk, without))
  return { explanation, score, refused: false, ...(disagreement && { disagreement }) }
}

function differing(scheme: Scheme, score: Score, explanation: Explanation, walk: Walk, oracle: Answers): Disagreement | undefined {
  const fast = fastAnswers(scheme, score)
  const explained = explainedAnswers(scheme, explanation, walk)
  if (!isDeepStrictEqual(fast, { ...shortened(explained), notices: fast.notices }))
    return { what: 'fast and explained', fast, explained, oracle }
  if (!isDeepStrictEqual(fast.notices, oracle.notices)) return { what: 'notices', fast, oracle }
  if (!isDeepStrictEqual({ ...explained, notices: oracle.notices }, oracle)) return { what: 'engine and oracle', fast, explained, oracle }
  const told = scoreTexts(scheme, score)
  const isFirst = told.eligible === Object.values(fast.eligibleFor)[0] && told.totalIs === Object.values(fast.totals)[0]?.known
  return isFirst ? undefined : { what: 'the first total is not the one told', fast: told, oracle }
}

/** A figure anywhere in what goes out that is none. */
function strange(scheme: Scheme, score: Score, explanation: Explanation): Disagreement | undefined {
  const found = strangeFigure([scoreTexts(scheme, score), explanation, score.items, score.totals])
  return found === undefined ? undefined : { what: `a figure that is none: ${found}`, explained: explanation }
}

function fastAnswers(scheme: Scheme, score: Score) {
  const short = ({ points, known }: Points, scale: number): Short => ({
    points: points === null ? null : formatDecimal(points, scale),
    known,
  })
  return {
    eligibleFor: Object.fromEntries(scheme.totals.map(({ total }, i) => [total, score.eligibleFor[i]])),
    items: Object.fromEntries(scheme.items.map(({ item, scale }, i) => [item, short(score.items[i] as Points, scale)])),
    totals: Object.fromEntries(scheme.totals.map(({ total, scale }, i) => [total, short(score.totals[i] as Points, scale)])),
    notices: score.notices.map(noticeText).sort(),
  }
}

const noticeText = (notice: Notice) => `${notice.code} ${notice.code === 'measures-differ' ? notice.check : notice.measure}`
const ordered = ({ eligibleFor, items, totals, notices }: OracleResult): Answers => ({
  eligibleFor,
  items,
  totals,
  notices: notices.sort(),
})

/** From the explanation alone: who is eligible follows from the answers of gates and freezes, and from what is open. */
function explainedAnswers(scheme: Scheme, explanation: Explanation, walk: Walk): Omit<Answers, 'notices'> {
  const ends = ({ low, high }: { low: Rational | undefined; high: Rational | undefined }, scale: number) => ({
    low: atScale(low, scale),
    high: atScale(high, scale),
  })
  const incomplete = scheme.status === 'incomplete'
  const eligibleFor = scheme.totals.map(({ total, gates, freezes, items }, i) => {
    const passed = gates.map(gate => explanation.gates[gate]?.passed as Answer)
    const holds = freezes.map(freeze => explanation.freezes[freeze]?.holds as Answer)
    const known = [...items.map(item => explanation.items[item]?.known), explanation.totals[i]?.known]
    if (passed.includes('no') || holds.includes('yes')) return [total, 'no']
    return [total, [...passed, ...holds].includes('missing') || known.includes('undetermined') || incomplete ? 'undetermined' : 'yes']
  })
  return {
    eligibleFor: Object.fromEntries(eligibleFor),
    items: Object.fromEntries(
      scheme.items.map(({ item, scale }, i) => {
        const { points, known } = explanation.items[i] as Short
        return [item, { ...ends(walk.item(i), scale), points, known }]
      }),
    ),
    totals: Object.fromEntries(
      scheme.totals.map(({ total, scale }, i) => {
        const { points, known } = explanation.totals[i] as Short
        return [total, { ...ends(walk.total(i), scale), points, known }]
      }),
    ),
  }
}

function shortened({ eligibleFor, items, totals }: Omit<Answers, 'notices'>) {
  const short = (parts: Answers['items']) =>
    Object.fromEntries(Object.entries(parts).map(([name, { points, known }]) => [name, { points, known }]))
  return { eligibleFor, items: short(items), totals: short(totals) }
}

function atScale(end: Rational | undefined, scale: number): string | null {
  return end === undefined ? null : decimal(fraction(BigInt(end.num), BigInt(end.den)), scale)
}

/** A number or text that is no exact figure, wherever it stands. */
function strangeFigure(part: unknown, at = ''): string | undefined {
  if (typeof part === 'number')
    return Number.isFinite(part) && !Object.is(part, -0) ? undefined : `${at} is ${Object.is(part, -0) ? '-0' : part}`
  if (typeof part === 'string') return /NaN|Infinity|undefined|^-0(\.0*)?$/.test(part) ? `${at} is "${part}"` : undefined
  if (typeof part !== 'object' || part === null) return undefined
  for (const [name, value] of Object.entries(part)) {
    const found = strangeFigure(value, `${at}/${name}`)
    if (found) return found
  }
  return undefined
}

type Range = { low: Rational | undefined; high: Rational | undefined }

/** Whether one range lies in another, whose ends may be open. */
function within(inner: Range, outer: Range): boolean {
  const above = outer.low === undefined || (inner.low !== undefined && compare(inner.low, outer.low) >= 0)
  const below = outer.high === undefined || (inner.high !== undefined && compare(inner.high, outer.high) <= 0)
  return above && below
}

/** Points below the least or above the most that the scheme says anybody can get, or a range that ends before it begins. */
function outside(scheme: Scheme, walk: Walk): Disagreement | undefined {
  const parts = [
    ...scheme.items.map((item, i) => ({ name: item.item, node: item.node, reached: walk.item(i) })),
    ...scheme.totals.map((total, i) => ({ name: total.total, node: total.node, reached: walk.total(i) })),
  ]
  for (const { name, node, reached } of parts) {
    const { low, high } = reached.explained
    if (low && high && compare(low, high) > 0) return { what: `${name}: the low end lies above the high end`, explained: { low, high } }
    const limits = { low: node.least, high: node.most }
    if (!within({ low, high }, limits))
      return { what: `${name}: points beyond the least or most of anybody`, explained: { low, high, limits } }
  }
  return undefined
}

/** What all evidence gives must lie in the range that is left open when some of it is missing. */
function lost(scorer: Scorer, raw: RawFacts, full: Walk, without: string): Disagreement | undefined {
  const { [without]: _, ...rest } = raw
  const less = scorer.evaluation(readFacts(scorer.scheme.vocabulary, rest))
  const parts = [
    ...scorer.scheme.items.map(({ item }, i) => ({ name: item, all: full.item(i), left: less.item(i) })),
    ...scorer.scheme.totals.map(({ total }, i) => ({ name: total, all: full.total(i), left: less.total(i) })),
  ]
  for (const { name, all, left } of parts)
    if (!within(all, left))
      return {
        what: `${name}: without "${without}" the range does not hold the points of all evidence`,
        explained: { all: range(all), left: range(left) },
      }
  return undefined
}

const range = ({ low, high }: Range) => ({ low, high })
