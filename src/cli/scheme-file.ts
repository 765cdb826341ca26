import { lintWithCases } from '../scoring/cases/lint-with-cases.ts'
import { lintScheme, type PlacedFinding } from '../scoring/scheme/lint.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { Refusal } from '../values/refusal.ts'
import { readText } from './files.ts'
import { caseTextsBeside } from './scheme/case-files.ts'
import { vocabularies } from './vocabularies.ts'

/** One finding on one line, as editors and people read it: where, how bad, what. */
export function findingLine(file: string, { severity, code, pointer, message, line, column }: PlacedFinding): string {
  return `${file}:${line}:${column} ${[severity, code, pointer, message].filter(word => word !== '').join(' ')}`
}

/** What the linter says of the text of a scheme file, and of the cases beside it. @throws Refusal as `readText` if a case file cannot be read */
export function lintFile(file: string, text: string): ReturnType<typeof lintWithCases> {
  return lintWithCases(text, caseTextsBeside(file), vocabularies().of)
}

/** The scheme in a file that somebody named. @throws Refusal `invalid-scheme` with each error as `scheme lint` prints it; as `readText` */
export function schemeIn(file: string): Scheme {
  const text = readText(file)
  const { scheme, findings } = lintScheme(text, vocabularies().of)
  if (scheme) return scheme
  const errors = findings.filter(({ severity }) => severity === 'error')
  throw new Refusal(
    'invalid-scheme',
    errors.map(error => ({ code: error.code, pointer: '', message: findingLine(file, error) })),
  )
}
