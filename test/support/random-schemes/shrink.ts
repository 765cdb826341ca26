import type { Tree } from '../../../src/values/document.ts'
import type { RawFacts } from '../random-facts.ts'
import type { Map_ } from './pool.ts'

export type Failing = { tree: Map_; raw: RawFacts }

/**
 * The smallest scheme and facts that still fail: part after part is left out, or gives way to a part inside it, as long as `fails` says that
 * the failure is still there.
 */
export function shrunk(failing: Failing, fails: (smaller: Failing) => boolean): Failing {
  let { tree, raw } = failing
  for (let before = ''; before !== JSON.stringify([tree, raw]); ) {
    before = JSON.stringify([tree, raw])
    raw = least(raw as Tree, smaller => fails({ tree, raw: smaller as RawFacts })) as RawFacts
    tree = least(tree, smaller => fails({ tree: smaller as Map_, raw })) as Map_
  }
  return { tree, raw }
}

function least(tree: Tree, fails: (smaller: Tree) => boolean): Tree {
  let now = tree
  // Outer parts first: what goes with them need not be tried.
  for (let depth = 0; depth < 30; depth++) {
    for (let again = true; again; ) {
      again = false
      for (const smaller of smallerAt(now, depth)) {
        if (!fails(smaller)) continue
        now = smaller
        again = true
        break
      }
    }
  }
  return now
}

/** The tree with one part at a depth left out, or in the place of what holds it. */
function* smallerAt(tree: Tree, depth: number): Generator<Tree> {
  if (typeof tree === 'string') return
  const names = Object.keys(tree)
  for (const name of names) {
    const part = (tree as Map_)[name] as Tree
    if (depth > 0) {
      for (const smaller of smallerAt(part, depth - 1)) yield replaced(tree, name, smaller)
      continue
    }
    yield replaced(tree, name, undefined)
    if (typeof part === 'string') continue
    for (const inner of innerMaps(part, 4)) yield replaced(tree, name, inner)
  }
}

/** The maps and lists inside a part, down to some depth: a node may stand in the place of one that holds it. */
function innerMaps(part: Tree, depth: number): Tree[] {
  if (typeof part === 'string' || depth === 0) return []
  return Object.values(part).flatMap(inner => (typeof inner === 'string' ? [] : [inner, ...innerMaps(inner, depth - 1)]))
}

function replaced(tree: Map_ | Tree[], name: string, part: Tree | undefined): Tree {
  if (Array.isArray(tree)) return tree.flatMap((one, i) => (String(i) === name ? (part === undefined ? [] : [part]) : [one]))
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) => (key === name ? (part === undefined ? [] : [[key, part]]) : [[key, value]])),
  )
}
