import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { formatKeys, generateKeys } from '../store/encryption.ts'

/** `points keys`: new keys of personal data. */
export function keysCommand(program: Command): void {
  program
    .command('keys')
    .summary('make keys for personal data')
    .description(
      'Prints new keys for SETTLEMENT_KEYS. Keep them apart from the database and its backups: without them no name and no identity number can be read again.',
    )
    .action(() => {
      process.stdout.write(`${formatKeys(generateKeys(randomBytes))}\n`)
    })
}
