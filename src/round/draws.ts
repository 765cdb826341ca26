import { readDraw } from '../ranking/draw.ts'
import { dayIn } from '../ranking/moment.ts'
import { type Draw, insertDraw, listDraws } from '../store/draws.ts'
import { listRoundSteps, lockRound } from '../store/rounds.ts'
import { inTransaction } from '../store/transaction.ts'
import { formatDate } from '../values/civil-date.ts'
import { Refusal } from '../values/refusal.ts'
import { needsDraw } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import { judgeOf, theRound } from './rounds.ts'

/** A public draw as the office enters it. `name` is that of the draw within its series; `heldOn` is YYYY-MM-DD, a day in the zone of the rules. */
export type NewDraw = { name: string; heldOn: string; numbers: readonly number[] }

const nameForm = /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,59}$/u

/**
 * Enters the public draw that decides the lots of a frozen round (docs/ranking.md, The lot). A slip is put right by entering it again: the last entry counts.
 * @throws Refusal `no-draw` where the rules draw no lots; `lot-without-draw`; `round-state` unless the round is frozen; `invalid-draw`; `round-busy`; `unknown-round`
 */
export async function enterDraw(
  office: Office,
  { authority, client }: Actor,
  round: string,
  { name, heldOn, numbers }: NewDraw,
): Promise<Draw> {
  return inTransaction(office.pool, async ({ db }) => {
    const stored = await lockRound(db, authority, round)
    const { rules } = await judgeOf(office, stored)
    if (!rules.draws) throw new Refusal('no-draw', `The rules of round ${round} draw no lots, so no draw is entered.`)
    if (stored.state !== 'frozen')
      throw new Refusal('round-state', `Round ${round} is ${stored.state}: a draw is entered after the freeze, before the round is ranked.`)
    needsDraw(stored, rules)
    if (!nameForm.test(name))
      throw new Refusal('invalid-draw', [
        {
          code: 'wrong-form',
          pointer: '/name',
          message: 'The name of a draw has 1 to 60 letters, digits, blanks or . _ / -, such as 2026139.',
        },
      ])
    // The first step is the one that the freeze statement tells.
    const frozen = (await listRoundSteps(db, authority, round)).find(step => step.to_state === 'frozen')
    const draw = readDraw(rules, Date.parse(frozen?.taken_at as string), { heldOn, numbers })
    const now = office.now()
    const today = dayIn(rules.zone as string, Date.parse(now))
    if (draw.heldOn > today)
      throw new Refusal('invalid-draw', [
        {
          code: 'draw-not-held',
          pointer: '/heldOn',
          message: `today is ${formatDate(today)}, so this draw has not been held; enter it when its numbers are known`,
        },
      ])
    return insertDraw(db, {
      authority,
      round,
      name,
      held_on: formatDate(draw.heldOn),
      numbers: draw.text,
      entered_by: client,
      entered_at: now,
    })
  })
}

/** All entries of a round's draw, in their order; the last one counts. @throws Refusal `unknown-round` */
export async function drawsOf(office: Office, { authority }: Actor, round: string): Promise<Draw[]> {
  await theRound(office, authority, round)
  return listDraws(office.db, authority, round)
}
