import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { schemesFolder } from '../../config.ts'
import type { SealedEdition } from '../../publishing/edition.ts'
import { readRules } from '../../ranking/rules.ts'
import { activateScheme } from '../../round/activate-scheme.ts'
import { takeApplicants } from '../../round/bulk-intake.ts'
import { enterAuthority } from '../../round/clients.ts'
import type { Actor, Office } from '../../round/office.ts'
import { publish } from '../../round/publish.ts'
import { createRound, moveRound } from '../../round/rounds.ts'
import { type RunResult, runRound } from '../../round/run.ts'
import { storeScheme } from '../../round/schemes.ts'
import { caseTextsBeside } from '../scheme/case-files.ts'
import type { Progress } from '../view/progress.ts'
import { population } from './population.ts'

export const actor: Actor = { authority: 'demo-office', client: 'demo' }
/** Who writes the rules down, and who puts them in force: never the same. */
const author: Actor = { authority: actor.authority, client: 'scheme-author' }
const approver: Actor = { authority: actor.authority, client: 'scheme-approver' }
export const round = 'model-2017'
const scheme = join(schemesFolder, 'model/2017')

export type Year = RunResult & { edition: SealedEdition; listDigest: string }
type Report = (at: Progress) => void

/** The whole yearly job, from the scheme to the final list. */
export async function wholeYear(office: Office, applicants: number, seed: string, progress: Report): Promise<Year> {
  const rules = readFileSync(join(scheme, 'rounds.yaml'), 'utf8')
  const asOf = readRules(rules).asOf as number
  await enterAuthority(office, actor.authority, {
    'zh-CN': '示例区流动人口管理办',
    en: 'Migrant-worker management office of a model district',
  })
  await putInForce(office)
  await createRound(office, actor, { round, rules })
  await moveRound(office, actor, round, 'open')
  await takeApplicants(office, actor, round, counted(population({ seed, applicants, asOf }), applicants, progress))
  await moveRound(office, actor, round, 'closed')
  const verifying =
    (what: string): Report =>
    at =>
      progress(at.stage === 'verify' ? { ...at, stage: `verify ${what}` } : at)
  const result = await runRound(office, actor, round, { progress: verifying('the run'), seconds: () => performance.now() / 1000 })
  if (!result.report.holds) throw new Error(`the run does not hold: ${JSON.stringify(result.report.findings[0])}`)
  await publish(office, actor, round, { kind: 'notice', reason: '公示 / notice', progress: verifying('before the notice') })
  const reason = '公示期满无异议 / no objection during the notice'
  const final = await publish(office, actor, round, { kind: 'final', reason, progress: verifying('before the final list') })
  return { ...result, ...final }
}

/** Stores the model scheme with its cases, and has it activated by a second person. */
export async function putInForce(office: Office): Promise<void> {
  const file = join(scheme, 'scheme.yaml')
  const cases = caseTextsBeside(file).map(({ name, text }) => ({ name: basename(name), text }))
  const stored = await storeScheme(office, author, { source: readFileSync(file, 'utf8'), cases })
  await activateScheme(office, approver, stored.scheme, { digest: stored.scheme.digest, casesDigest: stored.casesDigest })
}

function* counted<T>(all: Iterable<T>, total: number, progress: Report): Generator<T> {
  let done = 0
  progress({ stage: 'intake', done, total })
  for (const one of all) {
    yield one
    if (++done % 500 === 0 || done === total) progress({ stage: 'intake', done, total })
  }
}
