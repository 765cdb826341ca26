import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { lintRules, lintRulesWith } from '../round/lint-rules.ts'
import { schemeSchema } from '../scoring/scheme/document-schema.ts'
import { isRoundRulesText, lintScheme, type PlacedFinding } from '../scoring/scheme/lint.ts'
import { readText } from './files.ts'
import { releaseCommand } from './scheme/release.ts'
import { testCommand } from './scheme/test.ts'
import { diffCommand } from './scheme-diff.ts'
import { findingLine, lintFile } from './scheme-file.ts'
import { vocabularies } from './vocabularies.ts'

/** `points scheme`: work on scheme documents. */
export function schemeCommand(program: Command): void {
  const scheme = program
    .command('scheme')
    .summary('check a scheme document and run its cases')
    .description('Works on scheme documents, without a database.')
    .helpCommand(false)
  scheme
    .command('lint')
    .argument('<file>', 'the scheme document (YAML)')
    .summary('tell every mistake in a scheme')
    .description(
      'Prints "file:line:column severity code pointer message" for each finding. An error stops a scheme from being used (exit code 1); a note does not.\n' +
        'Where cases lie beside the scheme (cases/*.yaml), each of its branches that no case takes is a note.',
    )
    .option('--json', 'one JSON object a finding')
    .action(lint)
  testCommand(scheme)
  diffCommand(scheme)
  releaseCommand(scheme)
  scheme
    .command('schema')
    .summary('print the JSON Schema of scheme documents')
    .description('Prints the JSON Schema of scheme documents, for editors.')
    .action(() => {
      process.stdout.write(`${JSON.stringify(schemeSchema, null, 2)}\n`)
    })
}

async function lint(file: string, { json }: { json?: true }): Promise<void> {
  const text = readText(file)
  if (isRoundRulesText(text)) return lintRulesFile(file, text, json === true)
  const { scheme, findings, results, stoppedAtForm } = lintFile(file, text)
  const errors = findings.filter(finding => finding.severity === 'error').length
  if (errors > 0) process.exitCode = 1
  for (const finding of findings) process.stdout.write(`${json ? JSON.stringify(finding) : findingLine(finding.file ?? file, finding)}\n`)
  const cannot = stoppedAtForm
    ? `${counted(errors, 'error')} of form; names and figures are checked when ${errors === 1 ? 'it is' : 'these are'} mended`
    : `${counted(errors, 'error')}: this scheme cannot be used`
  process.stderr.write(
    scheme ? `${scheme.scheme}/${scheme.version} can be used; it is ${scheme.status}; digest ${scheme.digest}\n` : `${cannot}\n`,
  )
  if (scheme && errors > 0) process.stderr.write(`${counted(errors, 'error')} in its cases: they were not run\n`)
  const failing = results?.cases.filter(({ differences }) => differences.length > 0).length ?? 0
  if (failing > 0)
    process.stderr.write(`${counted(failing, 'case')} of ${results?.cases.length} failed: points scheme test ${file} tells which\n`)
}

/** What the linter says of the text of a round rules file, checked against the scheme beside it. @throws Refusal as `readText` if that cannot be read */
export function lintRulesBeside(file: string, text: string): Promise<PlacedFinding[]> {
  const beside = join(dirname(file), 'scheme.yaml')
  return existsSync(beside) ? lintRulesWith(lintScheme(readText(beside), vocabularies().of), text) : lintRules(text, () => undefined)
}

async function lintRulesFile(file: string, text: string, json: boolean): Promise<void> {
  const findings = await lintRulesBeside(file, text)
  const errors = findings.filter(finding => finding.severity === 'error').length
  if (errors > 0) process.exitCode = 1
  for (const finding of findings) process.stdout.write(`${json ? JSON.stringify(finding) : findingLine(file, finding)}\n`)
  process.stderr.write(errors > 0 ? `${counted(errors, 'error')}: these round rules cannot be used\n` : 'these round rules can be used\n')
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
