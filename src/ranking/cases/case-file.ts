import Type, { type Static, type TSchema } from 'typebox'
import { shapeCheck } from '../../values/shape.ts'

/*
 * The shape of a file of round cases (docs/ranking.md, Round cases). What a shape cannot say, names, units and what the rules ask for, is checked in
 * read-round-cases.ts.
 */

const strict = <T extends Record<string, TSchema>>(fields: T) => Type.Object(fields, { additionalProperties: false })
const Text = Type.String({ minLength: 1 })
const Name = Type.String({ pattern: '^[a-z][A-Za-z0-9_-]{0,59}$', description: 'a name: a small letter, then letters, digits, _ or -' })
const named = <T extends TSchema>(part: T) => Type.Record(Name, part, { additionalProperties: false })
// An editor may see a number; we read its text.
const Whole = Type.Unsafe<string>({ type: ['string', 'integer'], pattern: '^\\d{1,9}$', description: 'a whole number, 0 or more' })
const Persons = Type.Unsafe<string>({
  type: ['string', 'integer'],
  pattern: '^[1-9]\\d?$',
  description: 'a number of persons from 1 to 99',
})
const Rank = Type.Unsafe<string>({ type: ['string', 'integer'], pattern: '^[1-9]\\d{0,8}$', description: 'a whole number, 1 or more' })

const outcomes = ['first', 'second', 'none', 'represented', 'not-eligible'] as const
/** Placed in the first or the second round or in neither, represented by another of its household, or below the gate or the score line. */
export type Outcome = (typeof outcomes)[number]

const Application = strict({
  id: Text,
  total: Type.Optional(Text),
  items: Type.Optional(named(Text)),
  measures: Type.Optional(named(Text)),
  submittedAt: Type.Optional(Text),
  pool: Type.Optional(Name),
  household: Type.Optional(Text),
  persons: Type.Optional(Persons),
  expect: strict({
    outcome: Type.Unsafe<Outcome>({ type: 'string', enum: [...outcomes] }),
    rank: Type.Optional(Rank),
    reserve: Type.Optional(Rank),
  }),
})
export type ApplicationSource = Static<typeof Application>

const CutOff = Type.Optional(Type.Array(Text))
const poolFigures = { cutOff: CutOff, atLine: Type.Optional(Whole), unused: Type.Optional(Whole) }
const PoolFigures = strict(poolFigures)
export type PoolFiguresSource = Static<typeof PoolFigures>

const Case = strict({
  case: Text,
  source: Type.Optional(Text),
  places: Type.Optional(Whole),
  pools: Type.Optional(named(Whole)),
  lot: Type.Optional(strict({ secret: Text, draw: Type.Array(Whole, { minItems: 1 }) })),
  applications: Type.Array(Application, { minItems: 1 }),
  expect: Type.Optional(
    strict({
      ...poolFigures,
      pools: Type.Optional(named(PoolFigures)),
      secondRound: Type.Optional(strict({ places: Type.Optional(Whole), cutOff: CutOff, atLine: Type.Optional(Whole) })),
    }),
  ),
})
export type CaseSource = Static<typeof Case>

const CaseFile = strict({ rules: Text, source: Text, cases: Type.Array(Case, { minItems: 1 }) })
export type CaseFile = Static<typeof CaseFile>

export const checkCaseFile = shapeCheck(CaseFile)
