import { readFileSync } from 'node:fs'
import { Refusal } from '../values/refusal.ts'

/** Reads a text file that somebody named; a byte order mark is left out. @throws Refusal `unreadable-file`, `not-utf8` */
export function readText(file: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new Refusal(
      'unreadable-file',
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); check the path.`,
    )
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
