import Type, { type Static } from 'typebox'

/*
 * The shape of a round rules document, for reading it and for editors (schemes/rounds.schema.json). What a shape cannot say
 * (names that must be declared, possible dates) is checked in rules.ts. Each part carries the description that error messages use.
 */

const strict = { additionalProperties: false }
const Text = Type.String({ minLength: 1 })
const Name = Type.String({ pattern: '^[a-z][A-Za-z0-9_-]{0,59}$', description: 'a name: a small letter, then letters, digits, _ or -' })
const Localized = Type.Object({ 'zh-CN': Text, en: Text }, { ...strict, description: 'a text in zh-CN and en' })
// A text that is shown in both languages, or one in each.
const Assumption = Type.Unsafe<string | Static<typeof Localized>>({
  ...Localized,
  type: ['string', 'object'],
  minLength: 1,
  description: 'a text, or a text in zh-CN and en',
})

// An editor may see a number; we read its text.
const Figure = Type.Unsafe<string>({
  type: ['string', 'number'],
  pattern: '^-?\\d{1,15}(\\.\\d{1,9})?$',
  description: 'a decimal figure such as 97.13',
})
const WholeFigure = Type.Unsafe<string>({ type: ['string', 'integer'], pattern: '^\\d{1,9}$', description: 'a whole number, 0 or more' })

function word<T extends string>(...words: T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: words })
}

const origin = {
  source: Type.Optional(Type.Object({ ref: Name, article: Text }, strict)),
  assumption: Type.Optional(Assumption),
}
const withOrigin = { ...strict, anyOf: [{ required: ['source'] }, { required: ['assumption'] }] }

export const RulesSchema = Type.Object(
  {
    rules: Type.String({ pattern: '^[a-z][a-z0-9-]*/[a-z0-9-]+$', description: 'a name such as beijing/2020' }),
    scheme: Type.Object({ scheme: Name, version: Text }, strict),
    asOf: Type.Optional(
      Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a date YYYY-MM-DD, the reference date of the round' }),
    ),
    sources: Type.Record(Name, Type.Object({ title: Text, where: Text, mark: word('R', 'RS', 'DATA', 'OWN') }, strict), strict),
    total: Name,
    gate: Type.Optional(Type.Object({ atLeast: Figure, ...origin }, withOrigin)),
    order: Type.Array(
      Type.Object(
        { key: word('total', 'item', 'measure', 'date'), of: Type.Optional(Name), direction: word('desc', 'asc'), ...origin },
        withOrigin,
      ),
      { minItems: 1 },
    ),
    quota: Type.Object(
      {
        places: WholeFigure,
        unit: word('applicants'),
        decision: Type.Object({ number: Text, body: Localized }, strict),
        capacityBasis: Localized,
        ...origin,
      },
      withOrigin,
    ),
    line: Type.Optional(Type.Object({ rule: word('admit-all', 'admit-none', 'lot'), ...origin }, withOrigin)),
  },
  { ...strict, $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Round rules (schemes/<place>/<year>/rounds.yaml)' },
)
export type RulesSource = Static<typeof RulesSchema>
