import { extendVocabulary } from '../../../src/scoring/scheme/evidence-names.ts'
import { type KindDefinition, ofMonths, type Unit, type Vocabulary } from '../../../src/scoring/vocabulary.ts'
import type { Tree } from '../../../src/values/document.ts'
import type { Random } from '../random-facts.ts'

/*
 * What the parts of a random scheme draw from: the kinds of evidence, dates, measures, items and totals that there are so far, and small
 * figures, so that boundaries and ties are met by facts with equally small ones.
 */

export type Map_ = { [name: string]: Tree }
/** What can be read: a measure, or inside `each` an attribute of the record. */
export type Reading = { name: string; unit: Unit; codes?: readonly string[] | undefined }
export type Own = { units: Map_; evidence: Map_ }

export class Pool {
  readonly random: Random
  readonly vocabulary: Vocabulary
  /** The kinds of evidence that this scheme looks at: few, so that its parts look at the same records. */
  readonly kinds: readonly KindDefinition[]
  readonly dates = ['reference']
  readonly measures: Reading[] = []
  readonly items: string[] = []
  readonly totals: string[] = []
  /** By item with one choice: the rows of it. */
  readonly choices = new Map<string, string[]>()
  private made: (string[] | undefined)[] = []

  constructor(random: Random, base: Vocabulary, own: Own) {
    this.random = random
    this.vocabulary = extendVocabulary(base, own.units as never, own.evidence as never, (_, pointer, message) => {
      throw new Error(`${pointer}: ${message}`)
    })
    const shared = Array.from({ length: 3 + random.below(3) }, () => random.pick([...base.kinds.keys()]))
    this.kinds = [...new Set([...shared, ...Object.keys(own.evidence)])].map(name => this.vocabulary.kinds.get(name) as KindDefinition)
  }

  /** A choice was put into the item under way; of one inside `each` no row can be asked for. */
  choiceMade(rows: string[] | undefined): void {
    this.made.push(rows)
  }

  itemDone(name: string): void {
    const [only, ...others] = this.made
    if (only && others.length === 0) this.choices.set(name, only)
    this.made = []
    this.items.push(name)
  }

  unit(name: string): Unit {
    return this.vocabulary.units.get(name) as Unit
  }

  kind(fits: (kind: KindDefinition) => boolean): KindDefinition | undefined {
    const fitting = this.kinds.filter(fits)
    return fitting.length === 0 ? undefined : this.random.pick(fitting)
  }

  measure(fits: (measure: Reading) => boolean): Reading | undefined {
    const fitting = this.measures.filter(fits)
    return fitting.length === 0 ? undefined : this.random.pick(fitting)
  }

  /** The name of a date, or a literal one. */
  date(): string {
    return this.random.chance(75) ? this.random.pick(this.dates) : literalDate(this.random)
  }

  /** One or both of two dates. */
  span(): Map_ {
    const which = this.random.below(3)
    return { ...(which !== 1 && { from: this.date() }), ...(which !== 0 && { until: this.date() }) }
  }

  /** `of`, and now and then `where` and `window`. */
  selection(kind: KindDefinition, { window = true } = {}): Map_ {
    const hasWindow = window && kind.shape !== 'trait' && this.random.chance(40)
    return { ...this.filter(kind), ...(hasWindow && { window: this.span() }) }
  }

  filter(kind: KindDefinition): Map_ {
    const where = this.where(kind, 30)
    return { of: kind.name, ...(Object.keys(where).length > 0 && { where }) }
  }

  where(kind: KindDefinition, percent: number): Map_ {
    const { random } = this
    const where: Map_ = {}
    for (const [name, { codes, unit }] of kind.attributes) {
      if (!random.chance(percent)) continue
      where[name] = codes ? this.codesWanted([...codes.keys()]) : bounds(random, (unit as Unit).scale, false)
    }
    return where
  }

  private codesWanted(codes: string[]): Tree {
    const { random } = this
    const list = some(random, codes, 1 + random.below(3))
    return random.pick<Tree>([list[0] as string, list, { not: list[0] as string }, { not: list }])
  }
}

export function isSpan(kind: KindDefinition): boolean {
  return kind.shape === 'span'
}
export const isDated = (kind: KindDefinition) => kind.shape !== 'trait'
export const sameGrain = (a: KindDefinition) => (b: KindDefinition) => isSpan(b) && ofMonths(a) === ofMonths(b)

/** The names of a kind's amounts, or of its lists of codes. */
export function attributesOf(kind: KindDefinition, what: 'unit' | 'codes'): string[] {
  return [...kind.attributes].filter(([, attribute]) => attribute[what] !== undefined).map(([name]) => name)
}

/** Some different ones of a list. */
export function some<T>(random: Random, list: readonly T[], number: number): T[] {
  return [...new Set(Array.from({ length: number }, () => random.pick(list)))]
}

/** A small amount in a unit, as facts and rules both have it. */
export function amount(random: Random, scale: number, least = 0): string {
  const whole = random.chance(75) ? random.below(6) : random.pick([0, 6, 10, 11, 12, 13, 24, 36, 100])
  const fraction = scale === 0 || random.chance(50) ? '' : random.pick(['5', '25', '1', '9', '99', '001'])
  const text = `${whole}${fraction ? `.${fraction.slice(0, scale)}` : ''}`
  return Number(text) < least ? String(least) : text
}

/** One or two bounds, mostly such that something lies within. */
export function bounds(random: Random, scale: number, equals: boolean, figure = () => amount(random, scale)): Map_ {
  if (equals && random.chance(15)) return { equals: figure() }
  const [low, high] = [random.pick(['atLeast', 'above']), random.pick(['atMost', 'below'])]
  const [a, b] = [figure(), figure()].sort((x, y) => Number(x) - Number(y)) as [string, string]
  return random.pick([{ [low]: a }, { [high]: b }, { [low]: a, [high]: b }])
}

export function literalDate(random: Random): string {
  const day = random.pick(['01', '01', '15', '28', '30', '31'])
  const month = random.pick(day === '31' ? ['01', '03', '08', '12'] : day === '30' ? ['04', '06', '11', '12'] : ['02', '02', '03', '12'])
  return `${2016 + random.below(5)}-${random.chance(10) ? '02-29' : `${month}-${day}`}`.replace(/^(2017|2018|2019)-02-29$/, '$1-02-28')
}

/** A title in both languages. */
export function title(name: string): Tree {
  return { 'zh-CN': `名 ${name}`, en: name }
}

export function origin(random: Random): Map_ {
  const [source, assumption] = [{ source: { ref: 's', article: 'an article' } }, { assumption: 'made up' }]
  return random.pick([source, source, assumption, { ...source, ...assumption }])
}
