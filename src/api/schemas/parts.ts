import Type, { type TSchema } from 'typebox'
import { publishedTextForm } from '../../publishing/published-text.ts'

/** An object in which an unknown field is a fault. */
export function strict<T extends Record<string, TSchema>>(fields: T) {
  return Type.Object(fields, { additionalProperties: false })
}

/** A schema with a name of its own in the API's document; app.ts lists them all. */
export function component<T extends TSchema>(name: string, schema: T): T & { $id: string } {
  return Object.assign(schema, { $id: name })
}

/** Points to a component by its name. */
export function ref(name: string) {
  return Type.Unsafe<unknown>({ $ref: `${name}#` })
}

export function orNull<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

export function word<const T extends string>(...words: T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: words })
}

/** A text that is published as it stands, `what` it is. */
export function publishedText(most: number, what: string) {
  return Type.String({
    minLength: 1,
    maxLength: most,
    pattern: publishedTextForm,
    description: `${what}: one line, not blank`,
  })
}

export const Count = Type.Integer({ minimum: 0 })
/** A number of a table's row; what is stored as int4. */
export const Ordinal = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
/** A number of a person or a record; what is stored as int8 and is exact in JSON. */
export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const Digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description: 'a digest, sha256: and 64 hexadecimal digits' })
export const Instant = Type.String({ description: 'A moment in UTC by ISO 8601.', examples: ['2026-07-01T08:00:00.000Z'] })
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a date YYYY-MM-DD' })
/** Points with all digits of their scale. Never a JSON number, which may lose digits. */
export const Points = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', description: 'a decimal text', examples: ['97.13'] })

export const AuthorityName = Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$', description: '2 to 40 of a-z, 0-9 and -, a letter first' })
export const RoundName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: '1 to 40 of a-z, 0-9 and -, no - first' })
export const PublicNumber = Type.String({
  pattern: '^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$',
  description: 'a public number, three groups of four letters and digits',
  examples: ['7K2M-X9QF-3HTA'],
})
export const SchemeName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', description: 'a name of a scheme' })
export const SchemeVersion = Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$', description: 'a version such as 2020' })
