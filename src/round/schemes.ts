import { type CaseText, type LintFinding, lintWithCases, type Results } from '../scoring/cases/lint-with-cases.ts'
import { isRoundRulesText, lintScheme, readScheme } from '../scoring/scheme/lint.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { readVocabulary, type Vocabulary } from '../scoring/vocabulary.ts'
import type { SchemeState } from '../store/database.ts'
import { findScheme, getScheme, listSchemes, putDraft, type SchemeHead, type SchemeKey, type StoredScheme } from '../store/schemes.ts'
import { inTransaction } from '../store/transaction.ts'
import { digestOf } from '../values/digest.ts'
import { readDocument } from '../values/document.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { lintRules, lintRulesWith } from './lint-rules.ts'
import type { Actor, Office } from './office.ts'

/** A scheme as it is handed in: its text, and the texts of its case files. */
export type SchemeTexts = { source: string; cases: readonly CaseText[] }

/**
 * Keeps a version of a scheme as a draft, in place of the draft of that version, and its cases with it. Storing the same content again changes nothing.
 * @throws Refusal `invalid-scheme`; `invalid-cases` with pointers that begin with /cases/<i>; `scheme-version-exists` when that version was activated
 *   with other content
 */
export async function storeScheme(
  office: Office,
  { authority, client }: Actor,
  { source, cases }: SchemeTexts,
): Promise<{ scheme: Scheme; casesDigest: string; stored: boolean; state: SchemeState }> {
  refuseSameNames(cases)
  const { scheme } = usable({ source, cases }, office.vocabularyOf)
  const casesDigest = casesDigestOf(cases)
  const draft = {
    digest: scheme.digest,
    scheme: scheme.scheme,
    version: scheme.version,
    status: scheme.status,
    source,
    vocabulary: scheme.vocabulary.text,
    stored_at: office.now(),
    cases: JSON.stringify(cases),
    cases_digest: casesDigest,
    stored_authority: authority,
    stored_client: client,
  }
  const kept = await inTransaction(office.pool, ({ db }) => putDraft(db, draft))
  return { scheme, casesDigest, ...kept }
}

/** SHA-256 of the canonical content of all case files by their names, so layout and comments do not count. */
export function casesDigestOf(cases: readonly CaseText[]): string {
  return digestOf(Object.fromEntries(cases.map(({ name, text }) => [name, readDocument(text).tree])))
}

/**
 * What the linter finds in a scheme's text and its cases, or in round rules; nothing is stored. Round rules are checked against the text of a scheme,
 * or without one against the stored scheme that they name.
 */
export async function lint(
  office: Office,
  { source, cases, scheme }: SchemeTexts & { scheme?: string | undefined },
): Promise<LintFinding[]> {
  const isRules = isRoundRulesText(source)
  if (isRules && scheme !== undefined) return lintRulesWith(lintScheme(scheme, office.vocabularyOf), source)
  if (isRules)
    return lintRules(source, async key => {
      const found = await findScheme(office.db, key)
      return found && compiled(found)
    })
  return lintWithCases(source, cases, office.vocabularyOf).findings
}

/**
 * A scheme that can be used, and how its cases came out, if it has any.
 * @throws Refusal `invalid-scheme` with every error, its pointer, line and column; `invalid-cases` with pointers that begin with /cases/<i>
 */
export function usable(
  { source, cases }: SchemeTexts,
  vocabularyOf: (version: string) => Vocabulary | undefined,
): { scheme: Scheme; results: Results | undefined } {
  const { scheme, findings, results } = lintWithCases(source, cases, vocabularyOf)
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (!scheme) throw new Refusal('invalid-scheme', errors.map(faultOf))
  const ofCases = errors.flatMap(({ file, ...error }): Fault[] => {
    if (file === undefined) return []
    const { code, pointer, message } = faultOf(error)
    return [{ code, pointer: at('/cases', indexOf(file, cases)) + pointer, message: `${file}, ${message}` }]
  })
  if (ofCases.length > 0) throw new Refusal('invalid-cases', ofCases)
  return { scheme, results }
}

function faultOf({ code, pointer, message, line, column }: LintFinding): Fault {
  return { code, pointer, message: `line ${line}, column ${column}: ${message}` }
}

/** Position of a case file among those that were handed in. */
export function indexOf(file: string, cases: readonly CaseText[]): number {
  return cases.findIndex(({ name }) => name === file)
}

/** Findings name a case file, so two cannot have one name. */
function refuseSameNames(cases: readonly CaseText[]): void {
  const faults = cases.flatMap(({ name }, i): Fault[] =>
    indexOf(name, cases) === i
      ? []
      : [{ code: 'name-taken', pointer: at(at('/cases', i), 'name'), message: `another case file above is named "${name}"` }],
  )
  if (faults.length > 0) throw new Refusal('invalid-cases', faults)
}

export async function schemeHeads(office: Office, page: { after?: SchemeKey | undefined; limit: number }): Promise<SchemeHead[]> {
  return listSchemes(office.db, page)
}

/** A stored scheme as it was written, with its cases. @throws Refusal `unknown-scheme` */
export async function storedScheme(office: Office, key: SchemeKey): Promise<StoredScheme> {
  const found = await findScheme(office.db, key)
  if (!found) throw new Refusal('unknown-scheme', `There is no scheme ${key.scheme}/${key.version}; store it first.`)
  return found
}

/** A stored scheme, compiled; a draft too. @throws Refusal `unknown-scheme` */
export async function schemeByName(office: Office, key: SchemeKey): Promise<Scheme> {
  return compiled(await storedScheme(office, key))
}

/** A scheme that a round may use: it was activated, and may be superseded since. @throws Refusal `unknown-scheme`; `scheme-not-active` */
export async function activatedScheme(office: Office, key: SchemeKey): Promise<Scheme> {
  const stored = await storedScheme(office, key)
  if (stored.state === 'draft')
    throw new Refusal('scheme-not-active', [
      {
        code: 'scheme-not-active',
        pointer: '/scheme',
        message: `Scheme ${key.scheme}/${key.version} is a draft: it gives estimates, and rounds can use it when a second person has activated it.`,
      },
    ])
  return compiled(stored)
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
/** Drafts come and go, so only the last are kept, those asked for last at the end. */
const desk = new Map<string, Scheme>()
const mostDrafts = 20

function compiled(stored: Pick<StoredScheme, 'scheme' | 'version' | 'digest' | 'state' | 'source' | 'vocabulary'>): Scheme {
  const { digest } = stored
  const scheme = shelf.get(digest) ?? desk.get(digest) ?? compile(stored)
  desk.delete(digest)
  if (stored.state !== 'draft') shelf.set(digest, scheme)
  else desk.set(digest, scheme)
  if (desk.size > mostDrafts) desk.delete(desk.keys().next().value as string)
  return scheme
}

function compile({ scheme: name, version, digest, source, vocabulary }: Parameters<typeof compiled>[0]): Scheme {
  const scheme = readScheme(source, only(readVocabulary(vocabulary)))
  if (scheme.digest !== digest) throw new Error(`the stored scheme ${name}/${version} does not have its digest`)
  return scheme
}

/** A vocabulary in place of those of the installation: a stored scheme is read with the text that was stored beside it. */
export function only(vocabulary: Vocabulary): (version: string) => Vocabulary | undefined {
  return version => (version === vocabulary.version ? vocabulary : undefined)
}
