import t from 'tap'
import { callUp } from '../../src/round/call-up.ts'
import { correctApplication } from '../../src/round/correct.ts'
import { noProgress } from '../../src/round/progress.ts'
import { publish } from '../../src/round/publish.ts'
import { enterSettlements } from '../../src/round/settlements.ts'
import { holds, person, verified } from '../support/people.ts'
import { refusalOf, type Year } from '../support/year.ts'
import { bachelor, college, type Known, origin, putRight, rankedRound, reserveAndTerm, rules, score } from './out-round.ts'

const people = [person(0, bachelor), person(1, college), person(2)]
const quota = ['places: "2"', 'unit: applicants']

function acts(year: Year & { known: Known[] }) {
  const { actor, round, known } = year
  const on = (moment: string) => ({ ...year.office, now: () => moment })
  const numbers = (of: number[]) => of.map(i => known[i]?.number as string)
  return {
    publishOn: (moment: string, kind: 'notice' | 'final') =>
      publish(on(moment), actor, round, { kind, reason: 'a test', progress: noProgress }),
    settle: (moment: string, settled: number[], lapsed: number[]) =>
      refusalOf(enterSettlements(on(moment), actor, round, { settled: numbers(settled), lapsed: numbers(lapsed) })),
    call: (moment: string) => refusalOf(callUp(on(moment), actor, round, { reason: 'a test' })),
  }
}

t.test('a term begins by the final list, and its days are those of the zone', async t => {
  const { publishOn, settle, call } = acts(await rankedRound(t, rules({ quota, more: reserveAndTerm }), people))
  await publishOn('2020-03-01T08:00:00.000Z', 'notice')
  // In the zone this is the 11th, and the last day is the tenth of April.
  await publishOn('2020-03-10T16:30:00.000Z', 'final')
  t.equal(await settle('2020-04-10T15:59:59.999Z', [0], [1]), 'invalid-settlements')
  t.equal(await settle('2020-04-10T16:00:00.000Z', [0], [1]), 'taken')
  t.equal(await call('2020-04-10T16:00:00.000Z'), 'taken')
})

t.test('who is called up after the day for all has a term of its own', async t => {
  const more = [
    reserveAndTerm[0] as string,
    `settlement: {until: "2020-04-10", calledUp: {within: {days: "30"}}, ${origin}}`,
    reserveAndTerm[2] as string,
  ]
  const { publishOn, settle, call } = acts(await rankedRound(t, rules({ quota, more }), people))
  await publishOn('2020-03-01T08:00:00.000Z', 'notice')
  await publishOn('2020-03-01T08:00:00.000Z', 'final')
  t.equal(await settle('2020-04-11T08:00:00.000Z', [0], [1]), 'taken')
  t.equal(await call('2020-04-11T08:00:00.000Z'), 'taken')
  t.equal(await settle('2020-05-11T08:00:00.000Z', [2], []), 'invalid-settlements')
  t.equal(await settle('2020-05-12T08:00:00.000Z', [2], []), 'taken')
})

t.test('a second correction stands on the first', async t => {
  const year = await rankedRound(t, rules({ quota, more: reserveAndTerm }), people)
  const { office, actor, round, known } = year
  await acts(year).publishOn('2020-03-01T08:00:00.000Z', 'notice')
  const of = known[2] as Known
  for (const [kind, said] of [
    ['education', verified(holds('bachelor-degree'))],
    ['insurance', verified({ insurance: 'pension', payment: 'on-time', from: '2016-01' })],
  ] as const) {
    const record = await putRight(year, of, kind, said)
    await correctApplication(office, actor, round, { publicNumber: of.number, records: [record], decision: kind, ground: 'evidence' })
  }
  t.match(await score(year, 2, of), { total: '71.00' })
})
