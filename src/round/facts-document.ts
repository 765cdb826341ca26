import { createHash, hash } from 'node:crypto'
import { attestedKind, type Vocabulary } from '../scoring/vocabulary.ts'
import { canonicalJson, type Json } from '../values/canonical-json.ts'

/** A statement as it is stored; record null says that the source holds nothing of the kind. */
export type StoredStatement = { kind: string; source: string; state: string; record: { [field: string]: Json } | null }

/**
 * The canonical document of the facts that count in a round: verified records only. A kind is known if one of its statements was verified;
 * what was rejected says nothing, least of all that there is nothing on record. Records of a kind stand in the order of their
 * canonical text, so that the order of recording leaves no trace. Kinds of evidence and attested measures that the round's scheme does not know do not count.
 * `pending` counts the declared records that were left out.
 */
export function factsDocument(statements: readonly StoredStatement[], vocabulary: Vocabulary): { document: string; pending: number } {
  const kinds = new Map<string, string[]>()
  let pending = 0
  for (const { kind, source, state, record } of statements) {
    if (!vocabulary.kinds.has(kind) && kind !== attestedKind) continue
    if (kind === attestedKind && record !== null && !vocabulary.measures.has(record.measure as string)) continue
    if (state === 'declared') pending++
    if (state !== 'verified') continue
    const records = kinds.get(kind) ?? []
    kinds.set(kind, records)
    if (record !== null) records.push(canonicalJson({ ...record, source, state }))
  }
  return { document: documentText(kinds), pending }
}

/** The canonical document of the records of each kind, given as canonical JSON. */
export function documentText(kinds: ReadonlyMap<string, string[]>): string {
  const names = [...kinds.keys()].sort()
  return `{${names.map(name => `${JSON.stringify(name)}:[${(kinds.get(name) as string[]).sort().join(',')}]`).join(',')}}`
}

/** SHA-256(salt ‖ blind index of the person ‖ document ‖ claim), by docs/ranking.md: it binds document and claim to the person who applied. */
export function inputDigest(salt: Buffer, personIndex: Buffer, document: string, claim: string): Buffer {
  return hash('sha256', Buffer.concat([salt, personIndex, Buffer.from(document + claim, 'utf8')]), 'buffer')
}

/** SHA-256 over the digests of all inputs in the byte order of public numbers. */
export function inputsDigester(): { add(digest: Buffer): void; digest(): string } {
  const hash = createHash('sha256')
  return {
    add: digest => {
      hash.update(digest)
    },
    digest: () => `sha256:${hash.digest('hex')}`,
  }
}
