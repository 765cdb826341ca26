import { type Command, Option } from 'commander'
import type { Localized } from '../scoring/document-parts.ts'
import { type AttributeDefinition, type KindDefinition, ofMonths, type Shape, type Vocabulary } from '../scoring/vocabulary.ts'
import { formatDecimal } from '../values/decimal.ts'
import { didYouMean } from '../values/nearest.ts'
import { Refusal } from '../values/refusal.ts'
import { schemeIn } from './scheme-file.ts'
import { displayWidth, padEnd } from './view/width.ts'
import { type Language, languages } from './view/words.ts'
import { vocabularies } from './vocabularies.ts'

type Options = { language: Language; json?: true; scheme?: string }
type Names = Pick<Vocabulary, 'units' | 'kinds' | 'measures'>
const sections = ['units', 'kinds', 'measures'] as const

/** `points vocabulary`: the names that a scheme can use. */
export function vocabularyCommand(program: Command): void {
  program
    .command('vocabulary')
    .argument('[name]', 'only the unit, kind of evidence or measure of this name')
    .summary('list the names that a scheme can use')
    .description(
      'Prints the shared vocabulary: units, kinds of evidence with their attributes and codes, and measures with their unit. Titles stand in both languages.\n' +
        'With --scheme also what that scheme names itself.',
    )
    .option('--scheme <file>', 'a scheme document (YAML), whose own names are listed as well')
    .option('--json', 'one JSON object, in the form of the vocabulary document')
    .addOption(new Option('--language <language>', 'of the headings').choices(languages).default('en' satisfies Language))
    .action(print)
}

function print(name: string | undefined, { language, json, scheme: file }: Options): void {
  const { of, newest } = vocabularies()
  const scheme = file === undefined ? undefined : schemeIn(file)
  const shared = (scheme && of(scheme.vocabulary.version)) ?? newest
  const all = scheme?.vocabulary ?? shared
  if (name !== undefined && !sections.some(section => all[section].has(name))) {
    const known = sections.flatMap(section => [...all[section].keys()])
    const remedy = didYouMean(name, known) ?? 'points vocabulary lists all'
    throw new Refusal('unknown-name', `there is no unit, kind of evidence or measure "${name}"; ${remedy}`)
  }
  const wanted = (names: Names, without?: Names): Names => {
    const kept = <T>(map: ReadonlyMap<string, T>, other?: ReadonlyMap<string, T>) =>
      new Map([...map].filter(([one]) => (name === undefined || one === name) && !other?.has(one)))
    return {
      units: kept(names.units, without?.units),
      kinds: kept(names.kinds, without?.kinds),
      measures: kept(names.measures, without?.measures),
    }
  }
  const common = wanted(shared)
  const own = scheme && wanted(scheme.vocabulary, shared)
  if (json) {
    const named = scheme && own && { scheme: { scheme: scheme.scheme, version: scheme.version, ...documentOf(own) } }
    process.stdout.write(`${JSON.stringify({ vocabulary: shared.version, ...documentOf(common), ...named })}\n`)
    return
  }
  const words = wordsOf[language]
  const blocks: [heading: string, names: Names][] = [[words.shared(shared.version), common]]
  if (scheme && own) blocks.push([words.own(`${scheme.scheme}/${scheme.version}`), own])
  const told = blocks.filter(([, names]) => name === undefined || sections.some(section => names[section].size > 0))
  process.stdout.write(told.map(([heading, names]) => text(heading, names, words)).join('\n'))
}

/** As the vocabulary document has it. */
function documentOf({ units, kinds, measures }: Names): object {
  const map = <T>(parts: ReadonlyMap<string, T>, form: (part: T) => object) =>
    Object.fromEntries([...parts].map(([name, part]) => [name, form(part)]))
  return {
    units: map(units, ({ title, scale }) => ({ title, scale })),
    kinds: map(kinds, ({ title, shape, grain, attributes }) => ({
      ...{ title, shape, ...(shape === 'span' && { grain }) },
      attributes: map(attributes, attribute => ({
        title: attribute.title,
        ...(attribute.codes ? { codes: Object.fromEntries(attribute.codes) } : { unit: attribute.unit?.name }),
        ...(attribute.default !== undefined && { default: usual(attribute) }),
      })),
    })),
    measures: map(measures, ({ title, unit }) => ({ title, unit: unit.name })),
  }
}

/** What holds for a record that does not say. */
function usual({ default: value, unit }: AttributeDefinition): string | undefined {
  return typeof value === 'number' ? formatDecimal(value, unit?.scale ?? 0) : value
}

type Row = [name: string, title: Localized, more?: string]

function text(heading: string, { units, kinds, measures }: Names, words: Words): string {
  const lines: string[] = []
  const section = (title: string, rows: string[]) => {
    if (rows.length > 0) lines.push('', title, ...rows)
  }
  section(
    words.units,
    aligned(
      [...units.values()].map(({ name, title, scale }): Row => [name, title, words.decimals(scale)]),
      1,
    ),
  )
  section(
    words.kinds,
    [...kinds.values()].flatMap(kind => kindLines(kind, words)),
  )
  section(
    words.measures,
    aligned(
      [...measures.values()].map(({ name, title, unit }): Row => [name, title, words.in(unit.name)]),
      1,
    ),
  )
  return `${[heading, ...(lines.length > 0 ? lines : ['', words.none])].join('\n')}\n`
}

function kindLines(kind: KindDefinition, words: Words): string[] {
  const attributes = [...kind.attributes].flatMap(([name, attribute]) => {
    const more = [attribute.unit && words.in(attribute.unit.name), attribute.default !== undefined && words.usual(usual(attribute) ?? '')]
    const row: Row = [name, attribute.title, more.filter(Boolean).join(words.comma)]
    const codes = [...(attribute.codes ?? [])].map(([code, title]): Row => [code, title])
    return [...aligned([row], 3), ...aligned(codes, 4)]
  })
  return [...aligned([[kind.name, kind.title]], 1), `    ${words.shapes[ofMonths(kind) ? 'months' : kind.shape]}`, ...attributes]
}

/** Lines with the names and the Chinese titles in columns, so many steps further in. */
function aligned(rows: readonly Row[], steps: number): string[] {
  const widest = (texts: string[]) => Math.max(0, ...texts.map(displayWidth))
  const names = widest(rows.map(([name]) => name))
  const titles = widest(rows.map(([, title]) => title['zh-CN']))
  return rows.map(([name, title, more]) =>
    `${'  '.repeat(steps)}${padEnd(name, names)}  ${padEnd(title['zh-CN'], titles)}  ${title.en}${more ? `  (${more})` : ''}`.trimEnd(),
  )
}

type Words = {
  shared(version: string): string
  own(scheme: string): string
  none: string
  units: string
  kinds: string
  measures: string
  decimals(scale: number): string
  in(unit: string): string
  usual(value: string): string
  comma: string
  shapes: Record<Shape | 'months', string>
}

const wordsOf: Record<Language, Words> = {
  en: {
    shared: version => `Vocabulary ${version}`,
    own: scheme => `Named by ${scheme} itself`,
    none: '  nothing',
    units: 'Units',
    kinds: 'Kinds of evidence',
    measures: 'Measures',
    decimals: scale => (scale === 0 ? '' : `${scale} ${scale === 1 ? 'decimal' : 'decimals'}`),
    in: unit => `in ${unit}`,
    usual: value => `${value} if left out`,
    comma: ', ',
    shapes: {
      event: 'event, on a day: date (YYYY-MM-DD)',
      span: 'span, from a day to a day: from, to (YYYY-MM-DD)',
      months: 'span, from a month to a month: from, to (YYYY-MM)',
      certificate: 'certificate, held from a day on: issued, expires (YYYY-MM-DD)',
      trait: 'trait, without a date',
    },
  },
  'zh-CN': {
    shared: version => `共用指标词汇，版本 ${version}`,
    own: scheme => `方案 ${scheme} 自设名称`,
    none: '  无',
    units: '单位',
    kinds: '材料种类',
    measures: '计量',
    decimals: scale => (scale === 0 ? '' : `${scale} 位小数`),
    in: unit => `单位 ${unit}`,
    usual: value => `未写明时为 ${value}`,
    comma: '，',
    shapes: {
      event: 'event，发生于某日：date（YYYY-MM-DD）',
      span: 'span，起止日期：from、to（YYYY-MM-DD）',
      months: 'span，起止年月：from、to（YYYY-MM）',
      certificate: 'certificate，自取得之日起持有：issued、expires（YYYY-MM-DD）',
      trait: 'trait，无日期',
    },
  },
}
