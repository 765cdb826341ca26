import { createFilling, type LineRule, type StraddleRule } from './filling.ts'
import { everyPosition, Lots } from './group.ts'
import { type Chain, compareChains, type Direction } from './order-keys.ts'

/** A head on the reserve list that was neither called up nor struck off, with its chain as last corrected. */
export type Waiting = { chain: Chain; weight: number; lot(): Buffer }

export type CallUpRules = { order: readonly { direction: Direction }[]; line: LineRule | null; straddle: StraddleRule | null }

/**
 * Who of the reserve list of a pool is called up into free places (docs/ranking.md, Call-up).
 * @param waiting in any order
 * @param free how many places of the pool are free
 * @returns in the order of `waiting`
 */
export function callUp(rules: CallUpRules, waiting: readonly Waiting[], free: number): boolean[] {
  const directions = rules.order.map(({ direction }) => direction)
  const chainAt = (i: number) => (waiting[i] as Waiting).chain
  const best = [...waiting.keys()].sort((a, b) => compareChains(chainAt(a), chainAt(b), directions))
  const filling = createFilling(rules, free)
  const calledUp = waiting.map(() => false)
  for (let start = 0; start < best.length; ) {
    const first = best[start] as number
    let end = start
    while (end < best.length && compareChains(chainAt(first), chainAt(best[end] as number), directions) === 0) end++
    const positions = best.slice(start, end)
    const group = positions.map(i => ({ ...(waiting[i] as Waiting), pool: 0 }))
    for (const n of filling.fill(group, everyPosition(group), new Lots(group))) calledUp[positions[n] as number] = true
    start = end
  }
  return calledUp
}
