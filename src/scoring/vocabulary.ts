import Type, { type Static } from 'typebox'
import { digestOf } from '../values/digest.ts'
import { readDocument } from '../values/document.ts'
import { Refusal } from '../values/refusal.ts'
import { shapeCheck } from '../values/shape.ts'
import { Localized, Name, named, strict, WholeFigure } from './document-parts.ts'

/*
 * The vocabulary names every kind of evidence and every measure once, for all schemes: units, code lists and labels.
 * It is a document (schemes/vocabulary/<version>.yaml), and a scheme names the version it speaks.
 */

/** What a kind of evidence is like: a span of time, a certificate held from a day on, something that happened on a day, or a trait without date. */
export type Shape = 'span' | 'certificate' | 'event' | 'trait'

const Attribute = Type.Object(
  {
    title: Localized,
    codes: Type.Optional(named(Localized)),
    unit: Type.Optional(Name),
  },
  { additionalProperties: false, oneOf: [{ required: ['codes'] }, { required: ['unit'] }] },
)

const Kind = strict({
  title: Localized,
  shape: Type.Unsafe<Shape>({ type: 'string', enum: ['span', 'certificate', 'event', 'trait'] }),
  grain: Type.Optional(Type.Unsafe<'month' | 'day'>({ type: 'string', enum: ['month', 'day'] })),
  attributes: Type.Optional(named(Attribute)),
})

export const VocabularySchema = strict({
  vocabulary: Type.String({ minLength: 1 }),
  units: named(strict({ title: Localized, scale: WholeFigure })),
  kinds: named(Kind),
  measures: named(strict({ title: Localized, unit: Name })),
})
type VocabularySource = Static<typeof VocabularySchema>

/** An attribute of a kind: a code from a list, or an amount in a unit. */
export type AttributeDefinition = { title: Localized; codes?: ReadonlyMap<string, Localized>; unit?: Unit }
export type KindDefinition = {
  name: string
  title: Localized
  shape: Shape
  grain: 'month' | 'day'
  attributes: ReadonlyMap<string, AttributeDefinition>
}
/** A unit of measures: values are integers in steps of 10^−scale. `codes`, `yes-no` and `date` are units whose values are no quantities. */
export type Unit = { name: string; title: Localized; scale: number }
export type MeasureDefinition = { name: string; title: Localized; unit: Unit }
export type Vocabulary = {
  version: string
  digest: string
  /** The text it was read from. */
  text: string
  kinds: ReadonlyMap<string, KindDefinition>
  measures: ReadonlyMap<string, MeasureDefinition>
  /** Every code of every list. */
  codes: ReadonlySet<string>
}

/** Units that the engine itself must know, because their values are not quantities. */
export const codesUnit = 'codes'
export const yesNoUnit = 'yes-no'
export const dateUnit = 'date'

/** Whether values of a unit can be neither counted nor multiplied. */
export function isNoQuantity(unit: Unit): boolean {
  return unit.name === codesUnit || unit.name === yesNoUnit || unit.name === dateUnit
}

const check = shapeCheck(VocabularySchema)

/**
 * Reads a vocabulary from its YAML text.
 * @throws Refusal `invalid-vocabulary` with pointers; `unreadable-document` for broken YAML
 */
export function readVocabulary(text: string): Vocabulary {
  const document = readDocument(text)
  const faults = check(document.tree)
  if (faults.length > 0) throw new Refusal('invalid-vocabulary', faults)
  const source = document.tree as VocabularySource
  const unit = (name: string, pointer: string): Unit => {
    const found = source.units[name]
    if (found) return { name, title: found.title, scale: Number(found.scale) }
    faults.push({ code: 'unknown-name', pointer, message: `unit "${name}" is not declared under /units` })
    return { name, title: { 'zh-CN': name, en: name }, scale: 0 }
  }
  const kinds = new Map<string, KindDefinition>()
  for (const [name, kind] of Object.entries(source.kinds)) {
    if (reserved.has(name)) faults.push({ code: 'reserved-name', pointer: `/kinds/${name}`, message: `"${name}" is a reserved name` })
    if (kind.shape !== 'span' && kind.grain !== undefined)
      faults.push({ code: 'wrong-form', pointer: `/kinds/${name}/grain`, message: 'only a span has a grain' })
    const attributes = new Map<string, AttributeDefinition>()
    for (const [attribute, definition] of Object.entries(kind.attributes ?? {})) {
      const pointer = `/kinds/${name}/attributes/${attribute}`
      if (recordFields.has(attribute)) faults.push({ code: 'reserved-name', pointer, message: `"${attribute}" is a field of every record` })
      attributes.set(attribute, {
        title: definition.title,
        ...(definition.codes && { codes: new Map(Object.entries(definition.codes)) }),
        ...(definition.unit && { unit: unit(definition.unit, `${pointer}/unit`) }),
      })
    }
    kinds.set(name, { name, title: kind.title, shape: kind.shape, grain: kind.grain ?? 'day', attributes })
  }
  const allCodes = [...kinds.values()].flatMap(kind =>
    [...kind.attributes.values()].flatMap(attribute => [...(attribute.codes?.keys() ?? [])]),
  )
  const measures = new Map<string, MeasureDefinition>()
  for (const [name, measure] of Object.entries(source.measures))
    measures.set(name, { name, title: measure.title, unit: unit(measure.unit, `/measures/${name}/unit`) })
  if (faults.length > 0) throw new Refusal('invalid-vocabulary', faults)
  return { version: source.vocabulary, digest: digestOf(document.tree), text, kinds, measures, codes: new Set(allCodes) }
}

/** The kind that gives a measure directly, where a register knows only a count. */
export const attestedKind = 'attested'
const reserved = new Set([attestedKind])
const recordFields = new Set(['from', 'to', 'date', 'issued', 'expires', 'source', 'state', 'measure', 'value'])
