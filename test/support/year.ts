import { population } from '../../src/cli/demo/population.ts'
import { readRules } from '../../src/ranking/rules.ts'
import { takeApplicants } from '../../src/round/bulk-intake.ts'
import { enterDraw, type NewDraw } from '../../src/round/draws.ts'
import { freezeRound } from '../../src/round/freeze.ts'
import type { Actor, Office } from '../../src/round/office.ts'
import { noProgress } from '../../src/round/progress.ts'
import { publish } from '../../src/round/publish.ts'
import { createRound, moveRound } from '../../src/round/rounds.ts'
import { type RunResult, runRound } from '../../src/round/run.ts'
import { connect } from '../../src/store/connect.ts'
import { anOffice, putInForce, schemeFile, schemeTexts } from './office.ts'
import { onServer } from './server.ts'

/** An office with a round of its own, somewhere in its year. */
export type Year = { office: Office; actor: Actor; url: string; round: string }
type Test = Parameters<typeof anOffice>[0]

export const modelRules = schemeFile('model/2017/rounds.yaml')
export const asOf = readRules(modelRules).asOf as number

/** How the public draw of the tests looks: three numbers of nine, ascending. */
const drawRules =
  ', draw: {series: {zh-CN: 测试彩票, en: a test lottery}, numbers: [{count: "3", from: "1", to: "9", order: ascending}], assumption: "a test"}'

/** The model's round rules with another order, quota or line. `order` is a list like "total desc", "item work desc", "date residentSince asc". */
export function rulesWith({ order, places, line }: { order?: readonly string[]; places?: number; line?: string }): string {
  let text = modelRules
  const change = (pattern: RegExp, by: string) => {
    if (!pattern.test(text)) throw new Error(`the model's rules have no ${pattern}`)
    text = text.replace(pattern, by)
  }
  if (places !== undefined) change(/^ {2}places: .*$/m, `  places: ${places}`)
  if (line !== undefined) change(/^line: \{rule: [a-z-]+/m, `line: {rule: ${line}${line === 'lot' ? drawRules : ''}`)
  if (line === 'lot') text += 'zone: "+08:00"\n'
  if (order !== undefined)
    change(/^order:\n( {2}- .*\n)+/m, `order:\n${order.map(key => `  - {${keyOf(key)}, assumption: "a test"}\n`).join('')}`)
  return text
}

function keyOf(text: string): string {
  const words = text.split(' ')
  const [kind, of, direction] = words.length === 3 ? words : [words[0], undefined, words[1]]
  return `key: ${kind}, ${of === undefined ? '' : `of: ${of}, `}direction: ${direction}`
}

/** An office in which the model scheme is in force, and that has made a draft of a round. */
export async function draftRound(
  t: Test,
  { rules = modelRules, lotSecretDigest }: { rules?: string; lotSecretDigest?: string | undefined } = {},
): Promise<Year> {
  const year: Year = { ...(await anOffice(t)), round: '2017' }
  const { office, actor, round } = year
  await putInForce(office, actor, schemeTexts('model/2017'))
  await createRound(office, actor, { round, rules, lotSecretDigest })
  return year
}

/** The same, closed after synthetic applicants have applied: those of the demo, with seed "7". */
export async function closedRound(
  t: Test,
  { applicants, ...draft }: { applicants: number; rules?: string; lotSecretDigest?: string | undefined },
): Promise<Year> {
  const year = await draftRound(t, draft)
  const { office, actor, round } = year
  await moveRound(office, actor, round, 'open')
  await takeApplicants(office, actor, round, population({ seed: '7', applicants, asOf }))
  await moveRound(office, actor, round, 'closed')
  return year
}

export function runIt({ office, actor, round }: Year, lotSecret?: string): Promise<RunResult> {
  return runRound(office, actor, round, { lotSecret, progress: noProgress, seconds: () => 0 })
}

/** Freezes a closed round whose lots wait for a draw, and enters one. */
export async function frozenAndDrawn(year: Year, numbers: readonly number[] = [1, 5, 9]): Promise<void> {
  await freezeRound(year.office, year.actor, year.round, noProgress)
  await drawOnNextDay(year, { numbers })
}

/** Enters a draw on the day after that of the tests, on which it was held. */
export function drawOnNextDay({ office, actor, round }: Year, draw: Partial<NewDraw> = {}): ReturnType<typeof enterDraw> {
  const nextDay = { ...office, now: () => '2020-03-02T08:00:00.000Z' }
  return enterDraw(nextDay, actor, round, { name: '2020001', heldOn: '2020-03-02', numbers: [1, 5, 9], ...draw })
}

export function publishIt({ office, actor, round }: Year, kind: 'notice' | 'final' = 'notice'): ReturnType<typeof publish> {
  return publish(office, actor, round, { kind, reason: `a ${kind} in a test`, progress: noProgress })
}

/** Ends the connections of a year, so that it can be copied. */
export function close({ office }: Year): Promise<void> {
  return Promise.all([office.pool.end(), office.readers.end(), office.jobs.pool.end()]).then(() => {})
}

let copies = 0

/** A year with a copy of a closed year's database, dropped when the test ends. */
export async function copyOf(t: Test, year: Year): Promise<Year> {
  const url = new URL(year.url)
  const from = url.pathname.slice(1)
  const name = `${from}_copy_${++copies}`
  await onServer(year.url, `create database ${name} template ${from}`)
  url.pathname = `/${name}`
  const { db, pool, readers, jobs, reads, close } = connect(url.href)
  t.teardown(async () => {
    if (!pool.ended) await close()
    await onServer(year.url, `drop database ${name} with (force)`)
  })
  return { ...year, url: url.href, office: { ...year.office, db, pool, readers, jobs, reads } }
}

/** The code that a call is refused with, or "taken" if it is not. Any other error is thrown on. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'taken'
  } catch (error) {
    if ((error as Error).name !== 'Refusal') throw error
    return (error as { code: string }).code
  }
}
