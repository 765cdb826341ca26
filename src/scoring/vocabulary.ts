import Type, { type Static } from 'typebox'
import { parseDecimal } from '../values/decimal.ts'
import { digestOf } from '../values/digest.ts'
import { readDocument } from '../values/document.ts'
import { at, Refusal } from '../values/refusal.ts'
import { shapeCheck } from '../values/shape.ts'
import { Localized, Name, named, strict } from './document-parts.ts'

/*
 * The vocabulary names the common kinds of evidence, measures and units once, for all schemes: with code lists and labels.
 * It is a document (schemes/vocabulary/<version>.yaml), and a scheme names the version it speaks. What it lacks a scheme names itself.
 */

/** What a kind of evidence is like: a span of time, a certificate held from a day on, something that happened on a day, or a trait without date. */
export type Shape = 'span' | 'certificate' | 'event' | 'trait'

const Attribute = Type.Object(
  {
    title: Localized,
    codes: Type.Optional(named(Localized)),
    unit: Type.Optional(Name),
    default: Type.Optional(
      Type.Unsafe<string>({
        type: ['string', 'number'],
        pattern: '^([a-z][A-Za-z0-9_-]{0,59}|\\d{1,15}(\\.\\d{1,9})?)$',
        description: 'a code of the list, or a figure, 0 or more',
      }),
    ),
  },
  { additionalProperties: false, oneOf: [{ required: ['codes'] }, { required: ['unit'] }] },
)

export const KindSchema = strict({
  title: Localized,
  shape: Type.Unsafe<Shape>({ type: 'string', enum: ['span', 'certificate', 'event', 'trait'] }),
  grain: Type.Optional(Type.Unsafe<'month' | 'day'>({ type: 'string', enum: ['month', 'day'] })),
  attributes: Type.Optional(named(Attribute)),
})
export type KindSource = Static<typeof KindSchema>

export const UnitSchema = strict({
  title: Localized,
  scale: Type.Unsafe<string>({ type: ['string', 'integer'], pattern: '^[0-6]$', description: 'a number of decimals, 0 to 6' }),
})
export type UnitSource = Static<typeof UnitSchema>

export const VocabularySchema = strict({
  vocabulary: Type.String({ minLength: 1 }),
  units: named(UnitSchema),
  kinds: named(KindSchema),
  measures: named(strict({ title: Localized, unit: Name })),
})
type VocabularySource = Static<typeof VocabularySchema>

/** An attribute of a kind: a code from a list, or an amount in a unit. `default` is what holds for a record that does not say. */
export type AttributeDefinition = { title: Localized; codes?: ReadonlyMap<string, Localized>; unit?: Unit; default?: string | number }
export type KindDefinition = {
  name: string
  title: Localized
  shape: Shape
  grain: 'month' | 'day'
  attributes: ReadonlyMap<string, AttributeDefinition>
}
/** Whether a kind's time is counted in calendar months: a date then stands for its whole month. */
export function ofMonths(kind: KindDefinition): boolean {
  return kind.shape === 'span' && kind.grain === 'month'
}

/** A unit of measures: values are integers in steps of 10^−scale. `codes`, `yes-no` and `date` are units whose values are no quantities. */
export type Unit = { name: string; title: Localized; scale: number }
export type MeasureDefinition = { name: string; title: Localized; unit: Unit }
export type Vocabulary = {
  version: string
  digest: string
  /** The text it was read from. */
  text: string
  units: ReadonlyMap<string, Unit>
  kinds: ReadonlyMap<string, KindDefinition>
  measures: ReadonlyMap<string, MeasureDefinition>
  /** Every code of every list. */
  codes: ReadonlySet<string>
}

/** Units that the engine itself must know, because their values are not quantities. */
export const codesUnit = 'codes'
export const yesNoUnit = 'yes-no'
export const dateUnit = 'date'
/** Units in which kinds of measures count by themselves: every vocabulary has them, in whole numbers. */
const neededUnits = ['months', 'years', 'records', codesUnit, yesNoUnit, dateUnit]

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
  const tell: Tell = (code, pointer, message) => faults.push({ code, pointer, message })
  const units = unitsOf(source.units)
  for (const name of neededUnits)
    if (units.get(name)?.scale !== 0)
      tell('missing-field', '/units', `the unit "${name}" must be declared, with scale 0: measures are counted in it`)
  const kinds = kindsOf(source.kinds, units, '/kinds', tell)
  const measures = new Map<string, MeasureDefinition>()
  for (const [name, measure] of Object.entries(source.measures))
    measures.set(name, { name, title: measure.title, unit: unitOf(measure.unit, units, `/measures/${name}/unit`, tell) })
  if (faults.length > 0) throw new Refusal('invalid-vocabulary', faults)
  return { version: source.vocabulary, digest: digestOf(document.tree), text, units, kinds, measures, codes: codesOf(kinds) }
}

/** Tells what is wrong in a part that a pointer names. */
type Tell = (code: string, pointer: string, message: string) => void

export function unitsOf(sources: { [name: string]: UnitSource }): Map<string, Unit> {
  return new Map(Object.entries(sources).map(([name, { title, scale }]) => [name, { name, title, scale: Number(scale) }]))
}

/** Kinds of evidence as a document names them. */
export function kindsOf(
  sources: { [name: string]: KindSource },
  units: ReadonlyMap<string, Unit>,
  pointer: string,
  tell: Tell,
): Map<string, KindDefinition> {
  const kinds = new Map<string, KindDefinition>()
  for (const [name, kind] of Object.entries(sources)) {
    const here = at(pointer, name)
    if (reserved.has(name)) tell('reserved-name', here, `"${name}" is a reserved name`)
    if (kind.shape !== 'span' && kind.grain !== undefined) tell('wrong-form', at(here, 'grain'), 'only a span has a grain')
    const attributes = new Map<string, AttributeDefinition>()
    for (const [attribute, definition] of Object.entries(kind.attributes ?? {})) {
      const there = at(at(here, 'attributes'), attribute)
      if (recordFields.has(attribute)) tell('reserved-name', there, `"${attribute}" is a field of every record`)
      attributes.set(attribute, attributeOf(definition, units, there, tell))
    }
    kinds.set(name, { name, title: kind.title, shape: kind.shape, grain: kind.grain ?? 'day', attributes })
  }
  return kinds
}

function attributeOf(source: Static<typeof Attribute>, units: ReadonlyMap<string, Unit>, pointer: string, tell: Tell): AttributeDefinition {
  const { title, codes, default: usual } = source
  if (codes) {
    if (usual !== undefined && !Object.hasOwn(codes, usual))
      tell('unknown-name', at(pointer, 'default'), `"${usual}" is no code of this list; it has: ${Object.keys(codes).join(', ')}`)
    return { title, codes: new Map(Object.entries(codes)), ...(usual !== undefined && { default: usual }) }
  }
  const unit = unitOf(source.unit as string, units, at(pointer, 'unit'), tell)
  if (isNoQuantity(unit))
    tell('unit-mismatch', at(pointer, 'unit'), `${unit.name} is no quantity; name the unit of an amount, or give codes`)
  if (usual === undefined) return { title, unit }
  const amount = parseDecimal(usual, unit.scale)
  if (amount === undefined)
    tell('unit-mismatch', at(pointer, 'default'), `"${usual}" is no figure in ${unit.name}, which has ${unit.scale} decimals`)
  return { title, unit, default: amount ?? 0 }
}

/** A unit by name. One that is not declared is told, and stands for whole numbers so that no second fault follows from it. */
function unitOf(name: string, units: ReadonlyMap<string, Unit>, pointer: string, tell: Tell): Unit {
  const found = units.get(name)
  if (!found) tell('unknown-name', pointer, `unit "${name}" is not declared; known: ${[...units.keys()].join(', ')}`)
  return found ?? { name, title: { 'zh-CN': name, en: name }, scale: 0 }
}

export function codesOf(kinds: ReadonlyMap<string, KindDefinition>): Set<string> {
  const codes = new Set<string>()
  for (const kind of kinds.values())
    for (const attribute of kind.attributes.values()) for (const code of attribute.codes?.keys() ?? []) codes.add(code)
  return codes
}

/** The kind that gives a measure directly, where a register knows only a count. */
export const attestedKind = 'attested'
const reserved = new Set([attestedKind])
/** Fields that every record has, as it is sent or as it is explained. */
const recordFields = new Set(['kind', 'from', 'to', 'date', 'issued', 'expires', 'source', 'state', 'measure', 'value'])
