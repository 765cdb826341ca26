import t from 'tap'
import { changesBetween } from '../../src/scoring/diff/changes.ts'
import { diffSchemes } from '../../src/scoring/diff/diff.ts'
import { comparison } from '../../src/scoring/diff/effect.ts'
import { normalized } from '../../src/scoring/diff/normalized.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import type { Scheme } from '../../src/scoring/scheme/scheme.ts'
import { scorer } from '../../src/scoring/score.ts'
import { readDocument, type Tree } from '../../src/values/document.ts'
import { at } from '../../src/values/refusal.ts'
import { day, schemeText, shippedScheme, shippedSchemes, vocabularyOf } from '../support/cases.ts'
import { item, small } from '../support/small-scheme.ts'

const scheme = (text: string) => readScheme(text, vocabularyOf)
const asOf = day('2016-12-31')

t.test('nothing is lost: every scalar that changes is a change, and the same document has none', async t => {
  for (const name of shippedSchemes) {
    const { tree } = readDocument(schemeText(name))
    // Only the text of a scheme is compared here; most of these documents could not be scored.
    const was = normalized({ text: JSON.stringify(tree) } as Scheme)
    const silent: string[] = []
    let looked = 0
    for (const pointer of scalarsOf(tree)) {
      if (/^\/(\$schema|scheme|version)$/.test(pointer)) continue // these say which document it is
      if (looked++ % 7 > 0) continue
      const now = normalized({ text: JSON.stringify(replaced(tree, pointer)) } as Scheme)
      if (changesBetween({ pointer: '', value: was }, { pointer: '', value: now }).length === 0) silent.push(pointer)
    }
    t.strictSame(silent, [], name)
    t.strictSame(changesBetween({ pointer: '', value: was }, { pointer: '', value: was }), [])
    t.strictSame(diffSchemes(shippedScheme(name), shippedScheme(name)), { head: [], parts: [] })
  }
})

function scalarsOf(tree: Tree, pointer = ''): string[] {
  if (typeof tree === 'string') return [pointer]
  return Object.entries(tree).flatMap(([name, part]) => scalarsOf(part as Tree, at(pointer, name)))
}

function replaced(tree: Tree, pointer: string, here = ''): Tree {
  if (here === pointer) return 'another'
  if (typeof tree === 'string' || !pointer.startsWith(here)) return tree
  if (Array.isArray(tree)) return tree.map((part, i) => replaced(part, pointer, at(here, i)))
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, replaced(part, pointer, at(here, name))]))
}

const measures = '{monthsInsured: {months: {of: insurance}, source: {ref: s}}, detentions: {count: {of: detention}, source: {ref: s}}}'
const insured = (points: string, scale = 'scale: 2, rounding: none') =>
  item('insured', `{rate: {of: monthsInsured, points: ${points}, per: 1, count: whole}}`, scale)
const law = item('law', '{deduct: {rate: {of: detentions, points: 30, per: 1, count: whole}}}')
const attested = (months: string, detentions?: string) => ({
  attested: [
    { measure: 'monthsInsured', value: months },
    ...(detentions === undefined ? [] : [{ measure: 'detentions', value: detentions }]),
  ],
})

t.test('the effect: moves of totals and items, exactly', async t => {
  const was = scheme(small({ measures, items: `{${insured('0.1')}, ${law}}` }))
  const now = scheme(small({ measures, items: `{${insured('0.15')}, ${law}, ${item('bonus', '{points: 1}')}}` }))
  const both = comparison(scorer(was, asOf), scorer(now, asOf))
  for (const facts of [attested('0', '0'), attested('7', '0'), attested('100', '2'), attested('5')]) both.add(facts)
  const [total] = both.effect().totals
  t.match(total, {
    total: 't',
    up: 3,
    down: 0,
    same: 0,
    open: 1,
    gained: '8.35', // 1.00 + 1.35 + 6.00
    lost: '0.00',
    sum: '8.35',
    mostGained: '6.00',
    mostLost: '0.00',
    eligible: { was: 3, now: 3, newly: 0, noLonger: 0 },
  })
  t.match(both.effect().items, [
    { item: 'insured', up: 3, down: 0, same: 1, open: 0, gained: '5.60' },
    { item: 'law', up: 0, down: 0, same: 3, open: 1 },
    { item: 'bonus', up: 4, gained: '4.00' },
  ])
  // Turned round, everything that was gained is lost.
  const back = comparison(scorer(now, asOf), scorer(was, asOf))
  for (const facts of [attested('0', '0'), attested('7', '0'), attested('100', '2')]) back.add(facts)
  t.match(back.effect().totals, [{ up: 0, down: 3, lost: '-8.35', sum: '-8.35', mostLost: '-6.00' }])
  t.match(back.effect().items, [
    { item: 'insured', down: 2 },
    { item: 'law', same: 3 },
    { item: 'bonus', down: 3, lost: '-3.00' },
  ])
})

t.test('who becomes eligible and who no longer is', async t => {
  const gate = (least: string) =>
    `{g: {title: {zh-CN: 门槛, en: g}, source: {ref: s}, require: {measure: monthsInsured, atLeast: ${least}}}}`
  const [was, now] = ['12', '10'].map(least => scheme(small({ measures, items: `{${insured('1')}}`, gates: gate(least) }))) as [
    Scheme,
    Scheme,
  ]
  const both = comparison(scorer(was, asOf), scorer(now, asOf))
  for (const months of ['9', '10', '11', '12', '13']) both.add(attested(months))
  t.match(both.effect().totals, [{ same: 5, eligible: { was: 2, now: 4, newly: 2, noLonger: 0 } }])
  const back = comparison(scorer(now, asOf), scorer(was, asOf))
  for (const months of ['9', '10', '11', '12', '13']) back.add(attested(months))
  t.match(back.effect().totals, [{ eligible: { was: 4, now: 2, newly: 0, noLonger: 2 } }])
})

t.test('other scales are brought together, and sums may outgrow the safe integers', async t => {
  const text = (points: string, scale: string) =>
    small({
      measures,
      items: `{${insured(points, `scale: ${scale}, rounding: none`)}}`,
      totals: `{t: {title: {zh-CN: 总, en: t}, scale: ${scale}, rounding: none}}`,
    })
  const both = comparison(scorer(scheme(text('1', '0')), asOf), scorer(scheme(text('1.000001', '6')), asOf))
  for (let i = 0; i < 3000; i++) both.add(attested('900000000'))
  t.match(both.effect().totals, [{ up: 3000, gained: '2700000.000000', mostGained: '900.000000' }])
  const large = comparison(scorer(scheme(text('1', '6')), asOf), scorer(scheme(text('9', '6')), asOf))
  for (let i = 0; i < 3001; i++) large.add(attested('900000001'))
  t.match(large.effect().totals, [{ gained: '21607200024008.000000' }], '3001 · 8 · 900,000,001, in millionths beyond 2^53')
})

t.test('evidence that only one version knows is none of the other', async t => {
  const own = 'evidence: {course: {title: {zh-CN: 课程, en: course}, shape: event}}\n'
  const courses = 'courses: {title: {zh-CN: 课程数, en: courses}, count: {of: course}, source: {ref: s}}'
  const was = scheme(small({ measures, items: `{${insured('1')}}` }))
  const now = scheme(
    own +
      small({
        measures: `{monthsInsured: {months: {of: insurance}, source: {ref: s}}, ${courses}}`,
        items: `{${insured('1')}, ${item('courses', '{rate: {of: courses, points: 2, per: 1, count: whole}}')}}`,
      }),
  )
  const both = comparison(scorer(was, asOf), scorer(now, asOf))
  both.add({ ...attested('3'), course: [{ date: '2016-01-01' }, { date: '2016-02-01' }] })
  both.add({
    attested: [
      { measure: 'monthsInsured', value: '3' },
      { measure: 'courses', value: '1' },
    ],
  })
  t.match(both.effect().totals, [{ up: 2, gained: '6.00' }])
  t.throws(() => both.add({ nothing: [] }), { code: 'invalid-facts', faults: [{ code: 'unknown-kind', pointer: '/nothing' }] })
  t.throws(() => both.add({ attested: [null] }, '/facts'), {
    code: 'invalid-facts',
    faults: [{ code: 'wrong-type', pointer: '/facts/attested/0' }],
  })
  t.throws(() => both.add([], '/facts'), { code: 'invalid-facts', faults: [{ code: 'wrong-type', pointer: '/facts' }] })
  t.equal(both.effect().compared, 2, 'who was refused is not compared')
})
