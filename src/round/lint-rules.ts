import { readRules } from '../ranking/rules.ts'
import type { PlacedFinding } from '../scoring/scheme/lint.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { placeIn, readDocument } from '../values/document.ts'
import { Refusal } from '../values/refusal.ts'
import { fitTogether } from './standing.ts'

/**
 * What the linter finds in round rules: faults of the document, and names that the scheme has not. `schemeOf` gives the scheme that the rules
 * name; without it their names are not checked, and that is a note.
 */
export async function lintRules(
  text: string,
  schemeOf: (key: { scheme: string; version: string }) => Promise<Scheme | undefined> | Scheme | undefined,
): Promise<PlacedFinding[]> {
  try {
    const rules = readRules(text)
    const { placeOf } = readDocument(text)
    const note = (code: string, message: string): PlacedFinding[] => [
      { severity: 'note', code, pointer: '/scheme', message, ...placeOf('/scheme') },
    ]
    const name = `${rules.scheme.scheme}/${rules.scheme.version}`
    const scheme = await schemeOf(rules.scheme)
    if (!scheme)
      return note('unchecked-names', `the scheme ${name} is not at hand, so the names of its totals, items and measures are not checked`)
    const faults = faultsOf(() => fitTogether({ ...scheme, status: 'complete' }, rules, rules.asOf ?? 0))
    if (faults.length > 0) return faults.map(fault => ({ ...fault, severity: 'error', ...placeOf(fault.pointer) }))
    return scheme.status === 'complete' ? [] : note('incomplete-scheme', `the scheme ${name} is incomplete: no round can be run by it`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.faults.map(fault => ({ ...fault, severity: 'error', ...placeIn(fault.message) }))
  }
}

/** What the linter finds in round rules and the scheme that came with them: if it is another than they name, that is an error. */
export async function lintRulesWith(scheme: Scheme | undefined, text: string): Promise<PlacedFinding[]> {
  const isNamed = (key: { scheme: string; version: string }) => scheme?.scheme === key.scheme && scheme.version === key.version
  const findings = await lintRules(text, key => (isNamed(key) ? scheme : undefined))
  if (!scheme) return findings
  const message = `the scheme beside these rules is ${scheme.scheme}/${scheme.version}, which is not the one that they name`
  return findings.map(finding =>
    finding.code === 'unchecked-names' ? { ...finding, severity: 'error', code: 'other-scheme', pointer: '/scheme', message } : finding,
  )
}

function faultsOf(work: () => unknown): Refusal['faults'] {
  try {
    work()
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.faults
  }
}
