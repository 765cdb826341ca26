import { isUtf8 } from 'node:buffer'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { type Fault, Refusal } from '../values/refusal.ts'
import { readStrictJson } from '../values/strict-json.ts'

/** One line of NDJSON input, numbered from 1: the value in it, or why there is none. */
export type NdjsonLine = { line: number; value: unknown; fault?: never } | { line: number; fault: Fault; value?: never }

const newline = 0x0a
// One line is held in memory whole; a file without line ends must not fill it.
const longestLine = 10 * 1024 * 1024
// Writing line by line would be a system call each.
const writtenAtOnce = 64 * 1024

/**
 * Reads NDJSON as it arrives: one JSON value a line, UTF-8, with or without byte order mark; blank lines are skipped. A line that is no
 * UTF-8, no JSON or longer than 10 MiB comes as a fault (`invalid-utf8`, `invalid-json`, `line-too-long`), and so does one in which something would be
 * lost, such as a name given twice (`field-twice`, …); reading goes on. Messages quote nothing of the line but names.
 */
export async function* readNdjson(input: AsyncIterable<Buffer>): AsyncGenerator<NdjsonLine> {
  let line = 0
  for await (const bytes of readLines(input)) {
    line++
    const read = bytes === null ? { line, fault: lineTooLong } : parseLine(line, bytes)
    if (read !== undefined) yield read
  }
}

/** The lines without their line ends; null for a line that is too long to be held. */
async function* readLines(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let held: Buffer[] = []
  let length = 0
  const take = (): Buffer | null => {
    const taken = length > longestLine ? null : held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held)
    held = []
    length = 0
    return taken
  }
  const hold = (piece: Buffer) => {
    length += piece.length
    if (length <= longestLine) held.push(piece)
    else held = []
  }
  for await (const chunk of input) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    if (start < chunk.length) hold(chunk.subarray(start))
  }
  if (length > 0) yield take()
}

const notJson: Fault = { code: 'invalid-json', pointer: '', message: 'the line is not JSON; write one JSON object a line' }
const lineTooLong: Fault = { code: 'line-too-long', pointer: '', message: 'the line is longer than 10 MiB; write one JSON object a line' }

function parseLine(line: number, bytes: Buffer): NdjsonLine | undefined {
  if (!isUtf8(bytes))
    return { line, fault: { code: 'invalid-utf8', pointer: '', message: 'the line is not UTF-8; save the file as UTF-8' } }
  const text = (line === 1 ? bytes.toString().replace(/^\ufeff/, '') : bytes.toString()).trim()
  if (text === '') return undefined
  try {
    return { line, value: readStrictJson(text, 'The line') }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { line, fault: error.code === 'malformed-json' ? notJson : (error.faults[0] as Fault) }
  }
}

/** What is written in place of the answer to a line that is refused: its `id`, if it has one, and every fault. */
export function refusedLine({ line, value }: NdjsonLine, [error, ...more]: readonly Fault[]): object {
  const id = (value as { id?: unknown } | null | undefined)?.id
  return { id: typeof id === 'string' ? id : null, line, error, ...(more.length > 0 && { more }) }
}

/** Writes values as NDJSON, as fast as the reader takes them. `end` writes what is still held; it does not close the stream. */
export function ndjsonWriter(output: Writable): { write(value: unknown): Promise<void>; end(): Promise<void> } {
  let held = ''
  const flush = async () => {
    const text = held
    held = ''
    if (text !== '' && !output.write(text)) await once(output, 'drain')
  }
  return {
    async write(value) {
      held += `${JSON.stringify(value)}\n`
      if (held.length >= writtenAtOnce) await flush()
    },
    end: flush,
  }
}
