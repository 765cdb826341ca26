import type { Command } from 'commander'
import { schemeSchema } from '../scoring/scheme/document-schema.ts'
import { lintScheme } from '../scoring/scheme/lint.ts'
import { readText } from './files.ts'
import { findingLine } from './scheme-file.ts'
import { vocabularies } from './vocabularies.ts'

/** `points scheme`: work on scheme documents. */
export function schemeCommand(program: Command): void {
  const scheme = program
    .command('scheme')
    .summary('check a scheme document')
    .description('Works on scheme documents, without a database.')
    .helpCommand(false)
  scheme
    .command('lint')
    .argument('<file>', 'the scheme document (YAML)')
    .summary('tell every mistake in a scheme')
    .description(
      'Prints "file:line:column severity code pointer message" for each finding. An error stops a scheme from being used (exit code 1); a note does not.',
    )
    .option('--json', 'one JSON object a finding')
    .action(lint)
  scheme
    .command('schema')
    .summary('print the JSON Schema of scheme documents')
    .description('Prints the JSON Schema of scheme documents, for editors.')
    .action(() => {
      process.stdout.write(`${JSON.stringify(schemeSchema, null, 2)}\n`)
    })
}

function lint(file: string, { json }: { json?: true }): void {
  const { scheme, findings } = lintScheme(readText(file), vocabularies().of)
  const errors = findings.filter(finding => finding.severity === 'error').length
  if (errors > 0) process.exitCode = 1
  for (const finding of findings) process.stdout.write(`${json ? JSON.stringify(finding) : findingLine(file, finding)}\n`)
  process.stderr.write(
    scheme
      ? `${scheme.scheme}/${scheme.version} can be used; it is ${scheme.status}; digest ${scheme.digest}\n`
      : `${errors} ${errors === 1 ? 'error' : 'errors'}: this scheme cannot be used\n`,
  )
}
