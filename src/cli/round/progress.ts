import { setTimeout as after } from 'node:timers/promises'
import type { Command } from 'commander'
import { hasEnded, type JobView, jobOf } from '../../round/jobs.ts'
import { Refusal } from '../../values/refusal.ts'
import { progressOn } from '../view/shown.ts'
import { atTerminal, ofOffice } from './terminal.ts'

const millisecondsBetweenLooks = 1000

/** `points round progress`. */
export function progressCommand(round: Command): void {
  round
    .command('progress')
    .argument('<round>', 'the name of the round')
    .summary('show how a run goes on, until it has ended')
    .description(
      'Follows the run of a round that was ordered over the API, wherever its worker is. Exit code 1: it failed or was cancelled.',
    )
    .option(...ofOffice)
    .option('--json', 'print one JSON object a second')
    .action(progress)
}

async function progress(name: string, { authority, json }: { authority?: string; json?: true }): Promise<void> {
  await atTerminal(authority, async (office, actor) => {
    const view = progressOn(process.stderr)
    let waiting: string | undefined
    for (;;) {
      const job = await jobOf(office, actor, name)
      if (!job) throw new Refusal('nothing-at-work', `No run of ${name} was ever ordered.`)
      if (json) process.stdout.write(`${JSON.stringify(job)}\n`)
      else if (job.state === 'queued' && waiting !== job.orderedAt) {
        waiting = job.orderedAt
        process.stderr.write(`waits for a worker since ${job.orderedAt}\n`)
      } else if (job.state === 'working' && job.stage !== null && job.total > 0)
        view.report({ stage: job.stage, done: job.done, total: job.total })
      if (hasEnded(job)) {
        view.end()
        if (job.state !== 'done') process.exitCode = 1
        if (!json) process.stdout.write(`${endOf(name, job)}\n`)
        return
      }
      await after(millisecondsBetweenLooks)
    }
  })
}

function endOf(name: string, { state, run, waitsFor, problem }: JobView): string {
  if (waitsFor === 'draw') return `${name} is frozen and waits for its draw; enter it with points round draw, then order the run again`
  if (state === 'done') return `run ${run} of ${name} holds`
  if (state === 'cancelled') return `the run of ${name} was cancelled`
  return `the run of ${name} failed: ${problem?.code}${problem?.faults.map(({ pointer, message }) => `\n${pointer} ${message}`.trimEnd()).join('') ?? ''}`
}
