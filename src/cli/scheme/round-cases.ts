import { dirname, join } from 'node:path'
import { readRoundCases } from '../../ranking/cases/read-round-cases.ts'
import type { RoundCase, RulesInUnits } from '../../ranking/cases/round-case.ts'
import { type RoundDifference, runRoundCase } from '../../ranking/cases/run-round-case.ts'
import { type RoundRules, readRules } from '../../ranking/rules.ts'
import { lintRulesWith } from '../../round/lint-rules.ts'
import { fitTogether } from '../../round/standing.ts'
import type { CaseText, LintFinding } from '../../scoring/cases/lint-with-cases.ts'
import { lintScheme } from '../../scoring/scheme/lint.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import { readText } from '../files.ts'
import { vocabularies } from '../vocabularies.ts'

/** How one round case came out; it holds if there is no difference. */
export type RoundCaseResult = Pick<RoundCase, 'case' | 'pointer' | 'line' | 'column'> & { file: string; differences: RoundDifference[] }

/**
 * Checks round rules against the scheme beside them, and runs their cases. There are results only if the rules can be used, there are cases, and all of
 * them can be read.
 * @throws Refusal as `readText` if there is no scheme beside the rules
 */
export async function lintRulesWithCases(
  file: string,
  text: string,
  caseTexts: readonly CaseText[],
): Promise<{ rules?: RoundRules; findings: LintFinding[]; results?: RoundCaseResult[] }> {
  const linted = lintScheme(readText(join(dirname(file), 'scheme.yaml')), vocabularies().of)
  // Without the scheme the values of cases have no units.
  const findings = (await lintRulesWith(linted, text)).map(finding =>
    finding.code === 'unchecked-names' ? { ...finding, severity: 'error' as const } : finding,
  )
  if (!linted.scheme || findings.some(({ severity }) => severity === 'error')) return { findings }

  const rules = readRules(text)
  const inUnits = rulesInUnits(rules, linted.scheme)
  const read = caseTexts.map(({ name, text }) => ({ file: name, ...readRoundCases(text, inUnits) }))
  const faults = read.flatMap(({ file, faults }) => faults.map(fault => ({ ...fault, severity: 'error' as const, file })))
  if (faults.length > 0) return { rules, findings: [...findings, ...faults] }
  const results = read.flatMap(({ file, cases }) =>
    cases.map(one => {
      const { case: name, pointer, line, column } = one
      return { file, case: name, pointer, line, column, differences: runRoundCase(inUnits, one) }
    }),
  )
  return { rules, findings, ...(results.length > 0 && { results }) }
}

/** Round rules with the units of their scheme. That of an incomplete scheme has units too, though no round can be run by it. @throws Refusal `invalid-rules` */
export function rulesInUnits(rules: RoundRules, scheme: Scheme): RulesInUnits {
  const { units, gateAtLeast, total } = fitTogether({ ...scheme, status: 'complete' }, rules, rules.asOf ?? 0)
  return { rules, units, totalScale: scheme.totals[total]?.scale as number, gateAtLeast }
}
