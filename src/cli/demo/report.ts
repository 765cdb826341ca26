import type { SealedEdition } from '../../publishing/edition.ts'
import { enterClient } from '../../round/clients.ts'
import { totalScale } from '../../round/edition-content.ts'
import type { Office } from '../../round/office.ts'
import { judgeOf, theRound } from '../../round/rounds.ts'
import { scoreOf } from '../../round/score-query.ts'
import { getApplication } from '../../store/applications.ts'
import { totalsOfRun } from '../../store/entries.ts'
import { citizenNumberOf } from '../../store/persons.ts'
import { parseDecimal } from '../../values/decimal.ts'
import { explainedText } from '../view/explained.ts'
import { distributionOf, plot } from '../view/plot.ts'
import { actor, round, type Year } from './year.ts'

type Screen = { columns: number; blocks: boolean }

/** What the demo prints at its end. `url` is where `npm start` will serve. Only addresses and the curl line are wider than 80 columns. */
export async function report(
  office: Office,
  year: Year,
  { seconds, url, screen }: { seconds: number; url: string; screen: Screen },
): Promise<string> {
  const { edition, run, seconds: stages, listDigest } = year
  const { counts, quota, entries } = edition
  const judge = await judgeOf(office, await theRound(office, actor.authority, round))
  const scale = totalScale(judge)
  const totals = await totalsOfRun(office.db, { authority: actor.authority, round, run: run.run })
  const last = entries.at(-1)
  const query = last && { round, publicNumber: last.publicNumber, citizenNumber: await citizenNumber(office, last.publicNumber) }
  const lines: string[] = []
  if (query) {
    const { explanation } = await scoreOf(office, actor, query)
    const text = explainedText(explanation, 'en', { columns: screen.columns, scheme: judge.scheme })
    lines.push('The score of the last admitted, as a portal gets it:', '', text, '')
  }
  const cutOff = last ? (parseDecimal(last.total, scale) ?? null) : null
  lines.push(
    plot(distributionOf(totals, scale), { cutOff, ...screen }),
    'The list begins and ends:',
    ...ends(entries).map(row =>
      row ? `  ${count(row.rank as number).padStart(9)}  ${row.publicNumber}  ${row.name}  ${row.total}` : '          …',
    ),
    '',
    `${count(counts.applicants)} applied, ${count(counts.eligible)} are eligible, ${count(quota?.places as number)} places: ${count(counts.admitted)} are admitted.`,
    'All of it is synthetic.',
    'Cut-off:',
    ...cutOffLines(edition),
    '',
    `Seconds: ${Object.entries(stages)
      .map(([stage, time]) => `${stage} ${time.toFixed(1)}`)
      .join(', ')}; in all ${seconds.toFixed(1)}`,
    `List ${listDigest}`,
    '',
    'To look further:  npm start',
    `  ${url}/docs`,
    `  ${url}/v1/published/${actor.authority}/${round}/editions/2/entries`,
  )
  const key = await enterClient(office, { authority: actor.authority, client: 'demo-portal' }, ['scores:query', 'rounds:read'])
  lines.push(`  key of a portal of this demo: ${key}`)
  if (query)
    lines.push(
      '',
      'The last admitted, an invented person:',
      `  public number ${query.publicNumber}, identity number ${query.citizenNumber}`,
      'Asked for as a portal does, while npm start runs:',
      `  curl -s ${url}/v1/score-queries -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '${JSON.stringify(query)}'`,
    )
  lines.push('')
  return lines.join('\n')
}

async function citizenNumber(office: Office, publicNumber: string): Promise<string> {
  const application = await getApplication(office.db, actor.authority, round, publicNumber)
  return citizenNumberOf(office.db, office.keys, actor.authority, application?.person as number)
}

function cutOffLines({ order = [], cutOff, counts }: SealedEdition): string[] {
  if (!cutOff) return ['  none']
  const lines = order.map(({ key }, i) => `  ${key} ${cutOff[i]}`)
  return counts.atLine > 0 ? [...lines, `  ${count(counts.atLine)} share it`] : lines
}

function ends<T>(rows: readonly T[]): (T | undefined)[] {
  return rows.length <= 6 ? [...rows] : [...rows.slice(0, 3), undefined, ...rows.slice(-3)]
}

function count(number: number): string {
  return number.toLocaleString('en')
}
