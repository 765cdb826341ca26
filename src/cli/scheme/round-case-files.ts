import { basename, dirname, join } from 'node:path'
import { rulesNamedIn } from '../../ranking/cases/read-round-cases.ts'
import type { CaseText } from '../../scoring/cases/lint-with-cases.ts'
import { readText } from '../files.ts'
import { caseTextsIn, yamlFilesIn } from './case-files.ts'

/** Whether a file of this name holds round rules: a scheme has `rounds.yaml` beside it, and may have further ones, `rounds-<name>.yaml`. */
export function isRulesFile(name: string): boolean {
  return /^rounds(-[a-z0-9-]+)?\.yaml$/.test(name)
}

/** The folder in which the cases of round rules lie, those of all rules of a scheme together. */
export function roundCaseFolder(rulesFile: string): string {
  return join(dirname(rulesFile), 'round-cases')
}

/**
 * The round case files beside a file of round rules, but for those that belong to other rules there. One that belongs to none is among them, so that
 * a misspelt name is told.
 * @throws Refusal as `readText`
 */
export function roundCaseTextsBeside(rulesFile: string): CaseText[] {
  const named = (file: string) => rulesNamedIn(readText(join(dirname(rulesFile), file)))
  const others = yamlFilesIn(dirname(rulesFile)).filter(name => isRulesFile(name) && name !== basename(rulesFile))
  const ofOthers = new Set(others.map(named).filter(name => name !== undefined && name !== named(basename(rulesFile))))
  return caseTextsIn(roundCaseFolder(rulesFile)).filter(({ text }) => !ofOthers.has(rulesNamedIn(text)))
}
