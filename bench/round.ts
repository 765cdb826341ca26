import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { population } from '../src/cli/demo/population.ts'
import { actor, putInForce } from '../src/cli/demo/year.ts'
import { vocabularies } from '../src/cli/vocabularies.ts'
import { migrationsFolder, schemesFolder } from '../src/config.ts'
import { readRules } from '../src/ranking/rules.ts'
import { takeApplicants } from '../src/round/bulk-intake.ts'
import { enterAuthority } from '../src/round/clients.ts'
import type { Office } from '../src/round/office.ts'
import { noProgress } from '../src/round/progress.ts'
import { publish } from '../src/round/publish.ts'
import { createRound, moveRound } from '../src/round/rounds.ts'
import { runRound } from '../src/round/run.ts'
import { connect } from '../src/store/connect.ts'
import { startEmbedded } from '../src/store/embedded/start.ts'
import { generateKeys } from '../src/store/encryption.ts'
import { migrate } from '../src/store/migrate.ts'

/*
 * The yearly round on a fresh embedded PostgreSQL: seconds of each stage, and the peak memory of this process.
 *
 *   npm run -s bench:round -- --applicants 20000 --json
 */

const { values } = parseArgs({
  options: {
    applicants: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const applicants = Number(values.applicants)
if (!Number.isSafeInteger(applicants) || applicants < 1) throw new Error('--applicants is a whole number, 1 or more')

const clock = () => performance.now() / 1000
const seconds: { [stage: string]: number } = {}
const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
  const started = clock()
  const result = await work()
  seconds[stage] = clock() - started
  return result
}

const folder = await mkdtemp(join(tmpdir(), 'settlement-points-bench-'))
try {
  const embedded = await timed('initialise', () => startEmbedded({ dataDir: join(folder, 'pg') }))
  const store = connect(embedded.url)
  try {
    await timed('migrate', () => migrate(store.pool, migrationsFolder))
    const { of, newest } = vocabularies()
    const office: Office = {
      ...store,
      keys: generateKeys(randomBytes),
      now: () => new Date().toISOString(),
      randomBytes,
      vocabularyOf: of,
      vocabulary: newest,
    }
    const rules = await readFile(join(schemesFolder, 'model/2017/rounds.yaml'), 'utf8')
    await enterAuthority(office, actor.authority, { 'zh-CN': '测量', en: 'bench' })
    await putInForce(office)
    await createRound(office, actor, { round: 'bench', rules })
    await moveRound(office, actor, 'bench', 'open')
    const asOf = readRules(rules).asOf as number
    await timed('intake', () => takeApplicants(office, actor, 'bench', population({ seed: values.seed, applicants, asOf })))
    await moveRound(office, actor, 'bench', 'closed')
    const result = await runRound(office, actor, 'bench', { progress: noProgress, seconds: clock })
    if (!result.report.holds) throw new Error('the run does not hold')
    Object.assign(seconds, result.seconds)
    const { edition } = await timed('publish', () =>
      publish(office, actor, 'bench', { kind: 'notice', reason: 'bench', progress: noProgress }),
    )
    const figures = {
      applicants,
      eligible: edition.counts.eligible,
      admitted: edition.counts.admitted,
      seconds: Object.fromEntries(Object.entries(seconds).map(([stage, time]) => [stage, Number(time.toFixed(3))])),
      peakNodeMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    }
    process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `${JSON.stringify(figures, null, 2)}\n`)
  } finally {
    await store.close()
    await embedded.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
