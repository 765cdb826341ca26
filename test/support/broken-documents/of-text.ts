import type { Tree } from '../../../src/values/document.ts'
import type { Random } from '../random-facts.ts'
import type { Map_ } from './places.ts'

/* Ways to break the text of a scheme, in the block style of the shipped ones or as JSON. */

export type Source = { tree: Map_; yaml: string; json: string }
type Break = (source: Source, random: Random) => string | undefined

const depths = [...Array(15).fill(200), ...Array(7).fill(1000), 5000, 20_000] as number[]
/** Mostly small, now and then the most. */
const size = (random: Random, most: number) => (random.chance(4) ? most : 2 + random.below(most / 20))
/** So many levels, with something inside that is no part of a scheme. */
const nested = (open: string, close: string, depth: number, inside = 'x') => open.repeat(depth) + inside + close.repeat(depth)
/** An item whose value is the given text, in a scheme without measures. */
const withValue = (value: string) =>
  ofParts({ items: `{i: {title: {zh-CN: 项, en: i}, source: {ref: s}, scale: 2, rounding: half-up, value: ${value}}}` })

function ofParts({ measures = '{}', gates = '{}', items = '{}' }: { measures?: string; gates?: string; items?: string }): string {
  return [
    'scheme: small\nversion: "1"\nvocabulary: "1"\ntitle: {zh-CN: 小, en: small}\nstatus: complete\nsources: {s: {title: a source, mark: OWN}}',
    'calendar: {monthEnd: last-day, assumption: for the test}',
    `measures: ${measures}\ngates: ${gates}\nitems: ${items}\ntotals: {t: {title: {zh-CN: 总, en: t}, scale: 2, rounding: half-up}}\n`,
  ].join('\n')
}

const education = '{education: {codes: {of: education, code: certificate}, source: {ref: s}}}'
const many = (number: number, one: (i: number) => string) => Array.from({ length: number }, (_, i) => one(i)).join(', ')

export const brokenTexts: { [way: string]: Break } = {
  'an alias': ({ yaml }) => `${yaml}\nfirst: &a {en: x}\nsecond: *a\n`,
  'an alias that nothing has': ({ json }, random) => inPlaceOfText(json, '*nobody', random),
  'a merge key': ({ yaml }) => `${yaml}\nfirst: &a {en: x}\nsecond: {<<: *a}\n`,
  'a tag of its own': ({ json }, random) => inPlaceOfText(json, '!secret x', random),
  'a tag of YAML': ({ yaml }, random) => yaml.replace(/^status: /m, `status: ${random.pick(['!!binary', '!!str', '!', '!!seq'])} `),
  'a bomb of aliases': () => {
    const levels = Array.from({ length: 30 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`)
    return `l0: &l0 [lol, lol]\n${levels.join('\n')}\n`
  },
  'a name given twice': ({ tree }, random) => twice(tree, random),
  'the name of all objects': ({ json }, random) => {
    const braces = [...json.matchAll(/\{/g)].map(found => found.index)
    const brace = random.pick(braces)
    return `${json.slice(0, brace)}{"__proto__": {"x": "y"}, ${json.slice(brace + 1)}`.replace(', }', '}')
  },
  'a bracket left out': ({ json }, random) => leaveOut(json, /[{}[\]]/g, random),
  'a quotation mark left out': ({ json }) => json.slice(0, json.lastIndexOf('"')) + json.slice(json.lastIndexOf('"') + 1),
  'a text that is cut': ({ json }, random) => json.slice(0, 1 + random.below(json.length - 1)),
  'a text cut before its totals': ({ yaml }, random) => {
    const end = yaml.search(/^totals:/m)
    return end < 0 ? undefined : yaml.slice(0, random.below(end))
  },
  'a tab before a line': ({ yaml }, random) => {
    const lines = [...yaml.matchAll(/^ {2}(?=[a-z]\w*: )/gm)]
    if (lines.length === 0) return undefined
    const { index } = random.pick(lines)
    return `${yaml.slice(0, index)}\t${yaml.slice(index + 2)}`
  },
  'a value left out': ({ yaml }) => yaml.replace(/^version: .*$/m, 'version:'),
  'two documents': ({ yaml }) => `${yaml}\n---\n${yaml}`,
  'a text before the document': ({ yaml }, random) =>
    `${random.pick(['just text\n', '- a\n', '%YAML 9.9\n', '\0', '\ufeff\ufeff'])}${yaml}`,
  'a text that is no map': (_, random) =>
    random.pick([
      '',
      ' ',
      '\n',
      '# nothing\n',
      'just text',
      '[]',
      '- a\n- b\n',
      '42',
      '~',
      'null',
      '""',
      '\0',
      '\ufeff',
      '---',
      '...',
      '?',
      '{',
      '*',
      '&',
      '!',
      '\ud800',
    ]),
  'lists in lists': (_, random) => nested('[', ']', random.pick(depths)),
  'lists in lists that are not closed': (_, random) => '['.repeat(random.pick(depths)),
  'maps in maps': (_, random) => nested('{a: ', '}', random.pick(depths)),
  'lists in lists by indentation': (_, random) => `${'- '.repeat(random.pick(depths))}x\n`,
  'names of names': (_, random) => `${'? '.repeat(random.pick(depths))}x\n`,
  'nodes in nodes': (_, random) => withValue(nested('{sum: [', ']}', random.pick(depths), '{point: 1}')),
  'nodes in nodes to another end': (_, random) =>
    withValue(nested('{limit: {atMost: 1, of: ', '}}', random.pick(depths), '{rate: {of: nowhere, points: 1, per: 1, count: whole}}')),
  'conditions in conditions': (_, random) =>
    ofParts({
      gates: `{g: {title: {zh-CN: 门, en: g}, source: {ref: s}, require: ${nested('{not: ', '}', random.pick(depths), '{measure: nowhere, is: yes}')}}}`,
    }),
  'measures on measures': (_, random) => {
    const number = size(random, 5000)
    const one = (i: number) => `m${i}: {title: {zh-CN: 量, en: m}, source: {ref: s}, added: [m${i + 1}, 1]}`
    return ofParts({ measures: `{${many(number, one)}}` })
  },
  'a long choice with one fault': (_, random) =>
    withValue(
      `{choice: {of: education, rows: [${many(size(random, 10_000), i => `{row: r${i}, holds: [college], points: ${i}}`)}], otherwise: x}}`,
    ),
  'a long choice with an unknown code': (_, random) => {
    const rows = many(size(random, 5000), i => `{row: r${i}, holds: [${i === 1 ? 'nowhere' : 'college'}], points: ${i}}`)
    return withValue(`{choice: {of: education, rows: [${rows}], otherwise: 0}}`).replace('measures: {}', `measures: ${education}`)
  },
  'long bands with a gap': (_, random) => {
    const rows = many(size(random, 5000), i => `{from: ${i === 1 ? 2 : i}, below: ${i + 1}, then: {points: 1}}`)
    const age = '{age: {age: {of: birth}, source: {ref: s}}}'
    return withValue(`{bands: {of: age, rows: [${rows}], outside: {points: 0}}}`).replace('measures: {}', `measures: ${age}`)
  },
  'one name very often': (_, random) => withValue(`{items: [${many(size(random, 20_000), () => 'i')}]}`),
  'many unknown names': (_, random) => `${ofParts({})}${Array.from({ length: size(random, 10_000) }, (_, i) => `x${i}: y\n`).join('')}`,
  'a long name': (_, random) => `${ofParts({})}${'x'.repeat(size(random, 100_000))}: y\n`,
}

/** A text of a JSON document gives way to something else. */
function inPlaceOfText(json: string, other: string, random: Random): string {
  const { index, 0: text } = random.pick([...json.matchAll(/"[^"\\]*"(?=[,}\]])/g)])
  return json.slice(0, index) + other + json.slice(index + text.length)
}

/** A sign outside texts is left out. */
function leaveOut(json: string, sign: RegExp, random: Random): string {
  const bare = json.replace(/"(?:[^"\\]|\\.)*"/g, text => '"'.repeat(text.length))
  const { index } = random.pick([...bare.matchAll(sign)])
  return json.slice(0, index) + json.slice(index + 1)
}

/** A name of one map is written once more, with the value that it has. */
function twice(tree: Map_, random: Random): string {
  const maps: Map_[] = []
  const look = (part: Tree): void => {
    if (typeof part === 'string') return
    if (!Array.isArray(part) && Object.keys(part).length > 0) maps.push(part)
    for (const inner of Object.values(part)) look(inner)
  }
  look(tree)
  const chosen = random.pick(maps)
  const write = (part: Tree): string => {
    if (typeof part === 'string') return JSON.stringify(part)
    if (Array.isArray(part)) return `[${part.map(write).join(', ')}]`
    const names = Object.keys(part)
    const all = part === chosen ? [...names, random.pick(names)] : names
    return `{${all.map(name => `${JSON.stringify(name)}: ${write(part[name] as Tree)}`).join(', ')}}`
  }
  return write(tree)
}
