import type { TSchema } from 'typebox'
import { type DayNumber, parseDate } from '../../values/civil-date.ts'
import { OutOfRange, parseDecimal } from '../../values/decimal.ts'
import { didYouMean } from '../../values/nearest.ts'
import { parseFigure, type Rational, rationalZero } from '../../values/rational.ts'
import { at, type Fault } from '../../values/refusal.ts'
import { latinBrackets } from '../../values/yaml-remedies.ts'
import type { Localized, Origin } from '../document-parts.ts'
import { type Computation, type Evaluation, type Measure, referenceDate } from '../measures/measure.ts'
import { inside, type Place, resting } from '../place.ts'
import type { Code } from '../points/code.ts'
import { type Node, type NodeSource, settled } from '../points/node.ts'
import { attributeReading, measureReading, type Reading } from '../points/reading.ts'
import {
  codesUnit,
  isNoQuantity,
  type KindDefinition,
  type KindSource,
  type Unit,
  type UnitSource,
  type Vocabulary,
} from '../vocabulary.ts'
import { extendVocabulary, withMeasures } from './evidence-names.ts'

/** A finding of the linter. An error stops the scheme from being used; a note does not. */
export type Finding = Fault & { severity: 'error' | 'note' }

/** The choice of an item, kept at hand so that a condition can ask which row it took. */
export type ChosenRow = {
  rows: readonly string[]
  measures: readonly Measure[]
  pick(evaluation: Evaluation): string | undefined | null
  /** The expression of whether a row was taken: 1 yes, 0 no, -1 missing. */
  emit(code: Code, row: string): string
}

/** A value of a measure at which the points of an item may turn, or codes that together may give more. */
export type Turn = { measure: Measure; at: number } | { measure: Measure; holds: readonly string[] }

/** What a node may know of an item or total that it refers to. `reach` is the largest absolute value at its scale. */
export type PointsPart = {
  index: number
  den: number
  least: Rational | undefined
  most: Rational | undefined
  reach: number
}

/**
 * One kind of calendar work: the shape of its source and how it compiles. `unit` is what the result is counted in; where the vocabulary may
 * count it in another, `fits` says in which.
 */
export type MeasureKind<Source> = {
  name: string
  schema: TSchema
  compile(source: Source, place: Place, compilation: Compilation): (Computation & { unit: Unit; fits?(unit: Unit): boolean }) | undefined
}

/** One kind of node: the shape of what stands under its name, and how it compiles. */
export type NodeKind<Source> = {
  name: string
  schema: TSchema
  /** The ways that a node of this kind can go; in a scheme some of them carry the number or name of a row behind a slash. */
  branches: readonly string[]
  compile(source: Source, place: Place, compilation: Compilation): Node | undefined
}

/** A measure as written: one kind, beside what it rests on, and its title if the vocabulary does not have it. */
export type MeasureSource = { [kind: string]: unknown } & Origin & { title?: Localized }

/** So many measures may rest on each other in a row; whoever follows a longer chain runs out of stack. */
const longestChain = 64
const chainTooLong = `a chain of more than ${longestChain} measures that rest on each other`

/** More kinds of evidence are not listed in a message. */
const few = 12
const mostCompared = 100

/** What the parts of a scheme share while it compiles: names, figures, and every finding with its place. */
export class Compilation {
  readonly findings: Finding[] = []
  readonly measures: Measure[] = []
  /** The reference date, the named dates, and after them the literal ones that measures name. */
  readonly dateNames: string[] = ['reference']
  readonly literalDates: DayNumber[] = []
  /** By date: the kinds of evidence that give it. */
  readonly kindsOfDates: (readonly string[])[] = [[]]
  /** By item: its choice, where the item is one. Filled in the order of the items. */
  readonly choices = new Map<string, ChosenRow | 'several'>()
  /** An incomplete scheme's totals have no upper end. */
  incomplete = false
  /** The item being compiled, and the kind of record while inside `each`. */
  item: string | undefined
  record: KindDefinition | undefined
  /** Items and totals that are compiled already, by name; undefined for one that did not compile. */
  readonly itemParts = new Map<string, PointsPart | undefined>()
  readonly totalParts = new Map<string, PointsPart | undefined>()
  /** By total: the items that it uses. */
  readonly itemsOfTotals: number[][] = []
  /** By item: where the points of a measure may turn. */
  readonly turns = new Map<string, Turn[]>()
  /** Kinds of evidence that nodes look at themselves. */
  readonly kindsOfNodes = new Set<string>()

  /** The vocabulary, with the units and kinds of evidence that the scheme names itself. */
  readonly vocabulary: Vocabulary
  private readonly sources: ReadonlySet<string>
  private readonly measureSources: { readonly [name: string]: MeasureSource }
  private readonly measureKinds: readonly MeasureKind<unknown>[]
  private readonly nodeKinds: readonly NodeKind<unknown>[]
  /** Unknown names that were compared with the known ones. */
  private compared = 0
  /** Measures being compiled, outermost first. */
  private readonly compiling: string[] = []
  private readonly compiled = new Map<string, Measure | undefined>()
  /** Which measures a measure rests on; under '' those that gates and items ask for. */
  private readonly reads = new Map<string, Set<string>>()

  constructor(parts: {
    vocabulary: Vocabulary
    units?: { [name: string]: UnitSource } | undefined
    evidence?: { [name: string]: KindSource } | undefined
    sources: Iterable<string>
    measures: { readonly [name: string]: MeasureSource }
    measureKinds: readonly MeasureKind<unknown>[]
    nodeKinds: readonly NodeKind<unknown>[]
  }) {
    this.vocabulary = extendVocabulary(parts.vocabulary, parts.units, parts.evidence, this.error.bind(this))
    this.sources = new Set(parts.sources)
    this.measureSources = parts.measures
    this.measureKinds = parts.measureKinds
    this.nodeKinds = parts.nodeKinds
  }

  get hasErrors(): boolean {
    return this.findings.some(finding => finding.severity === 'error')
  }

  error(code: string, pointer: string, message: string): undefined {
    this.findings.push({ severity: 'error', code, pointer, message })
  }

  note(code: string, pointer: string, message: string): undefined {
    this.findings.push({ severity: 'note', code, pointer, message })
  }

  kind(name: string, place: Place): KindDefinition | undefined {
    const kind = this.vocabulary.kinds.get(name)
    if (kind) return kind
    const kinds = [...this.vocabulary.kinds.keys()]
    const known = kinds.length > few ? '`points vocabulary` lists them' : `known: ${kinds.join(', ')}`
    const remedy = this.meant(name, kinds) ?? known
    return this.error('unknown-name', place.pointer, `neither the vocabulary nor the scheme has a kind of evidence "${name}"; ${remedy}`)
  }

  /** A unit in which a kind of measure counts by itself: every vocabulary has it. */
  unit(name: string): Unit {
    return this.vocabulary.units.get(name) as Unit
  }

  /** Index of a date: the name of one, or a literal YYYY-MM-DD. */
  date(name: string, place: Place): number {
    const index = this.dateNames.indexOf(name)
    if (index >= 0) return index
    const literal = parseDate(name)
    if (literal === undefined) {
      const remedy = this.meant(name, this.dateNames) ?? `known: ${this.dateNames.join(', ')}`
      this.error('unknown-name', place.pointer, `there is no date "${name}" under /dates; ${remedy}`)
      return referenceDate
    }
    this.literalDates.push(literal)
    this.rests(place, name)
    return this.nameDate(name, [])
  }

  /** Gives a date its index. `kinds` are the kinds of evidence that it comes from. */
  nameDate(name: string, kinds: readonly string[]): number {
    this.kindsOfDates.push(kinds)
    return this.dateNames.push(name) - 1
  }

  /** The kinds of evidence that give a date: none, where it follows from the reference date. */
  dateKinds(date: number): readonly string[] {
    return this.kindsOfDates[date] ?? []
  }

  /** A figure as a fraction. Every figure rests on a source or an assumption. */
  figure(text: string, place: Place): Rational {
    this.rests(place, text)
    return parseFigure(text) ?? this.error('wrong-form', place.pointer, `"${text}" is no figure that can be kept exactly`) ?? rationalZero
  }

  /** A figure as an integer in a unit. */
  scaled(text: string, scale: number, place: Place): number {
    this.rests(place, text)
    const value = parseDecimal(text, scale)
    return value ?? this.error('unit-mismatch', place.pointer, `"${text}" has more decimals than its unit, which has ${scale}`) ?? 0
  }

  /** The question whether a known name was meant. To compare each of thousands of unknown names with all known ones would take long. */
  meant(name: string, known: Iterable<string>): string | undefined {
    return this.compared++ < mostCompared ? didYouMean(name, known) : undefined
  }

  private rests(place: Place, figure: string): void {
    if (place.origin === undefined)
      this.error(
        'figure-without-source',
        place.pointer,
        `the figure ${figure} has neither source nor assumption; name one here or on a part above`,
      )
  }

  /** Checks that a part names a source that is declared, and gives the place resting on it. */
  origin(place: Place, part: Origin): Place {
    if (part.source && !this.sources.has(part.source.ref)) {
      const { ref } = part.source
      const remedy = this.meant(ref, this.sources) ?? `there are: ${[...this.sources].join(', ') || 'none'}`
      this.error('unknown-name', inside(place, 'source', 'ref').pointer, `there is no source "${ref}" under /sources; ${remedy}`)
    }
    return resting(place, part)
  }

  /** A measure by name; compiled when first named. */
  measure(name: string, place: Place): Measure | undefined {
    const reader = this.compiling.at(-1) ?? ''
    this.reads.set(reader, (this.reads.get(reader) ?? new Set()).add(name))
    if (this.compiled.has(name)) return this.compiled.get(name)
    if (this.compiling.includes(name)) return this.error('circle', place.pointer, `the measure "${name}" rests on itself`)
    const source = Object.hasOwn(this.measureSources, name) ? this.measureSources[name] : undefined
    if (!source) {
      const remedy = this.meant(name, Object.keys(this.measureSources))
      return this.error('unknown-name', place.pointer, `there is no measure "${name}" under /measures${remedy ? `; ${remedy}` : ''}`)
    }
    if (this.compiling.length >= longestChain) return this.error('wrong-form', place.pointer, chainTooLong)
    this.compiling.push(name)
    const measure = this.compileMeasure(name, source)
    this.compiling.pop()
    this.compiled.set(name, measure)
    return measure
  }

  /** The measures that gates and items ask for, and those that these rest on. Measures asked for by `compileAll` do not count. */
  usedMeasures(): Set<string> {
    const used = new Set<string>()
    const visit = (reader: string): void => {
      for (const name of this.reads.get(reader) ?? []) {
        if (used.has(name)) continue
        used.add(name)
        visit(name)
      }
    }
    visit('')
    return used
  }

  /** Compiles every measure of the scheme, named by an item or not, so that its errors are told. */
  compileAll(): void {
    for (const name of Object.keys(this.measureSources)) this.measure(name, { pointer: `/measures/${name}`, origin: undefined })
    this.reads.delete('')
  }

  private compileMeasure(name: string, source: MeasureSource): Measure | undefined {
    const pointer = inside({ pointer: '', origin: undefined }, 'measures', name).pointer
    const known = this.vocabulary.measures.get(name)
    if (known && source.title)
      this.error(
        'name-taken',
        at(pointer, 'title'),
        `the vocabulary has the measure "${name}" and its title; leave the title out, or choose another name`,
      )
    if (!known && !source.title)
      this.error('missing-field', pointer, `the vocabulary has no measure "${name}"; give it a title, or a name that the vocabulary has`)
    const place = this.origin({ pointer, origin: undefined }, source)
    if (place.origin === undefined) this.error('figure-without-source', pointer, 'a measure needs a source or an assumption')
    // Measures are handed over as a map, and a map has these names by itself.
    if (name in Object.prototype) this.error('reserved-name', pointer, `"${name}" cannot be the name of a measure; choose another`)
    const kind = this.measureKinds.find(k => Object.hasOwn(source, k.name))
    const computation = kind?.compile(source[kind.name], inside(place, kind.name), this)
    if (!computation) return undefined
    const { unit, fits = (other: Unit) => other.name === unit.name, ...calendar } = computation
    if (known && !fits(known.unit))
      this.error('unit-mismatch', pointer, `"${name}" counts ${unit.name}, but the vocabulary gives it in ${known.unit.name}`)
    const chain = 1 + Math.max(0, ...(calendar.parts ?? []).map(part => part.chain))
    if (chain > longestChain) return this.error('wrong-form', pointer, chainTooLong)
    const definition = known ?? { name, title: source.title ?? { 'zh-CN': name, en: name }, unit }
    const measure = { name, definition, chain, index: this.measures.length, pointer, rule: place.origin ?? {}, ...calendar }
    this.measures.push(measure)
    return measure
  }

  /** The vocabulary with all that the scheme names itself, its measures too: facts are read with it. Complete after `compileAll`. */
  ownVocabulary(): Vocabulary {
    return withMeasures(
      this.vocabulary,
      this.measures.map(measure => measure.definition),
    )
  }

  /** A measure that counts something and can be multiplied and compared. */
  quantity(name: string, place: Place): Measure | undefined {
    const measure = this.measure(name, place)
    return measure && isNoQuantity(measure.definition.unit)
      ? this.error('unit-mismatch', place.pointer, `"${name}" gives ${measure.definition.unit.name}, which is no quantity`)
      : measure
  }

  /** Notes where the points of the item that is being compiled may turn. */
  turn(reading: Reading, ...values: readonly (number | readonly string[])[]): void {
    const [measure] = reading.measures
    if (!measure || this.item === undefined) return
    const turns = this.turns.get(this.item) ?? []
    this.turns.set(this.item, turns)
    for (const value of values) {
      if (typeof value !== 'number') turns.push({ measure, holds: value })
      else if (Number.isFinite(value)) turns.push({ measure, at: value })
    }
  }

  /** What a node reads under a name: inside `each` an attribute of the record, otherwise a measure. */
  reading(name: string, place: Place): Reading | undefined {
    const attribute = this.record && attributeReading(this.record, name)
    if (attribute && Object.hasOwn(this.measureSources, name))
      return this.error(
        'name-taken',
        place.pointer,
        `"${name}" is an attribute of ${this.record?.name} and a measure as well; give the measure another name`,
      )
    if (attribute) return attribute
    const measure = this.measure(name, place)
    return measure && measureReading(measure)
  }

  /** A reading that counts something and can be multiplied and compared. */
  readsQuantity(name: string, place: Place): Reading | undefined {
    const reading = this.reading(name, place)
    return reading && isNoQuantity(reading.unit)
      ? this.error('unit-mismatch', place.pointer, `"${name}" gives ${reading.unit.name}, which is no quantity`)
      : reading
  }

  /** A reading of codes held. */
  readsCodes(name: string, place: Place): Reading | undefined {
    const reading = this.reading(name, place)
    return reading && reading.unit.name !== codesUnit
      ? this.error('unit-mismatch', place.pointer, `"${name}" gives ${reading.unit.name}, not codes`)
      : reading
  }

  /** An item that stands above, or any item for a gate, a freeze or a total. */
  itemPoints(name: string, place: Place): PointsPart | undefined {
    return this.partOf('item', this.itemParts, name, place)
  }

  /** A total that stands above, or any total for a gate or a freeze. */
  totalPoints(name: string, place: Place): PointsPart | undefined {
    if (this.item !== undefined) return this.error('wrong-choice', place.pointer, 'an item is part of a total and cannot look at one')
    return this.partOf('total', this.totalParts, name, place)
  }

  private partOf(what: string, parts: ReadonlyMap<string, PointsPart | undefined>, name: string, place: Place): PointsPart | undefined {
    if (parts.has(name)) return parts.get(name)
    const remedy = this.meant(name, parts.keys()) ?? `there are: ${[...parts.keys()].join(', ') || 'none'}`
    return this.error('unknown-name', place.pointer, `there is no ${what} "${name}" above; ${remedy}`)
  }

  /** Checks that a measure can give a code: a misspelt one would never be held. */
  code(measure: { name: string; codes?: ReadonlySet<string> }, code: string, place: Place): void {
    if (!measure.codes || measure.codes.has(code)) return
    const remedy = latinBrackets(code) ?? this.meant(code, measure.codes) ?? `it gives: ${[...measure.codes].join(', ')}`
    this.error('unknown-name', place.pointer, `"${measure.name}" never gives the code "${code}"; ${remedy}`)
  }

  /** Compiles a node of any kind. */
  node(source: NodeSource, place: Place): Node | undefined {
    const here = this.origin(place, source)
    const kind = this.nodeKinds.find(k => Object.hasOwn(source, k.name)) as NodeKind<unknown>
    const node = this.exactly(here, () => kind.compile(source[kind.name], inside(here, kind.name), this))
    if (!node) return undefined
    const extra = { ...(source.title && { title: source.title }), ...(here !== place && here.origin && { rule: here.origin }) }
    const explain = (evaluation: Evaluation) => settled(node.explain(evaluation))
    if (Object.keys(extra).length === 0) return { ...node, explain }
    return {
      ...node,
      explain(evaluation) {
        const explained = explain(evaluation)
        return { ...explained, tree: { ...explained.tree, ...extra } }
      },
    }
  }

  /** Does work whose figures may leave the range in which integers are exact; that is an error of the scheme. */
  exactly<T>(place: Place, work: () => T | undefined): T | undefined {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof OutOfRange)) throw error
      return this.error('out-of-range', place.pointer, `${error.message}; use smaller figures or fewer decimals`)
    }
  }
}
