import type { BulkApplicant } from '../../src/round/bulk-intake.ts'
import { takeApplicants } from '../../src/round/bulk-intake.ts'
import { takeEvidence } from '../../src/round/evidence.ts'
import { moveRound } from '../../src/round/rounds.ts'
import { scoreOf } from '../../src/round/score-query.ts'
import { syntheticNumber } from '../support/office.ts'
import { holds, verified } from '../support/people.ts'
import { draftRound, modelRules, runIt, type Year } from '../support/year.ts'

type Test = Parameters<typeof draftRound>[0] & { strictSame(found: unknown, wanted: unknown): boolean }

export const origin = 'assumption: a test'
/** The model's rules with other parts; `quota` are lines under it in the place of `places` and `unit`, `more` are lines at the end. */
export function rules({ quota, more = [], line = 'admit-all' }: { quota: string[]; more?: string[]; line?: string }): string {
  return `${modelRules
    .replace(/^order:\n( {2}- .*\n)+/m, `order:\n  - {key: total, direction: desc, ${origin}}\n`)
    .replace(/^ {2}places: .*\n {2}unit: .*\n/m, quota.map(text => `  ${text}\n`).join(''))
    .replace(/^line: .*$/m, `line: {rule: ${line}, ${origin}}`)}${more.map(text => `${text}\n`).join('')}`
}

export const reserveAndTerm = [`reserve: {places: "3", ${origin}}`, `settlement: {within: {days: "30"}, ${origin}}`, 'zone: "+08:00"']

/** Totals of the model scheme by what somebody holds: 63 without anything, 73, 83. */
export const college = { education: [verified(holds('college'))] }
export const bachelor = { education: [verified(holds('bachelor-degree'))] }

export type Known = { number: string; person: number }

/** A round that was run, its applicants in the order in which they applied. */
export async function rankedRound(t: Test, text: string, applicants: BulkApplicant[]): Promise<Year & { known: Known[] }> {
  const year = await draftRound(t, { rules: text })
  const { office, actor, round } = year
  await moveRound(office, actor, round, 'open')
  await takeApplicants(office, actor, round, applicants)
  await moveRound(office, actor, round, 'closed')
  const { report } = await runIt(year)
  t.strictSame(report.findings, [])
  const { rows } = await office.pool.query('select public_number as number, person from applications order by application')
  return { ...year, known: rows }
}

export function at(year: Year, day: string): Year['office'] {
  return { ...year.office, now: () => `${day}T08:00:00.000Z` }
}

export const list = (edition: { entries: { rank: number | null; publicNumber: string; total: string; through?: string }[] }) =>
  edition.entries.map(({ rank, publicNumber, total, through }) => [rank, publicNumber, total, through ?? 'first-round'])

export async function evidenceOf({ office }: Year, of: Known, kind: string): Promise<number> {
  const { rows } = await office.pool.query('select max(evidence) as evidence from evidence where person = $1 and kind = $2', [
    of.person,
    kind,
  ])
  return Number(rows[0].evidence)
}

/** Takes in a statement that supersedes what is said of a kind, and gives its number. */
export async function putRight(year: Year, of: Known, kind: string, said: ReturnType<typeof verified>): Promise<number> {
  const supersedes = await evidenceOf(year, of, kind)
  const [record] = await takeEvidence(year.office, year.actor, of.person, [{ kind, source: 'register', ...said, supersedes }])
  return record as number
}

export function score(year: Year, index: number, known: Known) {
  return scoreOf(year.office, year.actor, { round: year.round, publicNumber: known.number, citizenNumber: syntheticNumber(index) })
}
