import type { Command } from 'commander'
import { enterDraw } from '../round/draws.ts'
import { chainTexts } from '../round/edition-content.ts'
import { refuseWhileAtWork } from '../round/jobs.ts'
import { judgeOf, theRound } from '../round/rounds.ts'
import { type RunResult, runRound } from '../round/run.ts'
import type { Judge } from '../round/standing.ts'
import { listRunPools, type RunPool } from '../store/run-pools.ts'
import { readDrawNumbers } from './draw-numbers.ts'
import { afterTheListCommands } from './round/after-the-list.ts'
import { cancelCommand } from './round/cancel.ts'
import { progressCommand } from './round/progress.ts'
import { atTerminal, ofOffice } from './round/terminal.ts'
import { progressOn } from './view/shown.ts'

type Options = { authority?: string; lotSecret?: string; full?: true; json?: true }

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
      'Runs a closed or frozen round: freezes the inputs, scores, ranks and verifies them. Killed in the middle, run it again: it goes on from the last\n' +
        'finished stage. Interrupted (Ctrl-C) it leaves nothing of the unfinished run.\n' +
        'Exit code 1: the run does not hold and cannot be published; what the verifier found is printed.',
    )
    .option(...ofOffice)
    .option('--lot-secret <hex>', 'the committed secret, where the rules draw lots at the line')
    .option('--full', 'let the second program for the scheme language score every entry, and not only a sample')
    .option('--json', 'print one JSON object')
    .action(run)
  round
    .command('draw')
    .argument('<round>', 'the name of the round')
    .argument('<name>', 'the name of the draw within its series, such as 2026139')
    .argument('<day>', 'the day on which it was held, YYYY-MM-DD')
    .argument('<numbers>', 'its numbers in the order of the rules, with commas')
    .summary('enter the public draw that decides the lots of a frozen round')
    .description('Enters the first draw of the series that was held on a day after the freeze. A slip is put right by entering it again.')
    .option(...ofOffice)
    .action(draw)
  cancelCommand(round)
  afterTheListCommands(round)
  progressCommand(round)
}

async function run(name: string, { authority, lotSecret, full, json }: Options): Promise<void> {
  await atTerminal(authority, async (office, actor) => {
    await refuseWhileAtWork(office.db, actor.authority, name)
    const progress = progressOn(process.stderr)
    const cancelling = new AbortController()
    const interrupt = () => cancelling.abort()
    process.once('SIGINT', interrupt)
    const result = await runRound(office, actor, name, {
      lotSecret,
      full,
      progress: progress.report,
      seconds: () => performance.now() / 1000,
      signal: cancelling.signal,
    }).finally(() => {
      process.removeListener('SIGINT', interrupt)
      progress.end()
    })
    const judge = await judgeOf(office, await theRound(office, actor.authority, name))
    const pools = await listRunPools(office.db, { authority: actor.authority, round: name, run: result.run.run })
    if (!result.report.holds) process.exitCode = 1 // before anything is written: a reader may close the pipe
    process.stdout.write(json ? `${JSON.stringify(figures(name, result, pools, judge))}\n` : told(name, result, pools, judge))
  })
}

function figures(round: string, { run, report, seconds, frozen }: RunResult, pools: readonly RunPool[], judge: Judge): object {
  const { run: number, state, applicants, eligible, admitted } = run
  const ofPool = (pool: RunPool) => ({ cutOff: chainTexts(pool.cut_off, judge), atLine: pool.at_line })
  const each = judge.rules.hasPools
    ? {
        pools: pools.map(pool => ({
          pool: pool.pool,
          places: pool.places,
          eligible: pool.eligible,
          admitted: pool.admitted,
          admittedSecond: pool.admitted_second,
          ...ofPool(pool),
        })),
      }
    : pools[0] && ofPool(pools[0])
  const { findings, setAside } = report
  return { round, run: number, state, applicants, eligible, admitted, ...each, seconds, frozen, findings, setAside }
}

function told(name: string, { run, report, frozen }: RunResult, pools: readonly RunPool[], judge: Judge): string {
  const lines: string[] = []
  for (const { code, application, message } of [...report.findings, ...report.setAside.flatMap(pool => pool.findings)])
    lines.push(`${code}${application ? ` ${application}` : ''}: ${message}`)
  if (frozen?.pending) lines.push(`${frozen.pending} declared records were not verified when the round was frozen, and do not count`)
  if (frozen?.alsoElsewhere) lines.push(`${frozen.alsoElsewhere} applicants are registered under another office of this installation too`)
  const cutOff = (pool: RunPool) => `cut-off ${chainTexts(pool.cut_off, judge)?.join(' / ') ?? 'none'}`
  if (judge.rules.hasPools)
    for (const pool of pools)
      lines.push(`${pool.pool}: ${pool.eligible} eligible, ${pool.admitted + pool.admitted_second} admitted, ${cutOff(pool)}`)
  for (const { pool } of report.setAside) lines.push(`${pool} does not hold and is set aside`)
  const [only] = judge.rules.hasPools ? [] : pools
  lines.push(
    report.holds
      ? `run ${run.run} of ${name} holds: ${run.applicants} applied, ${run.eligible} eligible, ${run.admitted} admitted${only ? `, ${cutOff(only)}` : ''}`
      : `run ${run.run} of ${name} does not hold and cannot be published`,
  )
  return `${lines.join('\n')}\n`
}

async function draw(round: string, name: string, heldOn: string, text: string, { authority }: { authority?: string }): Promise<void> {
  const drawn = readDrawNumbers(text)
  await atTerminal(authority, async (office, actor) => {
    const { entry, numbers } = await enterDraw(office, actor, round, { name, heldOn, numbers: drawn })
    process.stdout.write(`draw ${name} of ${heldOn} is entered for ${round}, as entry ${entry}: ${numbers}\n`)
  })
}
