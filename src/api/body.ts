import { Refusal } from '../values/refusal.ts'
import { readStrictJson } from '../values/strict-json.ts'

/**
 * Reads a JSON body in which nothing is lost.
 * @throws Refusal `malformed-json`, `invalid-request`
 */
export function readBody(bytes: Buffer): unknown {
  return readStrictJson(decoded(bytes), 'The body')
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('malformed-json', 'The body is not UTF-8.')
  }
}
