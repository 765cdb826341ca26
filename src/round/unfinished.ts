import { lockRound } from '../store/rounds.ts'
import { listRuns, removeUnfinished } from '../store/runs.ts'
import type { Work } from '../store/transaction.ts'

/** Removes what runs of a round have left that nobody goes on with. @throws Refusal `round-busy` while a stage is at work; `unknown-round` */
export async function forgetUnfinished(db: Work['db'], authority: string, round: string): Promise<void> {
  await lockRound(db, authority, round)
  for (const run of await listRuns(db, authority, round)) await removeUnfinished(db, run)
}
