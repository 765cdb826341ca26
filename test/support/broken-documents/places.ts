import { schemeSchema } from '../../../src/scoring/scheme/document-schema.ts'
import type { Tree } from '../../../src/values/document.ts'

/* Every part of a scheme with its path, its field and what the published schema asks of it. */

export type Map_ = { [name: string]: Tree }
export type Schema = {
  $ref?: string
  required?: string[]
  oneOf?: { required?: string[] }[]
  properties?: { [name: string]: Schema }
  patternProperties?: { [name: string]: Schema }
  items?: Schema
  $defs?: { [name: string]: Schema }
}
/** `field` is the nearest name above: of an element of a list, the name of the list. */
export type Place = { path: readonly string[]; field: string; value: Tree; schema: Schema }

const root = schemeSchema as unknown as Schema

export function placesIn(tree: Tree): Place[] {
  const found: Place[] = []
  const visit = (value: Tree, schema: Schema | undefined, path: readonly string[], field: string): void => {
    const resolved = schema?.$ref ? (root.$defs?.[schema.$ref.slice('#/$defs/'.length)] as Schema) : (schema ?? {})
    found.push({ path, field, value, schema: resolved })
    if (typeof value === 'string') return
    if (Array.isArray(value)) {
      for (const [i, one] of value.entries()) visit(one, resolved.items, [...path, String(i)], field)
      return
    }
    const [any] = Object.values(resolved.patternProperties ?? {})
    for (const [name, part] of Object.entries(value)) visit(part, resolved.properties?.[name] ?? any, [...path, name], name)
  }
  visit(tree, root, [], '')
  return found
}

/** The tree with the part at a path changed; `undefined` leaves it out. Names keep their order. */
export function changed(tree: Tree, path: readonly string[], change: (part: Tree) => Tree | undefined): Tree {
  const [name, ...rest] = path
  if (name === undefined) return change(tree) as Tree
  const next = (part: Tree) => (rest.length === 0 ? change(part) : changed(part, rest, change))
  if (Array.isArray(tree)) return tree.map((one, i) => (String(i) === name ? next(one) : one)).filter(one => one !== undefined)
  return Object.fromEntries(
    Object.entries(tree as Map_).flatMap(([key, value]) => {
      const now = key === name ? next(value) : value
      return now === undefined ? [] : [[key, now]]
    }),
  )
}
