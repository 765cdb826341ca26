import { stringify } from 'yaml'
import { lintScheme, type PlacedFinding } from '../../src/scoring/scheme/lint.ts'
import { readDocument, type Tree } from '../../src/values/document.ts'
import { brokenTexts, type Source } from './broken-documents/of-text.ts'
import { brokenTrees } from './broken-documents/of-tree.ts'
import type { Map_ } from './broken-documents/places.ts'
import { schemeText, shippedSchemes, vocabulary, vocabularyOf } from './cases.ts'
import { type Random, randomFrom } from './random-facts.ts'
import { repaired } from './random-schemes/repaired.ts'
import { randomScheme } from './random-schemes/scheme.ts'

/*
 * Documents that certainly are no schemes, made of the shipped schemes and of random ones by a catalogue of mutations. The linter must refuse
 * each with a place, quickly, and never fail itself.
 */

export type Broken = { way: string; text: string }
/** The longest that a document may take, of the processor's time: other work on the machine does not count. */
const mostMilliseconds = 2000

export const ways = [...Object.keys(brokenTrees), ...Object.keys(brokenTexts)]

/** So many broken documents, each way as often as the others. */
export function* brokenDocuments(seed: number, number: number): Generator<Broken> {
  const random = randomFrom(seed)
  const shipped = shippedSchemes.map(name => sourceOf(readDocument(schemeText(name)).tree as Map_, schemeText(name)))
  let source = randomSource(random)
  for (let made = 0, tried = 0; made < number; tried++) {
    if (tried % 7 === 0) source = randomSource(random)
    const way = ways[tried % ways.length] as string
    const text = broken(way, random.chance(25) ? random.pick(shipped) : source, random)
    if (text === undefined) continue
    made++
    yield { way, text }
  }
}

function randomSource(random: Random): Source {
  for (;;) {
    const { tree, scheme } = repaired(randomScheme(vocabulary, random))
    if (scheme) return sourceOf(tree, stringify(tree))
  }
}

function sourceOf(tree: Map_, yaml: string): Source {
  return { tree, yaml, json: JSON.stringify(tree) }
}

function broken(way: string, source: Source, random: Random): string | undefined {
  const ofText = brokenTexts[way]
  if (ofText) return ofText(source, random)
  const tree = brokenTrees[way]?.(source.tree, random)
  return tree === undefined ? undefined : random.chance(80) ? JSON.stringify(tree) : stringify(tree)
}

/** What is wrong with how the linter takes a broken document; undefined if all is well. */
export function complaint({ text }: Broken): string | undefined {
  const start = process.cpuUsage()
  let result: ReturnType<typeof lintScheme>
  try {
    result = lintScheme(text, vocabularyOf)
  } catch (error) {
    return `fails: ${error instanceof Error ? error.stack : error}`
  }
  const { user, system } = process.cpuUsage(start)
  const took = Math.round((user + system) / 1000)
  if (took > mostMilliseconds) return `takes ${took} ms`
  if (result.scheme) return 'is accepted'
  const errors = result.findings.filter(finding => finding.severity === 'error')
  const lines = text.split('\n').length
  const isPlaced = ({ line, column }: PlacedFinding) => line >= 1 && line <= lines && column >= 1
  if (!errors.every(isPlaced)) return 'has an error without line and column'
  if (!errors.some(error => isPointed(error, text))) return `has no error with a pointer: ${JSON.stringify(errors.slice(0, 3))}`
  return undefined
}

/** The pointer leads to a part of the document or to where one is missing. Of the document as a whole it is empty: if it cannot be read, or lacks a part. */
function isPointed({ code, pointer }: PlacedFinding, text: string): boolean {
  if (pointer === '') return ['unreadable-document', 'wrong-document', 'missing-field', 'wrong-type'].includes(code)
  if (!pointer.startsWith('/')) return false
  if (code === 'unreadable-document') return true
  const path = pointer
    .slice(1)
    .split('/')
    .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  let part: Tree | undefined = readDocument(text).tree
  for (const name of path.slice(0, -1)) part = typeof part === 'object' && Object.hasOwn(part, name) ? (part as Map_)[name] : undefined
  return typeof part === 'object'
}
