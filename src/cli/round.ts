import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { chainTexts } from '../round/publish.ts'
import { judgeOf, theRound } from '../round/rounds.ts'
import { runRound } from '../round/run.ts'
import { theAuthority } from './authority.ts'
import { withOffice } from './open-office.ts'
import { progressOn } from './view/shown.ts'

type Options = { authority?: string; lotSeed?: string; json?: true }

/** `points round`: the yearly batch. */
export function roundCommand(program: Command): void {
  const round = program
    .command('round')
    .summary('run the yearly ranking')
    .description('Works on the rounds in the database.')
    .helpCommand(false)
  round
    .command('run')
    .argument('<round>', 'the name of the round')
    .summary('freeze, score, rank and verify a round')
    .description(
      'Runs a closed or frozen round: freezes the inputs, scores, ranks and verifies them. Killed in the middle, run it again.\n' +
        'Exit code 1: the run does not hold and cannot be published; what the verifier found is printed.',
    )
    .option('--authority <name>', 'the office that runs the round (needed where there is more than one)')
    .option('--lot-seed <hex>', 'the committed seed, where the rules draw lots at the line')
    .option('--json', 'print one JSON object')
    .action(run)
}

async function run(name: string, { authority, lotSeed, json }: Options): Promise<void> {
  await withOffice(readConfig(), async office => {
    const actor = { authority: await theAuthority(office, authority), client: 'terminal' }
    const progress = progressOn(process.stderr)
    const clock = () => performance.now() / 1000
    const { run, report, seconds, frozen } = await runRound(office, actor, name, {
      lotSeed,
      progress: progress.report,
      seconds: clock,
    }).finally(progress.end)
    const cutOff = chainTexts(run.cut_off, await judgeOf(office, await theRound(office, actor.authority, name)))
    const result = {
      round: name,
      run: run.run,
      state: run.state,
      applicants: run.applicants,
      eligible: run.eligible,
      admitted: run.admitted,
      cutOff,
      atLine: run.at_line,
      seconds,
    }
    if (!report.holds) process.exitCode = 1 // before anything is written: a reader may close the pipe
    if (json) process.stdout.write(`${JSON.stringify({ ...result, frozen, findings: report.findings })}\n`)
    else {
      for (const { code, application, message } of report.findings)
        process.stdout.write(`${code}${application ? ` ${application}` : ''}: ${message}\n`)
      if (frozen?.pending)
        process.stdout.write(`${frozen.pending} declared records were not verified when the round was frozen, and do not count\n`)
      if (frozen?.alsoElsewhere)
        process.stdout.write(`${frozen.alsoElsewhere} applicants are registered under another office of this installation too\n`)
      process.stdout.write(
        report.holds
          ? `run ${run.run} of ${name} holds: ${run.applicants} applied, ${run.eligible} eligible, ${run.admitted} admitted, cut-off ${cutOff?.join(' / ') ?? 'none'}\n`
          : `run ${run.run} of ${name} does not hold and cannot be published\n`,
      )
    }
  })
}
