import { formatDecimal } from '../../values/decimal.ts'
import type { Facts } from '../evidence/facts.ts'
import { readFacts } from '../evidence/read-facts.ts'
import type { Scheme } from '../scheme/scheme.ts'
import type { Points, Score, Scorer } from '../score.ts'
import { attestedKind } from '../vocabulary.ts'

/** How many went up, down or stayed, and by how much, as exact decimals. `open` are those whose points one of the two leaves open. */
export type Moves = {
  up: number
  down: number
  same: number
  open: number
  /** All that was gained, all that was lost (negative), both together, and the largest of each for one applicant. */
  gained: string
  lost: string
  sum: string
  mostGained: string
  mostLost: string
}

/** What a newer version does to applicants. A part that only one version has counts as 0 points in the other. */
export type Effect = {
  compared: number
  /** By total: those eligible before and now, and who became so or no longer is. */
  totals: ({ total: string; eligible: { was: number; now: number; newly: number; noLonger: number } } & Moves)[]
  items: ({ item: string } & Moves)[]
}

/** Compares the scores of one applicant after the other; nothing of them is kept but sums. */
export type Comparison = {
  /** @throws Refusal `invalid-facts`, `out-of-range` */
  add(facts: unknown, pointer?: string): void
  effect(): Effect
}

export function comparison(was: Scorer, now: Scorer): Comparison {
  const items = pairsOf(
    was.scheme.items.map(({ item, scale }) => ({ name: item, scale })),
    now.scheme.items.map(({ item, scale }) => ({ name: item, scale })),
  )
  const totals = totalsOf(was.scheme, now.scheme).map(pair => ({ ...pair, eligible: { was: 0, now: 0, newly: 0, noLonger: 0 } }))
  let compared = 0
  return {
    add(facts, pointer = '') {
      const before = was.score(factsFor(was.scheme, now.scheme, facts, pointer))
      const after = now.score(factsFor(now.scheme, was.scheme, facts, pointer))
      compared++
      for (const pair of items) pair.moved.add(scaled(before.items, pair.was, pair.scale), scaled(after.items, pair.now, pair.scale))
      for (const pair of totals) {
        pair.moved.add(scaled(before.totals, pair.was, pair.scale), scaled(after.totals, pair.now, pair.scale))
        countEligible(pair.eligible, isEligible(before, pair.was), isEligible(after, pair.now))
      }
    },
    effect: () => ({
      compared,
      totals: totals.map(({ name, eligible, moved, scale }) => ({ total: name, eligible: { ...eligible }, ...moved.moves(scale) })),
      items: items.map(({ name, moved, scale }) => ({ item: name, ...moved.moves(scale) })),
    }),
  }
}

type Place = { index: number; scale: number } | undefined
type Pair = { name: string; was: Place; now: Place; scale: number; moved: ReturnType<typeof counting> }

/** Parts of both versions by their names, in the order of the newer one, at the finer of their scales. */
function pairsOf(was: readonly { name: string; scale: number }[], now: readonly { name: string; scale: number }[]): Pair[] {
  const placeIn = (list: typeof was, name: string): Place => {
    const index = list.findIndex(one => one.name === name)
    return index < 0 ? undefined : { index, scale: list[index]?.scale as number }
  }
  return [...new Set([...now, ...was].map(({ name }) => name))].map(name => {
    const [before, after] = [placeIn(was, name), placeIn(now, name)]
    return { name, was: before, now: after, scale: Math.max(before?.scale ?? 0, after?.scale ?? 0), moved: counting() }
  })
}

/** The totals that both have; if they have none in common, the first of each. */
function totalsOf(was: Scheme, now: Scheme): Pair[] {
  const named = ({ totals }: Scheme) => totals.map(({ total, scale }) => ({ name: total, scale }))
  const common = pairsOf(named(was), named(now)).filter(pair => pair.was && pair.now)
  if (common.length > 0) return common
  const [a, b] = [was.totals[0], now.totals[0]].map(total => total?.scale ?? 0) as [number, number]
  const name = now.totals[0]?.total as string
  return [{ name, was: { index: 0, scale: a }, now: { index: 0, scale: b }, scale: Math.max(a, b), moved: counting() }]
}

/** Points at a finer scale; undefined while they are open. Integers without bound, since they are added up. */
function scaled(points: readonly Points[], place: Place, scale: number): bigint | undefined {
  if (!place) return 0n
  const { points: value } = points[place.index] as Points
  return value === null ? undefined : BigInt(value) * 10n ** BigInt(scale - place.scale)
}

function isEligible(score: Score, place: Place): boolean {
  return place !== undefined && score.eligibleFor[place.index] === 'yes'
}

function countEligible(counts: Effect['totals'][number]['eligible'], was: boolean, now: boolean): void {
  if (was) counts.was++
  if (now) counts.now++
  if (now && !was) counts.newly++
  if (was && !now) counts.noLonger++
}

function counting() {
  const counts = { up: 0, down: 0, same: 0, open: 0 }
  let [gained, lost, mostGained, mostLost] = [0n, 0n, 0n, 0n]
  return {
    add(was: bigint | undefined, now: bigint | undefined): void {
      if (was === undefined || now === undefined) {
        counts.open++
        return
      }
      const change = now - was
      if (change === 0n) counts.same++
      else if (change > 0n) {
        counts.up++
        gained += change
        if (change > mostGained) mostGained = change
      } else {
        counts.down++
        lost += change
        if (change < mostLost) mostLost = change
      }
    },
    moves(scale: number): Moves {
      const text = (value: bigint) => decimalText(value, scale)
      return {
        ...counts,
        gained: text(gained),
        lost: text(lost),
        sum: text(gained + lost),
        mostGained: text(mostGained),
        mostLost: text(mostLost),
      }
    },
  }
}

/** A sum of many may be larger than a safe integer. */
function decimalText(value: bigint, scale: number): string {
  const unit = 10n ** BigInt(scale)
  const rest = value % unit
  const fraction = scale === 0 ? '' : formatDecimal(Number(rest < 0n ? -rest : rest), scale).slice(1)
  return `${value < 0n ? '-' : ''}${(value < 0n ? -value : value) / unit}${fraction}`
}

/** Facts as one version reads them. Kinds of evidence that only the other version knows are none of its business. */
function factsFor(scheme: Scheme, other: Scheme, facts: unknown, pointer: string): Facts {
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts)) return readFacts(scheme.vocabulary, facts, pointer)
  const { kinds, measures } = scheme.vocabulary
  const own = Object.entries(facts)
    .filter(([kind]) => kinds.has(kind) || kind === attestedKind || !other.vocabulary.kinds.has(kind))
    .map(([kind, records]) => {
      if (kind !== attestedKind || !Array.isArray(records)) return [kind, records]
      const concerns = (record: { measure?: unknown } | null): boolean => {
        const name = String(record?.measure)
        return measures.has(name) || !other.vocabulary.measures.has(name)
      }
      return [kind, records.filter(concerns)]
    })
  return readFacts(scheme.vocabulary, Object.fromEntries(own), pointer)
}
