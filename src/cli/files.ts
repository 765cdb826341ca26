import { closeSync, openSync, type ReadStream, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { Refusal } from '../values/refusal.ts'

/** More than any document or list of numbers has; a device goes on for ever. */
const mostBytes = 256 * 1024 * 1024

/** Reads a text file that somebody named; a byte order mark is left out. @throws Refusal `unreadable-file`, `not-utf8` */
export function readText(file: string): string {
  let bytes: Buffer
  try {
    bytes = readBytes(file)
  } catch (error) {
    throw new Refusal('unreadable-file', unreadable(file, (error as NodeJS.ErrnoException).code))
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Read as if it were UTF-8, its Chinese would become other characters without a word.
    throw new Refusal(
      'not-utf8',
      `${file} is not UTF-8 (office machines often write GB18030 or GBK): open it in the program that wrote it and save the file as UTF-8.`,
    )
  }
}

function readBytes(file: string): Buffer {
  const handle = openSync(file, 'r')
  try {
    const pieces: Buffer[] = []
    for (let read = 0; ; ) {
      const piece = Buffer.allocUnsafe(65_536)
      const count = readSync(handle, piece)
      if (count === 0) return Buffer.concat(pieces)
      read += count
      if (read > mostBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' })
      pieces.push(piece.subarray(0, count))
    }
  } finally {
    closeSync(handle)
  }
}

/** Opens a file that somebody named, to be read piece by piece. @throws Refusal `unreadable-file` */
export async function openStream(file: string): Promise<ReadStream> {
  try {
    const handle = await open(file)
    // A folder can be opened, and fails only when it is read.
    if (!(await handle.stat()).isDirectory()) return handle.createReadStream()
    await handle.close()
  } catch (error) {
    throw new Refusal('unreadable-file', unreadable(file, (error as NodeJS.ErrnoException).code))
  }
  throw new Refusal('unreadable-file', unreadable(file, 'EISDIR'))
}

function unreadable(file: string, code = 'unknown error'): string {
  switch (code) {
    case 'ENOENT':
      return `there is no file ${file}; check the path.`
    case 'EISDIR':
      return `${file} is a folder; name a file in it.`
    case 'EACCES':
      return `${file} may not be read by this user; ask for the right to read it.`
    case 'EFBIG':
      return `${file} has more than ${mostBytes / 2 ** 20} MiB; name the right file.`
    default:
      return `${file} cannot be read (${code}).`
  }
}
