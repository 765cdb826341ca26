import { type Answer, all, any, not } from './answers.ts'
import { Evidence, type Rec } from './evidence.ts'
import { difference, Measures, type Value } from './measures.ts'
import { answerOf, pointsOf, type Somebody } from './points.ts'
import { endsBy, limited, type Range } from './ranges.ts'
import { compare, decimal, figure, rounded } from './rational.ts'
import type { Choice, Item, Kind, RawFacts, Rounding, SchemeTree, Total, VocabularyTree } from './trees.ts'

/*
 * The oracle: the scheme language written once more, from docs/scheme-language.md alone, slowly and in full view. It shares nothing with the
 * scoring, so that where both give the same result neither has the other's mistakes.
 */

export type Eligible = 'yes' | 'no' | 'undetermined'
export type Result = { low: string | null; high: string | null; points: string | null; known: 'exact' | 'lower-bound' | 'undetermined' }
export type OracleResult = {
  /** That of the first total. */
  eligible: Eligible
  eligibleFor: { [total: string]: Eligible }
  items: { [item: string]: Result }
  totals: { [total: string]: Result }
  /** The checks in the order of the scheme, then the attested measures in the order of the scheme. */
  notices: string[]
}

/** Scores the facts of one applicant by a scheme that is known to be valid. */
export function oracleScore(scheme: SchemeTree, vocabulary: VocabularyTree, facts: RawFacts, asOf: string): OracleResult {
  return oracleScorer(scheme, vocabulary, facts, asOf).score
}

/** The same with the values of the measures; undefined is missing. */
export function oracleScorer(
  scheme: SchemeTree,
  vocabulary: VocabularyTree,
  facts: RawFacts,
  asOf: string,
): { score: OracleResult; measure(name: string): Value | undefined } {
  const evidence = new Evidence(scheme, vocabulary, facts, asOf)
  const measures = new Measures(scheme, evidence)
  const applicant = applicantOf(scheme, evidence, measures)
  const incomplete = scheme.status === 'incomplete'

  const items = mapped(scheme.items, (item, name) => resultOf(applicant.item(name), item))
  const totals = mapped(scheme.totals, (total, name) => {
    return resultOf(applicant.total(name), total)
  })
  const eligibleFor = mapped(scheme.totals, (total, name) => {
    const gates = (total.gates ?? Object.keys(scheme.gates ?? {})).map(gate => answerOf(of(scheme.gates, gate).require, applicant))
    const freezes = (total.freezes ?? Object.keys(scheme.freezes ?? {})).map(freeze => answerOf(of(scheme.freezes, freeze).when, applicant))
    const open = [...itemsUsed(scheme, name)].some(item => of(items, item).known === 'undetermined')
    return eligible(all([...gates, not(any(freezes))]), open || incomplete || of(totals, name).known === 'undetermined')
  })
  const first = Object.keys(scheme.totals)[0] as string
  const score = { eligible: of(eligibleFor, first), eligibleFor, items, totals, notices: noticesOf(scheme, evidence, measures) }
  return { score, measure: name => measures.value(name) }
}

function eligible(admitted: Answer, open: boolean): Eligible {
  if (admitted === false) return 'no'
  return admitted === undefined || open ? 'undetermined' : 'yes'
}

function applicantOf(scheme: SchemeTree, evidence: Evidence, measures: Measures): Somebody {
  const anybody: Somebody = withPoints(scheme, {
    measure: () => undefined,
    records: () => undefined,
    date: () => undefined,
  })
  return withPoints(
    scheme,
    {
      measure: name => measures.value(name),
      records: selection =>
        evidence.records(selection)?.map(record => ({
          begins: record.begins,
          attributes: attributesOf(record, evidence.kind(selection.of)),
        })),
      date: text => evidence.date(text),
    },
    anybody,
  )
}

/** Somebody's items and totals, each evaluated once. */
function withPoints(scheme: SchemeTree, known: Pick<Somebody, 'measure' | 'records' | 'date'>, anybody?: Somebody): Somebody {
  const who = {
    ...known,
    item: once(name => {
      const item = of(scheme.items, name)
      return roundedBy(pointsOf(item.value, who), item)
    }),
    total: once(name => {
      const total = of(scheme.totals, name)
      const value = total.value ?? { items: total.items ?? Object.keys(scheme.items) }
      const range = limited(roundedBy(pointsOf(value, who), total), undefined, total.floor === undefined ? undefined : figure(total.floor))
      // What an incomplete scheme lacks may give more points to anybody.
      return scheme.status === 'incomplete' ? { ...range, high: 'endless', gain: true } : range
    }),
    choiceOf: item => choiceIn(of(scheme.items, item).value) as Choice,
  } as Somebody
  who.anybody = anybody ?? who
  return who
}

/** The one choice of an item, wherever it stands in it. */
function choiceIn(tree: object): Choice | undefined {
  if ('choice' in tree) return tree.choice as Choice
  const parts = Object.values(tree).filter(part => typeof part === 'object' && part !== null)
  return parts.map(choiceIn).find(found => found !== undefined)
}

function roundedBy(range: Range, { scale, rounding }: { scale: string; rounding: Rounding }): Range {
  return rounding === 'none' ? range : endsBy(range, end => rounded(end, Number(scale), rounding))
}

/** The attributes of a record as values: an amount, or the one code. */
function attributesOf({ attributes }: Rec, kind: Kind): { [name: string]: Value } {
  return mapped(kind.attributes ?? {}, ({ codes }, name) => {
    const text = attributes[name] as string
    return codes ? { codes: [text] } : { number: figure(text) }
  })
}

function resultOf({ low, high, gain, loss }: Range, { scale }: Item | Total): Result {
  const text = (end: Range['low']) => (end === 'endless' ? null : decimal(end, Number(scale)))
  const ends = { low: text(low), high: text(high) }
  if (loss || low === 'endless') return { ...ends, points: null, known: 'undetermined' }
  return { ...ends, points: ends.low, known: gain || high === 'endless' ? 'lower-bound' : 'exact' }
}

/** All items that a total uses, by itself or through the items and totals that it uses. */
function itemsUsed(scheme: SchemeTree, total: string): Set<string> {
  const used = new Set<string>()
  const useItem = (name: string) => {
    if (used.has(name)) return
    used.add(name)
    look(of(scheme.items, name).value)
  }
  const useTotal = (name: string) => {
    const { value, items = Object.keys(scheme.items) } = of(scheme.totals, name)
    if (value) look(value)
    else items.forEach(useItem)
  }
  /** Through nodes and conditions alike: both name items by `items` and totals by `total`. `chosen` asks for a row, not for points. */
  const look = (tree: unknown): void => {
    if (Array.isArray(tree)) tree.forEach(look)
    else if (typeof tree === 'object' && tree !== null)
      for (const [key, part] of Object.entries(tree)) {
        if (['title', 'source', 'where'].includes(key)) continue
        if (key === 'items') (part as string[]).forEach(useItem)
        else if (key === 'total') useTotal(part)
        else look(part)
      }
  }
  useTotal(total)
  return used
}

function noticesOf(scheme: SchemeTree, evidence: Evidence, measures: Measures): string[] {
  const differing = Object.entries(scheme.checks ?? {}).filter(([, { same, within = '0' }]) => {
    const [one, two] = same.map(name => measures.value(name))
    return one && two && compare(difference(one, two), figure(within)) > 0
  })
  const doubtful = Object.keys(scheme.measures).filter(name => {
    if (evidence.attested(name) === undefined) return false
    const [attested, computed] = [measures.attested(name), measures.computed(name)]
    return attested && computed && compare(difference(attested, computed), figure('0')) !== 0
  })
  return [...differing.map(([check]) => `measures-differ ${check}`), ...doubtful.map(measure => `attested-differs ${measure}`)]
}

function once(evaluate: (name: string) => Range): (name: string) => Range {
  const known = new Map<string, Range>()
  return name => {
    const range = known.get(name) ?? evaluate(name)
    known.set(name, range)
    return range
  }
}

function of<T>(map: { [name: string]: T } | undefined, name: string): T {
  const found = map?.[name]
  if (found === undefined) throw new Error(`no "${name}"`)
  return found
}

function mapped<A, B>(map: { [name: string]: A }, change: (value: A, name: string) => B): { [name: string]: B } {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value, name)]))
}
