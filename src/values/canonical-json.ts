/** What our documents are made of: text, yes/no, none, safe integers, lists and maps. There is no float in them. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/**
 * Canonical JSON after RFC 8785: no white space, names sorted by UTF-16 code units. Only safe integers are taken as numbers, and
 * lone surrogates are refused (they have no UTF-8 form).
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return canonicalString(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer and has no place in a canonical document`)
    return String(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value).sort()
  return `{${members.map(name => `${canonicalString(name)}:${canonicalJson(value[name] as Json)}`).join(',')}}`
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('a text with a lone surrogate has no canonical form')
  return JSON.stringify(text)
}
