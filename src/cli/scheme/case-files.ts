import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { rulesNamedIn } from '../../ranking/cases/read-round-cases.ts'
import type { CaseText } from '../../scoring/cases/lint-with-cases.ts'
import { Refusal } from '../../values/refusal.ts'
import { readText } from '../files.ts'

/** The folder in which the cases of a scheme file lie. */
export function caseFolder(schemeFile: string): string {
  return join(dirname(schemeFile), 'cases')
}

/** The folder in which the cases of round rules lie, those of all rules of a scheme together. */
export function roundCaseFolder(rulesFile: string): string {
  return join(dirname(rulesFile), 'round-cases')
}

/** The case files beside a scheme file; none if there is no such folder. @throws Refusal as `readText` */
export function caseTextsBeside(schemeFile: string): CaseText[] {
  return caseTextsIn(caseFolder(schemeFile))
}

/**
 * The round case files beside a file of round rules, but for those that belong to other rules there. One that belongs to none is among them, so that
 * a misspelt name is told.
 * @throws Refusal as `readText`
 */
export function roundCaseTextsBeside(rulesFile: string): CaseText[] {
  const others = yamlFilesIn(dirname(rulesFile)).filter(name => name !== basename(rulesFile) && isRulesFile(name))
  const othersNamed = new Set(others.map(name => rulesNamedIn(readText(join(dirname(rulesFile), name)))))
  othersNamed.delete(undefined)
  othersNamed.delete(rulesNamedIn(readText(rulesFile)))
  return caseTextsIn(roundCaseFolder(rulesFile)).filter(({ text }) => !othersNamed.has(rulesNamedIn(text)))
}

/** Whether a file of this name holds round rules: the rules of a scheme are `rounds.yaml`, and further ones `rounds-<name>.yaml`. */
export function isRulesFile(name: string): boolean {
  return /^rounds(-[a-z0-9-]+)?\.yaml$/.test(name)
}

/** Case files that somebody named. @throws Refusal as `readText` */
export function caseTexts(files: readonly string[]): CaseText[] {
  return files.map(name => ({ name, text: readText(name) }))
}

function caseTextsIn(folder: string): CaseText[] {
  return caseTexts(yamlFilesIn(folder).map(name => join(folder, name)))
}

function yamlFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => name.endsWith('.yaml'))
      .sort()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new Refusal('unreadable-file', `${folder} cannot be read (${code}); check the folder.`)
  }
}
