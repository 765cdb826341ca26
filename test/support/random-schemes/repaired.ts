import { lintScheme } from '../../../src/scoring/scheme/lint.ts'
import type { Scheme } from '../../../src/scoring/scheme/scheme.ts'
import { vocabularyOf } from '../cases.ts'
import type { Map_ } from './pool.ts'

/** What became of a random scheme: it had no error, its values needed a rounding, or it has another error. */
export type Linted = {
  tree: Map_
  scheme?: Scheme
  was: 'clean' | 'repaired' | 'refused'
  errors: readonly { code: string; pointer: string }[]
}

/** Lints a scheme. Items and totals that may not be exact are given a rounding. */
export function repaired(tree: Map_): Linted {
  let was: Linted['was'] = 'clean'
  // A rounding in one part may bring the next to light.
  for (let tries = 0; tries < 5; tries++) {
    const { scheme, findings } = lintScheme(JSON.stringify(tree), vocabularyOf)
    if (scheme) return { tree, scheme, was, errors: [] }
    const errors = findings.filter(finding => finding.severity === 'error')
    if (errors.some(error => error.code !== 'not-exact')) return { tree, was: 'refused', errors }
    for (const { pointer } of errors) rounding(tree, pointer)
    was = 'repaired'
  }
  throw new Error('a rounding did not make the value exact')
}

function rounding(tree: Map_, pointer: string): void {
  const [section, name] = pointer.slice(1).split('/') as [string, string]
  const part = (tree[section] as Map_)[name] as Map_
  part.rounding = 'half-up'
}
