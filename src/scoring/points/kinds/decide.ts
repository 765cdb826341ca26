import Type, { type Static } from 'typebox'
import { lcm } from '../../../values/rational.ts'
import { Origin, strict } from '../../document-parts.ts'
import type { ConditionExplanation } from '../../explanation.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { ConditionRef, compileCondition } from '../condition.ts'
import { branchesOf, eitherMissing, emitOneOf, type Node, NodeRef, open, readBy } from '../node.ts'
import { largestHigh, smallestLow } from '../range.ts'

const schema = strict({ rows: Type.Array(strict({ if: ConditionRef, then: NodeRef, ...Origin }), { minItems: 1 }), otherwise: NodeRef })

/** The first row whose condition holds, else `otherwise`. */
export const decide: NodeKind<Static<typeof schema>> = {
  name: 'decide',
  branches: ['row', 'otherwise'],
  schema,
  compile(source, place, compilation) {
    const rows = source.rows.map((row, i) => {
      const here = compilation.origin(inside(place, 'rows', i), row)
      return {
        condition: compileCondition(row.if, inside(here, 'if'), compilation),
        node: compilation.node(row.then, inside(here, 'then')),
      }
    })
    const otherwise = compilation.node(source.otherwise, inside(place, 'otherwise'))
    const conditions = rows.map(row => row.condition)
    const nodes = [...rows.map(row => row.node), otherwise]
    if (!conditions.every(condition => condition !== undefined) || !nodes.every(node => node !== undefined)) return undefined
    for (const [i, { interval }] of conditions.entries()) {
      const covering = conditions.findIndex(
        ({ interval: other }, j) =>
          j < i && interval && other && other.name === interval.name && other.from <= interval.from && other.to >= interval.to,
      )
      if (covering >= 0)
        compilation.note(
          'unreachable-row',
          inside(place, 'rows', i).pointer,
          `never taken: row ${covering + 1} holds whenever this one does`,
        )
    }
    const den = nodes.reduce((a, node) => lcm(a, node.den), 1)
    const read = readBy(nodes)
    return {
      den,
      least: smallestLow(nodes.map(node => node.least)),
      most: largestHigh(nodes.map(node => node.most)),
      measures: [...conditions.flatMap(condition => condition.measures), ...read.measures],
      items: [...conditions.flatMap(condition => condition.items ?? []), ...(read.items ?? [])],
      totals: [...conditions.flatMap(condition => condition.totals ?? []), ...(read.totals ?? [])],
      beyond: read.beyond === true || conditions.some(condition => condition.beyond === true),
      rows: nodes.flatMap(node => node.rows ?? []),
      branches: branchesOf(place.pointer, 'decide', [...rows.map((_, i) => `row/${i}`), 'otherwise'], nodes).concat(
        conditions.flatMap(condition => condition.branches ?? []),
      ),
      emit(code: Code): Emitted {
        return emitOneOf(code, den, (set, taken) => {
          for (const [i, condition] of conditions.entries()) {
            const holds = code.local(condition.emit(code))
            code.line(`if (${holds} < 0) ${code.leave}`)
            code.line(`if (${holds} === 1) {`)
            set(nodes[i] as Node)
            code.line(`${taken} }`)
          }
          set(nodes.at(-1) as Node)
        })
      },
      explain(evaluation) {
        // The rows that may be the one: up to the first that holds for certain.
        const told: ConditionExplanation[] = []
        const left: number[] = []
        for (const [i, condition] of conditions.entries()) {
          const one = condition.explain(evaluation)
          told.push(one)
          if (one.answer !== 'no') left.push(i)
          if (one.answer === 'yes') break
        }
        if (told.at(-1)?.answer !== 'yes') left.push(conditions.length)
        const explained = left.map(i => (nodes[i] as Node).explain(evaluation))
        const row = left[0] as number
        const tests = told.slice(0, row + 1)
        const condition: ConditionExplanation = {
          answer: (row < conditions.length ? tests.at(-1)?.answer : 'no') ?? 'no',
          test: 'first that holds',
          parts: tests,
        }
        if (explained.length === 1) {
          const [only] = explained as [(typeof explained)[0]]
          const taken = row < conditions.length
          const how = { row: taken ? row : null }
          const branch = taken ? `row/${row}` : 'otherwise'
          return {
            ...only,
            tree: { node: 'decide', at: place.pointer, branch, points: only.tree.points, how, condition, parts: [only.tree] },
          }
        }
        const range = { least: smallestLow(explained.map(part => part.low)), most: largestHigh(explained.map(part => part.high)) }
        return {
          ...open(range),
          missing: eitherMissing([open(range), ...explained]),
          tree: {
            node: 'decide',
            at: place.pointer,
            branch: 'missing',
            points: null,
            how: { row: null },
            condition,
            parts: explained.map(part => part.tree),
          },
        }
      },
    }
  },
}
