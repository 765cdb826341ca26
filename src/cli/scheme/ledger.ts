import { readdirSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { digestOf } from '../../values/digest.ts'
import { readDocument } from '../../values/document.ts'
import { readStrictJson } from '../../values/strict-json.ts'
import { readText } from '../files.ts'

/**
 * What was released, in `released.json` beside the documents: their names (`beijing/2020`, its round rules `beijing/2020/rounds` and
 * `beijing/2020/rounds-<name>`, `vocabulary/1`) and the digests of their content. It only grows.
 */
export type Ledger = { [name: string]: string }

const ledgerFile = (folder: string) => join(folder, 'released.json')

/** @throws Refusal as `readText`; `malformed-json` */
export function readLedger(folder: string): Ledger {
  const file = ledgerFile(folder)
  return readStrictJson(readText(file), file) as Ledger
}

export function writeLedger(folder: string, ledger: Ledger): void {
  const sorted = Object.fromEntries(Object.entries(ledger).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(ledgerFile(folder), `${JSON.stringify(sorted, null, 2)}\n`)
}

/** The name of a document from its path below the folder of schemes; undefined if no document can be there. */
export function nameOf(path: string): string | undefined {
  const [, scheme, rules, vocabulary] =
    /^(?:([^/]+\/[^/]+)\/scheme|([^/]+\/[^/]+\/rounds(?:-[a-z0-9-]+)?)|(vocabulary\/\d+))\.yaml$/.exec(path.replaceAll(sep, '/')) ?? []
  return scheme ?? rules ?? vocabulary
}

/** SHA-256 of a document's canonical content: that of a scheme, of round rules and of a vocabulary alike. */
export function contentDigest(text: string): string {
  return digestOf(readDocument(text).tree)
}

/** Every document in a folder of schemes, with its digest. */
export function documentsIn(folder: string): Ledger {
  const documents: Ledger = {}
  for (const path of readdirSync(folder, { recursive: true }) as string[]) {
    const name = nameOf(path)
    if (name !== undefined) documents[name] = contentDigest(readText(join(folder, path)))
  }
  return documents
}
