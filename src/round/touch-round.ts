import { type StoredRound, setOnRound } from '../store/rounds.ts'
import type { Office } from './office.ts'

/**
 * Writes a locked round anew as it is. Whoever waited for it, and sees the state of before, is then refused (`round-busy`) and does not go on from what is
 * no longer so.
 */
export async function touchRound(db: Office['db'], { authority, round, verified_run }: StoredRound): Promise<void> {
  await setOnRound(db, authority, round, { verified_run })
}
