import Type, { type TSchema } from 'typebox'

const strict = <T extends Record<string, TSchema>>(fields: T) => Type.Object(fields, { additionalProperties: false })
const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description: 'a digest sha256:…' })
const digestOrNone = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  pattern: '^sha256:[0-9a-f]{64}$',
  description: 'a digest sha256:… or null',
})
const decimal = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', description: 'a decimal text' })
const localized = strict({ 'zh-CN': text, en: text })

/** The shape of a sealed edition of the first format. It never changes: what was sealed in it must be found to hold for ever. */
export const FirstFormatSchema = strict({
  format: Type.Literal(1),
  kind: Type.Unsafe<'notice' | 'final'>({ type: 'string', enum: ['notice', 'final'] }),
  authority: text,
  round: text,
  edition: Type.Integer({ minimum: 1 }),
  supersedes: digestOrNone,
  reason: text,
  sealedAt: text,
  sealedBy: text,
  asOf: text,
  scheme: strict({ scheme: text, version: text, digest }),
  rules: strict({ rules: text, digest }),
  inputs: digest,
  order: Type.Array(strict({ key: text, direction: Type.Unsafe<'desc' | 'asc'>({ type: 'string', enum: ['desc', 'asc'] }) }), {
    minItems: 1,
  }),
  quota: strict({ places: count, unit: text, decision: strict({ number: text, body: localized }), capacityBasis: localized }),
  line: strict({
    rule: Type.Unsafe<'admit-all' | 'admit-none' | 'lot'>({ type: 'string', enum: ['admit-all', 'admit-none', 'lot'] }),
    lotSeed: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
    lotSeedDigest: digestOrNone,
  }),
  counts: strict({ applicants: count, eligible: count, admitted: count, atLine: count }),
  cutOff: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } }),
  entries: Type.Array(strict({ rank: Type.Integer({ minimum: 1 }), publicNumber: text, name: text, total: decimal })),
  digest,
})
