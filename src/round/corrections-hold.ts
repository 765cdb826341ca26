import type { PublishedEdition } from '../publishing/verify-edition.ts'
import { type BoundCorrection, correctionsOf } from '../store/corrections.ts'
import type { StoredRound } from '../store/rounds.ts'
import { Refusal } from '../values/refusal.ts'
import { inputDigest } from './facts-document.ts'
import type { Office } from './office.ts'
import { receiptDigester } from './receipt-digest.ts'
import { isSameScore, type Judge } from './standing.ts'

/**
 * Checks every correction that was made since the list is out: those and no others were published, the input is what its digest binds to the person and
 * the claim, it gives the score that is stored, and that the receipt.
 * @throws Refusal `round-altered`
 */
export async function correctionsHold(
  db: Office['db'],
  { round, judge }: { round: StoredRound; judge: Judge },
  last: PublishedEdition,
): Promise<void> {
  const corrections = await correctionsOf(db, round.authority, round.round)
  const amendments = last.format === 2 ? (last.amendments ?? []) : []
  const published = amendments.filter(({ kind }) => kind === 'correction').map(({ edition }) => edition)
  if (JSON.stringify(corrections.map(({ edition }) => edition)) !== JSON.stringify(published))
    throw new Refusal(
      'round-altered',
      `The corrections of round ${round.round} are not those that were published; restore the database from its backup.`,
    )
  const altered = corrections.find(one => !isSound(one, round, judge))
  if (altered)
    throw new Refusal(
      'round-altered',
      `The correction of edition ${altered.edition} of round ${round.round} is not the one that was made; restore the database from its backup.`,
    )
}

function isSound(stored: BoundCorrection, round: StoredRound, judge: Judge): boolean {
  const { salt, personIndex, document, claim, digest, engine, receipt } = stored
  if (!inputDigest(salt, personIndex, document, claim).equals(digest)) return false
  const standing = judge.judge(document, claim)
  return isSameScore(stored, standing) && receipt.toString('hex') === receiptDigester(engine, round)(digest.toString('hex'), standing)
}
