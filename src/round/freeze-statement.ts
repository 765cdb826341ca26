import { countApplications } from '../store/applications.ts'
import { listDraws } from '../store/draws.ts'
import { inOneState } from '../store/reader.ts'
import { getRound, listRoundSteps } from '../store/rounds.ts'
import { Refusal } from '../values/refusal.ts'
import type { Office } from './office.ts'

/** What is public of a round from its freeze on, so that nobody can steer a lot afterwards (docs/ranking.md, The lot). */
export type FreezeStatement = {
  authority: string
  round: string
  frozenAt: string
  applications: number
  inputs: string
  lotSecretDigest: string | null
  draws: { name: string; heldOn: string; numbers: string; enteredAt: string }[]
}

/** @throws Refusal `nothing-published`, of a round that is not frozen and of one that is not there alike */
export async function freezeStatement(office: Office, authority: string, round: string): Promise<FreezeStatement> {
  return inOneState(office.reads, async db => {
    const found = await getRound(db, authority, round)
    const frozen = (await listRoundSteps(db, authority, round)).find(step => step.to_state === 'frozen')
    if (!found || !frozen) throw new Refusal('nothing-published', `Nothing has been published for round ${round} of ${authority}.`)
    const draws = await listDraws(db, authority, round)
    return {
      authority,
      round,
      frozenAt: frozen.taken_at,
      applications: await countApplications(db, authority, round),
      inputs: found.inputs_digest as string,
      lotSecretDigest: found.lot_secret_digest,
      draws: draws.map(({ name, held_on, numbers, entered_at }) => ({ name, heldOn: held_on, numbers, enteredAt: entered_at })),
    }
  })
}
