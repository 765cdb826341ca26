import Type, { type Static } from 'typebox'
import { Figure, Name, strict } from '../document-parts.ts'
import type { Answer, ConditionExplanation } from '../explanation.ts'
import { formatMeasure } from '../measures/format.ts'
import { type Evaluation, type Measure, take } from '../measures/measure.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import { codesUnit, dateUnit, yesNoUnit } from '../vocabulary.ts'

export const ConditionRef = Type.Unsafe<ConditionSource>({ $ref: '#/$defs/condition' })

const Bounds = {
  equals: Type.Optional(Figure),
  atLeast: Type.Optional(Figure),
  below: Type.Optional(Figure),
  atMost: Type.Optional(Figure),
  above: Type.Optional(Figure),
}
type Bound = keyof typeof Bounds
const boundNames = Object.keys(Bounds) as Bound[]
const Chosen = strict({ item: Name, row: Name })

/** A question about measures that is answered yes, no or missing. */
export type ConditionSource = {
  measure?: string
  is?: string
  holds?: string
  chosen?: Static<typeof Chosen>
  all?: ConditionSource[]
  any?: ConditionSource[]
  not?: ConditionSource
} & { [bound in Bound]?: string }

export const ConditionSchema = Type.Object(
  {
    measure: Type.Optional(Name),
    is: Type.Optional(Name),
    holds: Type.Optional(Name),
    ...Bounds,
    chosen: Type.Optional(Chosen),
    all: Type.Optional(Type.Array(ConditionRef, { minItems: 1 })),
    any: Type.Optional(Type.Array(ConditionRef, { minItems: 1 })),
    not: Type.Optional(ConditionRef),
  },
  {
    additionalProperties: false,
    oneOf: ['measure', 'chosen', 'all', 'any', 'not'].map(name => ({ required: [name] })),
    dependentRequired: Object.fromEntries(['is', 'holds', ...boundNames].map(name => [name, ['measure']])),
  },
)

export type Condition = {
  measures: readonly Measure[]
  /** undefined: evidence is missing and the answer depends on it. */
  holds(evaluation: Evaluation): boolean | undefined
  explain(evaluation: Evaluation): ConditionExplanation
}

export function compileCondition(source: ConditionSource, place: Place, compilation: Compilation): Condition | undefined {
  if (source.all) return several('all', source.all, inside(place, 'all'), compilation)
  if (source.any) return several('any', source.any, inside(place, 'any'), compilation)
  if (source.not) return negation(source.not, inside(place, 'not'), compilation)
  if (source.chosen) return chosenRow(source.chosen, inside(place, 'chosen'), compilation)
  return comparison(source, place, compilation)
}

const answer = (holds: boolean | undefined): Answer => (holds === undefined ? 'missing' : holds ? 'yes' : 'no')

/** Kleene's logic: one no settles an `all`, one yes settles an `any`, whatever is missing. */
function several(how: 'all' | 'any', sources: ConditionSource[], place: Place, compilation: Compilation): Condition | undefined {
  const parts = sources.map((part, i) => compileCondition(part, inside(place, i), compilation))
  if (!parts.every(part => part !== undefined)) return undefined
  const settles = how === 'any'
  const holds = (evaluation: Evaluation) => {
    let missing = false
    for (const part of parts) {
      const result = part.holds(evaluation)
      if (result === settles) return settles
      if (result === undefined) missing = true
    }
    return missing ? undefined : !settles
  }
  return {
    measures: parts.flatMap(part => part.measures),
    holds,
    explain: evaluation => ({ answer: answer(holds(evaluation)), test: how, parts: parts.map(part => part.explain(evaluation)) }),
  }
}

function negation(source: ConditionSource, place: Place, compilation: Compilation): Condition | undefined {
  const part = compileCondition(source, place, compilation)
  if (!part) return undefined
  const holds = (evaluation: Evaluation) => {
    const result = part.holds(evaluation)
    return result === undefined ? undefined : !result
  }
  return {
    measures: part.measures,
    holds,
    explain: evaluation => ({ answer: answer(holds(evaluation)), test: 'not', parts: [part.explain(evaluation)] }),
  }
}

/** Whether the choice of an item above took a certain row. */
function chosenRow(source: Static<typeof Chosen>, place: Place, compilation: Compilation): Condition | undefined {
  const chosen = compilation.choices.get(source.item)
  if (!chosen)
    return compilation.error(
      'unknown-name',
      inside(place, 'item').pointer,
      `no item "${source.item}" above this one has a choice as its value`,
    )
  if (!chosen.rows.includes(source.row))
    return compilation.error(
      'unknown-name',
      inside(place, 'row').pointer,
      `the choice of "${source.item}" has no row "${source.row}"; it has: ${chosen.rows.join(', ')}`,
    )
  const holds = (evaluation: Evaluation) => {
    const row = chosen.pick(evaluation)
    return row === undefined ? undefined : row === source.row
  }
  return {
    measures: chosen.measures,
    holds,
    explain: evaluation => ({
      answer: answer(holds(evaluation)),
      test: `${source.item} took ${source.row}`,
      value: chosen.pick(evaluation) ?? null,
    }),
  }
}

function comparison(source: ConditionSource, place: Place, compilation: Compilation): Condition | undefined {
  const name = source.measure as string
  const measure = compilation.measure(name, inside(place, 'measure'))
  if (!measure) return undefined
  const tests = compileTests(source, measure, place, compilation)
  if (!tests) return undefined
  const holds = (evaluation: Evaluation) => {
    const value = take(measure, evaluation)
    return value === undefined ? undefined : tests.every(test => test.passes(value as never))
  }
  return {
    measures: [measure],
    holds,
    explain(evaluation) {
      const value = take(measure, evaluation)
      return {
        answer: answer(holds(evaluation)),
        measure: name,
        value: value === undefined ? null : formatMeasure(measure, value),
        test: tests.map(test => test.text).join(', '),
      }
    },
  }
}

type MeasureTest = { text: string; passes(value: never): boolean }

function compileTests(source: ConditionSource, measure: Measure, place: Place, compilation: Compilation): MeasureTest[] | undefined {
  const { unit } = measure.definition
  const bounds = boundNames.filter(bound => source[bound] !== undefined)
  const wrong = (message: string) => compilation.error('unit-mismatch', place.pointer, message)
  if (unit.name === yesNoUnit) {
    if ((source.is !== 'yes' && source.is !== 'no') || source.holds !== undefined || bounds.length > 0)
      return wrong(`"${measure.name}" is answered yes or no; write {is: yes} or {is: no}`)
    const wanted = source.is === 'yes' ? 1 : 0
    return [{ text: `is ${source.is}`, passes: (value: number) => value === wanted }]
  }
  if (unit.name === codesUnit) {
    const code = source.is ?? source.holds
    if (code === undefined || bounds.length > 0 || (source.is !== undefined && source.holds !== undefined))
      return wrong(`"${measure.name}" gives codes; write {holds: code}, or {is: code} if it must be the only one`)
    compilation.code(measure, code, inside(place, source.holds === undefined ? 'is' : 'holds'))
    return [
      source.holds !== undefined
        ? { text: `holds ${code}`, passes: (value: readonly string[]) => value.includes(code) }
        : { text: `is ${code}`, passes: (value: readonly string[]) => value.length === 1 && value[0] === code },
    ]
  }
  if (unit.name === dateUnit)
    return wrong(`"${measure.name}" is a date, which a condition cannot compare; use a measure that counts from it`)
  if (bounds.length === 0 || source.is !== undefined || source.holds !== undefined)
    return wrong(`"${measure.name}" is counted in ${unit.name}; compare it with ${boundNames.join(', ')}`)
  return bounds.map(bound => {
    const figure = compilation.scaled(source[bound] as string, unit.scale, inside(place, bound))
    return { text: `${bound} ${source[bound]}`, passes: (value: number) => comparisons[bound](value, figure) }
  })
}

const comparisons: Record<Bound, (value: number, figure: number) => boolean> = {
  equals: (value, figure) => value === figure,
  atLeast: (value, figure) => value >= figure,
  below: (value, figure) => value < figure,
  atMost: (value, figure) => value <= figure,
  above: (value, figure) => value > figure,
}
