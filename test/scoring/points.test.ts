import t from 'tap'
import type { NodeExplanation } from '../../src/scoring/explanation.ts'
import { item, type Parts, scored, small } from '../support/small-scheme.ts'

/*
 * Each kind of node by itself: what it gives for attested measures, worked out by hand. Figures like 0.125 show the rounding of the item.
 */

const measures = `{
  taxYears: {yearsWith: {of: incomeTax, amount: amount, atLeast: 1}, source: {ref: s}},
  detentions: {count: {of: detention}, source: {ref: s}},
  taxOffences: {count: {of: taxOffence}, source: {ref: s}},
  age: {age: {of: birth}, source: {ref: s}},
  volunteerHours: {sum: {of: volunteering, amount: hours}, source: {ref: s}},
  skills: {codes: {of: skill, code: grade}, source: {ref: s}},
  permitHeld: {covers: {of: permit}, source: {ref: s}},
  monthsInsured: {months: {of: insurance}, source: {ref: s}}
}`

type Values = { [measure: string]: string | string[] }
const facts = (values: Values) => ({ attested: Object.entries(values).map(([measure, value]) => ({ measure, value })) })
const rounding = 'scale: 4, rounding: none'
const give = (node: string, values: Values, scale = rounding, rest: Parts = {}) =>
  scored(small({ measures, items: `{${item('i', node, scale)}}`, totals: total, ...rest }), facts(values))
const total = '{t: {title: {zh-CN: 总, en: t}, scale: 6, rounding: none}}'

type Line = [values: Values, points: string | null, known?: 'exact' | 'lower-bound' | 'undetermined']
function table(what: string, node: string, lines: Line[], scale?: string) {
  t.test(what, async t => {
    for (const [values, points, known = 'exact'] of lines) {
      const result = give(node, values, scale)
      t.equal(result.items.i, points, `${JSON.stringify(values)} gives ${points}`)
      t.equal(result.totalIs, known, `${JSON.stringify(values)} is ${known}`)
      t.equal(result.explanation.items[0]?.points, points, 'and is explained so')
    }
  })
}

table('points', '{points: 12.5}', [[{}, '12.5000']])
table('points below 0', '{points: -3}', [[{}, '-3.0000']])

table('rate, exact', '{rate: {of: volunteerHours, points: 0.5, per: 2, count: exact}}', [
  [{ volunteerHours: '0' }, '0.0000'],
  [{ volunteerHours: '0.1' }, '0.0250'],
  [{ volunteerHours: '3.9' }, '0.9750'],
  [{}, '0.0000', 'lower-bound'],
])
table('rate, whole', '{rate: {of: volunteerHours, points: 2, per: 12.5, count: whole}}', [
  [{ volunteerHours: '12.4' }, '0.0000'],
  [{ volunteerHours: '12.5' }, '2.0000'],
  [{ volunteerHours: '24.9' }, '2.0000'],
  [{ volunteerHours: '25' }, '4.0000'],
])
table('rate, begun', '{rate: {of: volunteerHours, points: 2, per: 12.5, count: begun}}', [
  [{ volunteerHours: '0' }, '0.0000'],
  [{ volunteerHours: '0.1' }, '2.0000'],
  [{ volunteerHours: '12.5' }, '2.0000'],
  [{ volunteerHours: '12.6' }, '4.0000'],
])
table('rate below 0 is a deduction', '{rate: {of: detentions, points: -30, per: 1, count: whole}}', [
  [{ detentions: '2' }, '-60.0000'],
  [{}, null, 'undetermined'],
])

table(
  'bands',
  '{bands: {of: age, rows: [{below: 36, then: {points: 20}}, {from: 36, below: 46, then: {points: 10}}, {from: 46, then: {points: 0}}]}}',
  [
    [{ age: '0' }, '20.0000'],
    [{ age: '35' }, '20.0000'],
    [{ age: '36' }, '10.0000'],
    [{ age: '45' }, '10.0000'],
    [{ age: '46' }, '0.0000'],
    [{}, '0.0000', 'lower-bound'],
  ],
)
table(
  'bands with an outside, in any order',
  '{bands: {of: volunteerHours, rows: [{from: 20, below: 30.5, then: {points: 2}}, {from: 10, below: 20, then: {points: 1}}], outside: {points: 0.5}}}',
  [
    [{ volunteerHours: '9.9' }, '0.5000'],
    [{ volunteerHours: '10' }, '1.0000'],
    [{ volunteerHours: '20' }, '2.0000'],
    [{ volunteerHours: '30.4' }, '2.0000'],
    [{ volunteerHours: '30.5' }, '0.5000'],
    [{}, '0.5000', 'lower-bound'],
  ],
)
table(
  'bands with a rate inside: the rate itself depends on the years',
  '{bands: {of: taxYears, rows: [{below: 5, then: {rate: {of: taxYears, points: 4, per: 1, count: whole}}}, {from: 5, then: {rate: {of: taxYears, points: 6, per: 1, count: whole}}}]}}',
  [
    [{ taxYears: '4' }, '16.0000'],
    [{ taxYears: '5' }, '30.0000'],
  ],
)

const choice =
  '{choice: {of: skills, rows: [{row: low, holds: [level-4], points: 10}, {row: both, holds: [level-4, level-3], points: 25}, {row: high, holds: [level-1], points: 20}], otherwise: 1}}'
table('choice', choice, [
  [{ skills: [] }, '1.0000'],
  [{ skills: ['level-5'] }, '1.0000'],
  [{ skills: ['level-4'] }, '10.0000'],
  [{ skills: ['level-1', 'level-4'] }, '20.0000'],
  [{ skills: ['level-3', 'level-4'] }, '25.0000'],
  [{ skills: ['level-3'] }, '1.0000'],
  [{ skills: ['level-1', 'level-3', 'level-4'] }, '25.0000'],
  [{}, '1.0000', 'lower-bound'],
])
t.test('of equal rows of a choice the first is taken', async t => {
  const node = '{choice: {of: skills, rows: [{row: a, holds: [level-1], points: 5}, {row: b, holds: [level-2], points: 5}], otherwise: 0}}'
  t.equal(give(node, { skills: ['level-2', 'level-1'] }).explanation.items[0]?.steps.how.row, 'a')
})

table('sum', '{sum: [{points: 1}, {rate: {of: detentions, points: 0.125, per: 1, count: whole}}, {points: -3}]}', [
  [{ detentions: '4' }, '-1.5000'],
  [{}, '-2.0000', 'lower-bound'],
])
table(
  'highest',
  '{highest: [{rate: {of: taxYears, points: 2, per: 1, count: whole}}, {limit: {of: {rate: {of: detentions, points: 3, per: 1, count: whole}}, atMost: 6}}]}',
  [
    [{ taxYears: '2', detentions: '1' }, '4.0000'],
    [{ taxYears: '1', detentions: '1' }, '3.0000'],
    [{ taxYears: '2' }, '4.0000', 'lower-bound'],
    // The other can give 6 at most, so it decides nothing.
    [{ taxYears: '3' }, '6.0000'],
    [{ taxYears: '9' }, '18.0000'],
    [{ detentions: '2' }, '6.0000', 'lower-bound'],
  ],
)
table('limit', '{limit: {of: {sum: [{points: -4}, {rate: {of: taxYears, points: 3, per: 1, count: whole}}]}, atMost: 5, atLeast: 0}}', [
  [{ taxYears: '0' }, '0.0000'],
  [{ taxYears: '1' }, '0.0000'],
  [{ taxYears: '2' }, '2.0000'],
  [{ taxYears: '3' }, '5.0000'],
  [{ taxYears: '4' }, '5.0000'],
  [{}, '0.0000', 'lower-bound'],
])
table(
  'a cap that is reached needs no more evidence',
  '{limit: {of: {sum: [{rate: {of: taxYears, points: 3, per: 1, count: whole}}, {rate: {of: detentions, points: 1, per: 1, count: whole}}]}, atMost: 6}}',
  [
    [{ taxYears: '2' }, '6.0000'],
    [{ taxYears: '1' }, '3.0000', 'lower-bound'],
  ],
)
table('deduct', '{deduct: {limit: {of: {rate: {of: detentions, points: 10, per: 1, count: whole}}, atMost: 25}}}', [
  [{ detentions: '0' }, '0.0000'],
  [{ detentions: '1' }, '-10.0000'],
  [{ detentions: '3' }, '-25.0000'],
  [{}, null, 'undetermined'],
])
table(
  'a deduction beside a gain: no evidence of the deduction leaves all open',
  '{sum: [{rate: {of: taxYears, points: 1, per: 1, count: whole}}, {deduct: {rate: {of: detentions, points: 30, per: 1, count: whole}}}]}',
  [
    [{ taxYears: '2', detentions: '1' }, '-28.0000'],
    [{ taxYears: '2' }, null, 'undetermined'],
    [{ detentions: '1' }, '-30.0000', 'lower-bound'],
  ],
)

for (const [mode, up, down, inexact] of [
  ['half-up', '0.13', '-0.13', '0.08'],
  ['half-even', '0.12', '-0.12', '0.08'],
  ['floor', '0.12', '-0.13', '0.08'],
  ['ceiling', '0.13', '-0.12', '0.09'],
] as const) {
  const eighths = `{rate: {of: taxYears, points: 0.125, per: 1, count: whole}}`
  table(`round ${mode}`, `{round: {of: ${eighths}, scale: 2, mode: ${mode}}}`, [[{ taxYears: '1' }, `${up}00`]])
  table(`round ${mode}, below 0`, `{round: {of: {deduct: ${eighths}}, scale: 2, mode: ${mode}}}`, [[{ taxYears: '1' }, `${down}00`]])
  table(
    `the rounding of an item, ${mode}`,
    `{rate: {of: taxYears, points: 1, per: 12, count: exact}}`,
    [[{ taxYears: '1' }, inexact]],
    `scale: 2, rounding: ${mode}`,
  )
}
table(
  'rounded parts are added as they are rounded',
  '{sum: [{round: {of: {rate: {of: taxYears, points: 1, per: 3, count: exact}}, scale: 1, mode: half-up}}, {round: {of: {rate: {of: taxYears, points: 1, per: 3, count: exact}}, scale: 1, mode: half-up}}]}',
  [
    [{ taxYears: '2' }, '1.4000'],
    [{}, '0.0000', 'lower-bound'],
  ],
)

table(
  'decide',
  '{decide: {rows: [{if: {measure: age, below: 18}, then: {points: 1}}, {if: {measure: taxYears, atLeast: 2}, then: {points: 2}}], otherwise: {points: 3}}}',
  [
    [{ age: '17', taxYears: '2' }, '1.0000'],
    [{ age: '17' }, '1.0000'],
    [{ age: '18', taxYears: '2' }, '2.0000'],
    [{ age: '18', taxYears: '1' }, '3.0000'],
    [{ age: '18' }, '2.0000', 'lower-bound'],
    [{}, '1.0000', 'lower-bound'],
  ],
)
table(
  'decide between equals needs no evidence',
  '{decide: {rows: [{if: {measure: age, below: 18}, then: {points: 4}}], otherwise: {points: 4}}}',
  [[{}, '4.0000']],
)
table(
  'decide whether to take away',
  '{decide: {rows: [{if: {measure: permitHeld, is: "yes"}, then: {points: -5}}], otherwise: {points: 0}}}',
  [
    [{ permitHeld: 'yes' }, '-5.0000'],
    [{}, null, 'undetermined'],
  ],
)

t.test('conditions', async t => {
  const lines: [condition: string, values: Values, answer: 'yes' | 'no' | 'missing'][] = [
    ['{measure: age, equals: 40}', { age: '40' }, 'yes'],
    ['{measure: age, equals: 40}', { age: '41' }, 'no'],
    ['{measure: age, atLeast: 40}', { age: '40' }, 'yes'],
    ['{measure: age, above: 40}', { age: '40' }, 'no'],
    ['{measure: age, atMost: 40}', { age: '40' }, 'yes'],
    ['{measure: age, below: 40}', { age: '40' }, 'no'],
    ['{measure: age, atLeast: 40, below: 42}', { age: '42' }, 'no'],
    ['{measure: age, atLeast: 40, below: 42}', { age: '41' }, 'yes'],
    ['{measure: age, below: 42}', {}, 'missing'],
    ['{measure: volunteerHours, above: 12.4}', { volunteerHours: '12.5' }, 'yes'],
    ['{measure: permitHeld, is: "yes"}', { permitHeld: 'yes' }, 'yes'],
    ['{measure: permitHeld, is: "no"}', { permitHeld: 'yes' }, 'no'],
    ['{measure: skills, is: level-1}', { skills: ['level-1'] }, 'yes'],
    ['{measure: skills, is: level-1}', { skills: ['level-1', 'level-2'] }, 'no'],
    ['{measure: skills, holds: level-1}', { skills: ['level-1', 'level-2'] }, 'yes'],
    ['{measure: skills, holds: level-1}', { skills: [] }, 'no'],
    ['{measure: skills, holds: level-1}', {}, 'missing'],
    ['{not: {measure: age, below: 42}}', { age: '42' }, 'yes'],
    ['{not: {measure: age, below: 42}}', {}, 'missing'],
    ['{all: [{measure: age, below: 42}, {measure: taxYears, atLeast: 1}]}', { age: '41', taxYears: '1' }, 'yes'],
    ['{all: [{measure: age, below: 42}, {measure: taxYears, atLeast: 1}]}', { age: '41' }, 'missing'],
    ['{all: [{measure: age, below: 42}, {measure: taxYears, atLeast: 1}]}', { age: '42' }, 'no'],
    ['{any: [{measure: age, below: 42}, {measure: taxYears, atLeast: 1}]}', { taxYears: '1' }, 'yes'],
    ['{any: [{measure: age, below: 42}, {measure: taxYears, atLeast: 1}]}', { age: '42' }, 'missing'],
    ['{any: [{measure: age, below: 42}, {measure: taxYears, atLeast: 1}]}', { age: '42', taxYears: '0' }, 'no'],
  ]
  for (const [condition, values, answer] of lines) {
    const gates = `{g: {title: {zh-CN: 条件, en: g}, source: {ref: s}, require: ${condition}}}`
    const result = scored(small({ measures, gates, items: `{${item('i', '{points: 0}')}}` }), facts(values))
    t.equal(result.explanation.gates[0]?.passed, answer, `${condition} for ${JSON.stringify(values)}`)
    t.equal(result.eligible, { yes: 'yes', no: 'no', missing: 'undetermined' }[answer], 'and so is the answer to eligible')
  }
})

t.test('the row that an item above has chosen', async t => {
  const chosen = (row: string) =>
    `{decide: {rows: [{if: {chosen: {item: i, row: ${row}}}, then: {deduct: {rate: {of: detentions, points: 1, per: 1, count: whole}}}}], otherwise: {points: 0}}}`
  const text = small({ measures, items: `{${item('i', choice)}, ${item('j', chosen('high'))}}` })
  t.same(scored(text, facts({ skills: ['level-1', 'level-4'], detentions: '2' })).items, { i: '20.00', j: '-2.00' })
  t.same(scored(text, facts({ skills: ['level-4'], detentions: '2' })).items, { i: '10.00', j: '0.00' })
  t.same(scored(text, facts({ skills: [], detentions: '2' })).items, { i: '1.00', j: '0.00' }, 'no row at all')
  const open = scored(text, facts({ detentions: '2' }))
  t.same([open.items, open.total, open.eligible], [{ i: '1.00', j: null }, null, 'undetermined'])
  t.same(open.why, ['gain-missing i', 'deduction-missing j'])
})

t.test('totals: parts, roundings, floors and lower bounds', async t => {
  const items = `{${item('a', '{rate: {of: taxYears, points: 0.125, per: 1, count: whole}}', 'scale: 3, rounding: none')}, ${item('b', '{deduct: {rate: {of: detentions, points: 10, per: 1, count: whole}}}', 'scale: 0, rounding: none')}}`
  const one = (name: string, rest: string) => `${name}: {title: {zh-CN: 总, en: ${name}}, ${rest}}`
  const totals = `{${one('all', 'scale: 3, rounding: none')}, ${one('up', 'scale: 2, rounding: half-up, items: [a]')}, ${one('even', 'scale: 2, rounding: half-even, items: [a]')}, ${one('floored', 'scale: 2, rounding: half-up, floor: -5.5, source: {ref: s}')}}`
  const text = small({ measures, items, totals })
  t.same(scored(text, facts({ taxYears: '1', detentions: '1' })).totals, { all: '-9.875', up: '0.13', even: '0.12', floored: '-5.50' })
  const open = scored(text, facts({ taxYears: '1' }))
  t.same(open.totals, { all: null, up: '0.13', even: '0.12', floored: null }, 'only the totals with the open item are open')
  t.equal(open.total, null, 'the total is the first')
  t.same(
    open.explanation.totals.map(({ known }) => known),
    ['undetermined', 'exact', 'exact', 'undetermined'],
  )
  const { explanation } = scored(text, facts({ taxYears: '1', detentions: '1' }))
  t.equal(explanation.totals[3]?.raisedTo, '-5.50')
  t.same(explanation.totals[1]?.rounding, { mode: 'half-up', scale: 2, before: '0.125' })
})

t.test('an incomplete scheme only estimates', async t => {
  const text = small({
    measures,
    items: `{${item('i', '{points: 5}')}}`,
    status: 'incomplete\nabsent: [{zh-CN: 缺, en: a part}]',
  })
  const result = scored(text, {})
  t.same([result.eligible, result.total, result.totalIs, result.why], ['undetermined', '5.00', 'lower-bound', ['scheme-incomplete']])
})

t.test('what is missing is named once, and only what is needed', async t => {
  const made = `{
    monthsOwnHome: {months: {of: home}, source: {ref: s}}, monthsInsured: {months: {of: insurance}, source: {ref: s}},
    monthsOwnHomeInsured: {least: [monthsOwnHome, monthsInsured], source: {ref: s}}}`
  const items = `{${item('i', '{rate: {of: monthsOwnHomeInsured, points: 1, per: 1, count: exact}}')}}`
  t.same(scored(small({ measures: made, items }), {}).missing, ['home', 'insurance'])
  t.same(scored(small({ measures: made, items }), facts({ monthsInsured: '5' })).missing, ['home'], 'an attested part needs no evidence')
  t.same(scored(small({ measures: made, items }), facts({ monthsOwnHomeInsured: '5' })).missing, [])
})

t.test('what the explanation says of a step', async t => {
  const steps = (node: string, values: Values) => give(node, values).explanation.items[0]?.steps as NodeExplanation
  const capped = steps('{limit: {of: {rate: {of: taxYears, points: 3, per: 1, count: whole}}, atMost: 5}}', { taxYears: '2' })
  t.same(capped.how, { before: '6', atMost: '5', atLeast: null, applied: 'cap' })
  t.equal(capped.at, '/items/i/value/limit')
  t.same(capped.parts?.[0]?.how, { measure: 'taxYears', value: '2', points: '3', per: '1', count: 'whole', units: 2 })
  const titled = steps('{title: {zh-CN: 步, en: step}, assumption: because, points: 5}', {})
  t.same([titled.title, titled.rule], [{ 'zh-CN': '步', en: 'step' }, { assumption: 'because' }])
  const rounded = steps('{round: {of: {rate: {of: taxYears, points: 1, per: 12, count: exact}}, scale: 2, mode: half-up}}', {
    taxYears: '1',
  })
  t.same([rounded.points, rounded.how], ['0.08', { before: '1/12', scale: 2, mode: 'half-up' }])
  const highest = steps('{highest: [{points: 1}, {points: 2}]}', {})
  t.same(highest.how, { taken: 1 })
  const decided = steps('{decide: {rows: [{if: {measure: age, below: 18}, then: {points: 1}}], otherwise: {points: 3}}}', { age: '20' })
  t.same([decided.how, decided.condition?.parts], [{ row: null }, [{ answer: 'no', measure: 'age', value: '20', test: 'below 18' }]])
})

t.test('amounts too large to be exact are refused, never rounded', async t => {
  const node = '{rate: {of: taxYears, points: 1000000, per: 1, count: whole}}'
  t.throws(() => give(node, { taxYears: '900000000000' }), { code: 'out-of-range' })
  t.equal(
    give(node, { taxYears: '9000' }, 'scale: 0, rounding: none', { totals: total.replace('scale: 6', 'scale: 0') }).items.i,
    '9000000000',
  )
})
