import { stringify } from 'yaml'
import type { ConditionExplanation, Explanation, NodeExplanation } from '../../src/scoring/explanation.ts'
import { nodeKinds } from '../../src/scoring/points/kinds/all.ts'
import { lintScheme } from '../../src/scoring/scheme/lint.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import { type Score, scorer } from '../../src/scoring/score.ts'
import { readDocument } from '../../src/values/document.ts'
import type { VocabularyTree } from '../../src/verifying/oracle/trees.ts'
import { day, vocabulary, vocabularyOf } from './cases.ts'
import { type Random, type RawFacts, randomFrom } from './random-facts.ts'
import { type Disagreement, judge } from './random-schemes/disagreement.ts'
import { randomFactsFor } from './random-schemes/facts.ts'
import type { Map_ } from './random-schemes/pool.ts'
import { type Linted, repaired } from './random-schemes/repaired.ts'
import { randomScheme } from './random-schemes/scheme.ts'
import { shrunk } from './random-schemes/shrink.ts'
import { everyWay, waysIn, waysOfMeasures } from './random-schemes/ways.ts'

/*
 * Random schemes with random facts, each pair scored three ways (random-schemes/disagreement.ts).
 */

const asOfs = ['2019-12-31', '2020-02-29', '2019-01-31', '2018-06-30', '2019-03-31', '2020-05-15']
const pairsOfScheme = 20
const oracleVocabulary = readDocument(vocabulary.text).tree as unknown as VocabularyTree

/** How often each thing was met; a scheme's options count where they were in force. */
export type Seen = Map<string, number>

export type Compared = {
  /** Undefined where all agree; otherwise the smallest scheme and facts that show the first disagreement. */
  disagreement: (Disagreement & { scheme: string; facts: RawFacts; asOf: string }) | undefined
  pairs: number
  schemes: { [was in Linted['was']]: number }
  /** Facts that were refused because points would not be exact. */
  refused: number
  seen: Seen
}

/** Compares so many pairs of a random scheme and random facts, and stops at the first disagreement. */
export function compareRandomSchemes(seed: number, pairs: number): Compared {
  const random = randomFrom(seed)
  const compared: Compared = {
    disagreement: undefined,
    pairs: 0,
    schemes: { clean: 0, repaired: 0, refused: 0 },
    refused: 0,
    seen: new Map(),
  }
  while (compared.pairs < pairs && !compared.disagreement) {
    const { tree, scheme, was } = repaired(rarestOf(3, random, compared.seen))
    compared.schemes[was]++
    if (scheme) comparePairs(tree, scheme, random, compared)
  }
  return compared
}

/** Of some schemes the one with the way that was seen least, so that none stays unseen. */
function rarestOf(number: number, random: Random, seen: Seen): Map_ {
  const rarity = (tree: Map_) => Math.min(...[...waysIn(tree)].map(way => seen.get(way) ?? 0))
  const schemes = Array.from({ length: number }, () => randomScheme(vocabulary, random))
  const rarest = schemes.reduce((a, b) => (rarity(b) < rarity(a) ? b : a))
  for (const way of waysIn(rarest)) met(seen, way)
  return rarest
}

function comparePairs(tree: Map_, scheme: Scheme, random: Random, compared: Compared): void {
  const scorers = asOfs.map(asOf => ({ asOf, scorer: scorer(scheme, day(asOf)) }))
  const measureWays = waysOfMeasures(tree)
  for (let n = 0; n < pairsOfScheme; n++) {
    const { asOf, scorer } = random.pick(scorers)
    const raw = randomFactsFor(scheme, asOf, random)
    const kinds = Object.keys(raw).filter(kind => kind !== 'attested')
    const without = kinds.length === 0 ? undefined : random.pick(kinds)
    const { disagreement, explanation, score, refused } = judge({ tree, vocabulary: oracleVocabulary, scorer, asOf }, raw, without)
    compared.pairs++
    if (refused) compared.refused++
    if (score) meetMeasures(scheme, score, measureWays, compared.seen)
    if (explanation) meetSteps(explanation, compared.seen)
    if (!disagreement) continue
    compared.disagreement = smallest(disagreement, tree, raw, asOf, without)
    return
  }
}

function meetMeasures(scheme: Scheme, score: Score, ways: Map<string, Set<string>>, seen: Seen): void {
  for (const { name } of scheme.measures) {
    const value = score.measure(name)
    if (value === undefined || value === 0 || (typeof value === 'object' && value.length === 0)) continue
    for (const way of ways.get(name) ?? []) met(seen, `gives ${way}`)
  }
}

function meetSteps(explanation: Explanation, seen: Seen): void {
  for (const { steps } of [...explanation.items, ...explanation.totals]) meetNode(steps, seen)
  for (const { require } of explanation.gates) meetCondition(require, seen)
  for (const { when } of explanation.freezes) meetCondition(when, seen)
}

function meetNode({ node, branch, parts = [], condition }: NodeExplanation, seen: Seen): void {
  met(seen, `${node} goes ${branch.split('/')[0]}`)
  for (const part of parts) meetNode(part, seen)
  if (condition) for (const part of condition.parts ?? []) meetCondition(part, seen)
}

function meetCondition(condition: ConditionExplanation, seen: Seen): void {
  const { answer, measure, date, steps, test, parts = [] } = condition
  const subject = measure ? 'measure' : date ? 'date' : steps ? 'value' : parts.length > 0 ? test : 'chosen'
  met(seen, `${subject} is ${answer}`)
  if (steps) meetNode(steps, seen)
  for (const part of parts) meetCondition(part, seen)
}

/** What the language has and these schemes did not: a field or word, a way of a node, an answer of a condition, an option of a measure. */
export function unseen(seen: Seen): string[] {
  const withoutMissing = ['points', 'sum', 'items', 'total']
  const all = [
    ...everyWay,
    ...everyWay.filter(way => way.startsWith('/measures/')).map(way => `gives ${way}`),
    ...nodeKinds.flatMap(({ name, branches }) =>
      [...branches, ...(withoutMissing.includes(name) ? [] : ['missing'])].map(branch => `${name} goes ${branch}`),
    ),
    ...['measure', 'date', 'value', 'chosen', 'all', 'any', 'not'].flatMap(subject =>
      ['yes', 'no', 'missing'].map(answer => `${subject} is ${answer}`),
    ),
  ]
  return all.filter(what => !seen.has(what))
}

function met(seen: Seen, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}

/** The first disagreement, with as little around it as still shows one of its kind. */
function smallest(first: Disagreement, tree: Map_, raw: RawFacts, asOf: string, without: string | undefined): Compared['disagreement'] {
  const kindOf = ({ what }: Disagreement) => what.replace(/^\w+: |".*"/g, '').slice(0, 20)
  const disagreementOf = (tree: Map_, raw: RawFacts): Disagreement | undefined => {
    const { scheme } = lintScheme(JSON.stringify(tree), vocabularyOf)
    if (!scheme) return undefined
    const lost = without !== undefined && Object.hasOwn(raw, without) ? without : undefined
    return judge({ tree, vocabulary: oracleVocabulary, scorer: scorer(scheme, day(asOf)), asOf }, raw, lost).disagreement
  }
  const still = (tree: Map_, raw: RawFacts): Disagreement | undefined => {
    try {
      const found = disagreementOf(tree, raw)
      return found && kindOf(found) === kindOf(first) ? found : undefined
    } catch {
      return undefined // a part was left out that facts or oracle need
    }
  }
  const small = shrunk({ tree, raw }, smaller => still(smaller.tree, smaller.raw) !== undefined)
  return { ...(still(small.tree, small.raw) ?? first), scheme: stringify(small.tree), facts: small.raw, asOf }
}
