import { type Command, InvalidArgumentError } from 'commander'
import type { Ground } from '../../publishing/edition.ts'
import { mostOfDecision, mostOfReason, publishedTextForm } from '../../publishing/published-text.ts'
import { callUp } from '../../round/call-up.ts'
import { correctApplication } from '../../round/correct.ts'
import { type PublishedKind, publish } from '../../round/publish.ts'
import type { Sealed } from '../../round/seal.ts'
import { enterSettlements } from '../../round/settlements.ts'
import type { SettlementOutcome } from '../../store/settlements.ts'
import { type Fault, Refusal } from '../../values/refusal.ts'
import { readText } from '../files.ts'
import { progressOn } from '../view/shown.ts'
import { atTerminal, ofOffice } from './terminal.ts'

type Options = { authority?: string; json?: true }

/** `points round publish`, `settle`, `call-up` and `correct`: the list and what comes after it. */
export function afterTheListCommands(round: Command): void {
  const command = (name: string, summary: string) =>
    round
      .command(name)
      .argument('<round>', 'the name of the round')
      .summary(summary)
      .option(...ofOffice)
      .option('--json', 'print one JSON object')
  command('publish', 'seal and publish the notice or the final list')
    .description(
      'Verifies the run once more and seals the list. A pool that does not hold is left out; once it holds, publish the same kind again.',
    )
    .requiredOption('--kind <kind>', 'notice or final')
    .requiredOption('--reason <text>', 'why there is this edition; it is published', published(mostOfReason))
    .action(publishList)
  command('settle', 'enter who has settled and whose place has lapsed')
    .description('Takes public numbers, one a line, of households on the final list whose term is over: all or none.')
    .option('--settled <file>', 'those who have settled')
    .option('--lapsed <file>', 'those whose places have lapsed')
    .action(settle)
  command('call-up', 'give free places to the reserve list')
    .description('Seals a new edition without the lapsed and with those who are called up.')
    .requiredOption('--reason <text>', 'why there is this edition; it is published', published(mostOfReason))
    .action(callUpReserve)
  command('correct', 'correct an application by an upheld objection')
    .argument('<public number>', 'the application')
    .argument('<record...>', 'the numbers of the evidence that the decision puts right')
    .description(
      'Scores the application again with these records alone put right, and seals a new edition. Nobody else on the list changes.',
    )
    .requiredOption('--decision <number>', 'the number of the decision; it is published', published(mostOfDecision))
    .requiredOption('--ground <ground>', 'evidence, eligibility or identity')
    .action(correct)
}

async function publishList(round: string, { kind, reason, ...options }: Options & { kind: string; reason: string }): Promise<void> {
  const wanted = oneOf<PublishedKind>(kind, ['notice', 'final'], '--kind')
  const progress = progressOn(process.stderr)
  await atTerminal(options.authority, (office, actor) =>
    publish(office, actor, round, { kind: wanted, reason, progress: progress.report })
      .finally(progress.end)
      .then(sealed => tell(sealed, options)),
  )
}

async function settle(round: string, { settled, lapsed, ...options }: Options & { settled?: string; lapsed?: string }): Promise<void> {
  const lines = { settled: linesIn(settled), lapsed: linesIn(lapsed) }
  const numbersOf = (outcome: SettlementOutcome) => lines[outcome].map(({ text }) => text)
  const entered = { settled: numbersOf('settled'), lapsed: numbersOf('lapsed') }
  if (entered.settled.length + entered.lapsed.length === 0)
    throw new Refusal('wrong-usage', 'Nobody is named: give a file with public numbers, one a line, under --settled or --lapsed.')
  await atTerminal(options.authority, async (office, actor) => {
    await enterSettlements(office, actor, round, entered).catch(error => {
      if (!(error instanceof Refusal) || error.code !== 'invalid-settlements') throw error
      throw new Refusal(error.code, error.faults.map(inItsFile))
    })
    const counts = { settled: entered.settled.length, lapsed: entered.lapsed.length }
    process.stdout.write(options.json ? `${JSON.stringify(counts)}\n` : `${counts.settled} settled, ${counts.lapsed} lapsed\n`)
  })

  function inItsFile(fault: Fault): Fault {
    const [, outcome, index] = fault.pointer.split('/') as ['', SettlementOutcome, string]
    return {
      ...fault,
      message: `${outcome === 'settled' ? settled : lapsed}, line ${lines[outcome][Number(index)]?.line}: ${fault.message}`,
    }
  }
}

async function callUpReserve(round: string, { reason, ...options }: Options & { reason: string }): Promise<void> {
  await atTerminal(options.authority, async (office, actor) => tell(await callUp(office, actor, round, { reason }), options))
}

async function correct(
  round: string,
  publicNumber: string,
  records: string[],
  { decision, ground, ...options }: Options & { decision: string; ground: string },
): Promise<void> {
  const objection = {
    publicNumber,
    decision,
    ground: oneOf<Ground>(ground, ['evidence', 'eligibility', 'identity'], '--ground'),
    records: records.map(recordNumber),
  }
  await atTerminal(options.authority, async (office, actor) => tell(await correctApplication(office, actor, round, objection), options))
}

function tell({ edition, listDigest }: Sealed, { json }: Options): void {
  const { round, edition: number, kind, digest, entries, setAside = [] } = edition
  if (json) {
    const aside = setAside.map(({ pool, reason }) => ({ pool, reason }))
    process.stdout.write(
      `${JSON.stringify({ round, edition: number, kind, digest, listDigest, entries: entries.length, setAside: aside })}\n`,
    )
    return
  }
  for (const { pool, reason } of setAside) process.stdout.write(`pool ${pool} is left out: ${reason.join(', ')}\n`)
  process.stdout.write(
    `edition ${number} (${kind}) of ${round} is public: ${entries.length} on the list\ndigest ${digest}\nlist   ${listDigest}\n`,
  )
}

/** Reads a text that is published as it stands. */
function published(most: number): (text: string) => string {
  const form = new RegExp(publishedTextForm, 'u')
  return text => {
    if (text.length > most || !form.test(text)) throw new InvalidArgumentError(`Write a text of at most ${most} characters on one line.`)
    return text
  }
}

function oneOf<T extends string>(text: string, words: readonly T[], option: string): T {
  const found = words.find(word => word === text)
  if (found === undefined) throw new Refusal('wrong-usage', `${option} is one of ${words.join(', ')}.`)
  return found
}

/** The lines of a file on which something stands, with their numbers. */
function linesIn(file: string | undefined): { text: string; line: number }[] {
  if (file === undefined) return []
  return readText(file)
    .split('\n')
    .map((text, i) => ({ text: text.trim(), line: i + 1 }))
    .filter(({ text }) => text !== '')
}

function recordNumber(text: string): number {
  const number = Number(text)
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(number))
    throw new Refusal('wrong-usage', 'A record is given by its number, as the evidence of the person is listed.')
  return number
}
