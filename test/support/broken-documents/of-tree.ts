import type { Tree } from '../../../src/values/document.ts'
import type { Random } from '../random-facts.ts'
import { changed, type Map_, type Place, placesIn } from './places.ts'

/*
 * Ways to break a scheme that is without errors, so that it certainly is no scheme any more. Each gives the broken tree, or nothing where the
 * scheme has no place for it.
 */

type Break = (tree: Map_, random: Random) => Tree | undefined

/** Changes one of the places that fit. */
function at(fits: (place: Place) => boolean, change: (place: Place, random: Random) => Tree | undefined): Break {
  return (tree, random) => {
    const places = placesIn(tree).filter(place => place.path.length > 0 && fits(place))
    if (places.length === 0) return undefined
    const place = random.pick(places)
    return changed(tree, place.path, () => change(place, random))
  }
}

const isMap = (value: Tree): value is Map_ => typeof value === 'object' && !Array.isArray(value)
const isText = ({ value }: Place) => typeof value === 'string'
const has = (value: Tree, ...names: string[]) => isMap(value) && names.every(name => Object.hasOwn(value, name))
const isIn = ({ path }: Place, ...sections: string[]) => sections.includes(path[0] as string)
const isName = (value: Tree) => typeof value === 'string' && /^[a-z][A-Za-z0-9_-]*$/.test(value)
const isFigure = (value: Tree) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
/** Texts of citizens and sources: what stands in them is free. */
const isFree = ({ path }: Place) =>
  path.some(name => ['title', 'assumption', 'article', 'sources', 'absent', '$schema', 'version'].includes(name))
/** A part of a section, such as one measure. */
const isPartOf =
  (...sections: string[]) =>
  (place: Place) =>
    place.path.length === 2 && isIn(place, ...sections)
const isNode = (place: Place) => isMap(place.value) && !!place.schema.properties?.rate
const isCondition = (place: Place) => isMap(place.value) && !!place.schema.properties?.chosen
const isMeasure = isPartOf('measures')
const without = (map: Map_, ...names: string[]) => Object.fromEntries(Object.entries(map).filter(([name]) => !names.includes(name)))

/** Fields that name something which must stand elsewhere. */
const references =
  'of ref measure item code amount among on endingOn date from until less percent total is holds items gates freezes same least greatest added codes default unit where'.split(
    ' ',
  )
const isReference = (place: Place) =>
  isName(place.value) && !isFree(place) && (references.includes(place.field) || place.path.includes('where'))
/** Names that every object of JavaScript knows, and no scheme. */
const inherited = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf']
const noFigures = [
  '1O',
  '1e3',
  'NaN',
  'Infinity',
  '-Infinity',
  '0x10',
  '1,5',
  '１',
  '--1',
  '.5',
  '5.',
  '+1',
  '1 000',
  '1_000',
  '9'.repeat(16),
  '0.1234567891',
]

export const brokenTrees: { [way: string]: Break } = {
  'an unknown field': at(
    ({ value }) => isMap(value),
    ({ value }, random) => {
      const name = random.pick(['unexpected', 'Points', 'x-note', '标题', '0', ...inherited])
      return { ...(value as Map_), [name]: 'x' }
    },
  ),
  'a required field left out': at(
    ({ value, schema }) => !!schema.required?.some(name => has(value, name)),
    ({ value, schema }, random) => without(value as Map_, random.pick((schema.required as string[]).filter(name => has(value, name)))),
  ),
  'a part of the document left out': (tree, random) =>
    without(
      tree,
      random.pick(['scheme', 'version', 'vocabulary', 'title', 'status', 'sources', 'calendar', 'measures', 'gates', 'items', 'totals']),
    ),
  'a measure, node or condition of no kind': at(
    place => isNode(place) || isCondition(place) || isMeasure(place),
    ({ value, schema }) => without(value as Map_, ...(schema.oneOf ?? []).flatMap(one => one.required ?? [])),
  ),
  'two kinds in one node': at(isNode, ({ value }) => ({
    ...(value as Map_),
    ...(has(value, 'points') ? { deduct: { points: '1' } } : { points: '1' }),
  })),
  'two kinds in one measure': at(isMeasure, ({ value }) => ({
    ...(value as Map_),
    ...(has(value, 'count') ? { covers: { of: 'permit' } } : { count: { of: 'permit' } }),
  })),
  'two questions in one condition': at(isCondition, ({ value }) => ({
    ...(value as Map_),
    ...(has(value, 'not') ? { all: [value] } : { not: { date: 'reference', from: '2019-01-01' } }),
  })),
  'a name that nothing has': at(isReference, (_, random) => random.pick(['nowhere', 'nowhere-at-all', 'x'.repeat(60)])),
  'a name that every object inherits': at(isReference, (_, random) => random.pick(inherited)),
  'a name of no form': at(isReference, (_, random) =>
    random.pick(['Big', '9lives', 'a b', 'ä', '名', 'x'.repeat(61), '__proto__', '-', 'a/b']),
  ),
  'an impossible date': at(
    ({ value, path }) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !path.includes('title'),
    (_, random) => random.pick(['2019-02-29', '2019-13-01', '2019-00-10', '2019-04-31', '0000-01-01', '2019-1-1', '2019-01', '20190101']),
  ),
  'a figure that is none': at(
    place => isFigure(place.value) && !isFree(place) && place.field !== 'vocabulary',
    (_, random) => random.pick(noFigures),
  ),
  'a figure finer than any unit': at(
    ({ path, field, value }) =>
      isFigure(value) &&
      ['from', 'below', 'after', 'upTo'].includes(field) &&
      ['rate', 'rows'].includes(path.at(-2) === 'rate' ? 'rate' : (path.at(-3) as string)),
    () => '1.1234567',
  ),
  'too many decimals': at(
    place => place.field === 'scale' && !isFree(place) && !isIn(place, 'units'),
    (_, random) => random.pick(['10', '11', '999']),
  ),
  'a word that the field does not know': at(
    place =>
      !isFree(place) &&
      [
        'status',
        'mark',
        'monthEnd',
        'rounding',
        'mode',
        'count',
        'take',
        'which',
        'single',
        'gaps',
        'move',
        'in',
        'shape',
        'grain',
      ].includes(place.field) &&
      isText(place),
    (_, random) => random.pick(['sideways', 'None', 'half up', 'true', '1']),
  ),
  'a text that is a map': at(isText, () => ({})),
  'a text that is a list': at(isText, (_, random) => random.pick<Tree>([[], [[]], [{}]])),
  'a map that is a text': at(
    ({ value, path, field }) => isMap(value) && !path.includes('where') && field !== 'assumption',
    () => 'x',
  ),
  'a map that is a list': at(
    ({ value, field }) => isMap(value) && field !== 'with' && field !== 'where',
    ({ value }) => [value],
  ),
  'a list that is a text': at(
    ({ value, path }) => Array.isArray(value) && !path.includes('where'),
    () => 'x',
  ),
  'a list that is a map': at(
    ({ value }) => Array.isArray(value),
    () => ({}),
  ),
  'an empty list': at(
    ({ value, field }) => Array.isArray(value) && !['gates', 'freezes'].includes(field),
    () => [],
  ),
  'an empty text': at(
    place => isText(place) && !isFree({ ...place, path: place.path.filter(name => name !== 'version') }),
    () => '',
  ),
  'an empty title': at(
    ({ value }) => has(value, 'zh-CN', 'en'),
    ({ value }, random) => ({ ...(value as Map_), [random.pick(['zh-CN', 'en'])]: '' }),
  ),
  'a missing translation': at(
    ({ value }) => has(value, 'zh-CN', 'en'),
    ({ value }, random) => without(value as Map_, random.pick(['zh-CN', 'en'])),
  ),
  // An assumption may be one text, shown in both languages.
  'a title in one language': at(
    ({ value, field }) => has(value, 'zh-CN', 'en') && field !== 'assumption',
    () => 'title',
  ),
  'a missing source': at(isPartOf('measures', 'gates', 'freezes', 'items', 'dates', 'checks'), ({ value }) =>
    without(value as Map_, 'source', 'assumption'),
  ),
  'no source of the calendar': tree => changed(tree, ['calendar'], value => without(value as Map_, 'source', 'assumption')),
  'bands with a gap or an overlap': (tree, random) => {
    const isNext = ({ path, field, value }: Place) => {
      if (field !== 'from' || path.at(-3) !== 'rows') return false
      const rows = path.slice(0, -2).reduce<Tree>((part, name) => (part as Map_)[name] as Tree, tree) as Map_[]
      return rows.some(row => row.below === value && row.then !== undefined)
    }
    return at(isNext, ({ value }) => String(Number(value) + random.pick([1, -1, 100])))(tree, random)
  },
  'bands that leave values out': at(
    place => isNode(place) && has(place.value, 'bands'),
    () => ({ bands: { of: 'nowhere', rows: [{ from: '1', below: '2', then: { points: '1' } }] } }),
  ),
  'a table with a hole': at(
    ({ value, path }) => has(value, 'down', 'across', 'points') && path.at(-1) === 'table',
    ({ value }) => ({ ...(value as Map_), points: [...((value as Map_).points as Tree[]), ['1']] }),
  ),
  'a comparison that does not fit': at(
    ({ value }) => has(value, 'measure') && Object.keys(value).length > 1,
    ({ value }) => ({
      measure: (value as Map_).measure as Tree,
      ...(has(value, 'is') || has(value, 'holds') ? { atLeast: '1' } : { holds: 'male' }),
    }),
  ),
  'no comparison': at(
    ({ value }) => has(value, 'measure') && Object.keys(value).length > 1,
    ({ value }) => ({ measure: (value as Map_).measure as Tree }),
  ),
  'points for what is no quantity': (tree, random) => {
    const name = nameOf(tree, ['codes', 'covers', 'earliest', 'latest'], random)
    return (
      name &&
      at(
        ({ path, field, value }) => field === 'of' && path.at(-2) === 'rate' && isName(value),
        () => name,
      )(tree, random)
    )
  },
  'a choice by what gives no codes': (tree, random) => {
    const name = nameOf(tree, ['count', 'months', 'covers', 'age', 'sum'], random)
    return (
      name &&
      at(
        ({ path, field }) => field === 'of' && path.at(-2) === 'choice',
        () => name,
      )(tree, random)
    )
  },
  'a negative deduction': at(
    place => isNode(place) && isIn(place, 'items', 'totals'),
    () => ({ deduct: { points: '-1' } }),
  ),
  'an item that looks at a total': at(
    place => isNode(place) && isIn(place, 'items'),
    ({ path }) => ({ total: path[0] as string }),
  ),
  'an item that looks at itself': at(
    place => isNode(place) && isIn(place, 'items'),
    ({ path }) => ({ items: [path[1] as string] }),
  ),
  'a measure that rests on itself': at(isMeasure, ({ path, value }) => ({
    ...without(value as Map_, ...Object.keys(value as Map_).filter(name => !['title', 'source', 'assumption'].includes(name))),
    added: [path[1] as string, '1'],
  })),
  'measures in a circle': (tree, random) => {
    const names = Object.keys(tree.measures as Map_)
    if (names.length < 2) return undefined
    const circle = names.slice(0, 2 + random.below(names.length - 1))
    const measures = circle.map((name, i): [string, Tree] => [
      name,
      { title: { 'zh-CN': '圈', en: 'circle' }, assumption: 'in a circle', greatest: [circle[(i + 1) % circle.length] as string, '1'] },
    ])
    return { ...tree, measures: { ...(tree.measures as Map_), ...Object.fromEntries(measures) } }
  },
  'a year that takes points away': at(
    place => isNode(place) && isIn(place, 'items', 'totals'),
    () => ({ each: { of: 'award', give: { points: '1' }, perYear: { atMost: '-1' } } }),
  ),
  'each in each': at(
    place => isNode(place) && isIn(place, 'items', 'totals'),
    () => ({ each: { of: 'award', give: { each: { of: 'award', give: { points: '1' } } } } }),
  ),
  'a name that the vocabulary has': (tree, random) => ({
    ...tree,
    evidence: {
      ...(tree.evidence as Map_),
      [random.pick(['birth', 'permit', 'insurance'])]: { title: { 'zh-CN': '名', en: 'name' }, shape: 'event' },
    },
  }),
  'a reserved name': tree => ({ ...tree, dates: { reference: { from: '2019-01-01', assumption: 'x' }, ...(tree.dates as Map_) } }),
  'an incomplete scheme that lacks nothing': tree => (tree.absent ? { ...tree, status: 'complete' } : { ...tree, status: 'incomplete' }),
  'no total': tree => ({ ...tree, totals: {} }),
  'half a surrogate pair': at(isText, ({ value }, random) => {
    const text = value as string
    const where = random.below(text.length + 1)
    return `${text.slice(0, where)}${random.pick(['\ud800', '\udfff'])}${text.slice(where)}`
  }),
  'a control character': at(
    place => isReference(place) || (isFigure(place.value) && !isFree(place)),
    ({ value }, random) => `${value}${random.pick(['\0', '\u0007', '\u001b', '\u007f', '\u2028', '\ufeff', '\t', '\n'])}`,
  ),
  'a long list of what is no list': at(
    ({ value }) => isMap(value),
    (_, random) => Array.from({ length: random.chance(10) ? 20_000 : 100 }, () => 'x'),
  ),
  'a long sum with one fault': at(
    place => isNode(place),
    (_, random) => ({ sum: [...Array.from({ length: random.chance(10) ? 2000 : 100 }, () => ({ points: '1' })), { point: '1' }] }),
  ),
}

/** A measure of one of some kinds. */
function nameOf(tree: Map_, kinds: readonly string[], random: Random): string | undefined {
  const names = Object.entries(tree.measures as Map_).filter(([, source]) => kinds.some(kind => has(source, kind)))
  return names.length === 0 ? undefined : random.pick(names)[0]
}
