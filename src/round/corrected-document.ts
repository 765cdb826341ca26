import type { Vocabulary } from '../scoring/vocabulary.ts'
import { canonicalJson, type Json } from '../values/canonical-json.ts'
import { documentText, factsDocument, type StoredStatement } from './facts-document.ts'

/** A statement that a decision names, and those that it took the place of, the nearest first. */
export type NamedStatement = { statement: StoredStatement; earlier: readonly StoredStatement[] }

/**
 * A frozen document of facts in which only the named statements are put right (docs/ranking.md, Late correction): of each, the record in the document that it
 * took the place of goes, and its own comes in if it was verified. `withNothing` are kinds of which a source still is verified to hold nothing: they stay
 * known when their last statement goes, others become missing.
 */
export function correctedDocument(
  document: string,
  named: readonly NamedStatement[],
  withNothing: ReadonlySet<string>,
  vocabulary: Vocabulary,
): string {
  const kinds = new Map(
    Object.entries(JSON.parse(document) as { [kind: string]: Json[] }).map(([kind, records]) => [kind, records.map(canonicalJson)]),
  )
  for (const { statement, earlier } of named) {
    const { kind } = statement
    const records = kinds.get(kind)
    const frozen = earlier.flatMap(one => recordOf(one, vocabulary) ?? []).find(text => records?.includes(text))
    if (frozen !== undefined) records?.splice(records.indexOf(frozen), 1)
    const own = recordOf(statement, vocabulary)
    // One that stands in the document was scored already; nothing may count twice.
    if (own !== undefined && records?.includes(own)) continue
    if (own !== undefined) kinds.set(kind, [...(records ?? []), own])
    else if (isKnown(statement, vocabulary)) kinds.set(kind, records ?? [])
    else if (earlier.some(one => isKnown(one, vocabulary)) && records?.length === 0 && !withNothing.has(kind)) kinds.delete(kind)
  }
  return documentText(kinds)
}

/** The record of a verified statement as it stands in a document of facts; undefined if it does not count there. */
function recordOf(statement: StoredStatement, vocabulary: Vocabulary): string | undefined {
  const { document } = factsDocument([statement], vocabulary)
  const [record] = (JSON.parse(document) as { [kind: string]: Json[] })[statement.kind] ?? []
  return record === undefined ? undefined : canonicalJson(record)
}

/** Whether a statement makes its kind known. */
function isKnown(statement: StoredStatement, vocabulary: Vocabulary): boolean {
  return Object.hasOwn(JSON.parse(factsDocument([statement], vocabulary).document), statement.kind)
}
