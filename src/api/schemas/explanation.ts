import Type from 'typebox'
import { component, Day, Digest, orNull, Points, ref, strict, word } from './parts.ts'

/* The shape of scoring/explanation.ts, for the API's document. Figures are exact decimal texts, or fractions where a decimal does not end. */

const text = Type.String()
const Known = word('exact', 'lower-bound', 'undetermined')
const figure = Type.String({ description: 'a decimal text, or a fraction such as 7/3' })
const Rounding = orNull(strict({ mode: text, scale: Type.Integer(), before: figure }))

export const Localized = component(
  'Localized',
  Type.Object({ 'zh-CN': text, en: text }, { additionalProperties: false, description: 'A text in both languages.' }),
)
const Assumption = Type.Unsafe({
  anyOf: [{ type: 'string' }, { $ref: 'Localized#' }],
  description: 'One text for both languages, or a text in each.',
})
const Origin = component(
  'Origin',
  Type.Object(
    { source: Type.Optional(strict({ ref: text, article: Type.Optional(text) })), assumption: Type.Optional(Assumption) },
    { additionalProperties: false, description: 'The article of a named source on which a figure rests, or the assumption that was made.' },
  ),
)

const Record = component(
  'DescribedRecord',
  Type.Unsafe({
    type: 'object',
    description: 'A record with its time and its attributes.',
    required: ['kind', 'source', 'state', 'from', 'to'],
    properties: {
      kind: { type: 'string' },
      source: { type: 'string' },
      state: { type: 'string' },
      from: { type: ['string', 'null'] },
      to: { type: ['string', 'null'] },
    },
    additionalProperties: { type: ['string', 'null'] },
  }),
)

const Condition = component(
  'ConditionExplanation',
  strict({
    answer: word('yes', 'no', 'missing'),
    measure: Type.Optional(text),
    value: Type.Optional(Type.Unsafe({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }] })),
    date: Type.Optional(text),
    test: text,
    parts: Type.Optional(Type.Array(ref('ConditionExplanation'))),
    steps: Type.Optional(ref('NodeExplanation')),
  }),
)

const Node = component(
  'NodeExplanation',
  strict({
    node: Type.String({ description: 'The kind of node: rate, bands, choice, …' }),
    at: Type.String({ description: 'JSON pointer into the scheme.' }),
    branch: Type.String({ description: 'The way that it went: row/2, otherwise, cap, …' }),
    points: orNull(figure),
    title: Type.Optional(ref('Localized')),
    rule: Type.Optional(ref('Origin')),
    how: Type.Unsafe({
      type: 'object',
      description: 'What this kind of node did: the measure used, the row chosen, the cap applied, the rounding step.',
      additionalProperties: { type: ['string', 'number', 'boolean', 'null', 'array'], items: { type: 'string' } },
    }),
    evidence: Type.Optional(Type.Array(ref('DescribedRecord'))),
    parts: Type.Optional(Type.Array(ref('NodeExplanation'))),
    condition: Type.Optional(ref('ConditionExplanation')),
  }),
)

const Gate = component(
  'GateExplanation',
  strict({
    gate: text,
    title: ref('Localized'),
    rule: ref('Origin'),
    passed: word('yes', 'no', 'missing'),
    require: ref('ConditionExplanation'),
  }),
)

const Freeze = component(
  'FreezeExplanation',
  strict({
    freeze: text,
    title: ref('Localized'),
    rule: ref('Origin'),
    holds: word('yes', 'no', 'missing'),
    when: ref('ConditionExplanation'),
  }),
)

const Item = component(
  'ItemExplanation',
  strict({
    item: text,
    title: ref('Localized'),
    rule: ref('Origin'),
    points: orNull(Points),
    possible: Type.Unsafe({ type: ['string', 'null'], description: 'The most that anybody can get; null if there is no limit.' }),
    known: Known,
    rounding: Rounding,
    steps: ref('NodeExplanation'),
  }),
)

const Total = component(
  'TotalExplanation',
  strict({
    total: text,
    title: ref('Localized'),
    points: orNull(Points),
    possible: orNull(Points),
    known: Known,
    rounding: Rounding,
    steps: ref('NodeExplanation'),
    raisedTo: orNull(Points),
  }),
)

const Measure = component(
  'MeasureExplanation',
  strict({
    title: ref('Localized'),
    unit: text,
    value: Type.Unsafe({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }] }),
    rule: ref('Origin'),
    attested: orNull(strict({ source: text, state: text })),
    evidence: Type.Array(ref('DescribedRecord')),
    leftOut: Type.Array(ref('DescribedRecord'), { description: 'Records of the same kinds that were given and do not count here.' }),
  }),
)

const Explanation = component(
  'Explanation',
  Type.Object(
    {
      format: Type.Literal(2),
      scheme: strict({ scheme: text, version: text, digest: Digest }),
      asOf: Day,
      gates: Type.Array(ref('GateExplanation')),
      freezes: Type.Array(ref('FreezeExplanation')),
      items: Type.Array(ref('ItemExplanation')),
      totals: Type.Array(ref('TotalExplanation')),
      measures: Type.Unsafe({ type: 'object', additionalProperties: { $ref: 'MeasureExplanation#' } }),
    },
    { additionalProperties: false, description: 'How one score came about, from the evidence to the total.' },
  ),
)

export const explanationComponents = [Localized, Origin, Record, Condition, Node, Gate, Freeze, Item, Total, Measure, Explanation]
