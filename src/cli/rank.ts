import { type Command, InvalidArgumentError, Option } from 'commander'
import { drawText } from '../ranking/draw.ts'
import { type LineRule, lineRules } from '../ranking/filling.ts'
import { type Lottery, readLotSecret } from '../ranking/lot.ts'
import type { Direction } from '../ranking/order-keys.ts'
import { type Ranked, type RankRules, rank } from '../ranking/rank.ts'
import { type RoundRules, readRules } from '../ranking/rules.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { readDrawNumbers } from './draw-numbers.ts'
import { readText } from './files.ts'
import { ndjsonWriter, readNdjson } from './ndjson.ts'
import { createRowReader, formOfKeys, formOfRules, type Row } from './rank/rows.ts'
import { listOfQuota, listOfRules } from './rank/told.ts'

type Options = { rules?: string; quota?: number; keys: Direction[]; line: LineRule; lotSecret?: string; draw?: string }

/** `points rank`: ranks a list against a quota, or by round rules, without a database. */
export function rankCommand(program: Command): void {
  program
    .command('rank')
    .summary('rank a list of totals against a quota, or by round rules')
    .description(
      'With --quota reads NDJSON {"id":"a","total":"97.13","keys":["30.00","2015-03-01"]} and writes the same, best first, with "rank" and "admitted".\n' +
        'A higher total is better; --keys says what is better in each of the keys that break ties, which are decimals or dates.\n' +
        'With --rules reads {"id":"a","keys":[…]} with a value for each key of their order (a decimal, a date, or a moment in UTC), "pool", "household" and\n' +
        '"persons" where they ask for them, and adds "rank", "outcome" (first, second, none, represented), "admitted", "reserve" and "lot".\n' +
        'A summary goes to stderr. If a line is refused, nothing is ranked.',
    )
    .option('--quota <n>', 'how many may be admitted', readQuota)
    .addOption(
      new Option('--keys <directions>', 'what is better in each key: desc (larger, later) or asc (smaller, earlier), with commas')
        .argParser(readDirections)
        .default([], 'no keys'),
    )
    .addOption(
      new Option('--line <rule>', 'what happens when the quota ends among equals')
        .choices(lineRules)
        .default('admit-all' satisfies LineRule),
    )
    .addOption(
      new Option('--rules <file>', 'round rules (YAML), in the place of --quota, --keys and --line').conflicts(['quota', 'keys', 'line']),
    )
    .option('--lot-secret <hex>', 'the secret of the rule lot, at least 16 bytes')
    .option('--draw <numbers>', 'the public draw of the rule lot: its numbers with commas')
    .action(rankStdin)
}

async function rankStdin({ quota, keys, line, ...options }: Options): Promise<void> {
  const rules = options.rules === undefined ? null : rankingIn(options.rules)
  if (rules === null && quota === undefined)
    throw new Refusal('wrong-usage', 'give the number of places with --quota, or round rules with --rules')
  const lottery = lotteryOf(rules ?? { line }, options, rules)
  const reader = createRowReader(rules ? formOfRules(rules) : formOfKeys(keys.length))

  const out = ndjsonWriter(process.stdout)
  let refused = 0
  const refuse = async (id: string | null, number: number, { code, pointer, message }: Fault) => {
    refused++
    process.exitCode = 1 // at once: a reader may close the pipe before the end
    await out.write({ id, line: number, error: { code, pointer, message } })
  }

  const rows: Row[] = []
  let lines = 0
  for await (const { line: number, value, fault } of readNdjson(process.stdin)) {
    lines++
    const row = fault ?? reader.read(number, value)
    if ('code' in row) await refuse(idOf(value), number, row)
    else rows.push(row)
  }
  for (const row of rows) {
    const wrong = reader.setChain(row)
    if (wrong) await refuse(row.id, row.line, wrong)
  }
  if (refused > 0) {
    await out.end()
    process.stderr.write(`rank: ${refused} of ${lines} lines are refused, so nothing is ranked; correct them and rank again\n`)
    return
  }

  const result = rank(rows, rules ?? plainRules(quota as number, keys, line), lottery)
  const { told, summary } = rules ? listOfRules(result, rules) : listOfQuota(result, line)
  for (const one of result.ranked as Ranked<Row>[]) await out.write(told(one))
  await out.end()
  process.stderr.write(`${JSON.stringify(summary)}\n`)
}

/** Rules of one pool without a name in which each application takes one place. */
function plainRules(places: number, keys: readonly Direction[], line: LineRule): RankRules {
  const order = ['desc' as const, ...keys].map(direction => ({ direction }))
  return {
    order,
    unit: 'applicants',
    pools: [{ pool: '', places, own: places, where: null }],
    secondRound: null,
    line,
    straddle: null,
    reserve: null,
  }
}

function rankingIn(file: string): RoundRules {
  const rules = readRules(readText(file))
  if (rules.decides === 'score-line') throw new Refusal('wrong-usage', 'by these rules a score line decides, so there is nothing to rank')
  return rules
}

/** What decides lots, under the rule that draws them. */
function lotteryOf(
  { line }: Pick<RoundRules, 'line'>,
  { lotSecret, draw }: Pick<Options, 'lotSecret' | 'draw'>,
  rules: RoundRules | null,
): Lottery | undefined {
  if (line !== 'lot') {
    if (lotSecret === undefined && draw === undefined) return undefined
    throw new Refusal('wrong-usage', `--lot-secret and --draw have no use under the rule ${line}: no lot is drawn`)
  }
  if (lotSecret === undefined || draw === undefined)
    throw new Refusal('wrong-usage', 'the rule lot draws lots from a secret and a public draw: give them with --lot-secret and --draw')
  const numbers = readDrawNumbers(draw)
  return { secret: readLotSecret(lotSecret), draw: rules ? drawText(rules, numbers) : numbers.join(',') }
}

function readQuota(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number, 0 or more.')
  return Number(text)
}

function readDirections(text: string): Direction[] {
  return text.split(',').map(word => {
    if (word !== 'desc' && word !== 'asc') throw new InvalidArgumentError('Write desc or asc for each key, with commas: desc,asc.')
    return word
  })
}

function idOf(value: unknown): string | null {
  const id = (value as { id?: unknown } | null | undefined)?.id
  return typeof id === 'string' ? id : null
}
