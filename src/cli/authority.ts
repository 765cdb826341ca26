import type { Office } from '../round/office.ts'
import { listAuthorities } from '../store/authorities.ts'
import { Refusal } from '../values/refusal.ts'

/** The authority that a command works for: the one named, or the only one there is. @throws Refusal `unknown-authority` */
export async function theAuthority(office: Office, named: string | undefined): Promise<string> {
  const all = (await listAuthorities(office.db)).map(one => one.authority)
  const only = named ?? (all.length === 1 ? all[0] : undefined)
  if (only !== undefined && all.includes(only)) return only
  const known = all.length === 0 ? 'there is none yet; enter one with: points client add' : `there are: ${all.join(', ')}`
  throw new Refusal(
    'unknown-authority',
    named === undefined ? `Name the office with --authority; ${known}.` : `There is no authority ${named}; ${known}.`,
  )
}
