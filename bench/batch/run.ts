import { createHash, randomBytes } from 'node:crypto'
import { actor } from '../../src/cli/demo/year.ts'
import { vocabularies } from '../../src/cli/vocabularies.ts'
import type { Office } from '../../src/round/office.ts'
import { noProgress } from '../../src/round/progress.ts'
import { judgeOf, theRound } from '../../src/round/rounds.ts'
import { runRound } from '../../src/round/run.ts'
import { connect } from '../../src/store/connect.ts'
import { copyOut } from '../../src/store/copy.ts'
import { generateKeys } from '../../src/store/encryption.ts'

/* One run of the bench's round, in a process of its own: its seconds by stage, a digest over all standings, and its peak memory. */

const { url, round } = JSON.parse(process.argv[2] as string) as { url: string; round: string }
const store = connect(url)
const { of, newest } = vocabularies()
const office: Office = {
  ...store,
  keys: generateKeys(randomBytes), // no name or identity number is read in a run
  now: () => new Date().toISOString(),
  randomBytes,
  vocabularyOf: of,
  vocabulary: newest,
}
const { run, report, seconds } = await runRound(office, actor, round, { progress: noProgress, seconds: () => performance.now() / 1000 })
if (!report.holds) throw new Error(`the run does not hold: ${JSON.stringify(report.findings[0])}`)
const judge = await judgeOf(office, await theRound(office, actor.authority, round))
const peakNodeMiB = Math.round(process.resourceUsage().maxRSS / 1024)

const client = await store.readers.connect()
const list = createHash('sha256')
const where = `s.authority = '${actor.authority}' and s.round = '${round}' and s.run = ${run.run}`
const sql = `copy (
  select a.public_number, s.rank, s.outcome from standings s join applications a using (authority, round, application) where ${where}
  order by s.rank, a.public_number) to stdout`
for await (const batch of copyOut(client, sql)) for (const row of batch) list.update(`${row.join(' ')}\n`)
client.release()
await store.close()
process.stdout.write(
  JSON.stringify({
    run: run.run,
    seconds,
    items: judge.scheme.items.length,
    listDigest: `sha256:${list.digest('hex')}`,
    peakNodeMiB,
  }),
)
