import { readDocument, type Tree } from '../../values/document.ts'
import type { Scheme } from '../scheme/scheme.ts'

/*
 * The document of a scheme as a tree: its parts by JSON pointer and by name.
 */

export type Map_ = { [name: string]: Tree }

const trees = new WeakMap<Scheme, Tree>()

/** The document of a scheme, read once. */
export function treeOf(scheme: Scheme): Tree {
  const known = trees.get(scheme)
  if (known !== undefined) return known
  const { tree } = readDocument(scheme.text)
  trees.set(scheme, tree)
  return tree
}

/** The part that a JSON pointer names; undefined if there is none. */
export function partAt(tree: Tree | undefined, pointer: string): Tree | undefined {
  let part = tree
  for (const token of tokensOf(pointer)) {
    if (Array.isArray(part)) part = part[Number(token)]
    else part = isMap(part) && Object.hasOwn(part, token) ? part[token] : undefined
  }
  return part
}

export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function isMap(tree: Tree | undefined): tree is Map_ {
  return typeof tree === 'object' && !Array.isArray(tree)
}

/** A field of a map: a text, texts, or a map again. What is not there, or is something else, is none. */
export function textIn(tree: Tree | undefined, field: string): string | undefined {
  const value = isMap(tree) ? tree[field] : undefined
  return typeof value === 'string' ? value : undefined
}
export function textsIn(tree: Tree | undefined, field: string): string[] {
  const value = isMap(tree) ? tree[field] : undefined
  return (Array.isArray(value) ? value : [value]).filter(one => typeof one === 'string')
}
export function mapIn(tree: Tree | undefined, field: string): Map_ | undefined {
  const value = isMap(tree) ? tree[field] : undefined
  return isMap(value) ? value : undefined
}

/** The kind of a measure or node and what stands under it: the one field that is neither its title nor what it rests on. */
export function kindIn(tree: Tree | undefined): { kind: string; body: Tree } | undefined {
  if (!isMap(tree)) return undefined
  const kind = Object.keys(tree).find(name => name !== 'title' && name !== 'source' && name !== 'assumption')
  return kind === undefined ? undefined : { kind, body: tree[kind] as Tree }
}
