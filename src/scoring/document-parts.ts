import Type, { type TSchema } from 'typebox'

/** Schemas of the small parts that every document of ours shares. They carry their own description, which error messages use. */

export const Name = Type.String({
  pattern: '^[a-z][A-Za-z0-9_-]{0,59}$',
  description: 'a name: a small letter, then letters, digits, _ or -',
})

/** A decimal figure. An editor may see a number; we read its text. */
export const Figure = Type.Unsafe<string>({
  type: ['string', 'number'],
  pattern: '^-?\\d{1,15}(\\.\\d{1,9})?$',
  description: 'a decimal figure such as 0.25',
})

export const WholeFigure = Type.Unsafe<string>({
  type: ['string', 'integer'],
  pattern: '^\\d{1,9}$',
  description: 'a whole number, 0 or more',
})

/** A text in both languages that citizens read. */
export const Localized = Type.Object(
  { 'zh-CN': Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { additionalProperties: false, description: 'a text in zh-CN and en' },
)
export type Localized = { 'zh-CN': string; en: string }

/** What was assumed: a text in both languages, or one text that is shown in both. */
export const Assumption = Type.Unsafe<Assumption>({
  ...Localized,
  type: ['string', 'object'],
  minLength: 1,
  description: 'a text, or a text in zh-CN and en',
})
export type Assumption = string | Localized

/** Where a figure comes from: an article of a named source, or an assumption that says so. */
export const Origin = {
  source: Type.Optional(Type.Object({ ref: Name, article: Type.Optional(Type.String({ minLength: 1 })) }, { additionalProperties: false })),
  assumption: Type.Optional(Assumption),
}
export type Origin = { source?: { ref: string; article?: string }; assumption?: Assumption }

/** Exactly one of the given fields may be present; the others of the map are free. */
export function exactlyOne(names: readonly string[]): { oneOf: { required: string[] }[] } {
  return { oneOf: names.map(name => ({ required: [name] })) }
}

/** A map from names to parts. A name of another form is refused, not passed over. */
export function named<T extends TSchema>(part: T) {
  return Type.Record(Name, part, { additionalProperties: false })
}

export function strict<T extends Record<string, TSchema>>(fields: T) {
  return Type.Object(fields, { additionalProperties: false })
}
