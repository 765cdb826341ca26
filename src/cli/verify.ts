import type { Command } from 'commander'
import { listDigest } from '../publishing/edition.ts'
import { type PublishedEdition, verifyEdition } from '../publishing/verify-edition.ts'
import { readText } from './files.ts'

/** `points verify`: checks a published edition, offline. */
export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .argument('<edition file>', 'a sealed edition as it was published (JSON)')
    .summary('check a published list')
    .description(
      'Checks digest, order, ranks, places, rooms, line, lots, reserve numbers and cut-offs of a published edition by itself, without a database.\n' +
        'Exit code 1: it does not hold.',
    )
    .action(verify)
}

function verify(file: string): void {
  const { edition, faults } = verifyEdition(readText(file))
  if (faults.length > 0) process.exitCode = 1
  for (const { code, pointer, message } of faults)
    process.stdout.write(`${[code, pointer, message].filter(word => word !== '').join(' ')}\n`)
  const name = `edition ${edition.edition} (${edition.kind}) of ${edition.authority}/${edition.round}`
  if (faults.length > 0) {
    process.stdout.write(`${name} does not hold\n`)
    return
  }
  const { applicants } = edition.counts
  process.stdout.write(`${name} holds: ${edition.entries.length} admitted of ${applicants}, ${lineOf(edition)}\n`)
  if (edition.format === 2)
    for (const { pool, reason } of edition.setAside ?? []) process.stdout.write(`pool ${pool} is left out: ${reason.join(', ')}\n`)
  process.stdout.write(`digest ${edition.digest}\nlist   ${listDigest(edition)}\n`)
}

function lineOf(edition: PublishedEdition): string {
  if (edition.format === 2 && edition.scoreLine !== undefined) return `score line ${edition.scoreLine}`
  const text = (cutOff: readonly string[] | null | undefined) => cutOff?.join(' / ') ?? 'none'
  if (edition.format === 2 && edition.pools) return `cut-offs ${edition.pools.map(one => `${one.pool} ${text(one.cutOff)}`).join(', ')}`
  return `cut-off ${text(edition.cutOff)}`
}
