import Type, { type Static } from 'typebox'
import { lineRules, roomRules, straddleRules } from './filling.ts'

/*
 * The shape of a round rules document, for reading it and for editors (schemes/rounds.schema.json). What a shape cannot say
 * (names that must be declared, possible dates, what needs what) is checked in rules-faults.ts. Each part carries the description that error messages use.
 */

const strict = { additionalProperties: false }
// One way to match each text: with two, a long one that ends in a control character would be tried for minutes.
const shownForm = '^\\s*[^\\s\\u0000-\\u001F][^\\u0000-\\u0008\\u000B-\\u001F]*$'
const Text = Type.String({ minLength: 1, pattern: shownForm, description: 'a text that is not blank and has no control characters' })
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
const Percent = Type.Unsafe<string>({
  type: ['string', 'number'],
  pattern: '^\\d{1,4}(\\.\\d{1,9})?$',
  description: 'a percentage such as 10 or 12.5, 0 or more',
})
const WholeFigure = Type.Unsafe<string>({ type: ['string', 'integer'], pattern: '^\\d{1,9}$', description: 'a whole number, 0 or more' })
const Count = Type.Unsafe<string>({ type: ['string', 'integer'], pattern: '^[1-9]\\d{0,3}$', description: 'a whole number from 1 to 9999' })
const DateText = (meaning: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `a date YYYY-MM-DD, ${meaning}` })

function word<T extends string>(...words: readonly T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: [...words] })
}

const origin = {
  source: Type.Optional(Type.Object({ ref: Name, article: Text }, strict)),
  assumption: Type.Optional(Assumption),
}
const withOrigin = { ...strict, anyOf: [{ required: ['source'] }, { required: ['assumption'] }] }
const oneOf = (...fields: string[]) => ({ oneOf: fields.map(field => ({ required: [field] })) })

const CarriedOver = Type.Array(Type.Object({ places: WholeFigure, from: Text, ...origin }, withOrigin), { minItems: 1 })
const Term = Type.Object({ days: Type.Optional(Count), months: Type.Optional(Count) }, { ...strict, ...oneOf('days', 'months') })

const Pool = Type.Object(
  {
    pool: Name,
    name: Localized,
    places: WholeFigure,
    carriedOver: Type.Optional(CarriedOver),
    where: Type.Optional(Type.Object({ measure: Name, is: Text }, strict)),
    ...origin,
  },
  withOrigin,
)

const SecondRound = Type.Object(
  {
    overAtMost: Type.Object({ percent: Percent, rounding: word('down', 'up') }, strict),
    atRoom: word(...roomRules),
    ...origin,
  },
  withOrigin,
)

const Draw = Type.Object(
  {
    series: Localized,
    numbers: Type.Array(Type.Object({ count: Count, from: WholeFigure, to: WholeFigure, order: word('ascending', 'drawn') }, strict), {
      minItems: 1,
    }),
    ...origin,
  },
  withOrigin,
)

export const RulesSchema = Type.Object(
  {
    rules: Type.String({ pattern: '^[a-z][a-z0-9-]*/[a-z0-9-]+$', description: 'a name such as beijing/2020' }),
    scheme: Type.Object({ scheme: Name, version: Text }, strict),
    asOf: Type.Optional(DateText('the reference date of the round')),
    sources: Type.Record(Name, Type.Object({ title: Text, where: Text, mark: word('R', 'RS', 'DATA', 'OWN') }, strict), strict),
    total: Name,
    scoreLine: Type.Optional(Type.Object({ atLeast: Figure, ...origin }, withOrigin)),
    gate: Type.Optional(Type.Object({ atLeast: Figure, ...origin }, withOrigin)),
    order: Type.Optional(
      Type.Array(
        Type.Object(
          {
            key: word('total', 'item', 'measure', 'date', 'submission'),
            of: Type.Optional(Name),
            to: Type.Optional(word('day', 'moment')),
            direction: word('desc', 'asc'),
            ...origin,
          },
          withOrigin,
        ),
        { minItems: 1 },
      ),
    ),
    quota: Type.Optional(
      Type.Object(
        {
          places: Type.Optional(WholeFigure),
          carriedOver: Type.Optional(CarriedOver),
          pools: Type.Optional(Type.Array(Pool, { minItems: 1 })),
          secondRound: Type.Optional(SecondRound),
          unit: word('applicants', 'households', 'persons'),
          decision: Type.Object({ number: Text, body: Localized }, strict),
          capacityBasis: Localized,
          ...origin,
        },
        { ...withOrigin, ...oneOf('places', 'pools') },
      ),
    ),
    line: Type.Optional(Type.Object({ rule: word(...lineRules), draw: Type.Optional(Draw), ...origin }, withOrigin)),
    straddle: Type.Optional(Type.Object({ rule: word(...straddleRules), ...origin }, withOrigin)),
    reserve: Type.Optional(Type.Object({ places: WholeFigure, ...origin }, withOrigin)),
    settlement: Type.Optional(
      Type.Object(
        {
          until: Type.Optional(DateText('the last day to settle')),
          calledUp: Type.Optional(Type.Object({ within: Term }, strict)),
          within: Type.Optional(Term),
          ...origin,
        },
        { ...withOrigin, ...oneOf('until', 'within') },
      ),
    ),
    zone: Type.Optional(
      Type.String({
        pattern: '^([+-](0\\d|1[0-3]):[0-5]\\d|[+]14:00)$',
        description: 'how far the clocks are ahead of UTC, such as "+08:00"',
      }),
    ),
  },
  { ...strict, $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Round rules (schemes/<place>/<year>/rounds.yaml)' },
)
export type RulesSource = Static<typeof RulesSchema>
