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

/**
 * What the linter finds in round rules and the scheme that came with them, as it was linted: another than they name is an error, one with errors
 * is told, since their names cannot be checked against it.
 */
export async function lintRulesWith({ scheme }: { scheme?: Scheme }, text: string): Promise<PlacedFinding[]> {
  const isNamed = (key: { scheme: string; version: string }) => scheme?.scheme === key.scheme && scheme.version === key.version
  const findings = await lintRules(text, key => (isNamed(key) ? scheme : undefined))
  return findings.map((finding): PlacedFinding => {
    if (finding.code !== 'unchecked-names') return finding
    if (!scheme)
      return {
        ...finding,
        message: 'the scheme beside these rules has errors; mend it first, so that their names can be checked against it',
      }
    const message = `the scheme beside these rules is ${scheme.scheme}/${scheme.version}, which is not the one that they name`
    return { ...finding, severity: 'error', code: 'other-scheme', pointer: '/scheme', message }
  })
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
