import { Command, CommanderError } from 'commander'
import { Refusal } from '../values/refusal.ts'
import { clientCommand } from './client.ts'
import { demoCommand } from './demo.ts'
import { keysCommand } from './encryption-keys.ts'
import { migrateCommand } from './migrate.ts'
import { openapiCommand } from './openapi.ts'
import { rankCommand } from './rank.ts'
import { replayCommand } from './replay.ts'
import { roundCommand } from './round.ts'
import { schemeCommand } from './scheme.ts'
import { scoreCommand } from './score.ts'
import { serveCommand } from './serve.ts'
import { verifyCommand } from './verify.ts'
import { vocabularyCommand } from './vocabulary.ts'
import { workerCommand } from './worker.ts'

/** Every command of the program. A new one is a file beside this one and a word in this list. */
const commands: readonly ((program: Command) => void)[] = [
  scoreCommand,
  rankCommand,
  replayCommand,
  schemeCommand,
  vocabularyCommand,
  roundCommand,
  verifyCommand,
  migrateCommand,
  clientCommand,
  keysCommand,
  serveCommand,
  workerCommand,
  openapiCommand,
  demoCommand,
]

/*
 * Exit codes: 0 done; 1 the work was done but something in it failed (the command sets process.exitCode); 2 wrong usage, or the
 * whole input was refused; 70 an error of our own.
 */
const program = new Command('points')
  .description('Scores, ranks and publishes points-based household settlement, exactly and verifiably.')
  .helpCommand(false)
  .showHelpAfterError('(--help tells how to use it)')
  .exitOverride()
for (const register of commands) register(program)

// A reader such as `head` that has seen enough is no error; what failed before has failed all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Tells an error to the person at the terminal and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // commander has told it already
  if (error instanceof Refusal) {
    for (const { pointer, message } of error.faults) process.stderr.write(pointer === '' ? `${message}\n` : `${pointer}: ${message}\n`)
    return 2
  }
  process.stderr.write(`unexpected error: ${error instanceof Error ? error.message : String(error)}\n`)
  return 70
}
