import type { Command } from 'commander'
import { rulesDigest } from '../../ranking/rules.ts'
import { type CaseResult, type CaseText, type LintFinding, lintWithCases } from '../../scoring/cases/lint-with-cases.ts'
import { isRoundRulesText } from '../../scoring/scheme/lint.ts'
import { readText } from '../files.ts'
import { findingLine } from '../scheme-file.ts'
import { vocabularies } from '../vocabularies.ts'
import { caseFolder, caseTexts, caseTextsBeside } from './case-files.ts'
import { roundCaseFolder, roundCaseTextsBeside } from './round-case-files.ts'
import { lintRulesWithCases, type RoundCaseResult } from './round-cases.ts'

/** `points scheme test`: runs the cases of a scheme, or those of round rules. */
export function testCommand(scheme: Command): void {
  scheme
    .command('test')
    .argument('<file>', 'the scheme document, or the round rules (YAML)')
    .summary('run the cases of a scheme or of round rules')
    .description(
      'Runs the cases beside a scheme (cases/*.yaml) and tells each that fails (exit code 1): what was expected and what came.\n' +
        'Then it tells how many branches of the scheme the cases take, and each that none takes.\n' +
        'Of round rules it runs the cases in round-cases/*.yaml that belong to them.',
    )
    .option('--cases <file...>', 'these case files instead')
    .option('--json', 'one JSON object with findings, cases and coverage')
    .action(test)
}

type Options = { cases?: string[]; json?: true }

async function test(file: string, options: Options): Promise<void> {
  const text = readText(file)
  if (isRoundRulesText(text)) await testRules(file, text, options)
  else testScheme(file, text, options)
}

function testScheme(file: string, text: string, { cases, json }: Options): void {
  const texts: CaseText[] = cases ? caseTexts(cases) : caseTextsBeside(file)
  const { scheme, findings, results } = lintWithCases(text, texts, vocabularies().of)
  const coverage = results?.coverage
  tellCases({
    file,
    findings,
    cases: results?.cases,
    folder: caseFolder(file),
    json: json && {
      scheme: scheme ? { scheme: scheme.scheme, version: scheme.version, digest: scheme.digest } : null,
      findings,
      cases: results?.cases ?? [],
      coverage: coverage ?? null,
    },
    after: coverage
      ? [
          `${coverage.covered} of ${coverage.total} branches exercised`,
          ...findings.filter(({ code }) => code === 'branch-without-case').map(finding => findingLine(file, finding)),
        ]
      : [],
  })
}

async function testRules(file: string, text: string, { cases, json }: Options): Promise<void> {
  const texts = cases ? caseTexts(cases) : roundCaseTextsBeside(file)
  const { rules, findings, results } = await lintRulesWithCases(file, text, texts)
  tellCases({
    file,
    findings,
    cases: results,
    folder: roundCaseFolder(file),
    json: json && { rules: rules ? { rules: rules.name, digest: rulesDigest(rules) } : null, findings, cases: results ?? [] },
    after: [],
  })
}

type Told = {
  file: string
  findings: readonly LintFinding[]
  /** Undefined if none was run. */
  cases: readonly (CaseResult | RoundCaseResult)[] | undefined
  /** Where cases would lie. */
  folder: string
  json: object | undefined
  /** Lines that follow on the number of cases. */
  after: readonly string[]
}

function tellCases({ file, findings, cases, folder, json, after }: Told): void {
  const errors = findings.filter(({ severity }) => severity === 'error')
  const failed = cases?.filter(({ differences }) => differences.length > 0) ?? []
  if (!cases || failed.length > 0) process.exitCode = 1
  if (json) process.stdout.write(`${JSON.stringify(json)}\n`)
  else {
    const lines = errors.map(error => findingLine(error.file ?? file, error))
    if (cases) {
      lines.push(...failed.flatMap(failureLines), `${cases.length - failed.length} of ${cases.length} cases came out as expected`, ...after)
    }
    process.stdout.write(lines.map(line => `${line}\n`).join(''))
  }
  if (errors.length > 0) process.stderr.write('there are errors, so no case was run; correct them\n')
  else if (!cases) process.stderr.write(`there are no cases: write them into ${folder}/*.yaml, or name them with --cases\n`)
}

function failureLines({ file, line, column, case: name, differences }: CaseResult | RoundCaseResult): string[] {
  return [
    `${file}:${line}:${column} failed: ${name}`,
    ...differences.map(({ field, wanted, got }) => `  ${field}: expected ${shown(wanted)}, came ${shown(got)}`),
  ]
}

function shown(value: string | null | string[]): string {
  if (value === null) return 'null (open)'
  if (typeof value === 'string') return value
  return value.length === 0 ? 'none' : value.join(', ')
}
