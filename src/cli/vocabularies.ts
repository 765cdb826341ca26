import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { schemesFolder } from '../config.ts'
import { readVocabulary, type Vocabulary } from '../scoring/vocabulary.ts'

/** The vocabularies of the project, read once: by version, and the newest. */
export function vocabularies(): { of(version: string): Vocabulary | undefined; newest: Vocabulary } {
  const folder = resolve(schemesFolder, 'vocabulary')
  const all = readdirSync(folder)
    .filter(name => /^\d+\.yaml$/.test(name))
    .map(name => readVocabulary(readFileSync(resolve(folder, name), 'utf8')))
    .sort((a, b) => Number(a.version) - Number(b.version))
  const newest = all.at(-1)
  if (!newest) throw new Error(`there is no vocabulary in ${folder}`)
  return { of: version => all.find(one => one.version === version), newest }
}
