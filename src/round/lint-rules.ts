import { readRules } from '../ranking/rules.ts'
import type { PlacedFinding } from '../scoring/scheme/lint.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { placeIn, readDocument } from '../values/document.ts'
import { Refusal } from '../values/refusal.ts'
import { fitTogether } from './standing.ts'

/**
 * What the linter finds in round rules: faults of the document, and names that the scheme has not. `schemeOf` gives the scheme at hand; without one
 * their names are not checked, and that is a note. If it is another than the rules name, that is an error.
 */
export async function lintRules(
  text: string,
  schemeOf: (key: { scheme: string; version: string }) => Promise<Scheme | undefined> | Scheme | undefined,
): Promise<PlacedFinding[]> {
  try {
    const rules = readRules(text)
    const { placeOf } = readDocument(text)
    const ofScheme = (severity: PlacedFinding['severity'], code: string, message: string): PlacedFinding[] => [
      { severity, code, pointer: '/scheme', message, ...placeOf('/scheme') },
    ]
    const note = (code: string, message: string) => ofScheme('note', code, message)
    const error = (code: string, message: string) => ofScheme('error', code, message)
    const name = `${rules.scheme.scheme}/${rules.scheme.version}`
    const scheme = await schemeOf(rules.scheme)
    if (!scheme)
      return note('unchecked-names', `the scheme ${name} is not at hand, so the names of its totals, items and measures are not checked`)
    const atHand = `${scheme.scheme}/${scheme.version}`
    if (atHand !== name) return error('other-scheme', `the scheme beside these rules is ${atHand}, and they name ${name}`)
    const faults = faultsOf(() => fitTogether({ ...scheme, status: 'complete' }, rules, rules.asOf ?? 0))
    if (faults.length > 0) return faults.map(fault => ({ ...fault, severity: 'error', ...placeOf(fault.pointer) }))
    return scheme.status === 'complete' ? [] : note('incomplete-scheme', `the scheme ${name} is incomplete: no round can be run by it`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.faults.map(fault => ({ ...fault, severity: 'error', ...placeIn(fault.message) }))
  }
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
