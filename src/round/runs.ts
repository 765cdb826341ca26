import { getRun, listRuns, type Run } from '../store/runs.ts'
import { Refusal } from '../values/refusal.ts'
import type { Actor, Office } from './office.ts'
import { chainTexts } from './edition-content.ts'
import { judgeOf, theRound } from './rounds.ts'

/** A run with its cut-off as people read it, in the order of the keys. */
export type RunWithCutOff = { run: Run; cutOff: string[] | null }

/** All runs of a round, oldest first; there are few. @throws Refusal `unknown-round`; `round-altered` */
export async function runsOf(office: Office, { authority }: Actor, name: string): Promise<RunWithCutOff[]> {
  const judge = await judgeOf(office, await theRound(office, authority, name))
  const runs = await listRuns(office.db, authority, name)
  return runs.map(run => ({ run, cutOff: chainTexts(run.cut_off, judge) }))
}

/** @throws Refusal `unknown-round`; `unknown-run`; `round-altered` */
export async function runOf(office: Office, { authority }: Actor, name: string, number: number): Promise<RunWithCutOff> {
  const judge = await judgeOf(office, await theRound(office, authority, name))
  const run = await getRun(office.db, { authority, round: name, run: number })
  if (!run) throw new Refusal('unknown-run', `Round ${name} has no run ${number}.`)
  return { run, cutOff: chainTexts(run.cut_off, judge) }
}
