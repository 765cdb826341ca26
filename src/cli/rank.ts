import { type Command, InvalidArgumentError, Option } from 'commander'
import { readLotSeed } from '../ranking/lot.ts'
import type { Direction } from '../ranking/order-keys.ts'
import { type LineRule, lineRules } from '../ranking/quota-line.ts'
import { rank } from '../ranking/rank.ts'
import { parseDate } from '../values/civil-date.ts'
import { parseDecimal } from '../values/decimal.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { ndjsonWriter, readNdjson } from './ndjson.ts'

type Options = { quota: number; keys: Direction[]; line: LineRule; lotSeed?: string }
/** One applicant as given. The chain is empty until all rows are read. */
type Row = { line: number; id: string; total: string; keys: string[] | undefined; chain: number[] }

/** What stands in one place of every row: decimals, with the most decimals seen, or dates. */
type Column = { kind: 'decimal'; scale: number } | { kind: 'date' }

/** `points rank`: ranks a list against a quota, without a database. */
export function rankCommand(program: Command): void {
  program
    .command('rank')
    .summary('rank a list of totals against a quota')
    .description(
      'Reads NDJSON {"id":"a","total":"97.13","keys":["30.00","2015-03-01"]} and writes the same, best first, with "rank" and "admitted".\n' +
        'A higher total is better; --keys says what is better in each of the keys that break ties, which are decimals or dates.\n' +
        'A summary {applicants, admitted, cutOff, atLine, line} goes to stderr. If a line is refused, nothing is ranked.',
    )
    .requiredOption('--quota <n>', 'how many may be admitted', readQuota)
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
    .option('--lot-seed <hex>', 'the seed of --line lot, at least 16 bytes')
    .action(rankStdin)
}

async function rankStdin({ quota, keys, line, lotSeed }: Options): Promise<void> {
  if (line === 'lot' && lotSeed === undefined)
    throw new Refusal('wrong-usage', '--line lot draws lots from a seed: give it with --lot-seed')
  if (line !== 'lot' && lotSeed !== undefined)
    throw new Refusal('wrong-usage', `--lot-seed has no use with --line ${line}: give --line lot`)
  const seed = lotSeed === undefined ? {} : { lotSeed: readLotSeed(lotSeed) }

  const out = ndjsonWriter(process.stdout)
  let refused = 0
  const refuse = async (id: string | null, number: number, { code, pointer, message }: Fault) => {
    refused++
    process.exitCode = 1 // at once: a reader may close the pipe before the end
    await out.write({ id, line: number, error: { code, pointer, message } })
  }

  const reader = createRowReader(keys.length)
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

  const { placed, summary } = rank(rows, { directions: ['desc', ...keys], places: quota, line, ...seed })
  for (const { entry, rank, admitted } of placed) {
    const { id, total, keys } = entry
    await out.write(keys === undefined ? { id, total, rank, admitted } : { id, total, keys, rank, admitted })
  }
  await out.end()
  const last = placed[summary.admitted - 1]?.entry
  const cutOff = last === undefined ? null : [last.total, ...(last.keys ?? [])]
  process.stderr.write(
    `${JSON.stringify({ applicants: summary.applicants, admitted: summary.admitted, cutOff, atLine: summary.atLine, line })}\n`,
  )
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

/**
 * Reads rows one by one and remembers what must agree between them: ids differ, and a key is of one kind everywhere. Values become integers only when all are
 * read, at the most decimals of their column, so that "97.1" and "97.10" are equal.
 */
function createRowReader(keyCount: number) {
  const lineOfId = new Map<string, number>()
  const columns: Column[] = [{ kind: 'decimal', scale: 0 }]

  return {
    read(line: number, value: unknown): Row | Fault {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return fault('wrong-type', '', 'a line is an object {"id":…, "total":…, "keys":[…]}')
      }
      const unknown = Object.keys(value).find(name => name !== 'id' && name !== 'total' && name !== 'keys')
      if (unknown !== undefined) return fault('unknown-field', at('', unknown), 'unknown field; known here: id, total, keys')
      const { id, total, keys } = value as { id?: unknown; total?: unknown; keys?: unknown }
      const wrong = idFault(id, lineOfId) ?? figureFault('/total', total) ?? keysFault(keys, keyCount)
      if (wrong) return wrong
      const row = { line, id: id as string, total: total as string, keys: keys as string[] | undefined, chain: notYet }

      for (const [i, text] of valuesOf(row).entries()) {
        const column = columnOf(text)
        const before = columns[i]
        if (column.kind === 'date' && parseDate(text) === undefined) return fault('impossible-date', pointerOf(i), 'there is no such day')
        if (before === undefined) columns[i] = column
        else if (before.kind !== column.kind) {
          return fault(
            'mixed-keys',
            pointerOf(i),
            `this is a ${column.kind}, but lines before have a ${before.kind} here; order by one kind only`,
          )
        } else if (before.kind === 'decimal' && column.kind === 'decimal') before.scale = Math.max(before.scale, column.scale)
      }
      lineOfId.set(row.id, line)
      return row
    },

    setChain(row: Row): Fault | undefined {
      row.chain = []
      for (const [i, text] of valuesOf(row).entries()) {
        const column = columns[i] as Column
        const value = column.kind === 'date' ? parseDate(text) : parseDecimal(text, column.scale)
        if (value === undefined) {
          const { scale } = column as { scale: number }
          return fault('figure-too-large', pointerOf(i), `too large to be exact with the ${scale} decimals that other lines have here`)
        }
        row.chain.push(value)
      }
      return undefined
    },
  }
}

function fault(code: string, pointer: string, message: string): Fault {
  return { code, pointer, message }
}

function valuesOf({ total, keys }: Row): string[] {
  return keys === undefined ? [total] : [total, ...keys]
}

function pointerOf(place: number): string {
  return place === 0 ? '/total' : `/keys/${place - 1}`
}

const notYet: number[] = []
const dateForm = /^\d{4}-\d{2}-\d{2}$/
const decimalForm = /^-?\d{1,15}(\.\d{1,9})?$/

/** The kind of a value that has one of the two forms. Zeros at the end of a decimal do not count. */
function columnOf(text: string): Column {
  if (dateForm.test(text)) return { kind: 'date' }
  return { kind: 'decimal', scale: (text.split('.')[1] ?? '').replace(/0+$/, '').length }
}

function idFault(id: unknown, lineOfId: ReadonlyMap<string, number>): Fault | undefined {
  if (id === undefined) return fault('missing-field', '/id', '"id" is missing')
  if (typeof id !== 'string') return fault('wrong-type', '/id', 'an id is a text in quotes')
  if (id === '' || !id.isWellFormed()) return fault('wrong-form', '/id', 'an id is not empty and is well-formed Unicode')
  const line = lineOfId.get(id)
  if (line !== undefined) return fault('id-twice', '/id', `line ${line} has this id already; each applicant stands once`)
  return undefined
}

function figureFault(pointer: string, value: unknown): Fault | undefined {
  if (value === undefined) return fault('missing-field', pointer, `"${pointer.slice(1)}" is missing`)
  if (typeof value === 'number')
    return fault('number-not-text', pointer, 'points are texts, so that they stay exact: write "97.13", not 97.13')
  if (typeof value !== 'string') return fault('wrong-type', pointer, 'points are a text such as "97.13"')
  if (!decimalForm.test(value))
    return fault('wrong-form', pointer, 'write a decimal such as "97.13", with at most 15 digits and 9 decimals')
  return undefined
}

function keysFault(keys: unknown, keyCount: number): Fault | undefined {
  if (keys !== undefined && !Array.isArray(keys)) return fault('wrong-type', '/keys', 'keys are a list such as ["30.00","2015-03-01"]')
  const count = keys?.length ?? 0
  if (count !== keyCount) {
    const remedy =
      count > 0 ? `give --keys a direction for each, such as ${Array(count).fill('desc').join(',')}` : 'add the keys, or leave --keys out'
    return fault('wrong-key-count', '/keys', `number of keys: ${count}, of directions in --keys: ${keyCount}; ${remedy}`)
  }
  for (const [i, key] of (keys ?? []).entries()) {
    if (typeof key === 'string' && dateForm.test(key)) continue
    const wrong = figureFault(`/keys/${i}`, key)
    if (wrong?.code === 'wrong-form')
      return fault('wrong-form', wrong.pointer, 'write a decimal such as "30.00" or a date such as "2015-03-01"')
    if (wrong) return wrong
  }
  return undefined
}
