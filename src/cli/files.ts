import { readFileSync } from 'node:fs'
import { Refusal } from '../values/refusal.ts'

/** Reads a file that somebody named. @throws Refusal `unreadable-file` */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Refusal(
      'unreadable-file',
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); check the path.`,
    )
  }
}
