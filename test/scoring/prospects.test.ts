import t from 'tap'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { type Prospect, prospects } from '../../src/scoring/prospects.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import { scorer, scoreTexts } from '../../src/scoring/score.ts'
import { formatDate, parseDate } from '../../src/values/civil-date.ts'
import { formatDecimal, parseDecimal } from '../../src/values/decimal.ts'
import { day, schemesInWords, shippedScheme, vocabularyOf } from '../support/cases.ts'
import { randomFacts, randomFrom } from '../support/random-facts.ts'
import { item, small } from '../support/small-scheme.ts'

type FactsSource = { [kind: string]: unknown }

const prospectsOf = (scheme: Scheme, asOf: string, facts: FactsSource): { [item: string]: Prospect } =>
  Object.fromEntries(prospects(scorer(scheme, day(asOf)), readFacts(scheme.vocabulary, facts)).map(one => [one.item, one]))
const pointsOf = (scheme: Scheme, asOf: string, facts: FactsSource) =>
  scoreTexts(scheme, scorer(scheme, day(asOf)).score(readFacts(scheme.vocabulary, facts))).items

t.test('the model scheme: what comes by itself, and what somebody can do', async t => {
  const facts = {
    residence: [{ from: '2012-01-10' }],
    detention: [{ date: '2015-02-01' }],
    taxOffence: [],
    insurance: [{ insurance: 'pension', payment: 'on-time', from: '2014-01', to: '2016-06' }],
    education: [{ certificate: 'bachelor-degree', issued: '2008-07-01' }],
  }
  const of = prospectsOf(shippedScheme('model/2017'), '2016-12-31', facts)
  // 59 full months; the sixtieth is full on the day before the 10th.
  t.match(of.residence, { points: '14.75', stillPossible: '15.25', rises: { date: '2017-01-09', points: '15.00' }, falls: null })
  t.same(of.residence?.ways, [{ measure: 'monthsResident', from: '59', to: '60', points: '15.00' }])
  // A detention counts for three years: the last day is 2018-01-31.
  t.match(of.conduct, { points: '-10.00', rises: { date: '2018-02-01', points: '0.00' }, falls: null })
  t.match(of.insurance, { points: '15.00', rises: null, falls: null }, 'what has ended does not go on')
  t.same(of.education?.ways?.map(({ to, points }) => `${[to].flat().at(-1)} ${points}`).sort(), [
    'doctor-degree 50.00',
    'doctor-diploma 50.00',
    'master-degree 40.00',
    'master-diploma 40.00',
  ])
  t.match(of.skill, { points: '0.00', ways: [] }, 'nothing is told of what was not asked')
})

const measures =
  '{age: {age: {of: birth}, source: {ref: s}}, sex: {codes: {of: sex, code: sex}, source: {ref: s}}, permitHeld: {covers: {of: permit}, source: {ref: s}}}'
const one = (node: string, asOf: string, facts: FactsSource) =>
  prospectsOf(readScheme(small({ measures, items: `{${item('i', node)}}` }), vocabularyOf), asOf, facts).i as Prospect

t.test('days on which a record begins and ends, a trait, single records, the end of the calendar', async t => {
  const held = '{decide: {rows: [{if: {measure: permitHeld, is: "yes"}, then: {points: 5}}], otherwise: {points: 0}}}'
  const short = { permit: [{ from: '2021-01-05', to: '2021-01-20' }, { from: '2021-06-10' }] }
  t.match(one(held, '2020-12-31', short), { rises: { date: '2021-01-05', points: '5.00' }, falls: null })
  t.match(one(held, '2021-01-10', short), { rises: null, falls: { date: '2021-01-21', points: '0.00' } })
  const female = '{decide: {rows: [{if: {measure: sex, is: female}, then: {points: 3}}], otherwise: {points: 1}}}'
  t.same(one(female, '2020-12-31', { sex: [{ sex: 'male' }] }).ways, [{ measure: 'sex', from: ['male'], to: ['female'], points: '3.00' }])
  t.equal(one('{each: {of: award, give: {points: 2}}}', '2020-12-31', { award: [] }).ways, null, 'no measure tells it')
  const young = '{bands: {of: age, rows: [{below: 40, then: {points: 1}}, {from: 40, then: {points: 0}}]}}'
  t.match(one(young, '2020-12-31', { birth: [{ date: '1980-07-01' }] }), { points: '0.00', rises: null, stillPossible: '1.00' })
  t.match(one(young, '9990-12-31', { birth: [{ date: '9955-07-01' }] }), { falls: { date: '9995-07-01', points: '0.00' } })
  t.match(one(young, '9999-12-31', { birth: [{ date: '9965-07-01' }] }), { falls: null }, 'no date behind the last')
})

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same run)`)

for (const name of schemesInWords)
  t.test(`${name}: what is told comes true when it is scored, and nothing less does it`, async t => {
    const scheme = shippedScheme(name)
    const random = randomFrom(seed)
    const asOf = '2018-06-30'
    const seen = { rises: 0, falls: 0, ways: 0 }
    for (let run = 0; run < 40; run++) {
      const facts: FactsSource = randomFacts(scheme.vocabulary, random)
      const now = pointsOf(scheme, asOf, facts)
      const scaled = (text: string | null | undefined) => parseDecimal(text as string, 2) as number
      for (const [item, { rises, falls, ways }] of Object.entries(prospectsOf(scheme, asOf, facts))) {
        const where = `run ${run}, ${item}`
        for (const [direction, turn] of [['rises', rises] as const, ['falls', falls] as const]) {
          if (!turn) continue
          seen[direction]++
          t.equal(pointsOf(scheme, turn.date, facts)[item], turn.points, `${where}: ${direction} on ${turn.date}`)
          const before = formatDate((parseDate(turn.date) as number) - 1)
          const early = scaled(pointsOf(scheme, before, facts)[item]) - scaled(now[item])
          t.ok(direction === 'rises' ? early <= 0 : early >= 0, `${where}: not on the day before`)
        }
        for (const { measure, to, points } of ways ?? []) {
          seen.ways++
          const others = ((facts.attested ?? []) as { measure: string }[]).filter(one => one.measure !== measure)
          const given = (value: string | string[]) => pointsOf(scheme, asOf, { ...facts, attested: [...others, { measure, value }] })[item]
          t.equal(given(to), points, `${where}: ${measure} ${to}`)
          const scale = scheme.measures.find(one => one.name === measure)?.definition.unit.scale ?? 0
          const amount = typeof to === 'string' ? parseDecimal(to, scale) : undefined
          if (amount !== undefined)
            t.ok(
              scaled(given(formatDecimal(amount - 1, scale))) <= scaled(now[item]),
              `${where}: ${measure} one step below ${to} gives no more`,
            )
        }
      }
    }
    for (const [what, number] of Object.entries(seen)) t.ok(number > 10, `${number} ${what} were looked at`)
  })
