import { type Command, Option } from 'commander'
import { diffSchemes } from '../scoring/diff/diff.ts'
import { comparison, type Effect } from '../scoring/diff/effect.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { scorer } from '../scoring/score.ts'
import type { DayNumber } from '../values/civil-date.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { openStream } from './files.ts'
import { readNdjson } from './ndjson.ts'
import { schemeIn } from './scheme-file.ts'
import { readDate, readLine, refusalText } from './score.ts'
import { DiffTeller } from './view/diff-text.ts'
import { terminal } from './view/shown.ts'
import { type Language, languages } from './view/words.ts'

type Options = { facts?: string; asOf?: DayNumber; json?: true; language: Language }

/** `points scheme diff`: what a newer version of a scheme says otherwise, and what it does to applicants. */
export function diffCommand(scheme: Command): void {
  scheme
    .command('diff')
    .argument('<older>', 'a scheme document (YAML)')
    .argument('<newer>', 'another, most often its next version')
    .summary('compare two versions of a scheme in words')
    .description(
      'Tells by item, total, gate and freeze what the newer document says otherwise: figures, caps, rows, windows, conditions, sources. What changes in a\n' +
        'measure is told under everything that uses it. With --facts it also tells how many totals go up or down and by how much, and who becomes eligible.\n' +
        'Facts are read line by line as `points score` reads them; a kind of evidence that only one version has is left out for the other. A bad line is\n' +
        'left out and told on stderr; the exit code is then 1.',
    )
    .option('--facts <file>', 'facts to be scored by both (NDJSON {"id":"a","facts":{…}})')
    .option('--as-of <date>', 'the reference date for --facts, YYYY-MM-DD', readDate)
    .option('--json', 'one JSON object with the changes and the effect')
    .addOption(new Option('--language <language>', 'of the words').choices(languages).default('en' satisfies Language))
    .action(diff)
}

async function diff(older: string, newer: string, { facts, asOf, json, language }: Options): Promise<void> {
  if (facts !== undefined && asOf === undefined)
    throw new Refusal('wrong-usage', '--facts are scored as of a reference date: give it with --as-of')
  if (facts === undefined && asOf !== undefined) throw new Refusal('wrong-usage', '--as-of has no use without --facts')
  const [was, now] = [schemeIn(older), schemeIn(newer)]
  const difference = diffSchemes(was, now)
  const effect = facts === undefined || asOf === undefined ? undefined : await effectOn(facts, was, now, asOf)
  const teller = new DiffTeller(was, now, language)
  if (json) {
    const named = ({ scheme, version, digest }: Scheme) => ({ scheme, version, digest })
    process.stdout.write(`${JSON.stringify({ was: named(was), now: named(now), changes: teller.changes(difference), ...effect })}\n`)
    return
  }
  process.stdout.write(teller.text(difference, effect, terminal(process.stdout).columns))
}

/** Scores the facts of a file by both versions, line by line; nothing is kept but sums. */
async function effectOn(file: string, was: Scheme, now: Scheme, asOf: DayNumber): Promise<{ effect: Effect; refused: number }> {
  const both = comparison(scorer(was, asOf), scorer(now, asOf))
  let refused = 0
  for await (const line of readNdjson(await openStream(file))) {
    const faults = line.fault ? [line.fault] : add(line.value, both)
    if (faults.length === 0) continue
    refused++
    process.exitCode = 1 // at once: a reader may close the pipe before the end
    process.stderr.write(refusalText(line.line, faults))
  }
  return { effect: both.effect(), refused }
}

function add(value: unknown, both: ReturnType<typeof comparison>): Fault[] {
  const line = readLine(value)
  if (Array.isArray(line)) return line
  try {
    both.add(line.facts, '/facts')
    return []
  } catch (error) {
    if (error instanceof Refusal) return error.faults
    throw error
  }
}
