import { createHash } from 'node:crypto'
import { attestedKind, type Vocabulary } from '../scoring/vocabulary.ts'
import { canonicalJson, type Json } from '../values/canonical-json.ts'

/** A statement as it is stored; record null says that the source holds nothing of the kind. */
export type StoredStatement = { kind: string; source: string; state: string; record: { [field: string]: Json } | null }

/**
 * The canonical document of the facts that count in a round: verified records only. A kind is known if one of its statements was verified or
 * rejected, for then its register has answered; rejected records are left out. Records of a kind stand in the order of their
 * canonical text, so that the order of recording leaves no trace. Kinds that came after the vocabulary of the round's scheme do not count.
 * `pending` counts the declared records that were left out.
 */
export function factsDocument(statements: readonly StoredStatement[], vocabulary: Vocabulary): { document: string; pending: number } {
  const kinds = new Map<string, string[]>()
  let pending = 0
  for (const { kind, source, state, record } of statements) {
    if (!vocabulary.kinds.has(kind) && kind !== attestedKind) continue
    if (state === 'declared') {
      pending++
      continue
    }
    const records = kinds.get(kind) ?? []
    kinds.set(kind, records)
    if (state === 'verified' && record !== null) records.push(canonicalJson({ ...record, source, state }))
  }
  const names = [...kinds.keys()].sort()
  const document = `{${names.map(name => `${JSON.stringify(name)}:[${(kinds.get(name) as string[]).sort().join(',')}]`).join(',')}}`
  return { document, pending }
}

/** SHA-256(salt ‖ document), by docs/ranking.md. */
export function inputDigest(salt: Buffer, document: string): Buffer {
  return createHash('sha256').update(salt).update(document, 'utf8').digest()
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
