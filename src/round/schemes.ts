import { lintScheme, type PlacedFinding, readScheme } from '../scoring/scheme/lint.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { readVocabulary } from '../scoring/vocabulary.ts'
import { findScheme, getScheme, insertScheme, listSchemes, type SchemeHead, type SchemeKey, type StoredScheme } from '../store/schemes.ts'
import { Refusal } from '../values/refusal.ts'
import type { Office } from './office.ts'

/**
 * Stores a scheme for good. Storing the same content again changes nothing.
 * @throws Refusal `invalid-scheme`; `scheme-version-exists` when that version is stored with another content
 */
export async function storeScheme(office: Office, text: string): Promise<{ scheme: Scheme; stored: boolean }> {
  const scheme = readScheme(text, office.vocabularyOf)
  const stored = await insertScheme(office.db, {
    digest: scheme.digest,
    scheme: scheme.scheme,
    version: scheme.version,
    status: scheme.status,
    source: text,
    vocabulary: scheme.vocabulary.text,
    stored_at: office.now(),
  })
  return { scheme, stored }
}

/** What the linter finds in a scheme's text; nothing is stored. */
export function lint(office: Office, text: string): PlacedFinding[] {
  return lintScheme(text, office.vocabularyOf).findings
}

export async function schemeHeads(office: Office, page: { after?: SchemeKey | undefined; limit: number }): Promise<SchemeHead[]> {
  return listSchemes(office.db, page)
}

/** A stored scheme as it was written. @throws Refusal `unknown-scheme` */
export async function storedScheme(office: Office, key: SchemeKey): Promise<StoredScheme> {
  const found = await findScheme(office.db, key)
  if (!found) throw new Refusal('unknown-scheme', `There is no scheme ${key.scheme}/${key.version}; store it first.`)
  return found
}

/** A stored scheme, compiled. @throws Refusal `unknown-scheme` */
export async function schemeByName(office: Office, key: SchemeKey): Promise<Scheme> {
  return compiled(await storedScheme(office, key))
}

/** The scheme with a digest, compiled. @throws Refusal `unknown-scheme` */
export async function schemeByDigest(office: Office, digest: string): Promise<Scheme> {
  const kept = shelf.get(digest)
  if (kept) return kept
  const found = await getScheme(office.db, digest)
  if (!found) throw new Refusal('unknown-scheme', `There is no scheme with the digest ${digest}.`)
  return compiled(found)
}

/** Compiled schemes by digest. What has a digest never changes, so nothing here grows old; there are as many as cities and years. */
const shelf = new Map<string, Scheme>()

function compiled(stored: StoredScheme): Scheme {
  const kept = shelf.get(stored.digest)
  if (kept) return kept
  const vocabulary = readVocabulary(stored.vocabulary)
  const scheme = readScheme(stored.source, version => (version === vocabulary.version ? vocabulary : undefined))
  if (scheme.digest !== stored.digest) throw new Error(`the stored scheme ${stored.scheme}/${stored.version} does not have its digest`)
  shelf.set(stored.digest, scheme)
  return scheme
}
