import { type Command, InvalidArgumentError } from 'commander'
import { readEmbeddedConfig } from '../config.ts'
import type { Office } from '../round/office.ts'
import { Refusal } from '../values/refusal.ts'
import { bytes } from './demo/random.ts'
import { report } from './demo/report.ts'
import { actor, wholeYear } from './demo/year.ts'
import { whenNpmIsGone } from './npm-parent.ts'
import { openEmbedded } from './open-office.ts'
import { progressOn, terminal } from './view/shown.ts'

type Options = { applicants: number; seed: string; json?: true }

/** `points demo`: the whole yearly job on an embedded PostgreSQL and a synthetic population. */
export function demoCommand(program: Command): void {
  program
    .command('demo')
    .summary('run the whole yearly job on synthetic applicants')
    .description(
      'Runs the whole yearly job on its own embedded PostgreSQL (never DATABASE_URL): the model scheme, synthetic applicants, scoring, ranking,\n' +
        'verification, the published list. The same seed gives the same list on every machine.\n' +
        'It first throws away the whole database in SETTLEMENT_HOME: an earlier demo with its round, lists, clients and keys. If an office other than\n' +
        "the demo's own is in it, it refuses (exit code 2) and nothing is lost; run it then with SETTLEMENT_HOME=another-folder.",
    )
    .option('--applicants <n>', 'how many apply', readCount, 20_000)
    .option('--seed <text>', 'the seed of the synthetic population', '1')
    .option('--json', 'print one JSON object {applicants, eligible, quota, admitted, cutOff, seconds, listDigest}')
    .action(demo)
}

async function demo({ applicants, seed, json }: Options): Promise<void> {
  const started = performance.now()
  const config = readEmbeddedConfig()
  let stopNow = async () => {}
  whenNpmIsGone(() => stopNow().finally(() => process.exit(70)))
  const opened = await openEmbedded(config, refuseOthers(config.home))
  stopNow = opened.stopNow
  const progress = progressOn(process.stderr)
  try {
    const office = { ...opened.office, ...seeded(seed) }
    const year = await wholeYear(office, applicants, seed, progress.report)
    const seconds = Math.round(performance.now() - started) / 1000
    if (json) {
      const { counts, quota, cutOff } = year.edition
      const { applicants, eligible, admitted } = counts
      process.stdout.write(
        `${JSON.stringify({ applicants, eligible, quota: quota?.places, admitted, cutOff, seconds, listDigest: year.listDigest })}\n`,
      )
      return
    }
    const url = `http://${config.host}:${config.port}`
    process.stdout.write(await report(office, year, { seconds, url, screen: terminal(process.stdout) }))
  } finally {
    progress.end()
    await opened.close()
  }
}

/** Nothing that people entered is thrown away: their office, and with it its clients, persons and rounds. */
function refuseOthers(home: string): (authorities: string[]) => void {
  return authorities => {
    const others = authorities.filter(authority => authority !== actor.authority)
    if (others.length === 0) return
    throw new Refusal(
      'not-only-a-demo',
      `The demo throws away the whole database in ${home}, and there is an office in it that no demo made: ${others.join(', ')}. ` +
        'Run the demo in another folder: SETTLEMENT_HOME=another-folder npm run demo',
    )
  }
}

/** A clock and a source of bytes that depend on the seed alone, so that the list is the same wherever the demo runs. */
function seeded(seed: string): Pick<Office, 'now' | 'randomBytes'> {
  let drawn = 0
  return { now: () => '2017-03-01T08:00:00.000Z', randomBytes: count => bytes(seed, 'office', drawn++, count) }
}

function readCount(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1 || Number(text) > 5_000_000)
    throw new InvalidArgumentError('It is a whole number from 1 to 5000000.')
  return Number(text)
}
