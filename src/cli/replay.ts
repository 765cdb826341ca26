import type { Command } from 'commander'
import Type from 'typebox'
import { type Receipt, replay } from '../scoring/receipt.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import type { Json } from '../values/canonical-json.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { shapeCheck } from '../values/shape.ts'
import { ndjsonWriter, readNdjson, refusedLine } from './ndjson.ts'
import { schemeIn } from './scheme-file.ts'

const strict = { additionalProperties: false }
const Text = Type.String()
const Digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description: 'a digest, sha256: and 64 hexadecimal digits' })
const TextOrNull = Type.Union([Text, Type.Null()])
const Line = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    receipt: Type.Object(
      {
        receipt: Type.Literal(1),
        scheme: Type.Object({ scheme: Text, version: Text, digest: Digest }, strict),
        engine: Text,
        facts: Type.Object(
          { salt: Type.String({ pattern: '^[0-9a-f]{32}$', description: '32 hexadecimal digits' }), digest: Digest },
          strict,
        ),
        asOf: Text,
        eligibleFor: Type.Record(Text, Text),
        items: Type.Record(Text, TextOrNull),
        totals: Type.Record(Text, TextOrNull),
      },
      strict,
    ),
    facts: Type.Object({}),
  },
  strict,
)
const check = shapeCheck(Line)

/** `points replay`: scores the facts of receipts again, without a database. */
export function replayCommand(program: Command): void {
  program
    .command('replay')
    .summary('score the facts of receipts again')
    .description(
      'Reads NDJSON {"id":"a","receipt":{…},"facts":{…}} and writes {"id":"a","equal":true,"difference":null,"engine":{…}} in the same order.\n' +
        '"difference" is the first place where a receipt does not come out, its pointer into the receipt. A bad line gives {"id":…,"error":{code, pointer, message}}.\n' +
        'The exit code is 1 if a receipt does not come out equal or a line is refused.',
    )
    .requiredOption('--scheme <file>', 'the scheme document (YAML) that the receipts name')
    .action(replayStdin)
}

async function replayStdin({ scheme: file }: { scheme: string }): Promise<void> {
  const scheme = schemeIn(file)
  const out = ndjsonWriter(process.stdout)
  for await (const line of readNdjson(process.stdin)) {
    const answer = line.fault ? [line.fault] : replayLine(scheme, line.value)
    const refused = Array.isArray(answer)
    if (refused || !answer.equal) process.exitCode = 1
    await out.write(refused ? refusedLine(line, answer) : answer)
  }
  await out.end()
}

function replayLine(scheme: Scheme, value: unknown): (ReturnType<typeof replay> & { id: string }) | Fault[] {
  const faults = check(value)
  if (faults.length > 0) return faults
  const { id, receipt, facts } = value as { id: string; receipt: Receipt; facts: Json }
  try {
    return { id, ...replay(scheme, receipt, facts) }
  } catch (error) {
    if (error instanceof Refusal) return error.faults
    throw error
  }
}
