import { readConfig } from '../../config.ts'
import type { Actor, Office } from '../../round/office.ts'
import { theAuthority } from '../authority.ts'
import { withOffice } from '../open-office.ts'

/** What every command on rounds takes. */
export const ofOffice = ['--authority <name>', 'the office that runs the round (needed where there is more than one)'] as const

/** Does a work on the office's behalf, as the client `terminal`. */
export function atTerminal(named: string | undefined, work: (office: Office, actor: Actor) => Promise<void>): Promise<void> {
  return withOffice(readConfig(), async office => work(office, { authority: await theAuthority(office, named), client: 'terminal' }))
}
