import type { Localized, Origin } from '../../scoring/document-parts.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import { formatDate } from '../../values/civil-date.ts'
import { readDocument, type Tree } from '../../values/document.ts'

/*
 * What the document of a scheme says at a place. An explanation names places by JSON pointers; titles of rows, axes of tables and windows of
 * measures stand in the document alone.
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

export function titleIn(tree: Tree | undefined): Localized | undefined {
  return mapIn(tree, 'title') as Localized | undefined
}

export function originIn(tree: Tree | undefined): Origin {
  const source = mapIn(tree, 'source') as { ref: string; article?: string } | undefined
  const assumption = textIn(tree, 'assumption')
  return { ...(source && { source }), ...(assumption !== undefined && { assumption }) }
}

/** The kind of a measure or node and what stands under it: the one field that is neither its title nor what it rests on. */
export function kindIn(tree: Tree | undefined): { kind: string; body: Tree } | undefined {
  if (!isMap(tree)) return undefined
  const kind = Object.keys(tree).find(name => name !== 'title' && name !== 'source' && name !== 'assumption')
  return kind === undefined ? undefined : { kind, body: tree[kind] as Tree }
}

/** The row of a choice, by its name. */
export function rowIn(choice: Tree | undefined, row: string): Map_ | undefined {
  const rows = isMap(choice) ? choice.rows : undefined
  return Array.isArray(rows) ? (rows.find(one => textIn(one, 'row') === row) as Map_ | undefined) : undefined
}

/** The first choice that stands somewhere in a node. */
export function choiceIn(tree: Tree | undefined): Tree | undefined {
  if (typeof tree !== 'object') return undefined
  if (isMap(tree) && isMap(tree.choice)) return tree.choice
  for (const part of Object.values(tree)) {
    const found = choiceIn(part)
    if (found !== undefined) return found
  }
  return undefined
}

/** The day of a date that does not depend on the applicant, by its name; undefined for one that evidence gives. */
export function dayOf(scheme: Scheme, name: string, asOf: number): string | undefined {
  const names = ['reference', ...Object.keys(mapIn(treeOf(scheme), 'dates') ?? {})]
  const day = scheme.dates(asOf)[names.indexOf(name)]
  return day === undefined ? undefined : formatDate(day)
}
