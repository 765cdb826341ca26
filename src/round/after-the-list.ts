import { lockRound, type StoredRound } from '../store/rounds.ts'
import { getRun, type Run, type RunKey } from '../store/runs.ts'
import { Refusal } from '../values/refusal.ts'
import { correctionsHold } from './corrections-hold.ts'
import type { Published } from './edition-content.ts'
import type { Actor, Office } from './office.ts'
import { type Before, poolsMissing, publishedBefore } from './published-before.ts'
import { judgeOf } from './rounds.ts'
import { holdsStill } from './run-does-not-hold.ts'
import { followsLast } from './seal.ts'
import { settlementsHold } from './terms.ts'
import { touchRound } from './touch-round.ts'

/** A round whose list is out, locked for what comes after it. */
export type OutRound = { key: RunKey; published: Published; before: Before & { last: NonNullable<Before['last']> } }

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
  await touchRound(db, round)
  const key = { authority, round: name, run: round.verified_run as number }
  const run = (await getRun(db, key)) as Run
  if (run.state !== 'verified')
    throw new Refusal('run-does-not-hold', `The run of round ${name} was found not to hold; restore the database from its backup first.`)
  const { last, next } = await publishedBefore(db, authority, name)
  if (last === undefined)
    throw new Refusal('round-altered', `Round ${name} is ${round.state} and has no edition; restore the database from its backup.`)
  const published = { round, run, judge: await judgeOf(office, round), setAside: poolsMissing(last) }
  return { key, published, before: { last, next } }
}

/**
 * Checks all that a further edition stands on, before anything is changed: the run (R1 to R16), every correction, what was entered of settling, and that
 * the list as it stands is the one that was sealed last.
 * @throws Refusal `run-does-not-hold`; `round-altered`; `list-changed`
 */
export async function standsAsSealed(office: Office, db: Office['db'], { published, before }: OutRound): Promise<void> {
  await holdsStill(office, db, published, before.last)
  await correctionsHold(db, published, before.last)
  await settlementsHold(office, db, published)
  await followsLast(office, db, published, before, { units: [] })
}
