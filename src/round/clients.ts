import { createHash } from 'node:crypto'
import { putAuthority } from '../store/authorities.ts'
import { addClient, findClient, revokeClient } from '../store/clients.ts'
import { Refusal } from '../values/refusal.ts'
import type { Actor, Office } from './office.ts'

/** What a client may do. A portal has `scores:query` alone. */
export const scopes = [
  'schemes:write',
  'schemes:activate',
  'persons:write',
  'evidence:write',
  'rounds:write',
  'rounds:read',
  'rounds:run',
  'rounds:publish',
  'scores:query',
  'metrics:read',
] as const
export type Scope = (typeof scopes)[number]

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text)
}

/** Enters an authority, the office that runs rounds, or renames it. */
export async function enterAuthority(office: Office, authority: string, name: { 'zh-CN': string; en: string }): Promise<void> {
  await putAuthority(office.db, authority, name)
}

/**
 * Adds a client of an authority and gives its key. Only the key's digest is stored, so it is shown this once.
 * @throws Refusal `client-exists`; `unknown-authority`
 */
export async function enterClient(office: Office, { authority, client }: Actor, granted: readonly Scope[]): Promise<string> {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(client)) throw new Refusal('wrong-usage', 'A client has a short name: small letters, digits and -.')
  const key = `sp_${office.randomBytes(32).toString('base64url')}`
  await addClient(office.db, {
    authority,
    client,
    key_digest: keyDigest(key),
    scopes: [...granted],
    created_at: office.now(),
    revoked_at: null,
  })
  return key
}

/** Takes a client's key back; false if there is no such client or it was revoked before. */
export async function revoke(office: Office, { authority, client }: Actor): Promise<boolean> {
  return revokeClient(office.db, authority, client, office.now())
}

/** The client that holds a key, with its scopes; undefined if nobody does. */
export async function clientOf(office: Office, key: string): Promise<(Actor & { scopes: string[] }) | undefined> {
  const found = await findClient(office.db, keyDigest(key))
  return found && { authority: found.authority, client: found.client, scopes: found.scopes }
}

/** A key has 256 random bits, so a plain digest cannot be guessed back, and looking it up by digest tells nothing by its timing. */
function keyDigest(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest()
}
