import { type Command, InvalidArgumentError } from 'commander'
import { readFacts } from '../scoring/evidence/read-facts.ts'
import { explain } from '../scoring/explain.ts'
import { type Scorer, scorer, scoreTexts } from '../scoring/score.ts'
import { type DayNumber, parseDate } from '../values/civil-date.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { ndjsonWriter, readNdjson, refusedLine } from './ndjson.ts'
import { schemeIn } from './scheme-file.ts'

type Options = { scheme: string; asOf: DayNumber; explain?: true }

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
    .action(scoreStdin)
}

async function scoreStdin({ scheme: file, asOf, explain: explained }: Options): Promise<void> {
  const bound = scorer(schemeIn(file), asOf)
  const out = ndjsonWriter(process.stdout)
  let refused = 0
  for await (const line of readNdjson(process.stdin)) {
    const answer = line.fault ? [line.fault] : scoreLine(bound, line.value, explained === true)
    if (!Array.isArray(answer)) {
      await out.write(answer)
      continue
    }
    refused++
    process.exitCode = 1 // at once: a reader may close the pipe before the end
    await out.write(refusedLine(line, answer))
  }
  await out.end()
  if (refused > 0) process.stderr.write(`score: ${refused} ${refused === 1 ? 'line is' : 'lines are'} refused; the others are scored\n`)
}

function scoreLine(bound: Scorer, value: unknown, explained: boolean): object | Fault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [fault('wrong-type', '', 'a line is an object {"id":…, "facts":{…}}')]
  const unknown = Object.keys(value).filter(name => name !== 'id' && name !== 'facts')
  if (unknown.length > 0) return unknown.map(name => fault('unknown-field', at('', name), 'unknown field; known here: id, facts'))
  const { id, facts } = value as { id?: unknown; facts?: unknown }
  if (typeof id !== 'string' || id === '')
    return [fault(id === undefined ? 'missing-field' : 'wrong-type', '/id', '"id" is a text that is not empty')]
  if (facts === undefined) return [fault('missing-field', '/facts', '"facts" is missing')]
  try {
    const read = readFacts(bound.scheme.vocabulary, facts, '/facts')
    if (!explained) return { id, ...scoreTexts(bound.scheme, bound.score(read)) }
    const { score, explanation } = explain(bound, read)
    return { id, ...scoreTexts(bound.scheme, score), explanation }
  } catch (error) {
    if (error instanceof Refusal) return error.faults
    throw error
  }
}

function fault(code: string, pointer: string, message: string): Fault {
  return { code, pointer, message }
}

function readDate(text: string): DayNumber {
  const date = parseDate(text)
  if (date === undefined) throw new InvalidArgumentError('It is a date that exists, written YYYY-MM-DD.')
  return date
}
