import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { readFacts } from '../scoring/evidence/read-facts.ts'
import { explain } from '../scoring/explain.ts'
import type { Explanation } from '../scoring/explanation.ts'
import { type Prospect, prospects } from '../scoring/prospects.ts'
import { type Receipt, receiptOf } from '../scoring/receipt.ts'
import { type Scorer, type ScoreTexts, scorer, scoreTexts } from '../scoring/score.ts'
import type { Json } from '../values/canonical-json.ts'
import { type DayNumber, parseDate } from '../values/civil-date.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { ndjsonWriter, readNdjson, refusedLine } from './ndjson.ts'
import { schemeIn } from './scheme-file.ts'
import { explainedText } from './view/explained.ts'
import { terminal } from './view/shown.ts'
import { type Language, languages, words } from './view/words.ts'

type Options = { scheme: string; asOf: DayNumber; explain?: true; prospects?: true; receipt?: true; text?: Language }

/** `points score`: scores facts by a scheme document, without a database. */
export function scoreCommand(program: Command): void {
  program
    .command('score')
    .summary('score facts by a scheme')
    .description(
      'Reads NDJSON {"id":"a","facts":{…}} and writes {"id":"a","eligible":"yes","total":"97.13","items":{…},"missing":[],"unused":[],"reasons":[]} in the same order.\n' +
        'Facts count whether they are declared or verified. "totalIs" says whether the total is exact, a lower-bound (evidence for a gain is missing) or undetermined.\n' +
        'A bad line gives {"id":…,"error":{code, pointer, message}} and does not stop the others; the exit code is then 1.',
    )
    .requiredOption('--scheme <file>', 'the scheme document (YAML)')
    .requiredOption('--as-of <date>', 'the reference date, YYYY-MM-DD', readDate)
    .option('--explain', 'add how each score came about')
    .option('--prospects', 'add what would change each score')
    .option('--receipt', 'add a receipt of each score, which `points replay` scores again')
    .addOption(new Option('--text <language>', 'explain each score in words, for people, instead of NDJSON').choices(languages))
    .action(scoreStdin)
}

async function scoreStdin({ scheme: file, asOf, text: language, ...wanted }: Options): Promise<void> {
  const bound = scorer(schemeIn(file), asOf)
  const out = ndjsonWriter(process.stdout)
  let refused = 0
  for await (const line of readNdjson(process.stdin)) {
    const answer = line.fault ? [line.fault] : scoreLine(bound, line.value, { ...wanted, ...(language && { explain: true }) })
    if (!Array.isArray(answer)) {
      if (language) await writeText(`${scoreText(bound, answer, language)}\n`)
      else await out.write(answer)
      continue
    }
    refused++
    process.exitCode = 1 // at once: a reader may close the pipe before the end
    if (language) process.stderr.write(refusalText(line.line, answer))
    else await out.write(refusedLine(line, answer))
  }
  await out.end()
  if (refused > 0) process.stderr.write(`score: ${refused} ${refused === 1 ? 'line is' : 'lines are'} refused; the others are scored\n`)
}

/** What is known of one applicant: the score, and if they are wanted how it came about and what would change it. */
type Answer = ScoreTexts & { id: string; explanation?: Explanation; prospects?: Prospect[]; receipt?: Receipt }

function scoreLine(bound: Scorer, value: unknown, wanted: Pick<Options, 'explain' | 'prospects' | 'receipt'>): Answer | Fault[] {
  const line = readLine(value)
  if (Array.isArray(line)) return line
  const { id, facts } = line
  try {
    const read = readFacts(bound.scheme.vocabulary, facts, '/facts')
    const { score, explanation } = wanted.explain ? explain(bound, read) : { score: bound.score(read) }
    return {
      id,
      ...scoreTexts(bound.scheme, score),
      ...(explanation && { explanation }),
      ...(wanted.prospects && { prospects: prospects(bound, read) }),
      ...(wanted.receipt && { receipt: receiptOf(bound.scheme, bound.asOf, facts as Json, score, randomBytes(16).toString('hex')) }),
    }
  } catch (error) {
    if (error instanceof Refusal) return error.faults
    throw error
  }
}

function scoreText({ scheme }: Scorer, { id, explanation, prospects, ...score }: Answer, language: Language): string {
  const { columns } = terminal(process.stdout)
  const text = explainedText(explanation as Explanation, language, { columns, scheme, score, ...(prospects && { prospects }) })
  return `${words[language].applicant(id)}\n${text}`
}

/** As fast as the reader takes it. */
async function writeText(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** One line of facts, {"id":…, "facts":{…}}, or what is wrong with it. */
export function readLine(value: unknown): { id: string; facts: unknown } | Fault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [fault('wrong-type', '', 'a line is an object {"id":…, "facts":{…}}')]
  const unknown = Object.keys(value).filter(name => name !== 'id' && name !== 'facts')
  if (unknown.length > 0) return unknown.map(name => fault('unknown-field', at('', name), 'unknown field; known here: id, facts'))
  const { id, facts } = value as { id?: unknown; facts?: unknown }
  if (typeof id !== 'string' || id === '')
    return [fault(id === undefined ? 'missing-field' : 'wrong-type', '/id', '"id" is a text that is not empty')]
  if (facts === undefined) return [fault('missing-field', '/facts', '"facts" is missing')]
  return { id, facts }
}

/** Tells for people why a line is refused. */
export function refusalText(line: number, faults: readonly Fault[]): string {
  return faults.map(({ pointer, message }) => `line ${line}: ${pointer === '' ? '' : `${pointer}: `}${message}\n`).join('')
}

function fault(code: string, pointer: string, message: string): Fault {
  return { code, pointer, message }
}

/** A date as an option of the command line. */
export function readDate(text: string): DayNumber {
  const date = parseDate(text)
  if (date === undefined) throw new InvalidArgumentError('It is a date that exists, written YYYY-MM-DD.')
  return date
}
