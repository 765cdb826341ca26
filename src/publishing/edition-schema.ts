import Type, { type TSchema } from 'typebox'
import { FirstFormatSchema } from './first-format-schema.ts'

const strict = <T extends Record<string, TSchema>>(fields: T) => Type.Object(fields, { additionalProperties: false })
const word = <T extends string>(...words: T[]) => Type.Unsafe<T>({ type: 'string', enum: words })
const orNull = (schema: TSchema) => Type.Unsafe<unknown>({ anyOf: [schema, { type: 'null' }] })
const optional = Type.Optional
const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const ordinal = Type.Integer({ minimum: 1 })
const digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description: 'a digest sha256:…' })
const decimal = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', description: 'a decimal text' })
const hex = Type.String({ pattern: '^([0-9a-f]{2})+$', description: 'bytes in hexadecimal' })
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a date YYYY-MM-DD' })
const localized = strict({ 'zh-CN': text, en: text })
const cutOff = orNull(Type.Array(text))
const carriedOver = Type.Array(strict({ places: count, from: text }))
const reserve = Type.Array(strict({ number: ordinal, publicNumber: text }))

const Pool = strict({
  pool: text,
  name: localized,
  places: count,
  carriedOver: optional(carriedOver),
  eligible: count,
  admitted: count,
  admittedSecond: count,
  unused: count,
  cutOff,
  atLine: count,
  reserve: optional(reserve),
})
const Line = strict({
  rule: word('admit-all', 'admit-none', 'lot'),
  secret: optional(hex),
  secretDigest: optional(digest),
  draws: optional(Type.Array(strict({ name: text, heldOn: day, numbers: text }))),
  lots: optional(Type.Array(strict({ publicNumber: text, lot: hex, placed: Type.Boolean() }))),
})
const Amendment = strict({
  edition: ordinal,
  kind: word('correction', 'call-up'),
  added: Type.Array(text),
  removed: Type.Array(text),
  changed: Type.Array(text),
  decision: optional(text),
  ground: optional(word('evidence', 'eligibility', 'identity')),
})

/** The shape of a sealed edition; `edition.ts` says what its parts mean. */
export const SealedEditionSchema = strict({
  format: Type.Literal(2),
  kind: word('notice', 'final', 'correction', 'call-up'),
  authority: text,
  round: text,
  edition: ordinal,
  supersedes: orNull(digest),
  reason: text,
  sealedAt: text,
  sealedBy: text,
  asOf: text,
  scheme: strict({ scheme: text, version: text, digest }),
  rules: strict({ rules: text, digest }),
  inputs: digest,
  run: ordinal,
  counts: strict({ applicants: count, eligible: count, admitted: count, atLine: count }),
  amendments: optional(Type.Array(Amendment)),
  scoreLine: optional(decimal),
  order: optional(Type.Array(strict({ key: text, direction: word('desc', 'asc') }), { minItems: 1 })),
  quota: optional(
    strict({
      places: optional(count),
      carriedOver: optional(carriedOver),
      unit: word('applicants', 'households', 'persons'),
      decision: strict({ number: text, body: localized }),
      capacityBasis: localized,
    }),
  ),
  line: optional(Line),
  straddle: optional(word('all-in', 'none', 'next-smaller')),
  cutOff: optional(cutOff),
  reserve: optional(reserve),
  pools: optional(Type.Array(Pool)),
  setAside: optional(Type.Array(strict({ pool: text, name: localized, reason: Type.Array(text, { minItems: 1 }) }))),
  secondRound: optional(
    strict({
      percent: decimal,
      rounding: word('down', 'up'),
      atRoom: word('admit-none', 'admit-all'),
      places: count,
      cutOff,
      atLine: count,
    }),
  ),
  entries: Type.Array(
    strict({
      rank: orNull(ordinal),
      publicNumber: text,
      name: text,
      total: decimal,
      pool: optional(text),
      through: optional(word('second-round', 'correction', 'call-up')),
    }),
  ),
  digest,
})

/** Any edition that may have been published, for the API's document. */
export const PublishedEditionSchema = Type.Unsafe<unknown>({ oneOf: [SealedEditionSchema, FirstFormatSchema] })
