import { canonicalJson } from '../../values/canonical-json.ts'
import type { Tree } from '../../values/document.ts'
import { at } from '../../values/refusal.ts'
import { measureKinds } from '../measures/kinds/all.ts'
import { nodeKinds } from '../points/kinds/all.ts'
import { isDateUsed } from './normalized.ts'
import { isMap, type Map_ } from './tree.ts'

/** A part of a document and where it stands. */
export type Part = { pointer: string; value: Tree }

/**
 * One change: a part that is new, gone or another. `order` says that the same parts stand in another order; `wrapped` that a cap, a rounding or the
 * like was put around a node or taken off it, `was` or `now` being that step.
 */
export type Change = { what: 'changed' | 'added' | 'removed' | 'order' | 'wrapped'; was: Part | null; now: Part | null }

/** Every change between two parts. */
export function changesBetween(was: Part, now: Part): Change[] {
  if (same(was.value, now.value)) return []
  if (isLeaf(was) || isLeaf(now)) return [{ what: 'changed', was, now }]
  if (isMap(was.value) && isMap(now.value)) return changesOfMaps(was as Branch, now as Branch)
  if (Array.isArray(was.value) && Array.isArray(now.value)) return changesOfLists(was.value, now.value, was.pointer, now.pointer)
  return [{ what: 'changed', was, now }]
}

type Branch = { pointer: string; value: Map_ }

/** Parts that are told as a whole: texts, dates, and what says a single thing. */
function isLeaf({ pointer, value }: Part): boolean {
  return typeof value === 'string' || isDateUsed(value) || /\/(title|source|assumption|absent|is|where\/[^/]+)$/.test(pointer)
}

function same(a: Tree, b: Tree): boolean {
  if (isDateUsed(a) && isDateUsed(b)) return canonicalJson(a.is) === canonicalJson(b.is)
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((part, i) => same(part, b[i] as Tree))
  if (!isMap(a) || !isMap(b)) return a === b
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => Object.hasOwn(b, name) && same(a[name] as Tree, b[name] as Tree))
}

/** Maps of options: where one is new or gone, each of its fields is told. */
const options = new Set(['window', 'where', 'continuous', 'tolerate', 'except', 'perYear', 'perRecord'])

function changesOfMaps(was: Branch, now: Branch): Change[] {
  const [kindWas, kindNow] = [kindOf(was.value), kindOf(now.value)]
  if (kindWas !== undefined && kindNow !== undefined && kindWas !== kindNow) return changesOfKinds(was, now)
  const names = [...new Set([...Object.keys(now.value), ...Object.keys(was.value)])]
  return names.flatMap((name): Change[] => {
    const [before, after] = [partOf(was, name), partOf(now, name)]
    if (before && after) return changesBetween(before, after)
    // The `where` of a source is a text.
    if (options.has(name) && isMap((after ?? before)?.value)) {
      const empty = { value: {} as Tree }
      return changesBetween(before ?? { ...empty, pointer: at(was.pointer, name) }, after ?? { ...empty, pointer: at(now.pointer, name) })
    }
    return [{ what: after ? 'added' : 'removed', was: before, now: after }]
  })
}

function partOf({ pointer, value }: Branch, name: string): Part | null {
  return Object.hasOwn(value, name) ? { pointer: at(pointer, name), value: value[name] as Tree } : null
}

const kinds = new Set([...nodeKinds, ...measureKinds].map(kind => kind.name))
const beside = new Set(['title', 'source', 'assumption'])

/** The kind of a node or measure; undefined for another map. */
function kindOf(map: Map_): string | undefined {
  const others = Object.keys(map).filter(name => !beside.has(name))
  return others.length === 1 && kinds.has(others[0] as string) ? others[0] : undefined
}

/** A node of another kind: a step may have been put around it or taken off, otherwise it is another node. */
function changesOfKinds(was: Branch, now: Branch): Change[] {
  const inNow = innerOf(now)
  if (inNow && chainOf(inNow).includes(kindOf(was.value) as string))
    return [{ what: 'wrapped', was: null, now }, ...changesBetween(was, inNow)]
  const inWas = innerOf(was)
  if (inWas && chainOf(inWas).includes(kindOf(now.value) as string))
    return [{ what: 'wrapped', was, now: null }, ...changesBetween(inWas, now)]
  return [{ what: 'changed', was, now }]
}

/** What a step such as a cap is put around. */
function innerOf({ pointer, value }: Branch): Branch | undefined {
  const kind = kindOf(value)
  const body = kind === undefined ? undefined : value[kind]
  if (kind === 'deduct' && isMap(body)) return { pointer: at(pointer, kind), value: body }
  const of = kind !== undefined && isMap(body) ? body.of : undefined
  return isMap(of) ? { pointer: at(at(pointer, kind as string), 'of'), value: of } : undefined
}

/** The kinds of a node and of what is inside its steps. */
function chainOf(node: Branch): string[] {
  const inner = innerOf(node)
  return [kindOf(node.value) ?? '', ...(inner ? chainOf(inner) : [])]
}

function changesOfLists(was: Tree[], now: Tree[], pointerWas: string, pointerNow: string): Change[] {
  const partWas = (i: number): Part => ({ pointer: at(pointerWas, i), value: was[i] as Tree })
  const partNow = (i: number): Part => ({ pointer: at(pointerNow, i), value: now[i] as Tree })
  const whole: Change = { what: 'changed', was: { pointer: pointerWas, value: was }, now: { pointer: pointerNow, value: now } }
  if ([...was, ...now].every(part => typeof part === 'string')) {
    const areFigures = [...was, ...now].every(part => /^-?[\d.]+$/.test(part as string))
    return areFigures && was.length === now.length ? now.flatMap((_, i) => changesBetween(partWas(i), partNow(i))) : [whole]
  }
  const pairs = matched(was, now)
  const places = pairs.map(([i]) => i)
  const isMoved = places.some((place, i) => i > 0 && place < (places[i - 1] as number))
  const [pairedWas, pairedNow] = [new Set(places), new Set(pairs.map(([, j]) => j))]
  return [
    ...pairs.flatMap(([i, j]) => changesBetween(partWas(i), partNow(j))),
    ...now.flatMap((_, j): Change[] => (pairedNow.has(j) ? [] : [{ what: 'added', was: null, now: partNow(j) }])),
    ...was.flatMap((_, i): Change[] => (pairedWas.has(i) ? [] : [{ what: 'removed', was: partWas(i), now: null }])),
    ...(isMoved ? [{ ...whole, what: 'order' as const }] : []),
  ]
}

/** Which part of a list became which, by their places, in the order of the newer list: first equal ones, then those known by the same mark, then the rest in turn. */
function matched(was: readonly Tree[], now: readonly Tree[]): [was: number, now: number][] {
  const pairs = new Map<number, number>()
  const free = new Set(was.keys())
  const pair = (fits: (a: Tree, b: Tree, i: number, j: number) => boolean) => {
    for (const [j, part] of now.entries()) {
      if (pairs.has(j)) continue
      const i = [...free].find(i => fits(was[i] as Tree, part, i, j))
      if (i === undefined) continue
      free.delete(i)
      pairs.set(j, i)
    }
  }
  pair((a, b, i, j) => i === j && same(a, b))
  pair(same)
  pair((a, b) => markOf(a) !== undefined && markOf(a) === markOf(b))
  // A row that asks for other codes under another name is another row.
  pair((a, b) => (isRow(a) || isRow(b) ? isMap(a) && isMap(b) && same(a.holds ?? '', b.holds ?? '') : sameKind(a, b)))
  return [...pairs].sort(([a], [b]) => a - b).map(([j, i]) => [i, j])
}

/** By what a part of a list is known: the name of a row, the ends of a band, the condition of a case, the title of a node, the subject of a question. */
function markOf(part: Tree): string | undefined {
  if (!isMap(part)) return undefined
  const { row, if: condition, from, below, title, measure } = part
  if (row !== undefined) return `row ${row}`
  if (condition !== undefined) return `if ${canonicalJson(condition)}`
  if (part.then !== undefined) return `band ${from ?? ''} ${below ?? ''}`
  if (title !== undefined) return `title ${canonicalJson(title)}`
  return typeof measure === 'string' ? `measure ${measure}` : undefined
}

function isRow(part: Tree): boolean {
  return isMap(part) && part.row !== undefined
}

function sameKind(a: Tree, b: Tree): boolean {
  return isMap(a) && isMap(b) ? kindOf(a) === kindOf(b) : typeof a === typeof b
}
