import { digestOf } from '../../values/digest.ts'
import { readDocument, type Tree } from '../../values/document.ts'
import { add, rationalZero } from '../../values/rational.ts'
import { Refusal } from '../../values/refusal.ts'
import { shapeCheck } from '../../values/shape.ts'
import type { Origin } from '../document-parts.ts'
import { measureKinds } from '../measures/kinds/all.ts'
import { inside, type Place } from '../place.ts'
import { compileCondition } from '../points/condition.ts'
import { nodeKinds } from '../points/kinds/all.ts'
import { sumOf } from '../points/range.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { Compilation, type Finding } from './compilation.ts'
import { compileDates } from './dates.ts'
import { type SchemeSource, schemeSchema } from './document-schema.ts'
import { type Scale, toScale } from './scale.ts'
import type { Gate, Item, Scheme, Total } from './scheme.ts'

/** A finding with its line and column in the scheme's text. */
export type PlacedFinding = Finding & { line: number; column: number }

const checkShape = shapeCheck(schemeSchema)

/**
 * Reads, checks and compiles a scheme from its YAML text. The scheme is there only if no finding is an error.
 * `vocabularyOf` gives the vocabulary of a version, or undefined if there is none.
 */
export function lintScheme(
  text: string,
  vocabularyOf: (version: string) => Vocabulary | undefined,
): { scheme?: Scheme; findings: PlacedFinding[] } {
  let document: ReturnType<typeof readDocument>
  try {
    document = readDocument(text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { findings: error.faults.map(fault => ({ ...fault, severity: 'error', ...placeIn(fault.message) })) }
  }
  const placed = (findings: Finding[]): PlacedFinding[] => findings.map(finding => ({ ...finding, ...document.placeOf(finding.pointer) }))
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
  if (faults.length > 0) return { findings: placed(faults.map(fault => ({ ...fault, severity: 'error' }))) }

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
    sources: Object.keys(source.sources),
    measures: source.measures as never,
    measureKinds,
    nodeKinds,
  })
  const scheme = compile(source, text, vocabulary, compilation)
  const findings = placed(compilation.findings)
  return findings.some(finding => finding.severity === 'error') ? { findings } : { scheme, findings }
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

function compile(source: SchemeSource, text: string, vocabulary: Vocabulary, c: Compilation): Scheme {
  const root: Place = { pointer: '', origin: undefined }
  if (!source.calendar.source && source.calendar.assumption === undefined)
    c.error('figure-without-source', '/calendar', 'the end-of-month rule needs a source or an assumption')
  c.origin({ pointer: '/calendar', origin: undefined }, source.calendar)
  if (source.status === 'incomplete' && !source.absent)
    c.error('missing-field', '/status', 'an incomplete scheme says under "absent" which known parts it lacks')
  if (source.status === 'complete' && source.absent)
    c.error('wrong-choice', '/absent', 'a complete scheme lacks nothing; say "status: incomplete"')

  const dates = compileDates(source.dates ?? {}, inside(root, 'dates'), c)
  c.compileAll()

  const gates = Object.entries(source.gates).map(([name, gate]): Gate | undefined => {
    const place = restingPlace(inside(root, 'gates', name), gate, c)
    const condition = compileCondition(gate.require, inside(place, 'require'), c)
    return condition && { gate: name, title: gate.title, rule: originOf(gate), condition }
  })
  const items = Object.entries(source.items).map(([name, item]): Item | undefined => {
    const place = restingPlace(inside(root, 'items', name), item, c)
    c.item = name
    const node = c.node(item.value, inside(place, 'value'))
    c.item = undefined
    const scale = scaleOf(item, place, c)
    if (!node) return undefined
    const inexact = scale.rounding === 'none' && 10 ** scale.scale % node.den !== 0
    if (inexact)
      c.error(
        'not-exact',
        place.pointer,
        `the value may be any multiple of 1/${node.den}, which ${scale.scale} decimals cannot always write; declare a rounding, or round a part inside`,
      )
    const possible = inexact ? undefined : c.exactly(place, () => node.most && toScale(node.most, scale))
    return { item: name, title: item.title, rule: originOf(item), node, ...scale, possible }
  })
  const totals = Object.entries(source.totals).map(([name, total]) =>
    compileTotal(name, total, inside(root, 'totals', name), items, Object.keys(source.items), c),
  )
  if (totals.length === 0) c.error('missing-field', '/totals', 'a scheme has at least one total')
  const used = c.usedMeasures()
  for (const name of Object.keys(source.measures))
    if (!used.has(name))
      c.note('unused-measure', inside(root, 'measures', name).pointer, `no gate and no item uses "${name}"; it can still be an order key`)

  // With an error among the findings these may have holes, and the caller does not hand the scheme out.
  return {
    scheme: source.scheme,
    version: source.version,
    digest: digestOf(source as never),
    title: source.title,
    status: source.status,
    absent: source.absent ?? [],
    text,
    vocabulary,
    sources: source.sources,
    monthEnd: source.calendar.monthEnd,
    dates: reference => [
      ...dates(reference),
      ...c.dateNames.slice(Object.keys(source.dates ?? {}).length + 1).map(name => c.literalDates.get(name) as number),
    ],
    measures: c.measures,
    gates: gates as Gate[],
    items: items as Item[],
    totals: totals as Total[],
    kinds: new Set(c.measures.flatMap(measure => measure.kinds)),
  }
}

function compileTotal(
  name: string,
  total: SchemeSource['totals'][string],
  at: Place,
  items: readonly (Item | undefined)[],
  itemNames: readonly string[],
  c: Compilation,
): Total | undefined {
  const place = c.origin(at, total)
  const scale = scaleOf(total, place, c)
  const indexes: number[] = []
  // An item that did not compile is a hole here; its own errors are told where it stands.
  for (const [i, item] of (total.items ?? itemNames).entries()) {
    const index = itemNames.indexOf(item)
    if (items[index]) indexes.push(index)
    if (index < 0) c.error('unknown-name', inside(place, 'items', i).pointer, `there is no item "${item}"`)
  }
  const atLeast = total.atLeast === undefined ? undefined : c.scaled(total.atLeast, scale.scale, inside(place, 'atLeast'))
  const parts = indexes.map(i => items[i] as Item)
  const inexact = scale.rounding === 'none' && parts.some(item => item.scale > scale.scale)
  if (inexact)
    c.error('not-exact', place.pointer, `an item has more decimals than the total's ${scale.scale}; declare a rounding or a larger scale`)
  const possible = c.exactly(place, () => {
    const most = sumOf(
      parts.map(item => (item.possible === undefined ? undefined : { num: item.possible, den: 10 ** item.scale })),
      add,
      rationalZero,
    )
    return inexact ? undefined : most && toScale(most, scale)
  })
  return { total: name, title: total.title, items: indexes, ...scale, atLeast, possible }
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

/** Round rules lie beside their scheme and are easily taken for it; told field by field, that would be many faults. */
function isRoundRules(tree: Tree): boolean {
  return typeof tree === 'object' && 'rules' in tree && 'quota' in tree && !('items' in tree)
}

/** Line and column of an error that the reader itself tells in its message, and the message without them. */
function placeIn(text: string): { line: number; column: number; message: string } {
  const [, line = '1', column = '1', message = text] = /^line (\d+), column (\d+): ([\s\S]*)$/.exec(text) ?? []
  return { line: Number(line), column: Number(column), message }
}
