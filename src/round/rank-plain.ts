import { createPlacement, type Placed, type PlacementSummary } from '../ranking/placement.ts'
import type { Pool, RoundRules } from '../ranking/rules.ts'
import { chainsOf, type PlainSpan, ranksIn, type Stretch, standingsByPool, storeOutcomes, storeRanks } from '../store/plain-ranking.ts'
import { insertRunPools } from '../store/run-pools.ts'
import { type Run, type RunKey, setOnRun } from '../store/runs.ts'
import type { Work } from '../store/transaction.ts'

/** Whether nobody below the line can matter: one place for each application, in its own pool only, and no lots. */
export function isPlain({ decides, unit, secondRound, draws }: RoundRules): boolean {
  return decides === 'ranking' && unit === 'applicants' && secondRound === null && !draws
}

/**
 * Ranks a plain round. The database ranks everybody by one statement; `src/ranking/placement.ts` then looks at each pool down to its line and the end of its
 * reserve list, and what it decides otherwise than that statement stored is put right. That is all: where each application takes one place, whoever has as many
 * before as there are places finds none left.
 */
export async function rankPlain(work: Work, run: Run, rules: RoundRules, onward: () => void): Promise<void> {
  const { pools, hasPools } = rules
  const eligible = await storeRanks(work, run, { order: rules.order.map(({ direction }) => direction), pools, hasPools })
  onward()
  const key = { authority: run.authority, round: run.round, run: run.run }
  const placement = createPlacement(rules)
  const spans: PlainSpan[] = []
  const look = async (stretches: Stretch[]) => {
    for await (const batch of ranksIn(work, key, stretches)) {
      for (const { pool, rank, sharing, application } of batch) {
        const placed = placement.place([application], [{ pool, weight: 1, count: sharing, lot: noLots }])
        extend(spans, pools[pool] as Pool, rank, placed.at(0) as Placed)
      }
      onward()
    }
  }
  await look(pools.map(({ pool, places }) => ({ pool, from: 1, to: places })))
  // Those who are equal at the line stand within its first rank, however many they are.
  const { reserve } = rules
  if (reserve !== null)
    await look(placement.summary().pools.map(({ pool, places, admitted }) => ({ pool, from: places + 1, to: admitted + reserve })))
  await storeOutcomes(work, key, spans)
  onward()
  await keepFigures(work, key, rules, eligible, placement.summary())
}

/** Adds a rank to the spans of a pool, unless what was stored of it holds. */
function extend(spans: PlainSpan[], { pool, places }: Pool, rank: number, { outcome, reserve }: Placed): void {
  if (outcome === 'second') throw new Error('these rules have no second round')
  const passed = reserve === null ? null : rank - reserve
  if (outcome === (rank <= places ? 'first' : 'none') && passed === null) return
  const last = spans.at(-1)
  if (last?.pool === pool && last.outcome === outcome && last.passed === passed) last.last = rank
  else spans.push({ pool, first: rank, last: rank, outcome, passed })
}

async function keepFigures(
  work: Work,
  key: RunKey,
  { hasPools }: RoundRules,
  eligible: number,
  { pools }: PlacementSummary,
): Promise<void> {
  const counts = hasPools ? await standingsByPool(work, key) : new Map([['', eligible]])
  const strange = [...counts.keys()].find(pool => !pools.some(one => one.pool === pool))
  if (strange !== undefined) throw new Error('an entry names a pool that the rules have not')
  const chains = await chainsOf(
    work,
    key,
    pools.flatMap(({ cutOff }) => cutOff ?? []),
  )
  const figures = pools.map(({ pool, places, admitted, unused, cutOff, atLine }) => ({
    ...{ pool, places, eligible: counts.get(pool) ?? 0, admitted, admitted_second: 0, unused },
    ...{ cut_off: (cutOff && chains.get(cutOff[0] as number)) ?? null, at_line: atLine },
  }))
  await insertRunPools(work.db, key, figures)
  const admitted = figures.reduce((sum, one) => sum + one.admitted, 0)
  await setOnRun(work.db, key, { eligible, admitted })
}

function noLots(): never {
  throw new Error('these rules draw no lots')
}
