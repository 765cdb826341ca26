import { at } from '../../values/refusal.ts'
import type { ConditionExplanation, Explanation, NodeExplanation } from '../explanation.ts'
import type { Branch } from '../points/node.ts'
import type { Scheme } from '../scheme/scheme.ts'

/** Which branches of a scheme its cases take: every way that a node, a gate or a freeze can go, and how many cases go it. */
export type Coverage = {
  covered: number
  total: number
  nodes: { at: string; node: string; branches: { branch: string; cases: number }[] }[]
  uncovered: Branch[]
}

/** Counts the branches that the explanations of some cases took, one explanation a case. */
export function coverageOf(scheme: Pick<Scheme, 'branches'>, explanations: readonly Explanation[]): Coverage {
  const cases = new Map<string, number>()
  for (const explanation of explanations) for (const taken of branchesTaken(explanation)) cases.set(taken, (cases.get(taken) ?? 0) + 1)

  const nodes = new Map<string, Coverage['nodes'][number]>()
  const uncovered: Branch[] = []
  for (const one of scheme.branches) {
    const node = nodes.get(one.at) ?? { at: one.at, node: one.node, branches: [] }
    nodes.set(one.at, node)
    const count = cases.get(key(one)) ?? 0
    node.branches.push({ branch: one.branch, cases: count })
    if (count === 0) uncovered.push(one)
  }
  const total = scheme.branches.length
  return { covered: total - uncovered.length, total, nodes: [...nodes.values()], uncovered }
}

/** Each branch once, however often one applicant goes it: `each` walks the same node for every record. */
function branchesTaken({ gates, freezes, items, totals }: Explanation): Set<string> {
  const taken = new Set<string>()
  const walk = (node: NodeExplanation): void => {
    taken.add(key(node))
    for (const part of node.parts ?? []) walk(part)
    if (node.condition) ask(node.condition)
  }
  const ask = (condition: ConditionExplanation): void => {
    if (condition.steps) walk(condition.steps)
    for (const part of condition.parts ?? []) ask(part)
  }
  for (const { gate, passed, require } of gates) {
    taken.add(key({ at: at('/gates', gate), branch: passed }))
    ask(require)
  }
  for (const { freeze, holds, when } of freezes) {
    taken.add(key({ at: at('/freezes', freeze), branch: holds }))
    ask(when)
  }
  for (const { steps } of [...items, ...totals]) walk(steps)
  return taken
}

// No pointer holds a blank: names have none.
function key({ at, branch }: { at: string; branch: string }): string {
  return `${at} ${branch}`
}
