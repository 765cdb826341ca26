import { globSync, readFileSync } from 'node:fs'
import { codeAndName } from '../../src/scoring/cases/run-case.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { explain } from '../../src/scoring/explain.ts'
import type { ConditionExplanation, Explanation, NodeExplanation } from '../../src/scoring/explanation.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import { type Score, scorer, scoreTexts } from '../../src/scoring/score.ts'
import { formatDecimal, times } from '../../src/values/decimal.ts'
import { readDocument } from '../../src/values/document.ts'
import type { Rational } from '../../src/values/rational.ts'
import { oracleScore } from '../../src/verifying/oracle/score.ts'
import type { RawFacts, SchemeTree, VocabularyTree } from '../../src/verifying/oracle/trees.ts'
import { day, vocabulary } from './cases.ts'

/*
 * The cases of nodes and conditions, which lie beside them as JSON (docs/scheme-language.md, Worked examples), and the walk that tells whether they
 * use all of a JSON schema.
 */

export type Part = { [name: string]: unknown }
type Texts = { [name: string]: string | null }

/** What a case expects. Of items and totals those that it names; one that is not under `known` is exact. */
export type Expectation = {
  items?: Texts
  totals?: Texts
  known?: Texts
  /** Least and most points of an item or total, as rounded; null where there is no end. */
  range?: { [name: string]: (string | null)[] }
  gates?: Texts
  freezes?: Texts
  eligible?: string
  eligibleFor?: Texts
  missing?: string[]
  reasons?: string[]
  notices?: string[]
}
export type NodeCase = { case: string; asOf?: string; scheme?: Part; facts?: Part; expect: Expectation }
export type CaseFile = { about: string; kind: string; asOf: string; scheme: Part; cases: NodeCase[] }

const root = new URL('../../', import.meta.url)
const folder = new URL('src/scoring/points/', root)

/** Every case file of a node or of conditions, by its path below src/scoring/points. */
export const caseFiles: ReadonlyMap<string, CaseFile> = new Map(
  globSync('**/*.cases.json', { cwd: folder })
    .sort()
    .map(path => [path, JSON.parse(readFileSync(new URL(path, folder), 'utf8'))]),
)

/** The whole scheme of a case: that of its file, patched by its own (RFC 7396). */
export function documentOf(file: CaseFile, one: NodeCase): Part {
  return patched(file.scheme, one.scheme ?? {}) as Part
}

function patched(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  const result: Part = isMap(target) ? { ...target } : {}
  for (const [name, part] of Object.entries(patch))
    if (part === null) delete result[name]
    else result[name] = patched(result[name], part)
  return result
}

const isMap = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value)

const vocabularyTree = readDocument(vocabulary.text).tree as unknown as VocabularyTree

/** What each way of scoring says of a case: the integers of `score`, the steps of `explain`, and the oracle, which shares nothing with them. */
export function outcomesOf(scheme: Scheme, document: Part, facts: Part, asOf: string) {
  const at = scorer(scheme, day(asOf))
  const { score, explanation } = explain(at, readFacts(scheme.vocabulary, facts))
  const { items, totals, eligible, eligibleFor, missing, reasons, notices } = scoreTexts(scheme, score)
  const walk = at.evaluation(readFacts(scheme.vocabulary, facts))
  const ends = ({ low, high }: { low: Rational | undefined; high: Rational | undefined }, scale: number) =>
    [low, high].map(end => atScale(end, scale))
  const scored = {
    items,
    totals,
    known: knownOf(scheme, score),
    gates: answersOf(scheme, 'gate', reasons),
    freezes: answersOf(scheme, 'freeze', reasons),
    eligible,
    eligibleFor,
    missing,
    reasons: reasons.map(codeAndName).sort(),
    notices: notices.map(codeAndName).sort(),
  }
  const { items: explainedItems, totals: explainedTotals } = explanation
  const explained = {
    items: mapped(explainedItems, one => [one.item, one.points]),
    totals: mapped(explainedTotals, one => [one.total, one.points]),
    known: { ...mapped(explainedItems, one => [one.item, one.known]), ...mapped(explainedTotals, one => [one.total, one.known]) },
    range: {
      ...mapped(scheme.items, ({ item, scale }, i) => [item, ends(walk.item(i), scale)]),
      ...mapped(scheme.totals, ({ total, scale }, i) => [total, ends(walk.total(i), scale)]),
    },
    gates: mapped(explanation.gates, ({ gate, passed }) => [gate, passed]),
    freezes: mapped(explanation.freezes, ({ freeze, holds }) => [freeze, holds]),
  }
  const other = oracleScore(document as unknown as SchemeTree, vocabularyTree, facts as unknown as RawFacts, asOf)
  const results = Object.entries({ ...other.items, ...other.totals })
  const oracle = {
    items: mapped(Object.entries(other.items), ([name, one]) => [name, one.points]),
    totals: mapped(Object.entries(other.totals), ([name, one]) => [name, one.points]),
    known: mapped(results, ([name, one]) => [name, one.known]),
    range: mapped(results, ([name, { low, high }]) => [name, [low, high]]),
    eligible: other.eligible,
    eligibleFor: other.eligibleFor,
    notices: other.notices.sort(),
  }
  return { scored, explained, oracle, explanation }
}

function mapped<A, B>(list: readonly A[], entry: (one: A, i: number) => [string, B]): { [name: string]: B } {
  return Object.fromEntries(list.map(entry))
}

function atScale(end: Rational | undefined, scale: number): string | null {
  return end === undefined ? null : formatDecimal(times(end.num, 10 ** scale / end.den), scale)
}

function knownOf(scheme: Scheme, score: Score): Texts {
  return {
    ...mapped(scheme.items, ({ item }, i) => [item, score.items[i]?.known ?? null]),
    ...mapped(scheme.totals, ({ total }, i) => [total, score.totals[i]?.known ?? null]),
  }
}

/** The answers of gates or freezes as the reasons of a score tell them. */
function answersOf(scheme: Scheme, what: 'gate' | 'freeze', reasons: readonly object[]): Texts {
  const told = new Map(
    reasons.flatMap(reason => (what in reason ? [[(reason as Texts)[what], (reason as Texts).code]] : [])) as [string, string][],
  )
  const words: Texts = { 'gate-failed': 'no', frozen: 'yes', [`${what}-missing`]: 'missing' }
  const names = what === 'gate' ? scheme.gates.map(one => one.gate) : scheme.freezes.map(one => one.freeze)
  return Object.fromEntries(names.map(name => [name, words[told.get(name) ?? ''] ?? (what === 'gate' ? 'yes' : 'no')]))
}

/** What a case expects, with `known` of every item and total that it names. */
export function wantedOf(expect: Expectation): Expectation {
  const names = Object.keys({ ...expect.items, ...expect.totals })
  return { ...expect, known: Object.fromEntries(names.map(name => [name, expect.known?.[name] ?? 'exact'])) }
}

/** The parts of an expectation that a way of scoring tells, and what it tells of them. */
export function compared(wanted: Expectation, outcome: Part): { wanted: Part; got: Part } {
  const told = Object.entries(wanted).filter(([field]) => field in outcome)
  return {
    wanted: Object.fromEntries(told.map(([field, value]) => [field, Array.isArray(value) ? [...value].sort() : value])),
    got: Object.fromEntries(
      told.map(([field, value]) => {
        const all = outcome[field]
        return [field, isMap(value) ? Object.fromEntries(Object.keys(value).map(name => [name, (all as Part)[name]])) : all]
      }),
    ),
  }
}

/** Every node of an explanation: of items and totals, and of the points that conditions look at. */
export function nodesOf(explanation: Explanation): NodeExplanation[] {
  const ofCondition = (condition: ConditionExplanation): NodeExplanation[] => [
    ...(condition.steps ? ofNode(condition.steps) : []),
    ...(condition.parts ?? []).flatMap(ofCondition),
  ]
  const ofNode = (node: NodeExplanation): NodeExplanation[] => [
    node,
    ...(node.condition ? ofCondition(node.condition) : []),
    ...(node.parts ?? []).flatMap(ofNode),
  ]
  return [
    ...[...explanation.items, ...explanation.totals].flatMap(part => ofNode(part.steps)),
    ...explanation.gates.flatMap(gate => ofCondition(gate.require)),
    ...explanation.freezes.flatMap(freeze => ofCondition(freeze.when)),
  ]
}

/** The parts of a JSON schema that the walk looks at. */
export type Shape = {
  $ref?: string
  $defs?: { [name: string]: Shape }
  properties?: { [name: string]: Shape }
  patternProperties?: { [pattern: string]: Shape }
  items?: Shape
  enum?: string[]
}

/** What is asked of a schema: its definitions, and the fields that mean the same everywhere and are shown elsewhere. */
export type Walked = { definitions: { [name: string]: Shape }; apart: readonly string[] }

const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)

/** Every option of a schema, and every word that one may be, as paths. A definition is walked by itself, under its own name. */
export function optionsOf(shape: Shape, path: string, walked: Walked): string[] {
  return [
    ...(shape.enum ?? []).map(word => `${path}: ${word}`),
    ...Object.entries(shape.properties ?? {}).flatMap(([name, part]) => [
      `${path}.${name}`,
      ...(walked.apart.includes(name) ? [] : optionsOf(part, `${path}.${name}`, walked)),
    ]),
    ...Object.values(shape.patternProperties ?? {}).flatMap(part => optionsOf(part, path, walked)),
    ...(shape.items ? optionsOf(shape.items, path, walked) : []),
  ]
}

/** The same of what a document says. */
export function usedBy(value: unknown, shape: Shape, path: string, walked: Walked): string[] {
  if (shape.$ref) return usedBy(value, walked.definitions[nameOf(shape.$ref)] as Shape, nameOf(shape.$ref), walked)
  if (Array.isArray(value)) return value.flatMap(one => (shape.items ? usedBy(one, shape.items, path, walked) : []))
  if (!isMap(value)) return [`${path}: ${value}`]
  return Object.entries(value).flatMap(([name, part]) => {
    const named = shape.properties?.[name]
    if (named) return [`${path}.${name}`, ...(walked.apart.includes(name) ? [] : usedBy(part, named, `${path}.${name}`, walked))]
    return Object.values(shape.patternProperties ?? {}).flatMap(free => usedBy(part, free, path, walked))
  })
}
