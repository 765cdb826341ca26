import { basename, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { schemesFolder } from '../../config.ts'
import type { RoundRules } from '../../ranking/rules.ts'
import { type LintFinding, lintWithCases } from '../../scoring/cases/lint-with-cases.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import { readVocabulary } from '../../scoring/vocabulary.ts'
import { Refusal } from '../../values/refusal.ts'
import { readText } from '../files.ts'
import { findingLine } from '../scheme-file.ts'
import { vocabularies } from '../vocabularies.ts'
import { caseTextsBeside } from './case-files.ts'
import { contentDigest, type Ledger, nameOf, readLedger, writeLedger } from './ledger.ts'
import { isRulesFile, roundCaseTextsBeside } from './round-case-files.ts'
import { lintRulesWithCases } from './round-cases.ts'

/** `points scheme release`: documents that never change any more. */
export function releaseCommand(scheme: Command): void {
  scheme
    .command('release')
    .argument('<file...>', 'schemes, round rules or vocabularies under schemes/')
    .summary('enter documents in the ledger of those that never change')
    .description(
      'Enters documents and their digests in schemes/released.json: from then on a test refuses any change of them, and another content needs a new version.\n' +
        'A scheme is released if it has no error and all its cases come out as expected, after its vocabulary; so are round rules, after their scheme.\n' +
        'All files are entered or none.',
    )
    .action(async (files: string[]) => {
      for (const line of await release(schemesFolder, files)) process.stdout.write(`${line}\n`)
    })
}

/**
 * Enters documents in the ledger of a folder of schemes, and tells of each what was done.
 * @throws Refusal `wrong-place`; `released-before` with other content; `not-released-yet` for what the document rests on; `cannot-be-released`
 */
export async function release(folder: string, files: readonly string[]): Promise<string[]> {
  const ledger = readLedger(folder)
  const told: string[] = []
  for (const file of files) {
    const name = nameOf(relative(folder, resolve(file)))
    if (name === undefined)
      throw new Refusal(
        'wrong-place',
        `${file} is no document of ${folder}: <place>/<year>/scheme.yaml, rounds.yaml or rounds-<name>.yaml, or vocabulary/<n>.yaml.`,
      )
    const text = readText(file)
    const before = ledger[name]
    const digest = before === undefined ? await releasable(file, name, text, ledger) : contentDigest(text)
    if (before !== undefined && before !== digest)
      throw new Refusal('released-before', `${name} was released with other content, and that never changes; write a new version instead.`)
    ledger[name] = digest
    told.push(`${name} ${digest}${before === undefined ? '' : ' (released before)'}`)
  }
  writeLedger(folder, ledger)
  return told
}

/** The digest of a document that can be released. @throws Refusal if it cannot */
async function releasable(file: string, name: string, text: string, ledger: Ledger): Promise<string> {
  const needed = await neededBy(file, name, text)
  if (needed !== undefined && ledger[needed] === undefined)
    throw new Refusal('not-released-yet', `${name} rests on ${needed}, which is not released yet; release that before it.`)
  return contentDigest(text)
}

/** The name of what a document rests on; none of a vocabulary. @throws Refusal if the document has faults or stands in the wrong place */
async function neededBy(file: string, name: string, text: string): Promise<string | undefined> {
  if (name.startsWith('vocabulary/')) {
    const { version } = readVocabulary(text)
    refuseOtherName(file, name, `vocabulary/${version}`)
    return undefined
  }
  if (isRulesFile(basename(file))) {
    const { rules, findings, results } = await lintRulesWithCases(file, text, roundCaseTextsBeside(file))
    refuseErrors(file, findings)
    refuseFailures(file, results)
    const { scheme, version } = (rules as RoundRules).scheme
    refuseOtherName(file, name, `${scheme}/${version}/${basename(file, '.yaml')}`)
    return `${scheme}/${version}`
  }
  const { scheme, findings, results } = lintWithCases(text, caseTextsBeside(file), vocabularies().of)
  refuseErrors(file, findings)
  refuseFailures(file, results?.cases)
  const { scheme: place, version, vocabulary } = scheme as Scheme
  refuseOtherName(file, name, `${place}/${version}`)
  return `vocabulary/${vocabulary.version}`
}

function refuseFailures(file: string, cases: readonly { differences: readonly unknown[] }[] | undefined): void {
  if (!cases || cases.some(({ differences }) => differences.length > 0))
    throw new Refusal('cannot-be-released', `${file}: a case fails, or there is none: points scheme test ${file} tells which.`)
}

function refuseErrors(file: string, findings: readonly LintFinding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0)
    throw new Refusal(
      'cannot-be-released',
      errors.map(error => ({ code: error.code, pointer: '', message: findingLine(error.file ?? file, error) })),
    )
}

/** A document is found by its name, so it stands where its name says. */
function refuseOtherName(file: string, name: string, own: string): void {
  if (name !== own) throw new Refusal('wrong-place', `${file} stands where ${name} belongs, but by its content it belongs to ${own}.`)
}
