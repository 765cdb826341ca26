import type { CaseResult, CaseText } from '../scoring/cases/lint-with-cases.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { readVocabulary, type Vocabulary } from '../scoring/vocabulary.ts'
import { lockActivations, lockVersions, type SchemeKey, type StoredScheme, stepScheme } from '../store/schemes.ts'
import { inTransaction } from '../store/transaction.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { activatedSchemes } from './intake-vocabulary.ts'
import type { Actor, Office } from './office.ts'
import { otherMeanings } from './one-meaning.ts'
import { indexOf, only, storedScheme, usable } from './schemes.ts'

/** The digests of a draft and of its cases, as whoever reviewed them read them. */
export type Reviewed = { digest: string; casesDigest: string }

/**
 * Activates the draft that was reviewed: rounds can use it from now on, and the version that was active before is superseded. Whoever stored
 * it cannot activate it.
 * @throws Refusal `unknown-scheme`; `scheme-state`; `scheme-changed`; `second-person-needed`; `cases-not-green` with one fault for each case;
 *   `kind-differs` when an activated scheme gives one of its names another meaning
 */
export async function activateScheme(office: Office, actor: Actor, key: SchemeKey, reviewed: Reviewed): Promise<StoredScheme> {
  const read = await storedScheme(office, key)
  refuseActivation(read, actor, reviewed)
  const vocabulary = readVocabulary(read.vocabulary)
  const scheme = greenScheme(read, vocabulary)
  await inTransaction(office.pool, async ({ db }) => {
    // One at a time: of two at once, neither would see what the other names.
    await lockActivations(db)
    const versions = await lockVersions(db, key.scheme)
    const held = versions.find(({ version }) => version === key.version) as (typeof versions)[number]
    // While the cases ran, others may have stored it again or activated it.
    refuseActivation(held, actor, reviewed)
    const others = otherMeanings(scheme, vocabulary, await activatedSchemes({ ...office, db }))
    if (others.length > 0) throw new Refusal('kind-differs', others)
    const before = versions.find(({ state }) => state === 'active')
    const taken = { scheme: key.scheme, taken_authority: actor.authority, taken_client: actor.client, taken_at: office.now() }
    if (before)
      await stepScheme(db, {
        ...taken,
        version: before.version,
        from_state: 'active',
        to_state: 'superseded',
        other_version: key.version,
      })
    await stepScheme(db, {
      ...taken,
      version: key.version,
      from_state: 'draft',
      to_state: 'active',
      other_version: before?.version ?? null,
    })
  })
  return storedScheme(office, key)
}

function refuseActivation(
  held: Pick<StoredScheme, 'scheme' | 'version' | 'state' | 'digest' | 'cases_digest' | 'stored_authority' | 'stored_client'>,
  { authority, client }: Actor,
  reviewed: Reviewed,
): void {
  if (held.state !== 'draft')
    throw new Refusal('scheme-state', `Scheme ${held.scheme}/${held.version} is ${held.state}: only a draft can be activated.`)
  refuseOther(held, reviewed)
  if (held.stored_authority === authority && held.stored_client === client)
    throw new Refusal(
      'second-person-needed',
      `${client} stored this draft and cannot activate it; let another client review and activate it.`,
    )
}

/** A draft may be stored again at any time, its rules or only its cases. */
function refuseOther(held: SchemeKey & { digest: string; cases_digest: string }, reviewed: Reviewed): void {
  const changed = (pointer: string, now: string): Fault => ({
    code: 'scheme-changed',
    pointer,
    message: `The draft of ${held.scheme}/${held.version} was stored again, this digest is now ${now}; read it with its cases, and activate what you have reviewed.`,
  })
  const faults = [
    ...(held.digest === reviewed.digest ? [] : [changed('/digest', held.digest)]),
    ...(held.cases_digest === reviewed.casesDigest ? [] : [changed('/casesDigest', held.cases_digest)]),
  ]
  if (faults.length > 0) throw new Refusal('scheme-changed', faults)
}

/** The draft, compiled. @throws Refusal `cases-not-green` when a case comes out otherwise than expected, or there is none */
function greenScheme({ source, cases }: StoredScheme, vocabulary: Vocabulary): Scheme {
  const { scheme, results } = usable({ source, cases }, only(vocabulary))
  const faults = results ? results.cases.filter(one => one.differences.length > 0).map(one => redCase(one, cases)) : [noCase]
  if (faults.length > 0) throw new Refusal('cases-not-green', faults)
  return scheme
}

const noCase: Fault = {
  code: 'no-case',
  pointer: '/cases',
  message: 'The draft has no case. Store it again with cases that show what its rules give, worked out by hand.',
}

function redCase({ file, case: name, line, differences }: CaseResult, cases: readonly CaseText[]): Fault {
  const said = differences.map(({ field, wanted, got }) => `${field}: expected ${shown(wanted)}, got ${shown(got)}`)
  return {
    code: 'case-failed',
    pointer: at('/cases', indexOf(file, cases)),
    message: `${file}, line ${line}, "${name}": ${said.join('; ')}`,
  }
}

function shown(value: string | null | readonly string[]): string {
  if (value === null) return 'null'
  return typeof value === 'string' ? value : `[${value.join(', ')}]`
}
