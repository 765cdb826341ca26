import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { actor, putInForce } from '../src/cli/demo/year.ts'
import { vocabularies } from '../src/cli/vocabularies.ts'
import { migrationsFolder } from '../src/config.ts'
import { readRules } from '../src/ranking/rules.ts'
import { enterAuthority } from '../src/round/clients.ts'
import type { Office } from '../src/round/office.ts'
import { createRound, moveRound } from '../src/round/rounds.ts'
import { connect } from '../src/store/connect.ts'
import { startEmbedded } from '../src/store/embedded/start.ts'
import { generateKeys } from '../src/store/encryption.ts'
import { migrate } from '../src/store/migrate.ts'
import { copyRoundTrip, type Floors, insertSelect, sqlRank } from './batch/floors.ts'
import { load } from './batch/load.ts'
import { benchRules } from './batch/rules.ts'
import { runApart } from './batch/run-apart.ts'

/*
 * The yearly batch on a fresh embedded PostgreSQL, with span evidence for every applicant: seconds of each stage, and in the same sitting the floors
 * that they are measured against. Rounds of stages and floors take turns; of each the median counts. The stages run in a process of their own,
 * started as the command line starts, so that its memory is that of the batch.
 *
 *   npm run -s bench:batch -- --applicants 1000000 --json
 *   npm run -s bench:batch -- --growth --json         10,000, 100,000 and 1,000,000, and what ten times as many cost
 */

const { values } = parseArgs({
  options: {
    applicants: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    turns: { type: 'string', default: '3' },
    growth: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

type Stage = 'freeze' | 'score' | 'rank' | 'verify'
export type Figures = {
  applicants: number
  seconds: { [stage in Stage]: number }
  floors: Floors
  ratios: { rank: number; score: number }
  peakNodeMiB: number
  records: number
  listDigest: string
}

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is a whole number, 1 or more`)
  return value
}
const turns = wholeNumber('turns', values.turns)
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] as number
const rounded = (seconds: number): number => Number(seconds.toFixed(3))

async function measure(applicants: number): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'settlement-points-bench-'))
  try {
    const embedded = await startEmbedded({ dataDir: join(folder, 'pg') })
    const store = connect(embedded.url)
    try {
      return await measureOn(embedded.url, store, applicants)
    } finally {
      await store.close()
      await embedded.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureOn(url: string, store: ReturnType<typeof connect>, applicants: number): Promise<Figures> {
  await migrate(store.pool, migrationsFolder)
  const { of, newest } = vocabularies()
  const keys = generateKeys(randomBytes)
  const office: Office = { ...store, keys, now: () => new Date().toISOString(), randomBytes, vocabularyOf: of, vocabulary: newest }
  const text = benchRules(applicants)
  const rules = readRules(text)
  await enterAuthority(office, actor.authority, { 'zh-CN': '测量', en: 'bench' })
  await putInForce(office)
  await createRound(office, actor, { round: 'bench', rules: text })
  await moveRound(office, actor, 'bench', 'open')
  const [reader, writer] = [await store.readers.connect(), await store.pool.connect()]
  try {
    const records = await load(writer, actor, 'bench', { applicants, seed: values.seed, asOf: rules.asOf as number })
    await moveRound(office, actor, 'bench', 'closed')
    const seconds: { [stage: string]: number[] } = {}
    const floors: { [floor in keyof Floors]: number[] } = { sqlRank: [], copyRoundTrip: [], insertSelect: [] }
    let peak = 0
    let listDigest = ''
    for (let turn = 0; turn < turns; turn++) {
      const done = await runApart({ url, round: 'bench' })
      for (const [stage, time] of Object.entries(done.seconds)) seconds[stage] = [...(seconds[stage] ?? []), time]
      peak = Math.max(peak, done.peakNodeMiB)
      if (turn > 0 && done.listDigest !== listDigest) throw new Error('two runs of one round have another list')
      listDigest = done.listDigest
      const key = { authority: actor.authority, round: 'bench', run: done.run }
      const items = done.items
      floors.sqlRank.push(await sqlRank(writer, key, rules.order))
      floors.copyRoundTrip.push(await copyRoundTrip(reader, writer, key, items, rules.order.length))
      floors.insertSelect.push(await insertSelect(writer, key, items))
    }
    const of = (stage: Stage) => rounded(median(seconds[stage] as number[]))
    const floor = (name: keyof Floors) => rounded(median(floors[name]))
    const times = { freeze: of('freeze'), score: of('score'), rank: of('rank'), verify: of('verify') }
    const least = { sqlRank: floor('sqlRank'), copyRoundTrip: floor('copyRoundTrip'), insertSelect: floor('insertSelect') }
    return {
      applicants,
      seconds: times,
      floors: least,
      ratios: { rank: rounded(times.rank / least.sqlRank), score: rounded(times.score / least.copyRoundTrip) },
      peakNodeMiB: peak,
      records,
      listDigest,
    }
  } finally {
    reader.release()
    writer.release()
  }
}

const print = (value: unknown) => process.stdout.write(values.json ? `${JSON.stringify(value)}\n` : `${JSON.stringify(value, null, 2)}\n`)

if (values.growth) {
  const sizes: Figures[] = []
  for (const applicants of [10_000, 100_000, 1_000_000]) {
    const figures = await measure(applicants)
    print(figures)
    sizes.push(figures)
  }
  const all = ({ seconds }: Figures) => Object.values(seconds).reduce((sum, time) => sum + time, 0)
  const [, hundred, million] = sizes as [Figures, Figures, Figures]
  print({
    growth: '100,000 to 1,000,000',
    time: rounded(all(million) / all(hundred)),
    stages: Object.fromEntries(
      (Object.keys(million.seconds) as Stage[]).map(stage => [stage, rounded(million.seconds[stage] / hundred.seconds[stage])]),
    ),
    memory: rounded(million.peakNodeMiB / hundred.peakNodeMiB),
  })
} else print(await measure(wholeNumber('applicants', values.applicants)))
