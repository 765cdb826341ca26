import type { Command } from 'commander'
import { cancelRun } from '../../round/jobs.ts'
import { openQueue } from '../../store/jobs.ts'
import { atTerminal, ofOffice } from './terminal.ts'

/** `points round cancel`. */
export function cancelCommand(round: Command): void {
  round
    .command('cancel')
    .argument('<round>', 'the name of the round')
    .summary('cancel the run that waits or is at work')
    .description(
      'Cancels the run of a round that was ordered over the API. A run at work stops within seconds, on whatever machine, and leaves nothing of itself behind.',
    )
    .option(...ofOffice)
    .action(cancel)
}

async function cancel(name: string, { authority }: { authority?: string }): Promise<void> {
  await atTerminal(authority, async (office, actor) => {
    const queue = openQueue(office.jobs.pool, { works: false, onError: error => process.stderr.write(`${error.message}\n`) })
    try {
      const { state } = await cancelRun(office, queue, actor, name)
      process.stdout.write(
        state === 'cancelled' ? `the run of ${name} is cancelled\n` : `the worker of ${name} is asked to cancel its run\n`,
      )
    } finally {
      await queue.stop(0)
    }
  })
}
