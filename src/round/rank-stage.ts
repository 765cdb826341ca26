import { type Lottery, lotOf } from '../ranking/lot.ts'
import { type Competitor, createPlacement, type Placed, type Placement, type PlacementSummary } from '../ranking/placement.ts'
import type { RoundRules } from '../ranking/rules.ts'
import {
  type Competition,
  type CompetitorRow,
  chainsAt,
  competitorsOf,
  type DrawnEntry,
  gatherCompetitors,
  keepDrawn,
  type ReservedPlace,
  representedByPool,
  type Span,
  storeStandings,
  storeUnranked,
} from '../store/ranking.ts'
import { insertRunPools } from '../store/run-pools.ts'
import { type Run, type RunKey, setOnRun } from '../store/runs.ts'
import type { Work } from '../store/transaction.ts'
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
  const groups = () => groupsOf(competitorsOf(work, competition, rules.draws), lottery, onward)
  if (rules.secondRound) for await (const { group } of groups()) placement.survey(group)
  await storeStandings(work, competition, await decide(work, groups(), placement, rules.draws))
  onward()
  await keepFigures(work, key, placement.summary())
}

type Group = { place: number; group: Competitor[]; applications: (string | null)[] }

/** The groups of equal chains, best first. Only the group in hand is kept. */
async function* groupsOf(batches: AsyncIterable<CompetitorRow[]>, lottery: Lottery | null, onward: () => void): AsyncGenerator<Group> {
  // Without lots all of a pool and a weight are alike.
  const alike = new Map<number, Competitor>()
  const competitorOf = ({ pool, weight, publicNumber }: CompetitorRow): Competitor => {
    if (lottery !== null) return { pool, weight, lot: () => lotOf(lottery, publicNumber as string) }
    const code = kindOf(pool, weight)
    let one = alike.get(code)
    if (one === undefined) {
      one = { pool, weight, lot: noLots }
      alike.set(code, one)
    }
    return one
  }
  let current: Group | undefined
  for await (const batch of batches) {
    onward()
    for (const row of batch) {
      if (row.pool < 0) throw new Error('an entry names a pool that the rules have not')
      if (current === undefined || row.place !== current.place) {
        if (current !== undefined) {
          if (row.place < current.place) throw new Error('the database gave the competitors out of order')
          yield current
        }
        current = { place: row.place, group: [], applications: [] }
      }
      current.group.push(competitorOf(row))
      if (lottery !== null) current.applications.push(row.application)
    }
  }
  if (current !== undefined) yield current
}

function noLots(): never {
  throw new Error('these rules draw no lots')
}

/**
 * Places all groups. What holds for whole stretches of places is told once: of a pool and a weight there are few, since whoever is too late or too
 * heavy once is so from there on.
 */
async function decide(
  work: Work,
  groups: AsyncIterable<Group>,
  placement: Placement,
  draws: boolean,
): Promise<{ spans: Span[]; reserved: ReservedPlace[]; draws: boolean }> {
  const spans: Span[] = []
  const reserved: ReservedPlace[] = []
  const open = new Map<number, Span>()
  const lastReserved = new Map<number, number>()
  // Nothing else can be written or read on the connection while a COPY goes on, so those who carry a lot wait here; they are those at a line.
  const drawn: DrawnEntry[] = []
  for await (const { place, group, applications } of groups) {
    const placed = placement.place([place], group)
    for (let i = 0; i < placed.length; i++) {
      const { outcome, reserve, lot } = placed[i] as Placed
      if (lot !== null) {
        drawn.push({ application: applications[i] as string, outcome, reserve, lot })
        continue
      }
      const { pool, weight } = group[i] as Competitor
      const kind = kindOf(pool, weight)
      let span = open.get(kind)
      if (span === undefined || span.outcome !== outcome) {
        span = { pool, weight, first: place, last: place, outcome }
        open.set(kind, span)
        spans.push(span)
      } else span.last = place
      if (reserve !== null && lastReserved.get(kind) !== place) {
        lastReserved.set(kind, place)
        reserved.push({ pool, weight, place, reserve })
      }
    }
  }
  if (draws) await keepDrawn(work, drawn)
  return { spans, reserved, draws }
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
