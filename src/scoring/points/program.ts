import type { Evaluation, Measure, MeasureValue } from '../measures/measure.ts'
import type { Scale } from '../scheme/scale.ts'
import { Code, ordinary } from './code.ts'
import type { Condition } from './condition.ts'
import type { Node } from './node.ts'
import { emitRounded } from './rounding.ts'

/** The points of one applicant as integers at the scales of items and totals, and the answers of gates and freezes: 1 yes, 0 no, -1 missing. */
export type Outcomes = {
  gates: number[]
  freezes: number[]
  items: number[]
  totals: number[]
  /** By item and by total, whether evidence is missing so that the points do not count; undefined if nothing is. */
  openItems: boolean[] | undefined
  openTotals: boolean[] | undefined
}

/** Measures by name, as integers in their units or as codes; one that is missing is left out. */
export type Measures = { readonly [measure: string]: MeasureValue | undefined }

/**
 * The fast path of a scheme. It gives undefined where a measure is extraordinarily large, so that every step must be checked.
 * `ofValues` takes measures by index, `ofMeasures` by name.
 */
export type Program = {
  measures: readonly Measure[]
  ofValues(values: readonly (MeasureValue | undefined)[], evaluation: Evaluation): Outcomes | undefined
  ofMeasures(measures: Measures, evaluation: () => Evaluation): Outcomes | undefined
  /** Measures by name as a list in the order of the scheme. */
  valuesOf(measures: Measures): (MeasureValue | undefined)[]
}

type Parts = {
  measures: readonly Measure[]
  gates: readonly { condition: Condition }[]
  freezes: readonly { condition: Condition }[]
  items: readonly (Scale & { node: Node })[]
  totals: readonly (Scale & { node: Node; floor: number | undefined })[]
}

/**
 * Writes and compiles the source that scores one applicant. It consists of names made here, of integers and of JSON literals of names that the
 * schema has checked; nothing else of a document gets into it.
 * @throws OutOfRange when a figure of the scheme leaves the exact integers
 */
export function compileProgram(parts: Parts): Program {
  const code = new Code()
  for (const [i, { node, scale, rounding }] of parts.items.entries())
    points(code, `i${i}`, () => emitRounded(code, node.emit(code), node.den, scale, rounding === 'none' ? 'floor' : rounding).text)
  for (const [i, { node, scale, rounding, floor }] of parts.totals.entries())
    points(code, `t${i}`, () => {
      const { text } = emitRounded(code, node.emit(code), node.den, scale, rounding === 'none' ? 'floor' : rounding)
      if (floor === undefined) return text
      const value = code.local(text)
      return `${value} < ${floor} ? ${floor} : ${value}`
    })
  const answers = (prefix: string, conditions: readonly { condition: Condition }[]) =>
    conditions.map(({ condition }, i) => {
      code.line(`const ${prefix}${i} = ${condition.emit(code)}`)
      return `${prefix}${i}`
    })
  const gates = answers('g', parts.gates)
  const freezes = answers('f', parts.freezes)
  const names = (prefix: string, list: readonly unknown[]) => list.map((_, i) => `${prefix}${i}`)
  const open = (prefix: string, list: readonly unknown[]) => {
    const flags = names(`o${prefix}`, list)
    return flags.length === 0 ? 'undefined' : `${flags.join(' || ')} ? [${flags.join(', ')}] : undefined`
  }
  code.line(
    `return { gates: [${gates.join(', ')}], freezes: [${freezes.join(', ')}], items: [${names('i', parts.items).join(', ')}], totals: [${names('t', parts.totals).join(', ')}], ` +
      `openItems: ${open('i', parts.items)}, openTotals: ${open('t', parts.totals)} }`,
  )
  const { needsEvaluation } = code
  const measures = [...code.measures.keys()]
  const build = (read: (measure: Measure) => string) => {
    const reading = [...code.measures].flatMap(([measure, name]) => [
      `const ${name} = a${read(measure)}`,
      ...(measure.codes ? [] : [`if (${name} > ${ordinary}) return undefined`]),
    ])
    const source = ['"use strict"', 'return (a, e) => {', ...reading, ...code.head, ...code.body, '}'].join('\n')
    return new Function(...code.bound.keys(), source)(...code.bound.values())
  }
  // Made now, so that a scheme whose source cannot be compiled is told when it is checked.
  const byIndex = build(measure => `[${measure.index}]`) as Program['ofValues']
  let byName: ((measures: Measures, evaluation: Evaluation | undefined) => Outcomes | undefined) | undefined
  const list = parts.measures.map(measure => `a[${JSON.stringify(measure.name)}]`).join(', ')
  return {
    measures,
    valuesOf: new Function('a', `return [${list}]`) as Program['valuesOf'],
    ofValues: byIndex,
    ofMeasures(values, evaluation) {
      byName ??= build(measure => `[${JSON.stringify(measure.name)}]`) as NonNullable<typeof byName>
      return byName(values, needsEvaluation ? evaluation() : undefined)
    },
  }
}

/** An item or total: its points, and whether it was left because evidence is missing. */
function points(code: Code, name: string, write: () => string): void {
  code.line(`let ${name} = 0, o${name} = true`)
  code.line(`${name}b: {`)
  code.leave = `break ${name}b`
  code.line(`${name} = ${write()}`)
  code.line(`o${name} = false`)
  code.line('}')
}
