import Type, { type Static } from 'typebox'
import { exactlyOne, Localized, Name, named, Origin, strict, WholeFigure } from '../document-parts.ts'
import { measureKinds } from '../measures/kinds/all.ts'
import { DateRef } from '../measures/selection.ts'
import { ConditionRef, ConditionSchema } from '../points/condition.ts'
import { nodeKinds } from '../points/kinds/all.ts'
import type { Mode } from '../points/kinds/rounding-step.ts'
import { NodeRef } from '../points/node.ts'

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

const NamedDate = strict({
  from: DateRef,
  shift: Type.Optional(
    Type.Object(
      { years: Type.Optional(SignedFigure), months: Type.Optional(SignedFigure), days: Type.Optional(SignedFigure) },
      { additionalProperties: false, minProperties: 1 },
    ),
  ),
  move: Type.Optional(
    Type.Unsafe<'start-of-year' | 'end-of-year' | 'start-of-month' | 'end-of-month'>({
      type: 'string',
      enum: ['start-of-year', 'end-of-year', 'start-of-month', 'end-of-month'],
    }),
  ),
  ...Origin,
})

const Measure = Type.Object(
  { ...Object.fromEntries(measureKinds.map(kind => [kind.name, Type.Optional(kind.schema)])), ...Origin },
  { additionalProperties: false, ...exactlyOne(measureKinds.map(kind => kind.name)) },
)

const Gate = strict({ title: Localized, require: ConditionRef, ...Origin })
const Item = strict({ title: Localized, scale: WholeFigure, rounding: Rounding, value: NodeRef, ...Origin })
const Total = strict({
  title: Localized,
  scale: WholeFigure,
  rounding: Rounding,
  items: Type.Optional(Type.Array(Name, { minItems: 1, uniqueItems: true })),
  atLeast: Type.Optional(
    Type.Unsafe<string>({
      type: ['string', 'number'],
      pattern: '^-?\\d{1,15}(\\.\\d{1,9})?$',
      description: 'a decimal figure such as 0.25',
    }),
  ),
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
  dates: Type.Optional(named(NamedDate)),
  measures: named(Measure),
  gates: named(Gate),
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
