import type { TSchema } from 'typebox'
import { formatDate, parseDate } from '../../values/civil-date.ts'
import { OutOfRange, parseDecimal } from '../../values/decimal.ts'
import { parseFigure, type Rational, rationalZero } from '../../values/rational.ts'
import type { Fault } from '../../values/refusal.ts'
import type { Origin } from '../document-parts.ts'
import { type Computation, type Measure, referenceDate } from '../measures/measure.ts'
import { inside, type Place, resting } from '../place.ts'
import { type Node, type NodeSource, settled } from '../points/node.ts'
import { codesUnit, dateUnit, type KindDefinition, type Unit, type Vocabulary, yesNoUnit } from '../vocabulary.ts'

/** A finding of the linter. An error stops the scheme from being used; a note does not. */
export type Finding = Fault & { severity: 'error' | 'note' }

/** A node kept at hand by the item it belongs to, so that a condition can ask which row its choice took. */
export type ChosenRow = {
  rows: readonly string[]
  pick(evaluation: Parameters<Node['value']>[0]): string | undefined | null
  measures: readonly Measure[]
}

/** One kind of calendar work: the shape of its source and how it compiles. `unit` is what the result counts, or says why it fits none. */
export type MeasureKind<Source> = {
  name: string
  schema: TSchema
  compile(source: Source, place: Place, compilation: Compilation): (Computation & { unit: (unit: Unit) => string | undefined }) | undefined
}

/** One kind of node: the shape of what stands under its name, and how it compiles. */
export type NodeKind<Source> = {
  name: string
  schema: TSchema
  compile(source: Source, place: Place, compilation: Compilation): Node | undefined
}

/** What the parts of a scheme share while it compiles: names, figures, and every finding with its place. */
export class Compilation {
  readonly findings: Finding[] = []
  readonly measures: Measure[] = []
  readonly dateNames: string[] = ['reference']
  /** Literal dates, after the named ones: name → day number. */
  readonly literalDates = new Map<string, number>()
  /** By item: its choice, where the item is one. Filled in the order of the items. */
  readonly choices = new Map<string, ChosenRow>()
  /** The item being compiled. */
  item: string | undefined

  readonly vocabulary: Vocabulary
  private readonly sources: ReadonlySet<string>
  private readonly measureSources: { readonly [name: string]: { [kind: string]: unknown } & Origin }
  private readonly measureKinds: readonly MeasureKind<unknown>[]
  private readonly nodeKinds: readonly NodeKind<unknown>[]
  /** Measures being compiled, outermost first. */
  private readonly compiling: string[] = []
  private readonly compiled = new Map<string, Measure | undefined>()
  /** Which measures a measure rests on; under '' those that gates and items ask for. */
  private readonly reads = new Map<string, Set<string>>()

  constructor(parts: {
    vocabulary: Vocabulary
    sources: Iterable<string>
    measures: { readonly [name: string]: { [kind: string]: unknown } & Origin }
    measureKinds: readonly MeasureKind<unknown>[]
    nodeKinds: readonly NodeKind<unknown>[]
  }) {
    this.vocabulary = parts.vocabulary
    this.sources = new Set(parts.sources)
    this.measureSources = parts.measures
    this.measureKinds = parts.measureKinds
    this.nodeKinds = parts.nodeKinds
  }

  error(code: string, pointer: string, message: string): undefined {
    this.findings.push({ severity: 'error', code, pointer, message })
  }

  note(code: string, pointer: string, message: string): undefined {
    this.findings.push({ severity: 'note', code, pointer, message })
  }

  kind(name: string, place: Place): KindDefinition | undefined {
    const kind = this.vocabulary.kinds.get(name)
    return kind ?? this.error('unknown-name', place.pointer, `the vocabulary has no kind of evidence "${name}"`)
  }

  /** Index of a date: the name of one, or a literal YYYY-MM-DD. */
  date(name: string, place: Place): number {
    const index = this.dateNames.indexOf(name)
    if (index >= 0) return index
    const literal = parseDate(name)
    if (literal === undefined) {
      this.error('unknown-name', place.pointer, `there is no date "${name}" under /dates; known: ${this.dateNames.join(', ')}`)
      return referenceDate
    }
    this.literalDates.set(formatDate(literal), literal)
    this.rests(place, name)
    return this.dateNames.push(name) - 1
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
    if (part.source && !this.sources.has(part.source.ref))
      this.error('unknown-name', inside(place, 'source', 'ref').pointer, `there is no source "${part.source.ref}" under /sources`)
    if (part.source && part.assumption !== undefined)
      this.error('wrong-choice', place.pointer, 'a part rests on a source or on an assumption, not on both')
    return resting(place, part)
  }

  /** A measure by name; compiled when first named. */
  measure(name: string, place: Place): Measure | undefined {
    const reader = this.compiling.at(-1) ?? ''
    this.reads.set(reader, (this.reads.get(reader) ?? new Set()).add(name))
    if (this.compiled.has(name)) return this.compiled.get(name)
    if (this.compiling.includes(name)) return this.error('circle', place.pointer, `the measure "${name}" rests on itself`)
    const source = Object.hasOwn(this.measureSources, name) ? this.measureSources[name] : undefined
    if (!source) return this.error('unknown-name', place.pointer, `there is no measure "${name}" under /measures`)
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

  private compileMeasure(name: string, source: { [kind: string]: unknown } & Origin): Measure | undefined {
    const pointer = inside({ pointer: '', origin: undefined }, 'measures', name).pointer
    const definition = this.vocabulary.measures.get(name)
    if (!definition) return this.error('unknown-name', pointer, `the vocabulary has no measure "${name}"`)
    const place = this.origin({ pointer, origin: undefined }, source)
    if (place.origin === undefined) this.error('figure-without-source', pointer, 'a measure needs a source or an assumption')
    const kind = this.measureKinds.find(k => Object.hasOwn(source, k.name))
    const computation = kind?.compile(source[kind.name], inside(place, kind.name), this)
    if (!computation) return undefined
    const mismatch = computation.unit(definition.unit)
    if (mismatch) this.error('unit-mismatch', pointer, `"${name}" ${mismatch}`)
    const { unit: _, ...calendar } = computation
    const measure = { name, definition, index: this.measures.length, pointer, rule: place.origin ?? {}, ...calendar }
    this.measures.push(measure)
    return measure
  }

  /** A measure that counts something and can be multiplied and compared. */
  quantity(name: string, place: Place): Measure | undefined {
    const measure = this.measure(name, place)
    const unit = measure?.definition.unit.name
    return unit === codesUnit || unit === dateUnit || unit === yesNoUnit
      ? this.error('unit-mismatch', place.pointer, `"${name}" gives ${unit}, which is no quantity`)
      : measure
  }

  /** A measure of codes held. */
  codes(name: string, place: Place): Measure | undefined {
    const measure = this.measure(name, place)
    return measure && measure.definition.unit.name !== codesUnit
      ? this.error('unit-mismatch', place.pointer, `"${name}" gives ${measure.definition.unit.name}, not codes`)
      : measure
  }

  /** Checks that a measure can give a code: a misspelt one would never be held. */
  code(measure: Measure, code: string, place: Place): void {
    if (measure.codes && !measure.codes.has(code))
      this.error(
        'unknown-name',
        place.pointer,
        `"${measure.name}" never gives the code "${code}"; it gives: ${[...measure.codes].join(', ')}`,
      )
  }

  /** Compiles a node of any kind. */
  node(source: NodeSource, place: Place): Node | undefined {
    const here = this.origin(place, source)
    const kind = this.nodeKinds.find(k => Object.hasOwn(source, k.name)) as NodeKind<unknown>
    const node = this.exactly(here, () => kind.compile(source[kind.name], inside(here, kind.name), this))
    if (!node) return undefined
    const extra = { ...(source.title && { title: source.title }), ...(here !== place && here.origin && { rule: here.origin }) }
    return {
      ...node,
      explain(evaluation) {
        const explained = settled(node.explain(evaluation))
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
