/** One fault in an input: where it is and what to do about it. */
export type Fault = {
  /** Stable code in kebab-case, e.g. `impossible-date`. */
  code: string
  /** JSON pointer into the input (RFC 6901); '' is the whole input. */
  pointer: string
  /** What is wrong and what would be right, in one or two plain sentences. Never quotes personal data. */
  message: string
}

/**
 * An input or a request that is refused, with every fault found. The only error that the lower floors throw on purpose;
 * they know no HTTP. `code` says what kind of refusal it is (`invalid-facts`, `round-not-open`, …).
 */
export class Refusal extends Error {
  readonly code: string
  readonly faults: Fault[]

  constructor(code: string, faults: Fault[] | string) {
    const list = typeof faults === 'string' ? [{ code, pointer: '', message: faults }] : faults
    super(list.map(f => (f.pointer === '' ? f.message : `${f.pointer}: ${f.message}`)).join('\n'))
    this.name = 'Refusal'
    this.code = code
    this.faults = list
  }
}

/** Appends one reference token to a JSON pointer, escaped by RFC 6901. */
export function at(pointer: string, token: string | number): string {
  // Called for every field of every record, so what needs no escape is not searched twice.
  if (typeof token === 'number' || !/[~/]/.test(token)) return `${pointer}/${token}`
  return `${pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
