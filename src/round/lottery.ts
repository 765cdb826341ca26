import { type Lottery, lotSecretDigest, readLotSecret } from '../ranking/lot.ts'
import { lacksDraw, type RoundRules } from '../ranking/rules.ts'
import { listDraws } from '../store/draws.ts'
import { decrypt, encrypt, type Place } from '../store/encryption.ts'
import type { StoredRound } from '../store/rounds.ts'
import { type Run, setOnRun } from '../store/runs.ts'
import { Refusal } from '../values/refusal.ts'
import type { Office } from './office.ts'

/** Refuses whatever would go on with a round whose rules draw lots by a secret alone, as they once could. @throws Refusal `lot-without-draw` */
export function needsDraw({ round }: Pick<StoredRound, 'round'>, rules: RoundRules): void {
  if (lacksDraw(rules))
    throw new Refusal(
      'lot-without-draw',
      `Round ${round} is bound to rules that draw lots by a secret alone, and whoever holds the secret can steer those. What was published stays; to go on, make a new round by rules that name a public draw.`,
    )
}

/**
 * The secret as it was given, if it is the one that the round committed. Whether it is needed now is for `lotteryOfRound` to say.
 * @throws Refusal `lot-secret-wrong`; `invalid-lot-secret`
 */
export function committedSecret(round: StoredRound, { draws }: RoundRules, text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined
  if (!draws) throw new Refusal('lot-secret-wrong', `Round ${round.round} draws no lots: leave the secret out.`)
  const secret = readLotSecret(text)
  if (lotSecretDigest(secret) !== round.lot_secret_digest)
    throw new Refusal('lot-secret-wrong', `This is not the secret that round ${round.round} committed.`)
  return secret
}

/**
 * What decides the lots of a frozen round: its secret and the draw that was entered last; null where no lots are drawn.
 * @throws Refusal `draw-missing`; `lot-secret-missing`
 */
export async function lotteryOfRound(
  db: Office['db'],
  { authority, round }: StoredRound,
  { draws }: RoundRules,
  secret: Buffer | undefined,
): Promise<Lottery | null> {
  if (!draws) return null
  const draw = (await listDraws(db, authority, round)).at(-1)
  if (draw === undefined)
    throw new Refusal(
      'draw-missing',
      `Round ${round} is frozen, and its lots wait for a public draw: enter the first one that is held on a day after the freeze, then run the round.`,
    )
  if (secret === undefined)
    throw new Refusal('lot-secret-missing', `Round ${round} draws lots at the line: give the secret that was committed.`)
  return { secret, draw: draw.numbers }
}

/** The secret as a run keeps it until its list is out. */
export function sealedSecret({ keys, randomBytes }: Office, of: Pick<StoredRound, 'authority' | 'round'>, secret: Uint8Array): Buffer {
  return encrypt(keys, Buffer.from(secret).toString('hex'), placeOfSecret(of), randomBytes)
}

/**
 * The secret of a run in hexadecimal; null if it has none. For the verifier and the list alone: nothing else tells it before the list is out.
 * @throws Refusal `encrypted-value-damaged`; `encryption-key-missing`
 */
export function secretOfRun({ keys }: Pick<Office, 'keys'>, run: Run): string | null {
  return run.lot_secret ?? (run.lot_secret_encrypted && decrypt(keys, run.lot_secret_encrypted, placeOfSecret(run)))
}

/** Lays the secret of a run open, in the transaction that seals the first list. Gives the run as it is then stored. */
export async function revealSecret(office: Office, db: Office['db'], run: Run): Promise<Run> {
  if (run.lot_secret_encrypted === null) return run
  const revealed = { lot_secret: secretOfRun(office, run), lot_secret_encrypted: null }
  await setOnRun(db, run, revealed)
  return { ...run, ...revealed }
}

/** What decides the lots of a run whose list is out; null where no lots are drawn. */
export function lotteryOf({ lot_secret, draw }: Run): Lottery | null {
  return lot_secret === null || draw === null ? null : { secret: Buffer.from(lot_secret, 'hex'), draw }
}

function placeOfSecret({ authority, round }: Pick<StoredRound, 'authority' | 'round'>): Place {
  return { authority, row: 0, column: `lot_secret of round ${round}` }
}
