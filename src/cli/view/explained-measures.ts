import { isDeepStrictEqual } from 'node:util'
import { isMap, mapIn, partAt, textIn, textsIn, treeOf } from '../../scoring/diff/tree.ts'
import type { Origin } from '../../scoring/document-parts.ts'
import type { MeasureExplanation, NodeExplanation } from '../../scoring/explanation.ts'
import { counting } from './explained-each.ts'
import { leftOutOf, leftOutTexts } from './explained-left-out.ts'
import { recordText, toldRecords } from './explained-records.ts'
import { countedAs, limitTexts } from './explained-years.ts'
import { type Line, measureSource, ruleText, type Telling } from './telling.ts'

/** A measure with its value and how much evidence it was taken from: "months insured: 80 (3 records)". */
export function measureText(name: string, telling: Telling): string {
  const { words, labels, explanation } = telling
  const measure = explanation.measures[name]
  const title = `${labels.measure(name)}${words.colon}`
  if (!measure || measure.value === null) return title + (isGiven(measure) ? words.notSettled : words.missing)
  const value = title + labels.value(name, measure.value)
  if (measure.attested) return value + words.gap + words.attested(measure.attested.source)
  const made = madeOf(name, telling)
  if (made) return `${value}${words.semicolon}${made.text}`
  const window = windowText(mapIn(measureSource(name, telling)?.body, 'window'), telling)
  return (
    value +
    (window === undefined ? '' : words.clause + window) +
    words.gap +
    evidenceText(measure.evidence, leftOutOf(name, telling).length, telling)
  )
}

/** Whether there are records that could have told a measure. */
function isGiven(measure: MeasureExplanation | undefined): boolean {
  return measure !== undefined && measure.evidence.length + measure.leftOut.length > 0
}

/** The measures that a node or a part of it looks at. */
export function measuresIn(node: NodeExplanation): string[] {
  const own = [node.how.measure, node.how.down, node.how.across].filter(name => typeof name === 'string')
  const asked = (condition: NodeExplanation['condition']): string[] => [
    ...(condition?.measure === undefined ? [] : [condition.measure]),
    ...(condition?.steps ? measuresIn(condition.steps) : []),
    ...(condition?.parts ?? []).flatMap(asked),
  ]
  return [...new Set([...own, ...asked(node.condition), ...(node.parts ?? []).flatMap(measuresIn)])]
}

/** Nothing is on record for a measure, or for those that it is made of. */
export function isEmpty(name: string, telling: Telling): boolean {
  return countsNothing(telling.explanation.measures[name]) && basesOf(name, telling).every(base => leftOutOf(base, telling).length === 0)
}

/** The records that were given to a measure of which not one counts: there is no other line that tells why. */
export function uncountedTexts(name: string, telling: Telling): string[] {
  return countsNothing(telling.explanation.measures[name]) ? basesOf(name, telling).flatMap(base => leftOutTexts(base, telling)) : []
}

function countsNothing(measure: MeasureExplanation | undefined): boolean {
  return measure !== undefined && measure.value !== null && !measure.attested && measure.evidence.length === 0
}

/** The measures of evidence that a measure is made of in the end: itself, if it is made of no others. */
function basesOf(name: string, telling: Telling): string[] {
  const made = telling.explanation.measures[name]?.attested ? undefined : madeOf(name, telling)
  return made ? [...new Set(made.measures.flatMap(part => basesOf(part, telling)))] : [name]
}

/** The measures of one item: each is told where it is used first, with its rule, its records and the measures that it is made of. */
export class Measuring {
  private readonly telling: Telling
  private readonly rule: Origin
  private readonly told = new Set<string>()

  constructor(telling: Telling, rule: Origin) {
    this.telling = telling
    this.rule = rule
  }

  lines(name: string, depth: number, kind?: string): Line[] {
    const { explanation } = this.telling
    // What a record says itself stands in its heading.
    if (kind !== undefined && !(name in explanation.measures)) return []
    if (this.told.has(name)) return []
    this.told.add(name)
    const measure = explanation.measures[name]
    const below = (texts: string[]): Line[] => texts.map(text => ({ depth: depth + 1, text }))
    const head = { depth, text: measureText(name, this.telling) }
    if (!measure) return [head]
    const rule = sameOrigin(measure.rule, this.rule) ? [] : ruleText(measure.rule, this.telling)
    const made = measure.attested ? undefined : madeOf(name, this.telling)
    if (made) return [head, ...below(rule), ...made.measures.flatMap(part => this.lines(part, depth + 1))]
    const records = toldRecords(measure.evidence, this.telling, countedAs(name, this.telling)).map(({ text }) => text)
    return [head, ...below([...rule, ...records, ...limitTexts(name, this.telling), ...leftOutTexts(name, this.telling)])]
  }

  /** Those of a node that are missing: they leave it open which case holds, or what it comes to. */
  missingIn(node: NodeExplanation, depth: number): Line[] {
    const missing = measuresIn(node).filter(name => this.telling.explanation.measures[name]?.value === null)
    return missing.flatMap(name => this.lines(name, depth))
  }

  /** Of `each`: the kind of record, and every record with its points and how they came about. */
  recordsOf(node: NodeExplanation, depth: number, steps: (part: NodeExplanation, depth: number) => Line[]): Line[] {
    const { words, labels, scheme } = this.telling
    const { how, parts = [], evidence = [] } = node
    const title = labels.kind(String(how.kind))
    if (how.records === null) return [{ depth, text: title + words.colon + words.missing }]
    const window = windowText(scheme && mapIn(partAt(treeOf(scheme), node.at), 'window'), this.telling)
    // The tree does not tell what the register holds besides: so nothing is said of it.
    const heading =
      title +
      (window === undefined ? '' : words.clause + window) +
      words.gap +
      (evidence.length === 0 ? words.noneCounts : evidenceText(evidence, 0, this.telling))
    const counts = counting(node)
    return [
      { depth, text: heading },
      ...parts.flatMap((part, i) => {
        const record = evidence[i]
        const says = record ? recordText(record, this.telling, true) : words.part(i + 1)
        const left = counts.has(i) ? '' : `${words.semicolon}${words.leftOut}`
        return [
          { depth, text: `- ${says}${words.semicolon}${part.points === null ? words.open : words.gives(part.points)}${left}` },
          ...(part.node === 'points' ? [] : steps(part, depth + 1)),
        ]
      }),
    ]
  }
}

function evidenceText(evidence: MeasureExplanation['evidence'], leftOut: number, { words }: Telling): string {
  const declared = evidence.filter(record => record.state !== 'verified').length
  if (evidence.length > 0) return words.records(evidence.length, declared, leftOut)
  return leftOut > 0 ? words.noneCounted(leftOut) : words.noRecords
}

function windowText(window: ReturnType<typeof mapIn>, { words, labels }: Telling): string | undefined {
  if (!window) return undefined
  const [from, until] = [textIn(window, 'from'), textIn(window, 'until')]
  return words.window(from && labels.day(from), until && labels.day(until))
}

/** Of a measure that is made of others: how, and which. */
function madeOf(name: string, telling: Telling): { text: string; measures: string[] } | undefined {
  const source = measureSource(name, telling)
  const made = source && Object.hasOwn(telling.words.made, source.kind) ? telling.words.made[source.kind] : undefined
  if (!source || !made) return undefined
  const { body } = source
  const operands = isMap(body) ? ['of', 'less'].flatMap(field => textsIn(body, field)) : (body as string[])
  const measures = operands.filter(operand => !/^\d/.test(operand))
  return { text: made(operands.map(operand => (/^\d/.test(operand) ? operand : telling.labels.measure(operand)))), measures }
}

function sameOrigin(a: Origin, b: Origin): boolean {
  return a.source?.ref === b.source?.ref && a.source?.article === b.source?.article && isDeepStrictEqual(a.assumption, b.assumption)
}
