import { lintScheme, type PlacedFinding } from '../scoring/scheme/lint.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { Refusal } from '../values/refusal.ts'
import { readText } from './files.ts'
import { vocabularies } from './vocabularies.ts'

/** One finding on one line, as editors and people read it: where, how bad, what. */
export function findingLine(file: string, { severity, code, pointer, message, line, column }: PlacedFinding): string {
  return `${file}:${line}:${column} ${[severity, code, pointer, message].filter(word => word !== '').join(' ')}`
}

/** The scheme in a file that somebody named. @throws Refusal `invalid-scheme` with each error as `scheme lint` prints it; as `readText` */
export function schemeIn(file: string): Scheme {
  const { scheme, findings } = lintScheme(readText(file), vocabularies().of)
  if (scheme) return scheme
  const errors = findings.filter(({ severity }) => severity === 'error')
  throw new Refusal(
    'invalid-scheme',
    errors.map(error => ({ code: error.code, pointer: '', message: findingLine(file, error) })),
  )
}
