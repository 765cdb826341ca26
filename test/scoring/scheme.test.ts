import { readFileSync } from 'node:fs'
import t from 'tap'
import { schemeSchema } from '../../src/scoring/scheme/document-schema.ts'
import { lintScheme, readScheme } from '../../src/scoring/scheme/lint.ts'
import { Refusal } from '../../src/values/refusal.ts'
import { casesOf, outcomeOf, schemeText, shippedScheme, shippedSchemes, vocabularyOf } from '../support/cases.ts'
import { item, type Parts, small } from '../support/small-scheme.ts'

t.test('the schema for editors is the one that checks', async t => {
  const published = readFileSync(new URL('../../schemes/scheme.schema.json', import.meta.url), 'utf8')
  t.equal(
    published,
    `${JSON.stringify(schemeSchema, null, 2)}\n`,
    'after a change: node --no-warnings src/cli/main.ts scheme schema > schemes/scheme.schema.json',
  )
  const defined = Object.keys(schemeSchema.$defs)
  const refs = [...published.matchAll(/"\$ref": "([^"]*)"/g)].map(([, ref]) => ref)
  t.ok(refs.length > 0)
  t.same(
    refs.filter(ref => !defined.some(name => ref === `#/$defs/${name}`)),
    [],
    'every reference resolves inside the file',
  )
  t.notMatch(published, '"$id"')
})

for (const name of shippedSchemes) {
  t.test(`${name}: shipped without errors`, async t => {
    const { scheme, findings } = lintScheme(schemeText(name), vocabularyOf)
    t.same(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    )
    // Layout, comments and the order of names do not belong to a scheme; what it says does.
    t.equal(readScheme(`# a comment\n${schemeText(name).replaceAll('\n\n', '\n')}`, vocabularyOf).digest, scheme?.digest)
    t.not(readScheme(schemeText(name).replace(/^version: .*/m, 'version: "another"'), vocabularyOf).digest, scheme?.digest)
  })

  t.test(`${name}: cases`, async t => {
    const scheme = shippedScheme(name)
    const cases = casesOf(name)
    for (const one of cases) {
      const { got, wanted } = outcomeOf(scheme, one)
      t.same(got, wanted, `${one.file}: ${one.name}`)
    }
    const reasons = cases.flatMap(one => one.expect.reasons ?? [])
    for (const { gate, condition } of scheme.gates) {
      // The totals of an incomplete scheme have no upper end, so a line that they must reach is never failed for certain.
      const canFail = scheme.status === 'complete' || (condition.totals ?? []).length === 0
      if (canFail) t.ok(reasons.includes(`gate-failed ${gate}`), `a case fails the gate ${gate}`)
      t.ok(reasons.includes(`gate-missing ${gate}`), `a case lacks evidence for the gate ${gate}`)
    }
    for (const { item } of scheme.items) {
      const expected = new Set(cases.flatMap(one => one.expect.items?.[item] ?? []))
      t.ok(expected.size >= 2, `cases expect different points for ${item}`)
    }
  })
}

// What stands in a small scheme, changed in one place; the finding with its line and column in the text.
const measures = [
  '{',
  '  taxYears: {yearsWith: {of: incomeTax, amount: amount, atLeast: 1}, source: {ref: s}},',
  '  volunteerHours: {sum: {of: volunteering, amount: hours}, source: {ref: s}},',
  '  skills: {codes: {of: skill, code: grade}, source: {ref: s}},',
  '  permitHeld: {covers: {of: permit}, source: {ref: s}}',
  '}',
].join('\n  ')
const rate = (of: string) => `{rate: {of: ${of}, points: 1, per: 1, count: whole}}`
const withItem = (node: string, scale?: string) => small({ measures, items: `{${item('i', node, scale)}}` })
const withMeasure = (name: string, source: string, rest: Parts = {}) =>
  small({ measures: `{${name}: {${source}, source: {ref: s}}}`, ...rest })
const bands = (rows: string, outside = '') => withItem(`{bands: {of: taxYears, rows: [${rows}]${outside}}}`)
const choice = (rows: string) => withItem(`{choice: {of: skills, rows: [${rows}], otherwise: 0}}`)
const insurance = 'of: insurance, where: {insurance: pension}'

/** [what, the scheme, code, pointer, and words of the message] */
const refused: [string, string, string, string, RegExp][] = [
  [
    'a gap',
    bands('{below: 5, then: {points: 1}}, {from: 6, then: {points: 2}}'),
    'gap',
    '/items/i/value/bands/rows/1',
    /from 5 to below 6/,
  ],
  [
    'a gap of a fence post',
    bands('{below: 5, then: {points: 1}}, {from: 5, below: 9, then: {points: 2}}'),
    'gap',
    '/items/i/value/bands/rows/1',
    /larger values/,
  ],
  ['nothing below the first', bands('{from: 1, then: {points: 1}}'), 'gap', '/items/i/value/bands/rows/0', /smaller values/],
  [
    'an overlap',
    bands('{below: 6, then: {points: 1}}, {from: 5, then: {points: 2}}'),
    'overlap',
    '/items/i/value/bands/rows/1',
    /begins at 5/,
  ],
  [
    'the same band twice',
    bands('{then: {points: 1}}, {then: {points: 2}}'),
    'overlap',
    '/items/i/value/bands/rows/1',
    /begins at the start/,
  ],
  [
    'an empty band',
    bands('{below: 5, then: {points: 1}}, {from: 5, below: 5, then: {points: 2}}, {from: 5, then: {points: 3}}'),
    'gap',
    '/items/i/value/bands/rows/1',
    /empty/,
  ],
  [
    'a figure finer than its unit',
    bands('{below: 5.5, then: {points: 1}}, {from: 5.5, then: {points: 2}}'),
    'unit-mismatch',
    '/items/i/value/bands/rows/0/below',
    /more decimals than its unit/,
  ],
  [
    'two rows of one name',
    choice('{row: a, holds: [level-1], points: 1}, {row: a, holds: [level-2], points: 2}'),
    'overlap',
    '/items/i/value/choice/rows/1/row',
    /two rows "a"/,
  ],
  [
    'a misspelt code in a row',
    choice('{row: a, holds: [level-6], points: 1}'),
    'unknown-name',
    '/items/i/value/choice/rows/0/holds/0',
    /never gives the code "level-6"/,
  ],
  [
    'a misspelt code in a condition',
    small({ measures, gates: '{g: {title: {zh-CN: 门, en: g}, source: {ref: s}, require: {measure: skills, holds: level-6}}}' }),
    'unknown-name',
    '/gates/g/require/holds',
    /it gives: level-5/,
  ],
  ['a count of codes', withMeasure('education', 'count: {of: education}'), 'unit-mismatch', '/measures/education', /counts records/],
  ['a count for yes or no', withMeasure('permitHeld', 'count: {of: permit}'), 'unit-mismatch', '/measures/permitHeld', /counts records/],
  [
    'the first date of a trait',
    withMeasure('residentSince', 'earliest: {of: sex}'),
    'unit-mismatch',
    '/measures/residentSince/earliest/of',
    /no date/,
  ],
  ['unknown measure', withItem(rate('taxYear')), 'unknown-name', '/items/i/value/rate/of', /no measure "taxYear"/],
  [
    'a measure that the vocabulary lacks',
    withMeasure('height', 'count: {of: crime}'),
    'missing-field',
    '/measures/height',
    /vocabulary has no measure "height"/,
  ],
  [
    'unknown evidence',
    withMeasure('crimes', 'count: {of: crimes}'),
    'unknown-name',
    '/measures/crimes/count/of',
    /has a kind of evidence "crimes"/,
  ],
  [
    'unknown attribute',
    withMeasure('monthsInsured', 'months: {of: insurance, where: {sort: pension}}'),
    'unknown-name',
    '/measures/monthsInsured/months/where/sort',
    /insurance, payment/,
  ],
  [
    'unknown code',
    withMeasure('monthsInsured', 'months: {of: insurance, where: {insurance: life}}'),
    'unknown-name',
    '/measures/monthsInsured/months/where/insurance',
    /pension, medical/,
  ],
  [
    'unknown date',
    withMeasure('detentions', 'count: {of: detention, window: {from: fiveYears}}'),
    'unknown-name',
    '/measures/detentions/count/window/from',
    /known: reference/,
  ],
  [
    'an impossible date',
    withMeasure('detentions', 'count: {of: detention, window: {from: 2015-02-29}}'),
    'unknown-name',
    '/measures/detentions/count/window/from',
    /2015-02-29/,
  ],
  [
    'a date that rests on a later one',
    small({ dates: '{a: {from: b, assumption: x}, b: {from: reference, assumption: x}}' }),
    'unknown-name',
    '/dates/a/from',
    /no date "b" above/,
  ],
  [
    'a date named reference',
    small({ dates: '{reference: {from: 2015-01-01, assumption: x}}' }),
    'reserved-name',
    '/dates/reference',
    /as-of date/,
  ],
  ['unknown source', withItem('{points: 1, source: {ref: t}}'), 'unknown-name', '/items/i/value/source/ref', /no source "t"/],
  [
    'an item that a total lacks',
    small({ items: `{${item('i', '{points: 1}')}}`, totals: '{t: {title: {zh-CN: 总, en: t}, scale: 2, rounding: none, items: [j]}}' }),
    'unknown-name',
    '/totals/t/items/0',
    /no item "j"/,
  ],
  [
    'a row chosen of an item below',
    small({
      measures,
      items: `{${item('j', '{decide: {rows: [{if: {chosen: {item: i, row: a}}, then: {points: 1}}], otherwise: {points: 0}}}')}, ${item('i', '{choice: {of: skills, rows: [{row: a, holds: [level-1], points: 1}], otherwise: 0}}')}}`,
    }),
    'unknown-name',
    '/items/j/value/decide/rows/0/if/chosen/item',
    /above/,
  ],
  ['months given to years', withMeasure('taxYears', `months: {${insurance}}`), 'unit-mismatch', '/measures/taxYears', /counts months/],
  [
    'yuan given to hours',
    withMeasure('volunteerHours', 'sum: {of: donation, amount: amount}'),
    'unit-mismatch',
    '/measures/volunteerHours',
    /counts yuan/,
  ],
  ['codes multiplied', withItem(rate('skills')), 'unit-mismatch', '/items/i/value/rate/of', /no quantity/],
  [
    'a quantity chosen from',
    withItem('{choice: {of: taxYears, rows: [{row: a, holds: [x], points: 1}], otherwise: 0}}'),
    'unit-mismatch',
    '/items/i/value/choice/of',
    /not codes/,
  ],
  [
    'a date compared with a figure',
    small({
      measures: '{residentSince: {earliest: {of: residence}, source: {ref: s}}}',
      gates: '{g: {title: {zh-CN: 条件, en: g}, source: {ref: s}, require: {measure: residentSince, below: 5}}}',
    }),
    'unit-mismatch',
    '/gates/g/require',
    /is a date/,
  ],
  [
    'yes compared with a figure',
    withItem('{decide: {rows: [{if: {measure: permitHeld, atLeast: 1}, then: {points: 1}}], otherwise: {points: 0}}}'),
    'unit-mismatch',
    '/items/i/value/decide/rows/0/if',
    /is: "yes"/,
  ],
  [
    'a code compared as an amount',
    withMeasure('monthsInsured', 'months: {of: insurance, where: {insurance: {atLeast: 1}}}'),
    'unit-mismatch',
    '/measures/monthsInsured/months/where/insurance',
    /is a code/,
  ],
  [
    'months of a certificate',
    withMeasure('monthsEmployed', 'months: {of: education}'),
    'unit-mismatch',
    '/measures/monthsEmployed/months/of',
    /no spans/,
  ],
  [
    'overlap of what has no spans',
    withMeasure('monthsStudyInsured', 'overlap: {of: study, with: {of: award}}'),
    'unit-mismatch',
    '/measures/monthsStudyInsured/overlap/with/of',
    /no spans/,
  ],
  [
    'tolerance in days',
    withMeasure('monthsResident', 'months: {of: employment, tolerate: {where: {basis: licence}, upTo: 3}}'),
    'unit-mismatch',
    '/measures/monthsResident/months/tolerate',
    /days/,
  ],
  [
    'an item without source',
    small({ items: '{i: {title: {zh-CN: 项, en: i}, scale: 2, rounding: none, value: {points: 1}}}' }),
    'figure-without-source',
    '/items/i',
    /name a source/,
  ],
  [
    'a measure without source',
    small({ measures: '{crimes: {count: {of: crime}}}' }),
    'figure-without-source',
    '/measures/crimes',
    /source or an assumption/,
  ],
  [
    'a gate without source',
    small({ measures, gates: '{g: {title: {zh-CN: 条件, en: g}, require: {measure: permitHeld, is: "yes"}}}' }),
    'figure-without-source',
    '/gates/g',
    /name a source/,
  ],
  [
    'a date without source',
    small({ dates: '{d: {from: reference, move: start-of-year}}' }),
    'figure-without-source',
    '/dates/d',
    /source or an assumption/,
  ],
  [
    'a floor without source',
    small({ items: `{${item('i', '{points: 1}')}}`, totals: '{t: {title: {zh-CN: 总, en: t}, scale: 2, rounding: none, floor: 0}}' }),
    'figure-without-source',
    '/totals/t/floor',
    /neither source/,
  ],
  [
    'a value that does not terminate',
    withItem('{rate: {of: taxYears, points: 1, per: 12, count: exact}}'),
    'not-exact',
    '/items/i',
    /decimals without end/,
  ],
  ['a value finer than its scale', withItem('{points: 0.125}'), 'not-exact', '/items/i', /need 3 decimals/],
  [
    'a total coarser than its items',
    small({ items: `{${item('i', '{points: 1}')}}`, totals: '{t: {title: {zh-CN: 总, en: t}, scale: 1, rounding: none}}' }),
    'not-exact',
    '/totals/t',
    /need 2 decimals and has 1/,
  ],
  ['a scale beyond six', withItem('{points: 1}', 'scale: 7, rounding: none'), 'wrong-form', '/items/i/scale', /at most 6/],
  [
    'figures beyond the exact integers',
    withItem('{rate: {of: taxYears, points: 0.000000001, per: 999999999999999, count: exact}}'),
    'out-of-range',
    '/items/i/value',
    /smaller figures/,
  ],
  [
    'a floor above the cap',
    withItem(`{limit: {of: ${rate('taxYears')}, atMost: 1, atLeast: 2}}`),
    'overlap',
    '/items/i/value/limit/atLeast',
    /above the cap/,
  ],
  ['per 0', withItem('{rate: {of: taxYears, points: 1, per: 0, count: exact}}'), 'wrong-form', '/items/i/value/rate/per', /more than 0/],
  [
    'a circle',
    small({
      measures:
        '{monthsOwnHome: {least: [monthsOwnHome, monthsInsured], source: {ref: s}}, monthsInsured: {months: {of: insurance}, source: {ref: s}}}',
    }),
    'circle',
    '/measures/monthsOwnHome/least/0',
    /rests on itself/,
  ],
  [
    'a circle of two',
    small({
      measures:
        '{monthsRentDeclared: {difference: {of: monthsInsured, less: monthsInsured}, source: {ref: s}}, monthsInsured: {least: [monthsRentDeclared, monthsRentDeclared], source: {ref: s}}}',
    }),
    'circle',
    '/measures/monthsInsured/least/0',
    /rests on itself/,
  ],
  ['incomplete without saying what', small({ status: 'incomplete' }), 'missing-field', '/status', /absent/],
  [
    'complete with something absent',
    small({ status: 'complete\nabsent: [{zh-CN: 缺, en: a part}]' }),
    'wrong-choice',
    '/absent',
    /incomplete/,
  ],
  ['no total', small({ totals: '{}' }), 'missing-field', '/totals', /at least one total/],
  [
    'a vocabulary that is not there',
    small({}).replace('vocabulary: "1"', 'vocabulary: "2"'),
    'unknown-name',
    '/vocabulary',
    /no vocabulary "2"/,
  ],
  ['an unknown field', small({}).replace('status:', 'state: x\nstatus:'), 'unknown-field', '/state', /did you mean "status"\?|known here/],
  [
    'a slip in a field',
    withItem('{points: 1}').replace('scale: 2, rounding: none, value', 'scale: 2, rouding: none, rounding: none, value'),
    'unknown-field',
    '/items/i/rouding',
    /did you mean "rounding"\?/,
  ],
  ['an unknown kind of node', withItem('{point: 1}'), 'unknown-field', '/items/i/value/point', /did you mean "points"\?/],
  ['two kinds of node', withItem('{points: 1, deduct: {points: 1}}'), 'wrong-choice', '/items/i/value', /exactly one of/],
  ['a name with a capital', small({ items: `{${item('Item', '{points: 1}')}}` }), 'wrong-form', '/items/Item', /cannot be used/],
  ['a figure that is none', withItem('{points: 1e3}'), 'wrong-form', '/items/i/value/points', /decimal figure/],
  ['a text in one language', small({}).replace('{zh-CN: 小, en: small}', '{en: small}'), 'missing-translation', '/title', /zh-CN/],
  [
    'an assumption in one language',
    withItem('{points: 1, assumption: {en: x}}'),
    'missing-translation',
    '/items/i/value/assumption',
    /zh-CN/,
  ],
  ['an empty assumption', withItem('{points: 1, assumption: ""}'), 'wrong-form', '/items/i/value/assumption', /must not be empty/],
  [
    'a condition with nothing to compare',
    withItem('{decide: {rows: [{if: {is: x}, then: {points: 1}}], otherwise: {points: 0}}}'),
    'wrong-choice',
    '/items/i/value/decide/rows/0/if',
    /measure, date, value, chosen/,
  ],
]

t.test('schemes that are refused, each with its place in the text', async t => {
  for (const [what, text, code, pointer, words] of refused) {
    const { scheme, findings } = lintScheme(text, vocabularyOf)
    const errors = findings.filter(({ severity }) => severity === 'error')
    const found = errors.find(one => one.code === code && one.pointer === pointer)
    t.equal(scheme, undefined, `${what}: no scheme comes of it`)
    t.match(found?.message, words, `${what}: ${code} at ${pointer}`) || t.comment(JSON.stringify(errors))
    // The named part stands on that line, or its value does on the line below.
    const name = pointer.split('/').at(-1) as string
    const near = text
      .split('\n')
      .slice(Math.max(0, (found?.line ?? 0) - 2), found?.line)
      .join('\n')
    t.ok(/^\d+$/.test(name) || near.includes(`${name}:`), `${what}: ${name} stands at ${found?.line}:${found?.column}`)
  }
})

t.test('line and column', async t => {
  const text = schemeText('model/2017')
  const lines = text.split('\n')
  const at = (line: number, column: number) => lines[line - 1]?.slice(column - 1)
  const changed = text.replace('{below: 5, then', '{below: 4, then')
  const { findings } = lintScheme(changed, vocabularyOf)
  const gap = findings.find(({ code }) => code === 'gap')
  t.match(at(gap?.line ?? 0, gap?.column ?? 0), /^\{from: 5/, `${gap?.line}:${gap?.column}`)
  const slip = lintScheme(text.replace('floor: 0', 'flour: 0'), vocabularyOf).findings[0]
  t.equal(at(slip?.line ?? 0, 1), '    floor: 0')
  t.equal(at(slip?.line ?? 0, slip?.column ?? 0), '0', 'a field is found at its value')
  t.match(slip?.message, /did you mean "floor"\?/)
})

t.test('documents that cannot be read', async t => {
  for (const [what, text, line, column] of [
    ['empty', '', 1, 1],
    ['only a comment', '# nothing\n', 1, 1],
    ['a list that is not closed', 'scheme: small\nsources: [1, 2\n', 3, 1],
    ['a name given twice', 'scheme: small\nversion: "1"\nscheme: other\n', 3, 1],
    ['an alias', 'scheme: small\ntitle: &t {en: x}\nabsent: [*t]\n', 3, 10],
    ['a value left out', 'scheme: small\nversion:\n', 2, 9],
    ['two documents', 'scheme: small\n---\nscheme: other\n', 2, 1],
    ['a tag that nobody knows', 'scheme: !secret small\n', 1, 9],
    ['a name that is a list', '? [a, b]\n: c\n', 1, 3],
    ['a reserved name', 'scheme: small\n__proto__: {}\n', 2, 1],
    ['tabs', 'scheme:\n\tx: 1\n', 2, 1],
  ] as const) {
    const { scheme, findings } = lintScheme(text, vocabularyOf)
    t.equal(scheme, undefined, what)
    t.match(findings[0], { code: 'unreadable-document', severity: 'error', line, column }, `${what}: ${findings[0]?.message}`)
  }
  t.same(
    lintScheme('just text', vocabularyOf).findings.map(({ code, line }) => [code, line]),
    [['wrong-type', 1]],
  )
})

t.test('a scheme that is to be used is refused with every error', async t => {
  const text = bands('{below: 5, then: {points: 1}}, {from: 6, then: {points: 2}}').replace('atLeast: 1}, source: {ref: s}', 'atLeast: 1}')
  t.throws(() => readScheme(text, vocabularyOf), Refusal)
  try {
    readScheme(text, vocabularyOf)
  } catch (error) {
    const { code, faults } = error as Refusal
    t.equal(code, 'invalid-scheme')
    t.same(faults.map(fault => fault.code).sort(), ['figure-without-source', 'figure-without-source', 'gap'])
    for (const { message } of faults) t.match(message, /^line \d+, column \d+: /)
  }
})

t.test('a figure rests on an article, on an assumption, or on an article that is read with one', async t => {
  for (const origin of ['source: {ref: s}', 'assumption: x', 'source: {ref: s}, assumption: x', 'assumption: {zh-CN: 假, en: x}'])
    t.ok(lintScheme(withItem(`{points: 1, ${origin}}`), vocabularyOf).scheme, origin)
})

t.test('notes stop nobody', async t => {
  const notes = (text: string) => {
    const { scheme, findings } = lintScheme(text, vocabularyOf)
    t.ok(scheme)
    return findings.map(({ severity, code, pointer }) => [severity, code, pointer])
  }
  const unused = ['taxYears', 'volunteerHours', 'skills', 'permitHeld'].map(name => ['note', 'unused-measure', `/measures/${name}`])
  t.same(notes(withItem('{points: 1}')), unused)
  t.same(notes(withItem('{limit: {of: {points: 1}, atMost: 2}}')), [...unused, ['note', 'unreachable-cap', '/items/i/value/limit/atMost']])
  t.same(notes(choice('{row: a, holds: [level-1], points: 2}, {row: b, holds: [level-1, level-2], points: 1}')).at(-1), [
    'note',
    'unreachable-row',
    '/items/i/value/choice/rows/1',
  ])
  const first = (node: string) => notes(withItem(node)).filter(([, code]) => code !== 'unused-measure')
  const decide = (...conditions: string[]) =>
    `{decide: {rows: [${conditions.map(one => `{if: {measure: taxYears, ${one}}, then: {points: 1}}`).join(', ')}], otherwise: {points: 0}}}`
  const row = (i: number) => ['note', 'unreachable-row', `/items/i/value/decide/rows/${i}`]
  t.same(first(decide('atLeast: 2', 'atLeast: 3')), [row(1)], 'what the row above takes already')
  t.same(first(decide('atLeast: 3', 'atLeast: 2')), [])
  t.same(first(decide('below: 3', 'equals: 2', 'atMost: 3')), [row(1)])
  t.same(first(decide('atLeast: 5, below: 3')), [['note', 'never-holds', '/items/i/value/decide/rows/0/if']])
  t.same(first(decide('below: 0')), [['note', 'never-holds', '/items/i/value/decide/rows/0/if']])
  t.same(
    first('{limit: {of: {bands: {of: taxYears, rows: [{below: 3, then: {points: 3}}, {from: 3, then: {points: 9}}]}}, atMost: 5}}'),
    [['note', 'unreachable-value', '/items/i/value/limit/of/bands/rows/1/then/points']],
    'a value that the cap above it makes unreachable',
  )
  t.same(first('{bands: {of: taxYears, rows: [{from: -3, below: 0, then: {points: 3}}, {from: 0, then: {points: 9}}]}}'), [
    ['note', 'unreachable-row', '/items/i/value/bands/rows/0'],
  ])
})
