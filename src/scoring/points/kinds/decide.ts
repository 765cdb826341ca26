import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { lcm } from '../../../values/rational.ts'
import { strict } from '../../document-parts.ts'
import type { Evaluation } from '../../measures/measure.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { ConditionRef, compileCondition } from '../condition.ts'
import { eitherMissing, type Node, NodeRef, open } from '../node.ts'
import { largestHigh, smallestLow } from '../range.ts'

const schema = strict({ rows: Type.Array(strict({ if: ConditionRef, then: NodeRef }), { minItems: 1 }), otherwise: NodeRef })

/** The first row whose condition holds, else `otherwise`. */
export const decide: NodeKind<Static<typeof schema>> = {
  name: 'decide',
  schema,
  compile(source, place, compilation) {
    const rows = source.rows.map((row, i) => ({
      condition: compileCondition(row.if, inside(place, 'rows', i, 'if'), compilation),
      node: compilation.node(row.then, inside(place, 'rows', i, 'then')),
    }))
    const otherwise = compilation.node(source.otherwise, inside(place, 'otherwise'))
    const conditions = rows.map(row => row.condition)
    const nodes = [...rows.map(row => row.node), otherwise]
    if (!conditions.every(condition => condition !== undefined) || !nodes.every(node => node !== undefined)) return undefined
    const den = nodes.reduce((a, node) => lcm(a, node.den), 1)
    /** The rows that may be the one: up to the first that holds for certain. */
    const candidates = (evaluation: Evaluation): number[] => {
      const left: number[] = []
      for (const [i, condition] of conditions.entries()) {
        const holds = condition.holds(evaluation)
        if (holds !== false) left.push(i)
        if (holds === true) return left
      }
      return [...left, conditions.length]
    }
    return {
      den,
      least: smallestLow(nodes.map(node => node.least)),
      most: largestHigh(nodes.map(node => node.most)),
      measures: [...conditions.flatMap(condition => condition.measures), ...nodes.flatMap(node => node.measures)],
      value(evaluation) {
        for (let i = 0; i < conditions.length; i++) {
          const holds = conditions[i]?.holds(evaluation)
          if (holds === undefined) return undefined
          if (holds) return aligned(nodes[i] as Node, den, evaluation)
        }
        return aligned(nodes.at(-1) as Node, den, evaluation)
      },
      explain(evaluation) {
        const left = candidates(evaluation)
        const explained = left.map(i => (nodes[i] as Node).explain(evaluation))
        const row = left[0] as number
        const tests = conditions.slice(0, row + 1).map(condition => condition.explain(evaluation))
        const condition = {
          answer: (row < conditions.length ? tests.at(-1)?.answer : 'no') ?? 'no',
          test: 'first that holds',
          parts: tests,
        }
        if (explained.length === 1) {
          const [only] = explained as [(typeof explained)[0]]
          const how = { row: row < conditions.length ? row : null }
          return { ...only, tree: { node: 'decide', at: place.pointer, points: only.tree.points, how, condition, parts: [only.tree] } }
        }
        const range = { least: smallestLow(explained.map(part => part.low)), most: largestHigh(explained.map(part => part.high)) }
        return {
          ...open(range),
          missing: eitherMissing([open(range), ...explained]),
          tree: { node: 'decide', at: place.pointer, points: null, how: { row: null }, condition, parts: explained.map(part => part.tree) },
        }
      },
    }
  },
}

function aligned(node: Node, den: number, evaluation: Evaluation): number | undefined {
  const value = node.value(evaluation)
  return value === undefined ? undefined : times(value, den / node.den)
}
