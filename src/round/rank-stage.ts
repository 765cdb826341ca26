import type { Lottery } from '../ranking/lot.ts'
import { type Competitor, createPlacement, type Group, type Placed, type Placement, type PlacementSummary } from '../ranking/placement.ts'
import type { RoundRules } from '../ranking/rules.ts'
import {
  type Competition,
  type CompetitorsRow,
  chainsAt,
  competitorsOf,
  drawnCompetitorsOf,
  gatherCompetitors,
  keepDrawn,
  representedByPool,
  type Span,
  storeStandings,
  storeUnranked,
} from '../store/ranking.ts'
import { insertRunPools } from '../store/run-pools.ts'
import { type Run, type RunKey, setOnRun } from '../store/runs.ts'
import type { Work } from '../store/transaction.ts'
import { DrawnEntries, DrawnGroup } from './drawn-groups.ts'
import { isPlain, rankPlain } from './rank-plain.ts'

/**
 * Ranks the eligible entries of a scored run by docs/ranking.md, stores their standings and the figures of the run. The database sorts and stores, and
 * `src/ranking/placement.ts` decides: it sees who competes group by group, best first. Call it in the transaction that holds the round's lock.
 * `onward` is called after each piece of work and may throw to stop.
 */
export async function rankRun(work: Work, run: Run, rules: RoundRules, lottery: Lottery | null, onward: () => void): Promise<void> {
  const key = { authority: run.authority, round: run.round, run: run.run }
  if (rules.decides === 'score-line') return admitAll(work, key)
  if (isPlain(rules)) return rankPlain(work, run, rules, onward)
  const competition: Competition = {
    ...key,
    order: rules.order.map(({ direction }) => direction),
    pools: rules.pools.map(({ pool }) => pool),
    byHousehold: rules.unit !== 'applicants',
    byPersons: rules.unit === 'persons',
  }
  await gatherCompetitors(work, competition)
  onward()
  const placement = createPlacement(rules)
  if (lottery === null) {
    const groups = () => inGroups(competitorsOf(work), createKinds(), onward)
    if (rules.secondRound) for await (const { group } of groups()) placement.survey(group)
    await storeStandings(work, competition, { spans: await decide(groups(), placement), draws: false })
  } else {
    const groups = () => inGroups(drawnCompetitorsOf(work, key), new DrawnGroup(lottery), onward)
    if (rules.secondRound) for await (const { group } of groups()) placement.survey(group)
    // Nothing else can be written or read on the connection while a COPY goes on, so those who carry a lot wait here.
    const drawn = new DrawnEntries()
    const spans = await decide(groups(), placement, (group, i, { outcome, reserve, lot }) => {
      if (lot !== null) drawn.add({ application: group.applicationAt(i), outcome, reserve, lot })
      return lot !== null
    })
    await keepDrawn(work, drawn)
    await storeStandings(work, competition, { spans, draws: true })
  }
  onward()
  await keepFigures(work, key, placement.summary())
}

/** A group that rows are added to. */
type Growing<Row> = Group & { add(row: Row): void; clear(): void }

/** The groups of equal chains, best first. Only the group in hand is kept, in `group`. */
async function* inGroups<Row extends { place: number; pool: number }, G extends Growing<Row>>(
  batches: AsyncIterable<Row[]>,
  group: G,
  onward: () => void,
): AsyncGenerator<{ place: number; group: G }> {
  let place = 0
  for await (const batch of batches) {
    onward()
    for (const row of batch) {
      if (row.pool < 0) throw new Error('an entry names a pool that the rules have not')
      if (row.place !== place) {
        if (row.place < place) throw new Error('the database gave the competitors out of order')
        if (group.length > 0) yield { place, group }
        group.clear()
        place = row.place
      }
      group.add(row)
    }
  }
  if (group.length > 0) yield { place, group }
}

/** A group where no lots are drawn: then all of a pool and a weight are alike. */
function createKinds(): Growing<CompetitorsRow> {
  const kinds: Competitor[] = []
  return {
    get length() {
      return kinds.length
    },
    at: index => kinds[index],
    add: ({ pool, weight, count }) => kinds.push({ pool, weight, count, lot: noLots }),
    clear() {
      kinds.length = 0
    },
  }
}

function noLots(): never {
  throw new Error('these rules draw no lots')
}

/**
 * Places all groups. What holds for whole stretches of places is told once: of a pool and a weight there are few, since whoever is too late or too
 * heavy once is so from there on. What `keep` takes by itself is in no stretch.
 */
async function decide<G extends Group>(
  groups: AsyncIterable<{ place: number; group: G }>,
  placement: Placement,
  keep?: (group: G, index: number, placed: Placed) => boolean,
): Promise<Span[]> {
  const spans: Span[] = []
  const open = new Map<number, Span>()
  for await (const { place, group } of groups) {
    const placed = placement.place([place], group)
    for (let i = 0; i < placed.length; i++) {
      const one = placed.at(i) as Placed
      if (keep?.(group, i, one)) continue
      const { pool, weight } = group.at(i) as Competitor
      const { outcome } = one
      const passed = one.reserve === null ? null : one.rank - one.reserve
      const kind = kindOf(pool, weight)
      const span = open.get(kind)
      if (span?.outcome === outcome && span.passed === passed) span.last = place
      else {
        const next = { pool, weight, first: place, last: place, outcome, passed }
        open.set(kind, next)
        spans.push(next)
      }
    }
  }
  return spans
}

/** A pool and a weight as one number; weights are below 128. */
function kindOf(pool: number, weight: number): number {
  return pool * 128 + weight
}

async function keepFigures(work: Work, key: RunKey, { pools, secondRound }: PlacementSummary): Promise<void> {
  const represented = await representedByPool(work)
  const cutOffs = [...pools.map(({ cutOff }) => cutOff), secondRound?.cutOff ?? null].flatMap(cutOff => cutOff?.slice(0, 1) ?? [])
  const chains = await chainsAt(work, key, cutOffs)
  const chainOf = (cutOff: readonly number[] | null) => (cutOff === null ? null : (chains.get(cutOff[0] as number) as number[]))
  const figures = pools.map(one => ({
    pool: one.pool,
    places: one.places,
    eligible: one.heads + (represented.get(one.pool) ?? 0),
    admitted: one.admitted,
    admitted_second: one.admittedSecond,
    unused: one.unused,
    cut_off: chainOf(one.cutOff),
    at_line: one.atLine,
  }))
  await insertRunPools(work.db, key, figures)
  await setOnRun(work.db, key, {
    eligible: figures.reduce((sum, { eligible }) => sum + eligible, 0),
    admitted: figures.reduce((sum, { admitted, admitted_second }) => sum + admitted + admitted_second, 0),
    second_round: secondRound && { places: secondRound.places, cutOff: chainOf(secondRound.cutOff), atLine: secondRound.atLine },
  })
}

/** Where a score line decides, all who are eligible have reached it. */
async function admitAll(work: Work, key: RunKey): Promise<void> {
  const eligible = await storeUnranked(work, key)
  const none = { places: null, unused: null, cut_off: null, at_line: 0, admitted_second: 0 }
  await insertRunPools(work.db, key, [{ pool: '', eligible, admitted: eligible, ...none }])
  await setOnRun(work.db, key, { eligible, admitted: eligible })
}
