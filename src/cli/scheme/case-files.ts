import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CaseText } from '../../scoring/cases/lint-with-cases.ts'
import { Refusal } from '../../values/refusal.ts'
import { readText } from '../files.ts'

/** The folder in which the cases of a scheme file lie. */
export function caseFolder(schemeFile: string): string {
  return join(dirname(schemeFile), 'cases')
}

/** The case files beside a scheme file; none if there is no such folder. @throws Refusal as `readText` */
export function caseTextsBeside(schemeFile: string): CaseText[] {
  return caseTextsIn(caseFolder(schemeFile))
}

/** The case files in a folder; none if there is no such folder. @throws Refusal as `readText` */
export function caseTextsIn(folder: string): CaseText[] {
  return caseTexts(yamlFilesIn(folder).map(name => join(folder, name)))
}

/** Case files that somebody named. @throws Refusal as `readText` */
export function caseTexts(files: readonly string[]): CaseText[] {
  return files.map(name => ({ name, text: readText(name) }))
}

/** The names of the YAML files in a folder, sorted; none if there is no such folder. @throws Refusal `unreadable-file` */
export function yamlFilesIn(folder: string): string[] {
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
