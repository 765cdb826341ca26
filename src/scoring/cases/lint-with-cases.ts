import { readDocument } from '../../values/document.ts'
import { Refusal } from '../../values/refusal.ts'
import type { Explanation } from '../explanation.ts'
import { lintScheme, type PlacedFinding } from '../scheme/lint.ts'
import type { Scheme } from '../scheme/scheme.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { type Case, readCases } from './read-cases.ts'
import { type Difference, runCase } from './run-case.ts'

/** The text of a case file and the name under which its findings are told. */
export type CaseText = { name: string; text: string }

/** A finding in the scheme or, with `file`, in the case file of that name. */
export type LintFinding = PlacedFinding & { file?: string }

/** How one case came out; it holds if there is no difference. */
export type CaseResult = Pick<Case, 'case' | 'pointer' | 'line' | 'column'> & { file: string; differences: Difference[] }

export type Results = { cases: CaseResult[]; coverage: Coverage }

/**
 * Checks a scheme as `lintScheme` does, and with it the cases that belong to it: they are run, and each branch of the scheme that no case takes is a
 * note. There are results only if the scheme can be used, there are cases, and all of them can be read.
 */
export function lintWithCases(
  text: string,
  caseTexts: readonly CaseText[],
  vocabularyOf: (version: string) => Vocabulary | undefined,
): { scheme?: Scheme; findings: LintFinding[]; results?: Results; stoppedAtForm?: true } {
  const { scheme, findings, ...rest } = lintScheme(text, vocabularyOf)
  if (!scheme) return { findings, ...rest }
  const faults: LintFinding[] = []
  const cases: CaseResult[] = []
  const explanations: Explanation[] = []
  for (const file of caseTexts) {
    const read = readCases(file.text, scheme)
    faults.push(...read.findings.map(finding => ({ ...finding, file: file.name })))
    for (const one of read.cases) {
      const { case: name, pointer, line, column } = one
      try {
        const { differences, explanation } = runCase(scheme, one)
        cases.push({ file: file.name, case: name, pointer, line, column, differences })
        explanations.push(explanation)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const { code, message } = error
        faults.push({ severity: 'error', code, pointer, message, line, column, file: file.name })
      }
    }
  }
  if (faults.length > 0) return { scheme, findings: [...findings, ...faults] }
  if (cases.length === 0) return { scheme, findings }
  const coverage = coverageOf(scheme, explanations)
  const byPlace = (a: LintFinding, b: LintFinding) => a.line - b.line || a.column - b.column
  return { scheme, findings: [...findings, ...notesOn(coverage, text)].sort(byPlace), results: { cases, coverage } }
}

function notesOn({ uncovered }: Coverage, text: string): PlacedFinding[] {
  const { placeOf } = readDocument(text)
  return uncovered.map(({ at, node, branch }) => ({
    severity: 'note',
    code: 'branch-without-case',
    pointer: at,
    message: `no case takes the branch "${branch}" of "${node}"`,
    ...placeOf(at),
  }))
}
