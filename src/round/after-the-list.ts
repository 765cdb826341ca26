import { lockRound, type StoredRound } from '../store/rounds.ts'
import { getRun, type Run, type RunKey } from '../store/runs.ts'
import { Refusal } from '../values/refusal.ts'
import type { Published } from './edition-content.ts'
import type { Actor, Office } from './office.ts'
import { poolsMissing } from './publish.ts'
import { judgeOf } from './rounds.ts'
import { type Before, publishedBefore } from './seal.ts'

/** A round whose list is out, locked for what comes after it. */
export type OutRound = { key: RunKey; published: Published; before: Before }

/**
 * Takes a round whose list is out, in a transaction that will change it.
 * @throws Refusal `round-state`; `round-busy`; `round-altered`; `run-does-not-hold` while its run is marked as failed
 */
export async function lockOut(
  office: Office,
  { authority }: Actor,
  db: Office['db'],
  name: string,
  states: readonly StoredRound['state'][],
  what: string,
): Promise<OutRound> {
  const round = await lockRound(db, authority, name)
  if (!states.includes(round.state))
    throw new Refusal('round-state', `Round ${name} is ${round.state}: ${what} when it is ${states.join(' or ')}.`)
  const key = { authority, round: name, run: round.verified_run as number }
  const run = (await getRun(db, key)) as Run
  if (run.state !== 'verified')
    throw new Refusal(
      'run-does-not-hold',
      `The run of round ${name} was found not to hold; restore the database and publish the list again first.`,
    )
  const before = await publishedBefore(db, authority, name)
  const published = { round, run, judge: await judgeOf(office, round), setAside: poolsMissing(before.last) }
  return { key, published, before }
}
