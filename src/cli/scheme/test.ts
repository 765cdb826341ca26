import type { Command } from 'commander'
import { type CaseResult, type LintFinding, lintWithCases, type Results } from '../../scoring/cases/lint-with-cases.ts'
import type { Difference } from '../../scoring/cases/run-case.ts'
import { readText } from '../files.ts'
import { findingLine } from '../scheme-file.ts'
import { vocabularies } from '../vocabularies.ts'
import { caseFolder, caseTexts, caseTextsBeside } from './case-files.ts'

/** `points scheme test`: runs the cases of a scheme. */
export function testCommand(scheme: Command): void {
  scheme
    .command('test')
    .argument('<file>', 'the scheme document (YAML)')
    .summary('run the cases of a scheme')
    .description(
      'Runs the cases beside the scheme (cases/*.yaml) and tells each that fails (exit code 1): what was expected and what came.\n' +
        'Then it tells how many branches of the scheme the cases take, and each that none takes.',
    )
    .option('--cases <file...>', 'these case files instead')
    .option('--json', 'one JSON object with findings, cases and coverage')
    .action(test)
}

function test(file: string, { cases, json }: { cases?: string[]; json?: true }): void {
  const texts = cases ? caseTexts(cases) : caseTextsBeside(file)
  const { scheme, findings, results } = lintWithCases(readText(file), texts, vocabularies().of)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const failed = results?.cases.filter(({ differences }) => differences.length > 0) ?? []
  if (!results || failed.length > 0) process.exitCode = 1
  if (json) {
    const name = scheme ? { scheme: scheme.scheme, version: scheme.version, digest: scheme.digest } : null
    process.stdout.write(
      `${JSON.stringify({ scheme: name, findings, cases: results?.cases ?? [], coverage: results?.coverage ?? null })}\n`,
    )
  } else {
    for (const error of errors) process.stdout.write(`${findingLine(error.file ?? file, error)}\n`)
    if (results) process.stdout.write(report(file, results, failed, findings))
  }
  if (errors.length > 0) process.stderr.write('there are errors, so no case was run; correct them\n')
  else if (!results) process.stderr.write(`there are no cases: write them into ${caseFolder(file)}/*.yaml, or name them with --cases\n`)
}

function report(file: string, { cases, coverage }: Results, failed: readonly CaseResult[], findings: readonly LintFinding[]): string {
  const lines = failed.flatMap(one => [
    `${one.file}:${one.line}:${one.column} failed: ${one.case}`,
    ...one.differences.map(difference => `  ${differenceLine(difference)}`),
  ])
  const missed = findings.filter(({ code }) => code === 'branch-without-case')
  return [
    ...lines,
    `${cases.length - failed.length} of ${cases.length} cases came out as expected`,
    `${coverage.covered} of ${coverage.total} branches exercised`,
    ...missed.map(finding => findingLine(file, finding)),
    '',
  ].join('\n')
}

function differenceLine({ field, wanted, got }: Difference): string {
  return `${field}: expected ${shown(wanted)}, came ${shown(got)}`
}

function shown(value: Difference['wanted']): string {
  if (value === null) return 'null (open)'
  if (typeof value === 'string') return value
  return value.length === 0 ? 'none' : value.join(', ')
}
