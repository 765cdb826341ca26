import { readCases } from '../../src/scoring/cases/read-cases.ts'
import { runCase } from '../../src/scoring/cases/run-case.ts'
import { lintScheme } from '../../src/scoring/scheme/lint.ts'
import { parseDate } from '../../src/values/civil-date.ts'
import { readDocument, type Tree } from '../../src/values/document.ts'
import { Refusal } from '../../src/values/refusal.ts'
import { vocabularyOf } from './cases.ts'

/*
 * Mutants of a scheme: the document with one figure, comparison, cap, rounding, way of counting or window changed. A case that still holds for
 * every mutant is no check of the scheme; a mutant that passes all cases must be shown to be equivalent.
 */

export type Mutant = { at: string; to: string }
type Map_ = { [name: string]: Tree }

const sections = ['evidence', 'dates', 'measures', 'checks', 'gates', 'freezes', 'items', 'totals']
const words = {
  count: ['exact', 'whole', 'begun'],
  mode: ['half-up', 'half-even', 'floor', 'ceiling'],
  rounding: ['half-up', 'half-even', 'floor', 'ceiling'],
  move: ['start-of-year', 'end-of-year', 'start-of-month', 'end-of-month'],
  gaps: ['left-out', 'counted'],
  which: ['first', 'last'],
  take: ['highest', 'lowest', 'first', 'last'],
  single: ['longest', 'last', 'current'],
  monthEnd: ['last-day', 'next-day'],
} as { [field: string]: string[] }
const comparisons = { atLeast: 'above', above: 'atLeast', below: 'atMost', atMost: 'below' } as { [field: string]: string }
const bounds = ['atLeast', 'above', 'below', 'atMost']
/** What can be left out: a cap, a floor, a window, a tolerance. */
const removable = [
  'perYear',
  'perRecord',
  'best',
  'upTo',
  'after',
  'tolerate',
  'continuous',
  'except',
  'window',
  'floor',
  'plus',
  'otherwise',
]
/** Texts that are no rules. */
const silent = ['title', 'source', 'assumption', 'row', 'codes', 'shape', 'grain', 'unit']

/** Every mutant of a document. */
export function mutantsOf(tree: Tree): Mutant[] {
  const found: Mutant[] = []
  for (const section of sections) {
    const part = (tree as Map_)[section]
    if (part !== undefined) visit(part, `/${section}`, '', found)
  }
  return found
}

function visit(part: Tree, pointer: string, field: string, found: Mutant[]): void {
  if (typeof part === 'string') {
    for (const to of changes(part, field)) found.push({ at: pointer, to })
    return
  }
  if (Array.isArray(part)) {
    for (const [i, one] of part.entries()) visit(one, `${pointer}/${i}`, field, found)
    return
  }
  for (const [name, value] of Object.entries(part)) {
    // The decimals of an item or total are how it is written; those of a rounding step and of a share are a rule.
    if (silent.includes(name) || (name === 'scale' && 'rounding' in part)) continue
    const here = `${pointer}/${name}`
    const isCondition = 'measure' in part || ('value' in part && !('scale' in part))
    if (isCondition && comparisons[name] && typeof value === 'string') found.push({ at: here, to: comparisons[name] as string })
    // No count is below 0, so "exactly 0" and "at most 0" are one.
    if (isCondition && name === 'equals') for (const to of value === '0' ? ['atLeast'] : ['atLeast', 'atMost']) found.push({ at: here, to })
    const isLimit = ('of' in part && (name === 'atMost' || name === 'atLeast')) || removable.includes(name)
    if (isLimit && !isCondition) found.push({ at: here, to: 'removed' })
    if (name === 'default' && typeof value === 'string' && 'codes' in part)
      for (const code of Object.keys(part.codes as Map_)) if (code !== value) found.push({ at: here, to: code })
    visit(value, here, name, found)
  }
}

function changes(text: string, field: string): string[] {
  if (words[field]) return text === 'none' ? [] : (words[field] as string[]).filter(word => word !== text)
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return [shifted(text, -1), shifted(text, 1)]
  if (!/^-?\d+(\.\d+)?$/.test(text)) return []
  const decimals = text.split('.')[1]?.length ?? 0
  const scaled = BigInt(text.replace('.', ''))
  return [scaled - 1n, scaled + 1n].map(value => written(value, decimals))
}

function shifted(date: string, years: number): string {
  const moved = `${Number(date.slice(0, 4)) + years}${date.slice(4)}`
  return parseDate(moved) === undefined ? `${moved.slice(0, 8)}28` : moved
}

function written(value: bigint, decimals: number): string {
  const digits = String(value < 0n ? -value : value).padStart(decimals + 1, '0')
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return value < 0n ? `-${text}` : text
}

/** The document with a mutant in place. Maps keep their order, since items look up to those above. */
export function mutated(tree: Tree, { at, to }: Mutant): Tree {
  const path = at.split('/').slice(1)
  const change = (part: Tree, depth: number): Tree => {
    const name = path[depth] as string
    const isLast = depth === path.length - 1
    if (Array.isArray(part)) return part.map((one, i) => (String(i) === name ? (isLast ? to : change(one, depth + 1)) : one))
    const entries = Object.entries(part as Map_).flatMap(([key, value]): [string, Tree][] => {
      if (key !== name) return [[key, value]]
      if (!isLast) return [[key, change(value, depth + 1)]]
      if (to === 'removed') return []
      return typeof value === 'string' && bounds.includes(to) ? [[to, value]] : [[key, to]]
    })
    return unwrapped(Object.fromEntries(entries))
  }
  return change(tree, 0)
}

/** A limit that has lost its only end is what it limited. */
function unwrapped(part: Map_): Tree {
  const limit = part.limit as Map_ | undefined
  if (!limit?.of || 'atMost' in limit || 'atLeast' in limit) return part
  const { limit: _, ...rest } = part
  return { ...(limit.of as Map_), ...rest }
}

/** The mutants of a scheme that pass all its cases. One that the linter refuses is told apart from the scheme as well. */
export function survivors(text: string, caseTexts: readonly string[]): { mutants: number; survived: Mutant[] } {
  const { tree } = readDocument(text)
  const { scheme } = lintScheme(text, vocabularyOf)
  if (!scheme) throw new Error('the scheme itself has errors')
  const cases = caseTexts.flatMap(one => {
    const read = readCases(one, scheme)
    if (read.findings.length > 0) throw new Error(`a case file has errors: ${read.findings[0]?.message}`)
    return read.cases
  })
  const mutants = mutantsOf(tree)
  // Cases that told mutants apart are tried first.
  const order = cases.map((one, i) => ({ one, i, hits: 0 }))
  const survived = mutants.filter(mutant => {
    const changed = lintScheme(JSON.stringify(mutated(tree, mutant)), vocabularyOf).scheme
    if (!changed) return false
    const killer = order.find(({ one }) => {
      try {
        return runCase(changed, one).differences.length > 0
      } catch (error) {
        if (error instanceof Refusal) return true
        throw error
      }
    })
    if (!killer) return true
    killer.hits++
    order.splice(order.indexOf(killer), 1)
    order.unshift(killer)
    return false
  })
  return { mutants: mutants.length, survived }
}
