import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { readConfig, schemesFolder } from '../config.ts'
import type { SealedEdition } from '../publishing/edition.ts'
import { readRules } from '../ranking/rules.ts'
import { takeApplicants } from '../round/bulk-intake.ts'
import { enterAuthority, enterClient } from '../round/clients.ts'
import type { Actor, Office } from '../round/office.ts'
import { publish, totalScale } from '../round/publish.ts'
import { createRound, judgeOf, moveRound, theRound } from '../round/rounds.ts'
import { type RunResult, runRound } from '../round/run.ts'
import { storeScheme } from '../round/schemes.ts'
import { type ScoreAnswer, scoreOf } from '../round/score-query.ts'
import { getApplication } from '../store/applications.ts'
import { totalsOfRun } from '../store/entries.ts'
import { citizenNumberOf } from '../store/persons.ts'
import { parseDecimal } from '../values/decimal.ts'
import { population } from './demo/population.ts'
import { bytes } from './demo/random.ts'
import { openEmbedded } from './open-office.ts'
import { explainedText } from './view/explained.ts'
import { distributionOf, plot } from './view/plot.ts'
import { progressOn, type Shown, terminal } from './view/shown.ts'

type Options = { applicants: number; seed: string; json?: true }

const actor: Actor = { authority: 'demo-office', client: 'demo' }
const round = 'model-2017'
const scheme = join(schemesFolder, 'model/2017')

/** `points demo`: the whole yearly job on an embedded PostgreSQL and a synthetic population. */
export function demoCommand(program: Command): void {
  program
    .command('demo')
    .summary('run the whole yearly job on synthetic applicants')
    .description(
      'Starts its own embedded PostgreSQL (never DATABASE_URL), throws away what an earlier demo left, and runs the whole yearly job: the model scheme, synthetic applicants,\n' +
        'scoring, ranking, verification, the published list. The same seed gives the same list on every machine.',
    )
    .option('--applicants <n>', 'how many apply', readCount, 20_000)
    .option('--seed <text>', 'the seed of the synthetic population', '1')
    .option('--json', 'print one JSON object {applicants, eligible, quota, admitted, cutOff, seconds, listDigest}')
    .action(demo)
}

async function demo({ applicants, seed, json }: Options): Promise<void> {
  const started = performance.now()
  const { office: opened, close } = await openEmbedded({ ...readConfig(), databaseUrl: undefined }, { fresh: true })
  const progress = progressOn(process.stderr)
  try {
    const office = { ...opened, ...seeded(seed) }
    const list = await wholeYear(office, applicants, seed, progress.report)
    const seconds = Math.round(performance.now() - started) / 1000
    if (json) {
      const { counts, quota, cutOff } = list.edition
      const { applicants, eligible, admitted } = counts
      process.stdout.write(
        `${JSON.stringify({ applicants, eligible, quota: quota.places, admitted, cutOff, seconds, listDigest: list.listDigest })}\n`,
      )
      return
    }
    process.stdout.write(await report(office, list, seconds))
  } finally {
    progress.end()
    await close()
  }
}

type List = RunResult & { edition: SealedEdition; listDigest: string }

async function wholeYear(office: Office, applicants: number, seed: string, progress: Shown['report']): Promise<List> {
  const rules = readFileSync(join(scheme, 'rounds.yaml'), 'utf8')
  const asOf = readRules(rules).asOf as number
  await storeScheme(office, readFileSync(join(scheme, 'scheme.yaml'), 'utf8'))
  await enterAuthority(office, actor.authority, {
    'zh-CN': '示例区流动人口管理办',
    en: 'Migrant-worker management office of a model district',
  })
  await createRound(office, actor, { round, rules })
  await moveRound(office, actor, round, 'open')
  await takeApplicants(office, actor, round, counted(population({ seed, applicants, asOf }), applicants, progress))
  await moveRound(office, actor, round, 'closed')
  const result = await runRound(office, actor, round, { progress, seconds: () => performance.now() / 1000 })
  if (!result.report.holds) throw new Error(`the run does not hold: ${JSON.stringify(result.report.findings[0])}`)
  await publish(office, actor, round, { kind: 'notice', reason: '公示 / notice', progress })
  const final = await publish(office, actor, round, { kind: 'final', reason: '公示期满无异议 / no objection during the notice', progress })
  return { ...result, ...final }
}

function* counted<T>(all: Iterable<T>, total: number, progress: Shown['report']): Generator<T> {
  let done = 0
  progress({ stage: 'intake', done, total })
  for (const one of all) {
    yield one
    if (++done % 500 === 0 || done === total) progress({ stage: 'intake', done, total })
  }
}

/** A clock and a source of bytes that depend on the seed alone, so that the list is the same wherever the demo runs. */
function seeded(seed: string): Pick<Office, 'now' | 'randomBytes'> {
  let drawn = 0
  return { now: () => '2017-03-01T08:00:00.000Z', randomBytes: count => bytes(seed, 'office', drawn++, count) }
}

async function report(office: Office, { edition, run, seconds: stages, listDigest }: List, seconds: number): Promise<string> {
  const { columns, blocks } = terminal(process.stdout)
  const judge = await judgeOf(office, await theRound(office, actor.authority, round))
  const scale = totalScale(judge)
  const totals = await totalsOfRun(office.db, { authority: actor.authority, round, run: run.run })
  const { counts, quota, cutOff, entries } = edition
  const key = await enterClient(office, { authority: actor.authority, client: 'demo-portal' }, ['scores:query', 'rounds:read'])
  const last = entries.at(-1)
  const lines: string[] = []
  if (last) {
    const { explanation } = await asked(office, last.publicNumber)
    lines.push(
      'The score of the last admitted, as a portal gets it:',
      '',
      explainedText(explanation, 'en', { columns, vocabulary: office.vocabulary }),
      '',
    )
  }
  lines.push(
    plot(distributionOf(totals, scale), { cutOff: lastTotal(edition, scale), columns, blocks }),
    'The list begins and ends:',
    ...ends(entries).map(row => (row ? `  ${String(row.rank).padStart(5)}  ${row.publicNumber}  ${row.name}  ${row.total}` : '      …')),
    '',
    `${counts.applicants} applied, ${counts.eligible} are eligible, ${quota.places} places: ${counts.admitted} are admitted. All of it is synthetic.`,
    `Cut-off: ${cutOff ? edition.order.map((order, i) => `${order.key} ${cutOff[i]}`).join(', ') : 'none'}${counts.atLine > 0 ? ` (${counts.atLine} share it)` : ''}`,
    '',
  )
  lines.push(
    `Seconds: ${Object.entries(stages)
      .map(([stage, time]) => `${stage} ${time.toFixed(1)}`)
      .join(', ')}; in all ${seconds.toFixed(1)}`,
    `List ${listDigest}`,
    '',
    'To look further:  npm start',
    `  http://127.0.0.1:8080/docs`,
    `  http://127.0.0.1:8080/v1/published/${actor.authority}/${round}/editions/2/entries`,
    `  key of a portal of this demo: ${key}`,
    '',
  )
  return lines.join('\n')
}

async function asked(office: Office, publicNumber: string): Promise<ScoreAnswer> {
  const application = await getApplication(office.db, actor.authority, round, publicNumber)
  const citizenNumber = await citizenNumberOf(office.db, office.keys, actor.authority, application?.person as number)
  return scoreOf(office, actor, { round, publicNumber, citizenNumber })
}

function lastTotal({ entries }: SealedEdition, scale: number): number | null {
  const last = entries.at(-1)
  return last ? (parseDecimal(last.total, scale) ?? null) : null
}

function ends<T>(rows: readonly T[]): (T | undefined)[] {
  return rows.length <= 6 ? [...rows] : [...rows.slice(0, 3), undefined, ...rows.slice(-3)]
}

function readCount(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1 || Number(text) > 5_000_000)
    throw new InvalidArgumentError('It is a whole number from 1 to 5000000.')
  return Number(text)
}
