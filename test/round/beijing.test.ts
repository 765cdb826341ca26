import t from 'tap'
import { takeApplicants } from '../../src/round/bulk-intake.ts'
import type { Statement } from '../../src/round/evidence.ts'
import { noProgress } from '../../src/round/progress.ts'
import { publish } from '../../src/round/publish.ts'
import { createRound, moveRound } from '../../src/round/rounds.ts'
import { runRound } from '../../src/round/run.ts'
import { scoreOf } from '../../src/round/score-query.ts'
import { factsOf, type PublishedRow, published2020, publishedItems } from '../support/beijing.ts'
import { anOffice, putInForce, schemeFile, schemeTexts, syntheticNumber } from '../support/office.ts'

const rows = published2020()

t.test('the published list of Beijing 2020 comes out of the service', async t => {
  if (!rows) {
    t.pass('NOT CHECKED: the published list does not lie beside the checkout')
    return
  }
  const { office, actor } = await anOffice(t)
  await putInForce(office, actor, schemeTexts('beijing/2020'))
  await createRound(office, actor, { round: 'beijing-2020', rules: schemeFile('beijing/2020/rounds.yaml') })
  await moveRound(office, actor, 'beijing-2020', 'open')
  t.equal(await takeApplicants(office, actor, 'beijing-2020', rows.map(applicantOf)), 6032)
  await moveRound(office, actor, 'beijing-2020', 'closed')

  const { run, report, frozen } = await runRound(office, actor, 'beijing-2020', { progress: noProgress, seconds: () => 0 })
  t.strictSame(report.findings, [])
  t.match(run, { state: 'verified', applicants: 6032, eligible: 6032, admitted: 6032 })
  t.strictSame((await office.pool.query('select cut_off from run_pools')).rows, [{ cut_off: [9713] }])
  t.strictSame(frozen, { applications: 6032, pending: 0, alsoElsewhere: 0 })

  const { edition } = await publish(office, actor, 'beijing-2020', { kind: 'notice', reason: 'first publication', progress: noProgress })
  t.strictSame(edition.cutOff, ['97.13'])
  t.strictSame(
    edition.entries.map(entry => entry.total),
    rows.map(row => row.total),
    'totals in the published order',
  )

  // Every item as stored, against the list, by the applicant's own number.
  const { rows: stored } = await office.pool.query(
    `select p.name_encrypted, a.public_number, a.person, e.items, e.total
     from entries e join applications a using (authority, round, application) join persons p on p.authority = a.authority and p.person = a.person
     order by a.application`,
  )
  let wrong = 0
  for (const [i, row] of rows.entries()) {
    const items = publishedItems.map(item => hundredths(row[item] as string))
    if (JSON.stringify(stored[i].items) !== JSON.stringify(items) || stored[i].total !== hundredths(row.total as string)) wrong++
  }
  t.equal(wrong, 0, 'every item and total as published')

  const asked = await scoreOf(office, actor, {
    round: 'beijing-2020',
    publicNumber: stored[6031].public_number,
    citizenNumber: syntheticNumber(6031).toLowerCase(),
  })
  t.match(asked, { eligible: 'yes', total: '97.13', items: { employment: '51.25', residence: '15.38' }, admitted: true })
})

function applicantOf(row: PublishedRow, i: number) {
  const statements = Object.entries(factsOf(row)).flatMap(([kind, records]): Statement[] =>
    records.length === 0
      ? [{ kind, source: 'register', state: 'verified' as const, record: null }]
      : records.map((fields): Statement => {
          const { source, state, ...record } = fields as { source: string; state: 'verified'; [field: string]: unknown }
          return { kind, source, state, record }
        }),
  )
  return { citizenNumber: syntheticNumber(i), name: '测试人', statements }
}

function hundredths(text: string): number {
  return Number(text.replace('.', ''))
}
