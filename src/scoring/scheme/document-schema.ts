import Type, { type Static } from 'typebox'
import { exactlyOne, Figure, Localized, Name, named, Origin, strict, WholeFigure } from '../document-parts.ts'
import { choiceOf } from '../measures/choice-of.ts'
import { measureKinds } from '../measures/kinds/all.ts'
import { DateRef, Where } from '../measures/selection.ts'
import { ConditionRef, ConditionSchema } from '../points/condition.ts'
import { nodeKinds } from '../points/kinds/all.ts'
import { NodeRef } from '../points/node.ts'
import type { Mode } from '../points/rounding.ts'
import { KindSchema, UnitSchema } from '../vocabulary.ts'

/*
 * The shape of a scheme document. The same schema checks a document and is published for editors (schemes/scheme.schema.json).
 */

const Rounding = Type.Unsafe<Static<typeof Mode> | 'none'>({ type: 'string', enum: ['none', 'half-up', 'half-even', 'floor', 'ceiling'] })
const SignedFigure = Type.Unsafe<string>({ type: ['string', 'integer'], pattern: '^-?\\d{1,5}$', description: 'a whole number' })

/** How a source was read: R in the official text, RS in a secondary page, DATA computed from published lists, OWN general knowledge, unverified. */
const SourceMark = Type.Unsafe<'R' | 'RS' | 'DATA' | 'OWN'>({ type: 'string', enum: ['R', 'RS', 'DATA', 'OWN'] })

export const SourceList = named(
  strict({ title: Type.String({ minLength: 1 }), where: Type.Optional(Type.String({ minLength: 1 })), mark: SourceMark }),
)

const dateFields = {
  from: Type.Optional(DateRef),
  of: Type.Optional(Name),
  where: Type.Optional(Where),
  which: Type.Optional(choiceOf('first', 'last')),
  otherwise: Type.Optional(DateRef),
  shift: Type.Optional(
    Type.Object(
      { years: Type.Optional(SignedFigure), months: Type.Optional(SignedFigure), days: Type.Optional(SignedFigure) },
      { additionalProperties: false, minProperties: 1 },
    ),
  ),
  move: Type.Optional(choiceOf('start-of-year', 'end-of-year', 'start-of-month', 'end-of-month')),
  ...Origin,
}
const NamedDate = Type.Object(dateFields, {
  additionalProperties: false,
  ...exactlyOne(['from', 'of']),
  dependentRequired: { of: ['which'], where: ['of'], which: ['of'], otherwise: ['of'] },
})

const Measure = Type.Object(
  {
    ...Object.fromEntries(measureKinds.map(kind => [kind.name, Type.Optional(kind.schema)])),
    title: Type.Optional(Localized),
    ...Origin,
  },
  { additionalProperties: false, ...exactlyOne(measureKinds.map(kind => kind.name)) },
)

const Check = strict({
  title: Localized,
  same: Type.Array(Name, { minItems: 2, maxItems: 2, uniqueItems: true }),
  within: Type.Optional(Figure),
  ...Origin,
})

const Gate = strict({ title: Localized, require: ConditionRef, ...Origin })
const Freeze = strict({ title: Localized, when: ConditionRef, ...Origin })
const Item = strict({ title: Localized, scale: WholeFigure, rounding: Rounding, value: NodeRef, ...Origin })
const Total = strict({
  title: Localized,
  scale: WholeFigure,
  rounding: Rounding,
  items: Type.Optional(Type.Array(Name, { minItems: 1, uniqueItems: true })),
  value: Type.Optional(NodeRef),
  gates: Type.Optional(Type.Array(Name, { uniqueItems: true })),
  freezes: Type.Optional(Type.Array(Name, { uniqueItems: true })),
  floor: Type.Optional(Figure),
  ...Origin,
})

const SchemeShape = strict({
  $schema: Type.Optional(Type.String()),
  scheme: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', description: 'a name: small letters, digits and -' }),
  version: Type.Unsafe<string>({
    type: ['string', 'integer'],
    pattern: '^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$',
    description: 'a version such as 2020',
  }),
  vocabulary: Type.Unsafe<string>({ type: ['string', 'integer'], pattern: '^[0-9]{1,4}$', description: 'a version of the vocabulary' }),
  title: Localized,
  status: Type.Unsafe<'complete' | 'incomplete'>({ type: 'string', enum: ['complete', 'incomplete'] }),
  absent: Type.Optional(Type.Array(Localized, { minItems: 1 })),
  sources: SourceList,
  calendar: strict({ monthEnd: Type.Unsafe<'last-day' | 'next-day'>({ type: 'string', enum: ['last-day', 'next-day'] }), ...Origin }),
  units: Type.Optional(named(UnitSchema)),
  evidence: Type.Optional(named(KindSchema)),
  dates: Type.Optional(named(NamedDate)),
  measures: named(Measure),
  checks: Type.Optional(named(Check)),
  gates: named(Gate),
  freezes: Type.Optional(named(Freeze)),
  items: named(Item),
  totals: named(Total),
})

export type SchemeSource = Static<typeof SchemeShape>

/** The JSON Schema of a scheme document, complete with its parts. */
export const schemeSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Points scheme for household settlement',
  ...SchemeShape,
  $defs: {
    node: Type.Object(
      { ...Object.fromEntries(nodeKinds.map(kind => [kind.name, Type.Optional(kind.schema)])), title: Type.Optional(Localized), ...Origin },
      { additionalProperties: false, ...exactlyOne(nodeKinds.map(kind => kind.name)) },
    ),
    condition: ConditionSchema,
  },
}
