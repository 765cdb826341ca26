import Type, { type Static } from 'typebox'
import { compare, lcm, type Rational } from '../../values/rational.ts'
import { Figure, Name, strict } from '../document-parts.ts'
import type { Answer, ConditionExplanation } from '../explanation.ts'
import type { Evaluation, Measure, Outcome } from '../measures/measure.ts'
import { DateRef } from '../measures/selection.ts'
import { inside, type Place } from '../place.ts'
import type { Compilation } from '../scheme/compilation.ts'
import { codesUnit, dateUnit, yesNoUnit } from '../vocabulary.ts'
import type { Code } from './code.ts'
import { aligned, type Branch, literal, NodeRef, type NodeSource, readBy } from './node.ts'
import type { Reading } from './reading.ts'

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

/** A question about measures, dates and points that is answered yes, no or missing. */
export type ConditionSource = {
  measure?: string
  is?: string
  holds?: string
  date?: string
  from?: string
  until?: string
  value?: NodeSource
  chosen?: Static<typeof Chosen>
  all?: ConditionSource[]
  any?: ConditionSource[]
  not?: ConditionSource
} & { [bound in Bound]?: string }

/** What a condition may ask about, and the fields that go with each. */
const subjects = {
  measure: ['is', 'holds', 'from', 'until', ...boundNames],
  date: ['from', 'until'],
  value: boundNames,
  chosen: [],
  all: [],
  any: [],
  not: [],
} satisfies { [subject: string]: readonly string[] }

export const ConditionSchema = Type.Object(
  {
    measure: Type.Optional(Name),
    is: Type.Optional(Name),
    holds: Type.Optional(Name),
    date: Type.Optional(Name),
    from: Type.Optional(DateRef),
    until: Type.Optional(DateRef),
    value: Type.Optional(NodeRef),
    ...Bounds,
    chosen: Type.Optional(Chosen),
    all: Type.Optional(Type.Array(ConditionRef, { minItems: 1 })),
    any: Type.Optional(Type.Array(ConditionRef, { minItems: 1 })),
    not: Type.Optional(ConditionRef),
  },
  { additionalProperties: false, oneOf: Object.keys(subjects).map(name => ({ required: [name] })) },
)

export type Condition = {
  measures: readonly Measure[]
  items?: readonly number[]
  totals?: readonly number[]
  /** See Node. */
  beyond?: boolean
  /** Of a comparison of one quantity: the least and the largest value for which it holds. */
  interval?: { name: string; from: number; to: number }
  /** The ways of the nodes inside. */
  branches?: readonly Branch[]
  /** The expression of the answer: 1 yes, 0 no, -1 missing. */
  emit(code: Code): string
  /** undefined: evidence is missing and the answer depends on it. */
  holds(evaluation: Evaluation): boolean | undefined
  explain(evaluation: Evaluation): ConditionExplanation
}

export function compileCondition(source: ConditionSource, place: Place, compilation: Compilation): Condition | undefined {
  const subject = Object.keys(subjects).find(name => Object.hasOwn(source, name)) as keyof typeof subjects
  const fits: readonly string[] = subjects[subject]
  const stray = Object.keys(source).find(field => field !== subject && !fits.includes(field))
  if (stray !== undefined)
    return compilation.error(
      'wrong-choice',
      inside(place, stray).pointer,
      `"${stray}" does not go with "${subject}"${fits.length > 0 ? `, which takes ${fits.join(', ')}` : ''}`,
    )
  if (source.all) return several('all', source.all, inside(place, 'all'), compilation)
  if (source.any) return several('any', source.any, inside(place, 'any'), compilation)
  if (source.not) return negation(source.not, inside(place, 'not'), compilation)
  if (source.chosen) return chosenRow(source.chosen, inside(place, 'chosen'), compilation)
  if (source.date !== undefined) return namedDate(source, source.date, place, compilation)
  if (source.value) return pointsReached(source, source.value, place, compilation)
  return comparison(source, place, compilation)
}

const answer = (holds: boolean | undefined): Answer => (holds === undefined ? 'missing' : holds ? 'yes' : 'no')
const asNumber = (holds: boolean | undefined): number => (holds === undefined ? -1 : holds ? 1 : 0)

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
    items: parts.flatMap(part => part.items ?? []),
    totals: parts.flatMap(part => part.totals ?? []),
    beyond: parts.some(part => part.beyond === true),
    branches: parts.flatMap(part => part.branches ?? []),
    emit(code) {
      const answers = parts.map(part => code.local(part.emit(code)))
      const settled = answers.map(one => `${one} === ${asNumber(settles)}`).join(' || ')
      const missing = answers.map(one => `${one} < 0`).join(' || ')
      return `(${settled} ? ${asNumber(settles)} : ${missing} ? -1 : ${asNumber(!settles)})`
    },
    holds,
    explain(evaluation) {
      const told = parts.map(part => part.explain(evaluation))
      const settled = answer(settles)
      const open = told.some(part => part.answer === 'missing')
      return {
        answer: told.some(part => part.answer === settled) ? settled : open ? 'missing' : answer(!settles),
        test: how,
        parts: told,
      }
    },
  }
}

function negation(source: ConditionSource, place: Place, compilation: Compilation): Condition | undefined {
  const part = compileCondition(source, place, compilation)
  if (!part) return undefined
  const holds = (evaluation: Evaluation) => {
    const result = part.holds(evaluation)
    return result === undefined ? undefined : !result
  }
  const { interval: _, ...rest } = part
  return {
    ...rest,
    emit(code) {
      const result = code.local(part.emit(code))
      return `(${result} < 0 ? -1 : 1 - ${result})`
    },
    holds,
    explain(evaluation) {
      const told = part.explain(evaluation)
      return { answer: told.answer === 'missing' ? 'missing' : told.answer === 'yes' ? 'no' : 'yes', test: 'not', parts: [told] }
    },
  }
}

/** Whether the choice of an item above took a certain row. */
function chosenRow(source: Static<typeof Chosen>, place: Place, compilation: Compilation): Condition | undefined {
  const chosen = compilation.choices.get(source.item)
  if (!chosen || source.item === compilation.item)
    return compilation.error('unknown-name', inside(place, 'item').pointer, `no item "${source.item}" above this one has a choice in it`)
  if (chosen === 'several')
    return compilation.error(
      'unknown-name',
      inside(place, 'item').pointer,
      `"${source.item}" has several choices; which of them is meant is not said`,
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
    emit: code => chosen.emit(code, source.row),
    holds,
    explain: evaluation => ({
      answer: answer(holds(evaluation)),
      test: `${source.item} took ${source.row}`,
      value: chosen.pick(evaluation) ?? null,
    }),
  }
}

/** Whether a date lies within two others: so a rule begins and ends. */
function within(
  source: ConditionSource,
  place: Place,
  compilation: Compilation,
): { text: string; holds(day: number | undefined, evaluation: Evaluation): boolean | undefined } | undefined {
  if (source.from === undefined && source.until === undefined)
    return compilation.error('missing-field', place.pointer, 'say "from" or "until" or both: the first and the last day on which it holds')
  const from = source.from === undefined ? undefined : compilation.date(source.from, inside(place, 'from'))
  const until = source.until === undefined ? undefined : compilation.date(source.until, inside(place, 'until'))
  const kinds = [from, until].flatMap(date => (date === undefined ? [] : compilation.dateKinds(date)))
  const text = [source.from && `from ${source.from}`, source.until && `until ${source.until}`].filter(Boolean).join(' ')
  return {
    text,
    holds(day, evaluation) {
      const first = from === undefined ? Number.NEGATIVE_INFINITY : evaluation.dates[from]
      const last = until === undefined ? Number.POSITIVE_INFINITY : evaluation.dates[until]
      if (day === undefined) return undefined
      if ((first !== undefined && day < first) || (last !== undefined && day > last)) return false
      if (first !== undefined && last !== undefined) return true
      evaluation.lacks(kinds)
      return undefined
    },
  }
}

function namedDate(source: ConditionSource, name: string, place: Place, compilation: Compilation): Condition | undefined {
  const date = compilation.date(name, inside(place, 'date'))
  const span = within(source, place, compilation)
  if (!span) return undefined
  const kinds = compilation.dateKinds(date)
  const holds = (evaluation: Evaluation) => {
    const day = evaluation.dates[date]
    if (day === undefined) evaluation.lacks(kinds)
    return span.holds(day, evaluation)
  }
  return {
    measures: [],
    beyond: true,
    emit: code => `${code.bind((evaluation: Evaluation) => asNumber(holds(evaluation)))}(${code.evaluation})`,
    holds,
    explain: evaluation => ({ answer: answer(holds(evaluation)), date: name, test: span.text }),
  }
}

/** Whether the points of a node reach a figure. Points that are a range settle it where the whole range does. */
function pointsReached(source: ConditionSource, value: NodeSource, place: Place, compilation: Compilation): Condition | undefined {
  const part = compilation.node(value, inside(place, 'value'))
  const bounds = boundNames.filter(bound => source[bound] !== undefined)
  if (bounds.length === 0) return compilation.error('missing-field', place.pointer, `compare the points with ${boundNames.join(', ')}`)
  const tests = bounds.map(bound => ({ bound, figure: compilation.figure(source[bound] as string, inside(place, bound)) }))
  if (!part) return undefined
  const den = tests.reduce((a, { figure }) => lcm(a, figure.den), part.den)
  const holdsFor = (range: Pick<Outcome, 'low' | 'high'>) => {
    let undecided = false
    for (const { bound, figure } of tests) {
      const result = reached(range, bound, figure)
      if (result === false) return false
      if (result === undefined) undecided = true
    }
    return undecided ? undefined : true
  }
  const holds = (evaluation: Evaluation) => holdsFor(part.explain(evaluation))
  return {
    ...readBy([part]),
    branches: part.branches,
    emit(code) {
      const result = code.name()
      const { leave } = code
      code.line(`let ${result} = -2`)
      code.line(`${result}b: {`)
      code.leave = `break ${result}b`
      const points = code.local(aligned(code, part, den).text)
      code.leave = leave
      const all = tests.map(({ bound, figure }) => `${points} ${operators[bound]} ${literal(figure, den).text}`).join(' && ')
      code.line(`${result} = ${all} ? 1 : 0`)
      code.line('}')
      // Evidence is missing: the range may settle it all the same. Inside `each` the slow path finds that out, record by record.
      code.line(
        code.record === ''
          ? `if (${result} === -2) ${result} = ${code.bind((evaluation: Evaluation) => asNumber(holds(evaluation)))}(${code.evaluation})`
          : `if (${result} === -2) ${leave}`,
      )
      return result
    },
    holds,
    explain(evaluation) {
      const explained = part.explain(evaluation)
      const { tree } = explained
      return {
        answer: answer(holdsFor(explained)),
        value: tree.points,
        test: tests.map(({ bound }) => `${bound} ${source[bound]}`).join(', '),
        steps: tree,
      }
    },
  }
}

function reached({ low, high }: Pick<Outcome, 'low' | 'high'>, bound: Bound, figure: Rational): boolean | undefined {
  const lowIs = low === undefined ? -1 : compare(low, figure)
  const highIs = high === undefined ? 1 : compare(high, figure)
  switch (bound) {
    case 'atLeast':
      return lowIs >= 0 ? true : highIs < 0 ? false : undefined
    case 'above':
      return lowIs > 0 ? true : highIs <= 0 ? false : undefined
    case 'atMost':
      return highIs <= 0 ? true : lowIs > 0 ? false : undefined
    case 'below':
      return highIs < 0 ? true : lowIs >= 0 ? false : undefined
    case 'equals':
      return lowIs === 0 && highIs === 0 ? true : lowIs > 0 || highIs < 0 ? false : undefined
  }
}

function comparison(source: ConditionSource, place: Place, compilation: Compilation): Condition | undefined {
  const name = source.measure as string
  const reading = compilation.reading(name, inside(place, 'measure'))
  if (!reading) return undefined
  const test = compileTest(source, reading, place, compilation)
  if (!test) return undefined
  const holds = (evaluation: Evaluation) => {
    const value = reading.take(evaluation)
    return value === undefined ? undefined : test.holds(value as never, evaluation)
  }
  const interval = test.interval && { name, ...test.interval }
  // No measure is below 0.
  if (interval && (interval.from > interval.to || interval.to < 0))
    compilation.note('never-holds', place.pointer, 'no value can do that; look at the figures and their direction')
  return {
    measures: reading.measures,
    ...(interval && { interval }),
    beyond: reading.unit.name === dateUnit,
    emit: code => {
      const value = code.local(reading.emit(code))
      const result = test.emit(value, code)
      return reading.measures.length > 0 ? `(${value} === undefined ? -1 : ${result})` : result
    },
    holds,
    explain(evaluation) {
      const value = reading.take(evaluation)
      return {
        answer: answer(holds(evaluation)),
        measure: name,
        value: value === undefined ? null : reading.format(value),
        test: test.text,
      }
    },
  }
}

type ValueTest = {
  text: string
  interval?: { from: number; to: number }
  holds(value: never, evaluation: Evaluation): boolean | undefined
  /** The expression of the answer, for a local that holds the value. */
  emit(value: string, code: Code): string
}

function compileTest(source: ConditionSource, reading: Reading, place: Place, compilation: Compilation): ValueTest | undefined {
  const { unit } = reading
  const given = ['is', 'holds', 'from', 'until', ...boundNames].filter(field => Object.hasOwn(source, field))
  const only = (...fields: string[]) => given.length > 0 && given.every(field => fields.includes(field))
  const wrong = (message: string) => compilation.error('unit-mismatch', place.pointer, message)
  if (unit.name === yesNoUnit) {
    if (!only('is') || (source.is !== 'yes' && source.is !== 'no'))
      return wrong(`"${reading.name}" is answered yes or no; write {is: "yes"} or {is: "no"}`)
    const wanted = source.is === 'yes' ? 1 : 0
    compilation.turn(reading, wanted)
    return {
      text: `is ${source.is}`,
      holds: (value: number) => value === wanted,
      emit: value => `${value} === ${wanted} ? 1 : 0`,
    }
  }
  if (unit.name === codesUnit) {
    const code = source.is ?? source.holds
    if (code === undefined || given.length !== 1)
      return wrong(`"${reading.name}" gives codes; write {holds: code}, or {is: code} if it must be the only one`)
    compilation.code(reading, code, inside(place, source.holds === undefined ? 'is' : 'holds'))
    compilation.turn(reading, [code])
    const word = JSON.stringify(code)
    return source.holds !== undefined
      ? {
          text: `holds ${code}`,
          holds: (value: readonly string[]) => value.includes(code),
          emit: value => `${value}.includes(${word}) ? 1 : 0`,
        }
      : {
          text: `is ${code}`,
          holds: (value: readonly string[]) => value.length === 1 && value[0] === code,
          emit: value => `${value}.length === 1 && ${value}[0] === ${word} ? 1 : 0`,
        }
  }
  if (unit.name === dateUnit) {
    if (!only('from', 'until')) return wrong(`"${reading.name}" is a date; write {from: date}, {until: date} or both`)
    const span = within(source, place, compilation)
    return (
      span && {
        text: span.text,
        holds: (value: number, evaluation) => span.holds(value, evaluation),
        emit: (value, code) =>
          `${code.bind((day: number, evaluation: Evaluation) => asNumber(span.holds(day, evaluation)))}(${value}, ${code.evaluation})`,
      }
    )
  }
  if (!only(...boundNames)) return wrong(`"${reading.name}" is counted in ${unit.name}; compare it with ${boundNames.join(', ')}`)
  const tests = boundNames
    .filter(bound => source[bound] !== undefined)
    .map(bound => ({ bound, figure: compilation.scaled(source[bound] as string, unit.scale, inside(place, bound)) }))
  compilation.turn(reading, ...tests.flatMap(({ figure }) => [figure, figure + 1]))
  const from = tests.map(({ bound, figure }) => (bound === 'above' ? figure + 1 : lowBounds.includes(bound) ? figure : 0))
  const to = tests.map(({ bound, figure }) =>
    bound === 'below' ? figure - 1 : highBounds.includes(bound) ? figure : Number.POSITIVE_INFINITY,
  )
  return {
    text: tests.map(({ bound }) => `${bound} ${source[bound]}`).join(', '),
    interval: { from: Math.max(...from), to: Math.min(...to) },
    holds: (value: number) => tests.every(({ bound, figure }) => comparisons[bound](value, figure)),
    emit: value => `${tests.map(({ bound, figure }) => `${value} ${operators[bound]} (${figure})`).join(' && ')} ? 1 : 0`,
  }
}

const lowBounds: readonly Bound[] = ['atLeast', 'above', 'equals']
const highBounds: readonly Bound[] = ['atMost', 'below', 'equals']

const operators = { equals: '===', atLeast: '>=', below: '<', atMost: '<=', above: '>' } satisfies { [bound in Bound]: string }

const comparisons: Record<Bound, (value: number, figure: number) => boolean> = {
  equals: (value, figure) => value === figure,
  atLeast: (value, figure) => value >= figure,
  below: (value, figure) => value < figure,
  atMost: (value, figure) => value <= figure,
  above: (value, figure) => value > figure,
}
