import Type, { type Static } from 'typebox'
import { parseDate } from '../../values/civil-date.ts'
import { placeIn, type RuleDocument, readDocument } from '../../values/document.ts'
import { at, type Fault, Refusal } from '../../values/refusal.ts'
import { shapeCheck } from '../../values/shape.ts'
import { named, strict } from '../document-parts.ts'
import { readFacts } from '../evidence/read-facts.ts'
import type { PlacedFinding } from '../scheme/lint.ts'
import type { Scheme } from '../scheme/scheme.ts'

/** One example with the result that the rule text gives, and where it stands in its file. */
export type Case = {
  case: string
  /** Where the expectation comes from. */
  source: string
  asOf: string
  /** Facts as given to the command `score`. */
  facts: FactsSource
  expect: Expectation
  pointer: string
  line: number
  column: number
}

type FactsSource = { [kind: string]: unknown }
const Facts = Type.Unsafe<FactsSource>({ type: 'object' })
const Text = Type.String({ minLength: 1 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day of the form YYYY-MM-DD' })
const PointsText = Type.String({
  pattern: '^(null|-?\\d{1,15}(\\.\\d{1,9})?)$',
  description: 'points such as 25.00, or null if they are open',
})
const word = <const W extends string>(...words: W[]) => Type.Unsafe<W>({ type: 'string', enum: words })
const Eligible = word('yes', 'no', 'undetermined')
const Names = Type.Optional(Type.Array(Text))

const Expectation = strict({
  eligible: Eligible,
  total: PointsText,
  totalIs: word('exact', 'lower-bound', 'undetermined'),
  items: Type.Optional(named(PointsText)),
  totals: Type.Optional(named(PointsText)),
  eligibleFor: Type.Optional(named(Eligible)),
  measures: Type.Optional(named(Text)),
  missing: Names,
  unused: Names,
  reasons: Names,
  notices: Names,
})
export type Expectation = Static<typeof Expectation>

/** More would keep a service that runs them busy for long. */
const mostCases = 2000

const CaseFile = strict({
  source: Text,
  asOf: Day,
  base: Type.Optional(Facts),
  cases: Type.Array(
    strict({
      case: Text,
      source: Type.Optional(Text),
      asOf: Type.Optional(Day),
      facts: Type.Optional(Facts),
      without: Names,
      expect: Expectation,
    }),
    { minItems: 1, maxItems: mostCases },
  ),
})
type CaseFile = Static<typeof CaseFile>
const checkShape = shapeCheck(CaseFile)

/**
 * Reads the text of a case file (docs/scheme-language.md, Cases) that belongs to a scheme. There are cases only if there is no finding: a case that
 * is not checked is worse than none, so whatever is unknown or missing is an error.
 */
export function readCases(text: string, scheme: Scheme): { cases: Case[]; findings: PlacedFinding[] } {
  let document: RuleDocument
  try {
    document = readDocument(text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { cases: [], findings: error.faults.map(fault => ({ ...fault, severity: 'error', ...placeIn(fault.message) })) }
  }
  const misshapen = checkShape(document.tree)
  const file = document.tree as unknown as CaseFile
  const faults = misshapen.length > 0 ? misshapen : faultsOf(file, scheme)
  if (faults.length > 0)
    return { cases: [], findings: faults.map(fault => ({ ...fault, severity: 'error', ...document.placeOf(fault.pointer) })) }
  return { cases: file.cases.map((one, i) => caseOf(one, file, at('/cases', i), document)), findings: [] }
}

function caseOf(one: CaseFile['cases'][number], file: CaseFile, pointer: string, document: RuleDocument): Case {
  const facts = { ...file.base, ...one.facts }
  for (const kind of one.without ?? []) delete facts[kind]
  const { source, asOf } = { source: file.source, asOf: file.asOf, ...one }
  return { case: one.case, source, asOf, facts, expect: one.expect, pointer, ...document.placeOf(pointer) }
}

/** What is wrong in a file of the right shape: days that there are not, facts that cannot be read, names that nobody has. */
function faultsOf(file: CaseFile, scheme: Scheme): Fault[] {
  const faults: Fault[] = []
  const fault = (code: string, pointer: string, message: string) => faults.push({ code, pointer, message })
  const day = (text: string | undefined, pointer: string) => {
    if (text !== undefined && parseDate(text) === undefined)
      fault('impossible-date', pointer, `there is no day "${text}"; write YYYY-MM-DD: year, month, day`)
  }
  const facts = (source: FactsSource | undefined, pointer: string) => {
    try {
      readFacts(scheme.vocabulary, source ?? {}, pointer)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      faults.push(...error.faults)
    }
  }
  const names = (map: object | undefined, known: string[], what: string, pointer: string) => {
    for (const name of Object.keys(map ?? {}))
      if (!known.includes(name))
        fault('unknown-name', at(pointer, name), `the scheme has no ${what} "${name}"; it has: ${known.join(', ')}`)
  }
  const items = scheme.items.map(({ item }) => item)
  const totals = scheme.totals.map(({ total }) => total)
  const measures = scheme.measures.map(({ name }) => name)

  day(file.asOf, '/asOf')
  facts(file.base, '/base')
  for (const [i, one] of file.cases.entries()) {
    const here = at('/cases', i)
    day(one.asOf, `${here}/asOf`)
    facts(one.facts, `${here}/facts`)
    for (const [k, kind] of (one.without ?? []).entries()) {
      const pointer = at(`${here}/without`, k)
      if (!Object.hasOwn(file.base ?? {}, kind)) fault('unknown-name', pointer, `"${kind}" is not in the base, so it cannot be left out`)
      if (Object.hasOwn(one.facts ?? {}, kind))
        fault('wrong-choice', pointer, `"${kind}" is given under "facts" as well; give one of the two`)
    }
    names(one.expect.items, items, 'item', `${here}/expect/items`)
    names(one.expect.totals, totals, 'total', `${here}/expect/totals`)
    names(one.expect.eligibleFor, totals, 'total', `${here}/expect/eligibleFor`)
    names(one.expect.measures, measures, 'measure', `${here}/expect/measures`)
  }
  return faults
}
