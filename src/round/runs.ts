import { listRunPools } from '../store/run-pools.ts'
import { getRun, listRuns, type Run } from '../store/runs.ts'
import { Refusal } from '../values/refusal.ts'
import { chainTexts } from './edition-content.ts'
import type { Actor, Office } from './office.ts'
import { judgeOf, theRound } from './rounds.ts'
import type { Judge } from './standing.ts'

/** What a run came to in a pool, with its cut-off as people read it, in the order of the keys. */
export type PoolFigures = {
  pool: string
  places: number | null
  eligible: number
  admitted: number
  admittedSecond: number
  unused: number | null
  cutOff: string[] | null
  atLine: number
}

/** A run with its figures by pool, and those of its second round. */
export type RunWithFigures = {
  run: Run
  pools: PoolFigures[]
  secondRound: { places: number; cutOff: string[] | null; atLine: number } | null
}

/** All runs of a round, oldest first; there are few. @throws Refusal `unknown-round`; `round-altered` */
export async function runsOf(office: Office, { authority }: Actor, name: string): Promise<RunWithFigures[]> {
  const judge = await judgeOf(office, await theRound(office, authority, name))
  const runs = await listRuns(office.db, authority, name)
  return Promise.all(runs.map(run => withFigures(office, run, judge)))
}

/** @throws Refusal `unknown-round`; `unknown-run`; `round-altered` */
export async function runOf(office: Office, { authority }: Actor, name: string, number: number): Promise<RunWithFigures> {
  const judge = await judgeOf(office, await theRound(office, authority, name))
  const run = await getRun(office.db, { authority, round: name, run: number })
  if (!run) throw new Refusal('unknown-run', `Round ${name} has no run ${number}.`)
  return withFigures(office, run, judge)
}

async function withFigures(office: Office, run: Run, judge: Judge): Promise<RunWithFigures> {
  const pools = (await listRunPools(office.db, run)).map(one => ({
    pool: one.pool,
    places: one.places,
    eligible: one.eligible,
    admitted: one.admitted,
    admittedSecond: one.admitted_second,
    unused: one.unused,
    cutOff: chainTexts(one.cut_off, judge),
    atLine: one.at_line,
  }))
  const second = run.second_round
  return { run, pools, secondRound: second && { places: second.places, cutOff: chainTexts(second.cutOff, judge), atLine: second.atLine } }
}
