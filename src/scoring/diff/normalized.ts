import type { Tree } from '../../values/document.ts'
import type { Scheme } from '../scheme/scheme.ts'
import { isMap, type Map_, mapIn, treeOf } from './tree.ts'

/*
 * A scheme as it is compared: what a total leaves out is said, and where a date is named, what it is stands beside its name, so that a date that
 * changes is a change wherever it is used.
 */

/** A date where it is used: its name and what it is, a text or a map of its own steps. */
export type DateUsed = { date: string; is: Tree }

export function isDateUsed(tree: Tree | undefined): tree is DateUsed {
  return isMap(tree) && Object.keys(tree).length === 2 && typeof tree.date === 'string' && tree.is !== undefined
}

export function normalized(scheme: Scheme): Map_ {
  const tree = treeOf(scheme) as Map_
  const dates = datesOf(mapIn(tree, 'dates') ?? {})
  const names = (section: string) => Object.keys(mapIn(tree, section) ?? {})
  const totals = Object.entries(mapIn(tree, 'totals') ?? {}).map(([name, total]) => {
    const said = total as Map_
    const usual = { ...(!said.value && { items: names('items') }), gates: names('gates'), freezes: names('freezes') }
    return [name, { ...usual, ...said }]
  })
  const { $schema: _, ...parts } = tree
  const used = Object.fromEntries(
    Object.entries(parts).map(([section, part]) => [section, section === 'dates' ? part : withDates(part, dates)]),
  )
  return {
    ...used,
    totals: withDates(Object.fromEntries(totals), dates),
    dates: Object.fromEntries(
      Object.entries(mapIn(tree, 'dates') ?? {}).map(([name, date]) => {
        const { source, assumption } = date as Map_
        return [name, { is: dates.get(name) as Tree, ...(source && { source }), ...(assumption && { assumption }) }]
      }),
    ),
  }
}

/** Every date by its name, with the dates that it rests on written out, and without what it rests on in the rules. */
function datesOf(sources: Map_): Map<string, Tree> {
  const dates = new Map<string, Tree>()
  for (const [name, source] of Object.entries(sources)) {
    const { source: _, assumption: __, ...steps } = source as Map_
    dates.set(name, withDates(steps, dates))
  }
  return dates
}

/** The fields that take a date. Elsewhere they hold figures, which are no names of dates. */
const dateFields = new Set(['from', 'until', 'on', 'endingOn', 'otherwise', 'date'])

function withDates(tree: Tree, dates: ReadonlyMap<string, Tree>): Tree {
  if (Array.isArray(tree)) return tree.map(part => withDates(part, dates))
  if (!isMap(tree)) return tree
  return Object.fromEntries(
    Object.entries(tree).map(([field, part]) => {
      if (typeof part !== 'string' || !dateFields.has(field)) return [field, withDates(part, dates)]
      const is = part === 'reference' || /^\d{4}-\d{2}-\d{2}$/.test(part) ? part : dates.get(part)
      return [field, is === undefined ? part : { date: part, is }]
    }),
  )
}
