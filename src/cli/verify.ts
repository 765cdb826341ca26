import type { Command } from 'commander'
import { listDigest } from '../publishing/edition.ts'
import { verifyEdition } from '../publishing/verify-edition.ts'
import { readText } from './files.ts'

/** `points verify`: checks a published edition, offline. */
export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .argument('<edition file>', 'a sealed edition as it was published (JSON)')
    .summary('check a published list')
    .description(
      'Checks digest, order, ranks, quota, line and cut-off of a published edition by itself, without a database. Exit code 1: it does not hold.',
    )
    .action(verify)
}

function verify(file: string): void {
  const { edition, faults } = verifyEdition(readText(file))
  if (faults.length > 0) process.exitCode = 1
  for (const { code, pointer, message } of faults)
    process.stdout.write(`${[code, pointer, message].filter(word => word !== '').join(' ')}\n`)
  const name = `edition ${edition.edition} (${edition.kind}) of ${edition.authority}/${edition.round}`
  const cutOff = edition.cutOff?.join(' / ') ?? 'none'
  process.stdout.write(
    faults.length > 0
      ? `${name} does not hold\n`
      : `${name} holds: ${edition.counts.admitted} admitted of ${edition.counts.applicants}, cut-off ${cutOff}\ndigest ${edition.digest}\nlist   ${listDigest(edition)}\n`,
  )
}
