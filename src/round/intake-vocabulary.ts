import type { Scheme } from '../scoring/scheme/scheme.ts'
import { attestedKind, codesUnit, type Vocabulary } from '../scoring/vocabulary.ts'
import { activatedDigests } from '../store/schemes.ts'
import { Refusal } from '../values/refusal.ts'
import type { Office } from './office.ts'
import { schemeByDigest } from './schemes.ts'

/** In which vocabularies evidence is taken in: the newest that schemes share, then those of the schemes that were activated. */
export type IntakeVocabulary = {
  shared: Vocabulary
  /** Those that know a kind of evidence, each in another way than those before it. */
  kinds: ReadonlyMap<string, readonly Vocabulary[]>
  /** The same of measures, which may be attested. */
  measures: ReadonlyMap<string, readonly Vocabulary[]>
}

/** The last that was made: it holds until the shared vocabulary or a scheme is another. */
let last: { key: string; intake: IntakeVocabulary } | undefined

/** What an office takes in at this moment; one small query for a request, so that a scheme counts as soon as it is activated, by whatever process. */
export async function intakeVocabulary(office: Office): Promise<IntakeVocabulary> {
  const digests = await activatedDigests(office.db)
  const key = [office.vocabulary.digest, ...digests].join()
  if (last?.key === key) return last.intake
  const schemes = await schemesOf(office, digests)
  const intake = intakeOf([office.vocabulary, ...schemes.map(scheme => scheme.vocabulary)])
  last = { key, intake }
  return intake
}

/** All schemes that were ever activated, those that are active now first. */
export async function activatedSchemes(office: Office): Promise<Scheme[]> {
  return schemesOf(office, await activatedDigests(office.db))
}

/** A scheme of an earlier release that cannot be read any more takes in nothing, and must not stop the intake of all others. */
async function schemesOf(office: Office, digests: readonly string[]): Promise<Scheme[]> {
  const schemes: Scheme[] = []
  for (const digest of digests)
    try {
      schemes.push(await schemeByDigest(office, digest))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  return schemes
}

function intakeOf(vocabularies: readonly Vocabulary[]): IntakeVocabulary {
  const measureForm = (vocabulary: Vocabulary, name: string) => {
    const measure = vocabulary.measures.get(name)
    return [measure, measure?.unit.name === codesUnit ? vocabulary.codes : []]
  }
  return {
    shared: vocabularies[0] as Vocabulary,
    kinds: differing(
      vocabularies,
      v => v.kinds.keys(),
      (v, name) => v.kinds.get(name),
    ),
    measures: differing(vocabularies, v => v.measures.keys(), measureForm),
  }
}

/** By name the vocabularies that know it, without those that say nothing else of it than one before: most share all that they have. */
function differing(
  vocabularies: readonly Vocabulary[],
  names: (vocabulary: Vocabulary) => Iterable<string>,
  form: (vocabulary: Vocabulary, name: string) => unknown,
): Map<string, Vocabulary[]> {
  const found = new Map<string, Vocabulary[]>()
  const seen = new Set<string>()
  for (const vocabulary of vocabularies)
    for (const name of names(vocabulary)) {
      const text = JSON.stringify([name, form(vocabulary, name)], (_, part) =>
        part instanceof Map || part instanceof Set ? [...part] : part,
      )
      if (seen.has(text)) continue
      seen.add(text)
      found.set(name, [...(found.get(name) ?? []), vocabulary])
    }
  return found
}

/** The vocabularies that may read a record, the first one first; none if nobody knows the kind. */
export function readersOf(intake: IntakeVocabulary, kind: string, record: { [field: string]: unknown } | null): readonly Vocabulary[] {
  if (kind !== attestedKind) return intake.kinds.get(kind) ?? []
  const measure = record?.measure
  return (typeof measure === 'string' && intake.measures.get(measure)) || [intake.shared]
}
