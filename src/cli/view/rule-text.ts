import { isMap, mapIn, textIn, treeOf } from '../../scoring/diff/tree.ts'
import type { Localized, Origin } from '../../scoring/document-parts.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import { formatDate } from '../../values/civil-date.ts'
import type { Tree } from '../../values/document.ts'

/*
 * What the document of a scheme says at a place. An explanation names places by JSON pointers; titles of rows, axes of tables and windows of
 * measures stand in the document alone.
 */

export function titleIn(tree: Tree | undefined): Localized | undefined {
  return mapIn(tree, 'title') as Localized | undefined
}

export function originIn(tree: Tree | undefined): Origin {
  const source = mapIn(tree, 'source') as { ref: string; article?: string } | undefined
  const assumption = textIn(tree, 'assumption') ?? (mapIn(tree, 'assumption') as Localized | undefined)
  return { ...(source && { source }), ...(assumption !== undefined && { assumption }) }
}

/** The row of a choice, by its name. */
export function rowIn(choice: Tree | undefined, row: string): Tree | undefined {
  const rows = isMap(choice) ? choice.rows : undefined
  return Array.isArray(rows) ? rows.find(one => textIn(one, 'row') === row) : undefined
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
