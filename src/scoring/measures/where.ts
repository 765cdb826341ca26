import Type, { type Static, type TSchema } from 'typebox'
import { latinBrackets } from '../../values/yaml-remedies.ts'
import { Figure, named } from '../document-parts.ts'
import type { EvidenceRecord } from '../evidence/facts.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import type { AttributeDefinition, KindDefinition } from '../vocabulary.ts'

/*
 * Which records of a kind are meant: by their codes, and by how large their amounts are.
 */

const Code = Type.String({ minLength: 1 })
const codesField = { type: ['string', 'array'], items: { type: 'string' }, minItems: 1 }
const Comparison = {
  not: Type.Optional(Type.Unsafe<string | string[]>(codesField)),
  atLeast: Type.Optional(Figure),
  above: Type.Optional(Figure),
  atMost: Type.Optional(Figure),
  below: Type.Optional(Figure),
}
const ComparisonSchema = Type.Object(Comparison, { additionalProperties: false, minProperties: 1 })
type Wanted = Static<typeof Code> | string[] | Static<typeof ComparisonSchema>

/** By attribute: a code, a list of codes, all codes but these, or bounds of an amount. */
export const Where = named(
  Type.Unsafe<Wanted>({
    ...codesField,
    type: ['string', 'array', 'object'],
    properties: Comparison as { [name: string]: TSchema },
    additionalProperties: false,
    minProperties: 1,
  }),
)

type Test = (record: EvidenceRecord) => boolean

/** Compiles `where` to one test of a record; undefined if every record is meant. */
export function compileWhere(
  kind: KindDefinition,
  where: Static<typeof Where> = {},
  place: Place,
  compilation: Compilation,
): Test | undefined {
  let test: Test | undefined
  for (const [name, wanted] of Object.entries(where)) {
    const here = inside(place, name)
    const attribute = kind.attributes.get(name)
    if (!attribute) {
      const known = [...kind.attributes.keys()]
      const remedy = compilation.meant(name, known) ?? `it has: ${known.join(', ') || 'none'}`
      compilation.error('unknown-name', here.pointer, `${kind.name} has no attribute "${name}"; ${remedy}`)
      continue
    }
    const next = attribute.codes
      ? codeTest(kind.name, name, attribute.codes, wanted, here, compilation)
      : amountTest(name, attribute, wanted, here, compilation)
    test = test && next ? both(test, next) : (next ?? test)
  }
  return test
}

const both =
  (a: Test, b: Test): Test =>
  record =>
    a(record) && b(record)

function codeTest(
  kind: string,
  name: string,
  codes: ReadonlyMap<string, unknown>,
  wanted: Wanted,
  place: Place,
  compilation: Compilation,
): Test | undefined {
  const negated = typeof wanted === 'object' && !Array.isArray(wanted)
  const listed = negated ? wanted.not : wanted
  if (listed === undefined || (negated && Object.keys(wanted).length > 1))
    return compilation.error('unit-mismatch', place.pointer, `"${name}" is a code; give a code, a list of codes, or {not: …}`)
  const list = [listed].flat()
  for (const code of list)
    if (!codes.has(code)) {
      const remedy = latinBrackets(code) ?? compilation.meant(code, codes.keys()) ?? `it has: ${[...codes.keys()].join(', ')}`
      compilation.error('unknown-name', place.pointer, `"${code}" is no code of ${kind}.${name}; ${remedy}`)
    }
  const [only] = list
  if (list.length === 1) return negated ? record => record.codes[name] !== only : record => record.codes[name] === only
  return negated ? record => !list.includes(record.codes[name] as string) : record => list.includes(record.codes[name] as string)
}

function amountTest(
  name: string,
  attribute: AttributeDefinition,
  wanted: Wanted,
  place: Place,
  compilation: Compilation,
): Test | undefined {
  if (typeof wanted === 'string' || Array.isArray(wanted) || wanted.not !== undefined)
    return compilation.error('unit-mismatch', place.pointer, `"${name}" is an amount; compare it with atLeast, above, atMost or below`)
  // An amount is an integer in steps of its unit, so each bound is one that belongs to the range.
  const bound = (field: 'atLeast' | 'above' | 'atMost' | 'below', open: number, step: number) =>
    wanted[field] === undefined ? open : compilation.scaled(wanted[field], attribute.unit?.scale ?? 0, inside(place, field)) + step
  const least = Math.max(bound('atLeast', Number.NEGATIVE_INFINITY, 0), bound('above', Number.NEGATIVE_INFINITY, 1))
  const most = Math.min(bound('atMost', Number.POSITIVE_INFINITY, 0), bound('below', Number.POSITIVE_INFINITY, -1))
  return record => {
    const amount = record.amounts[name] as number
    return amount >= least && amount <= most
  }
}
