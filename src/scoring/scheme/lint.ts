import { digestOf } from '../../values/digest.ts'
import { placeIn, readDocument, type Tree } from '../../values/document.ts'
import { type Rational, reduce } from '../../values/rational.ts'
import { Refusal } from '../../values/refusal.ts'
import { shapeCheck } from '../../values/shape.ts'
import type { Origin } from '../document-parts.ts'
import { measureKinds } from '../measures/kinds/all.ts'
import { inside, type Place } from '../place.ts'
import { Code } from '../points/code.ts'
import { compileCondition } from '../points/condition.ts'
import { nodeKinds } from '../points/kinds/all.ts'
import { branchesOf, type Node } from '../points/node.ts'
import { compileProgram } from '../points/program.ts'
import { emitRounded } from '../points/rounding.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { Compilation, type Finding, type PointsPart } from './compilation.ts'
import { compileDates } from './dates.ts'
import { type SchemeSource, schemeSchema } from './document-schema.ts'
import { type Scale, toScale } from './scale.ts'
import type { Check, Freeze, Gate, Item, Scheme, Total } from './scheme.ts'

/** A finding with its line and column in the scheme's text. */
export type PlacedFinding = Finding & { line: number; column: number }

const checkShape = shapeCheck(schemeSchema)

/**
 * Reads, checks and compiles a scheme from its YAML text. The scheme is there only if no finding is an error.
 * `stoppedAtForm` says that its shape is wrong, so that names and figures were not looked at.
 * `vocabularyOf` gives the vocabulary of a version, or undefined if there is none.
 */
export function lintScheme(
  text: string,
  vocabularyOf: (version: string) => Vocabulary | undefined,
): { scheme?: Scheme; findings: PlacedFinding[]; stoppedAtForm?: true } {
  let document: ReturnType<typeof readDocument>
  try {
    document = readDocument(text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { findings: error.faults.map(fault => ({ ...fault, severity: 'error', ...placeIn(fault.message) })) }
  }
  const placed = (findings: Finding[]): PlacedFinding[] =>
    findings.map(finding => ({ ...finding, ...document.placeOf(finding.pointer) })).sort((a, b) => a.line - b.line || a.column - b.column)
  if (isCaseFile(document.tree))
    return {
      findings: placed([{ severity: 'error', code: 'wrong-document', pointer: '', message: 'this is a case file: use scheme test' }]),
    }
  if (isRoundRules(document.tree))
    return {
      findings: placed([
        {
          severity: 'error',
          code: 'wrong-document',
          pointer: '',
          message: 'this is a round rules document, which says how a round ranks; give the scheme that it names under "scheme"',
        },
      ]),
    }
  const faults = checkShape(document.tree)
  if (faults.length > 0) return { findings: placed(faults.map(fault => ({ ...fault, severity: 'error' }))), stoppedAtForm: true }

  const source = document.tree as SchemeSource
  const vocabulary = vocabularyOf(source.vocabulary)
  if (!vocabulary)
    return {
      findings: placed([
        { severity: 'error', code: 'unknown-name', pointer: '/vocabulary', message: `there is no vocabulary "${source.vocabulary}"` },
      ]),
    }

  const compilation = new Compilation({
    vocabulary,
    units: source.units,
    evidence: source.evidence,
    sources: Object.keys(source.sources),
    measures: source.measures as never,
    measureKinds,
    nodeKinds,
  })
  compilation.incomplete = source.status === 'incomplete'
  const scheme = compile(source, text, compilation)
  const findings = placed(compilation.findings)
  return scheme ? { scheme, findings } : { findings }
}

/**
 * Reads a scheme that is to be used.
 * @throws Refusal `invalid-scheme` with every error, its pointer, line and column
 */
export function readScheme(text: string, vocabularyOf: (version: string) => Vocabulary | undefined): Scheme {
  const { scheme, findings } = lintScheme(text, vocabularyOf)
  if (scheme) return scheme
  throw new Refusal(
    'invalid-scheme',
    findings
      .filter(finding => finding.severity === 'error')
      .map(({ code, pointer, message, line, column }) => ({ code, pointer, message: `line ${line}, column ${column}: ${message}` })),
  )
}

function compile(source: SchemeSource, text: string, c: Compilation): Scheme | undefined {
  const root: Place = { pointer: '', origin: undefined }
  if (!source.calendar.source && source.calendar.assumption === undefined)
    c.error('figure-without-source', '/calendar', 'the end-of-month rule needs a source or an assumption')
  c.origin({ pointer: '/calendar', origin: undefined }, source.calendar)
  if (source.status === 'incomplete' && !source.absent)
    c.error('missing-field', '/status', 'an incomplete scheme says under "absent" which known parts it lacks')
  if (source.status === 'complete' && source.absent)
    c.error('wrong-choice', '/absent', 'a complete scheme lacks nothing; say "status: incomplete"')

  const { dates, datesOf } = compileDates(source.dates ?? {}, inside(root, 'dates'), c)
  c.compileAll()
  const checks = Object.entries(source.checks ?? {}).map(([name, check]) => compileCheck(name, check, inside(root, 'checks', name), c))
  const items = Object.entries(source.items).map(([name, item]) => compileItem(name, item, inside(root, 'items', name), c))
  // A gate may look at any total, and a total stands behind gates: their names are known before, their conditions are compiled after.
  const names = { gates: Object.keys(source.gates), freezes: Object.keys(source.freezes ?? {}) }
  const totals = Object.entries(source.totals).map(([name, total]) =>
    compileTotal(name, total, inside(root, 'totals', name), items, Object.keys(source.items), names, c),
  )
  if (totals.length === 0) c.error('missing-field', '/totals', 'a scheme has at least one total')
  const gates = Object.entries(source.gates).map(([name, gate]): Gate | undefined => {
    const place = restingPlace(inside(root, 'gates', name), gate, c)
    const condition = compileCondition(gate.require, inside(place, 'require'), c)
    return condition && { gate: name, title: gate.title, rule: originOf(gate), condition }
  })
  const freezes = Object.entries(source.freezes ?? {}).map(([name, freeze]): Freeze | undefined => {
    const place = restingPlace(inside(root, 'freezes', name), freeze, c)
    const condition = compileCondition(freeze.when, inside(place, 'when'), c)
    return condition && { freeze: name, title: freeze.title, rule: originOf(freeze), condition }
  })
  noteUnused(source, c)
  if (c.hasErrors) return undefined

  const parts = { checks, gates, freezes, items, totals } as {
    checks: Check[]
    gates: Gate[]
    freezes: Freeze[]
    items: Item[]
    totals: Total[]
  }
  const program = c.exactly(root, () => compileProgram({ measures: c.measures, ...parts }))
  if (!program) return undefined
  const nodes = [...parts.items, ...parts.totals].map(part => part.node)
  const conditions = [...parts.gates, ...parts.freezes].map(part => part.condition)
  return {
    scheme: source.scheme,
    version: source.version,
    digest: digestOf(source as never),
    title: source.title,
    status: source.status,
    absent: source.absent ?? [],
    text,
    vocabulary: c.ownVocabulary(),
    sources: source.sources,
    monthEnd: source.calendar.monthEnd,
    kindsOfDates: c.kindsOfDates,
    dates,
    datesOf,
    measures: c.measures,
    ...parts,
    kinds: new Set([...c.measures.flatMap(measure => measure.kinds), ...c.kindsOfNodes]),
    branches: [
      ...parts.gates.flatMap(({ gate }) => branchesOf(inside(root, 'gates', gate).pointer, 'gate', answers)),
      ...parts.freezes.flatMap(({ freeze }) => branchesOf(inside(root, 'freezes', freeze).pointer, 'freeze', answers)),
      ...nodes.flatMap(node => node.branches),
      ...conditions.flatMap(condition => condition.branches ?? []),
    ],
    program,
  }
}
const answers = ['yes', 'no', 'missing']

function compileItem(name: string, item: SchemeSource['items'][string], at: Place, c: Compilation): Item | undefined {
  const place = restingPlace(at, item, c)
  c.item = name
  const node = c.node(item.value, inside(place, 'value'))
  c.item = undefined
  const scale = scaleOf(item, place, c)
  const part = node && partOf(node, scale, place, c, c.itemParts.size)
  c.itemParts.set(name, part)
  return (
    node &&
    part && { item: name, title: item.title, rule: originOf(item), node, ...scale, possible: part.possible, turns: c.turns.get(name) ?? [] }
  )
}

/** What other parts may know of an item or total, and the most that anybody can get. */
function partOf(
  node: Node,
  scale: Scale,
  place: Place,
  c: Compilation,
  index: number,
  floor?: number,
): (PointsPart & { possible: number | undefined }) | undefined {
  if (scale.rounding === 'none' && 10 ** scale.scale % node.den !== 0)
    return c.error(
      'not-exact',
      place.pointer,
      `may need ${decimalsOf(node.den)} and has ${scale.scale}: say under "rounding" how it is rounded (half-up, …), or round a part inside`,
    )
  return c.exactly(place, () => {
    const end = (value: Rational | undefined) =>
      value === undefined ? undefined : Math.max(toScale(value, scale), floor ?? Number.NEGATIVE_INFINITY)
    const possible = end(node.most)
    const den = 10 ** scale.scale
    const ofInteger = (value: number | undefined) => (value === undefined ? undefined : reduce(value, den))
    return {
      index,
      den,
      least: ofInteger(end(node.least) ?? floor),
      most: ofInteger(possible),
      reach: Math.max(reachOf(node, scale, c), floor ?? 0),
      possible,
    }
  })
}

/** How many decimals a multiple of 1/den may have: none is left over only if nothing but 2 and 5 divides it. */
function decimalsOf(den: number): string {
  let rest = den
  const times = (prime: number) => {
    let count = 0
    for (; rest % prime === 0; rest /= prime) count++
    return count
  }
  const decimals = Math.max(times(2), times(5))
  return rest > 1 ? 'decimals without end' : `${decimals} ${decimals === 1 ? 'decimal' : 'decimals'}`
}

/** The largest integer that a value can become. Where there is an error already nothing will be scored, and a table may have holes. */
function reachOf(node: Node, scale: Scale, c: Compilation): number {
  if (c.hasErrors) return 0
  const code = new Code()
  return emitRounded(code, node.emit(code), node.den, scale.scale, scale.rounding === 'none' ? 'floor' : scale.rounding).reach
}

function compileTotal(
  name: string,
  total: SchemeSource['totals'][string],
  at: Place,
  items: readonly (Item | undefined)[],
  itemNames: readonly string[],
  names: { gates: readonly string[]; freezes: readonly string[] },
  c: Compilation,
): Total | undefined {
  const place = c.origin(at, total)
  const scale = scaleOf(total, place, c)
  if (total.items && total.value) c.error('wrong-choice', place.pointer, 'a total has "items" or a "value", not both')
  const node = total.value ? c.node(total.value, inside(place, 'value')) : c.node({ items: total.items ?? [...itemNames] }, place)
  const floor = total.floor === undefined ? undefined : c.scaled(total.floor, scale.scale, inside(place, 'floor'))
  const standing = (what: 'gates' | 'freezes') =>
    (total[what] ?? names[what]).map((one, i) => {
      const index = names[what].indexOf(one)
      if (index < 0)
        c.error(
          'unknown-name',
          inside(place, what, i).pointer,
          `there is no ${what.slice(0, -1)} "${one}" under /${what}; there are: ${names[what].join(', ') || 'none'}`,
        )
      return index
    })
  const gates = standing('gates')
  const freezes = standing('freezes')
  const part = node && partOf(node, scale, place, c, c.totalParts.size, floor)
  const used = new Set<number>()
  const use = (item: number): void => {
    if (used.has(item)) return
    used.add(item)
    for (const other of items[item]?.node.items ?? []) use(other)
  }
  for (const item of node?.items ?? []) use(item)
  for (const above of node?.totals ?? []) for (const item of c.itemsOfTotals[above] ?? []) used.add(item)
  c.totalParts.set(name, part && c.incomplete ? { ...part, most: undefined } : part)
  c.itemsOfTotals.push([...used].sort((a, b) => a - b))
  if (!node || !part) return undefined
  return {
    total: name,
    title: total.title,
    node,
    sumOf: total.value ? undefined : (node.items ?? []),
    ...scale,
    floor,
    possible: part.possible,
    gates,
    freezes,
    items: c.itemsOfTotals.at(-1) as number[],
  }
}

function compileCheck(name: string, check: NonNullable<SchemeSource['checks']>[string], at: Place, c: Compilation): Check | undefined {
  const place = restingPlace(at, check, c)
  const [a, b] = check.same.map((measure, i) => c.quantity(measure, inside(place, 'same', i)))
  if (!a || !b) return undefined
  const { unit } = a.definition
  if (b.definition.unit.name !== unit.name)
    return c.error(
      'unit-mismatch',
      inside(place, 'same', 1).pointer,
      `"${b.name}" is counted in ${b.definition.unit.name}, "${a.name}" in ${unit.name}`,
    )
  const within = check.within === undefined ? 0 : c.scaled(check.within, unit.scale, inside(place, 'within'))
  return { check: name, title: check.title, rule: originOf(check), same: [a, b], within }
}

/** Names that nothing uses are often misspelt somewhere else. */
function noteUnused(source: SchemeSource, c: Compilation): void {
  const root: Place = { pointer: '', origin: undefined }
  const used = c.usedMeasures()
  for (const name of Object.keys(source.measures))
    if (!used.has(name))
      c.note('unused-measure', inside(root, 'measures', name).pointer, `nothing uses "${name}"; it can still be an order key of a round`)
  const mentioned = new Set<string>()
  const collect = (part: unknown): void => {
    if (typeof part === 'string') mentioned.add(part)
    else if (typeof part === 'object' && part !== null) for (const one of Object.values(part)) collect(one)
  }
  collect([source.measures, source.dates, source.items, source.gates, source.freezes, source.totals])
  collect([source.calendar, source.evidence, source.checks])
  for (const section of ['dates', 'evidence', 'units', 'sources'] as const)
    for (const name of Object.keys(source[section] ?? {}))
      if (!mentioned.has(name)) c.note('unused-name', inside(root, section, name).pointer, `nothing uses "${name}"`)
}

function scaleOf(part: { scale: string; rounding: Scale['rounding'] }, place: Place, c: Compilation): Scale {
  const scale = Number(part.scale)
  if (scale > 6) c.error('wrong-form', inside(place, 'scale').pointer, 'at most 6 decimals')
  return { scale: Math.min(scale, 6), rounding: part.rounding }
}

function restingPlace(place: Place, part: Origin, c: Compilation): Place {
  const resting = c.origin(place, part)
  if (resting.origin === undefined)
    c.error('figure-without-source', place.pointer, 'name a source, or mark what was assumed under "assumption"')
  return resting
}

function originOf(part: Origin): Origin {
  return { ...(part.source && { source: part.source }), ...(part.assumption !== undefined && { assumption: part.assumption }) }
}

/** Whether a text is a round rules document. They lie beside their scheme and are easily taken for it. */
export function isRoundRulesText(text: string): boolean {
  try {
    return isRoundRules(readDocument(text).tree)
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** Case files lie beside their scheme, too. */
function isCaseFile(tree: Tree): boolean {
  return typeof tree === 'object' && 'cases' in tree && !('items' in tree)
}

function isRoundRules(tree: Tree): boolean {
  return typeof tree === 'object' && 'rules' in tree && ('quota' in tree || 'scoreLine' in tree) && !('items' in tree)
}
