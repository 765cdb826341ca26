import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from './canonical-json.ts'

/** SHA-256 of a text's UTF-8 bytes, as `sha256:` and 64 hexadecimal digits. */
export function digestOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`
}

/** SHA-256 of the canonical JSON of a document. */
export function digestOf(document: Json): string {
  return digestOfText(canonicalJson(document))
}
