import type { Origin } from '../../scoring/document-parts.ts'
import type { MeasureExplanation, NodeExplanation } from '../../scoring/explanation.ts'
import { questions } from './explained-condition.ts'
import type { Labels } from './labels.ts'
import type { Language, Words } from './words.ts'

/** A line of an explanation and how deep it stands. */
export type Line = { depth: number; text: string }

export type Telling = {
  language: Language
  words: Words
  labels: Labels
  measures: { [name: string]: MeasureExplanation }
}

/** What an item or a gate rests on, as one line; none if nothing is said. */
export function ruleText(rule: Origin, words: Words): string[] {
  if (rule.source) return [words.rule(rule.source.ref, rule.source.article)]
  return rule.assumption === undefined ? [] : [words.assumption(rule.assumption)]
}

/** A measure with its value and how much evidence it was taken from: "months insured: 80 (3 records)". */
export function measureText(name: string, { words, labels, measures }: Telling): string {
  const measure = measures[name]
  const title = `${labels.measure(name)}${words.colon}`
  if (!measure || measure.value === null) return title + words.missing
  const value = title + labels.value(name, measure.value)
  if (measure.attested) return value + words.gap + words.attested(measure.attested.source)
  const declared = measure.evidence.filter(record => record.state !== 'verified').length
  const evidence = measure.evidence.length === 0 ? words.noRecords : words.records(measure.evidence.length, declared)
  return value + words.gap + evidence
}

/** The steps from the measures to an item's points, in the order of the calculation: what goes in first, caps and rounding last. */
export function stepLines(steps: NodeExplanation, telling: Telling): Line[] {
  return new Steps(telling).node(steps, 0)
}

class Steps {
  private readonly telling: Telling
  /** A measure is told where it is used first. */
  private readonly told = new Set<string>()

  constructor(telling: Telling) {
    this.telling = telling
  }

  node(node: NodeExplanation, depth: number): Line[] {
    const { words } = this.telling
    const at = (texts: string[]): Line[] => texts.map(text => ({ depth, text }))
    const rule = at(node.rule ? ruleText(node.rule, words) : [])
    const after = at(this.after(node))
    // What a cap or a rounding rests on stands beside it; what a part rests on stands above it.
    const step = node.node === 'limit' || node.node === 'round'
    if (step && node.title === undefined) return [...this.parts(node, depth), ...rule, ...after]
    return [...rule, ...this.before(node, depth), ...this.parts(node, depth), ...after]
  }

  /** What is looked at before the parts of a node are worked out. */
  private before(node: NodeExplanation, depth: number): Line[] {
    const { words, labels } = this.telling
    const { how } = node
    const lines: Line[] = typeof how.measure === 'string' ? this.measure(how.measure, depth) : []
    if (node.node === 'bands' && node.how.value !== null) {
      const [from, below] = [textOf(how.from), textOf(how.below)]
      lines.push({ depth, text: how.row === null ? words.outsideBands : words.band(from, below) })
    }
    if (node.node === 'decide' && node.condition) {
      const { parts = [] } = node.condition
      if (isOpen(node)) lines.push({ depth, text: words.notDecided })
      const decisive = how.row === null ? parts : parts.slice(-1)
      for (const { measure, test } of decisive.flatMap(part => questions(part, words, labels))) {
        if (measure !== undefined) lines.push(...this.measure(measure, depth))
        const what = measure === undefined ? test : `${labels.measure(measure)}${words.colon}${test}`
        if (how.row !== null) lines.push({ depth, text: words.because(what) })
      }
      if (how.row === null && !isOpen(node)) lines.push({ depth, text: words.otherwise })
    }
    return lines
  }

  private parts(node: NodeExplanation, depth: number): Line[] {
    const parts = node.parts ?? []
    if (isOpen(node)) return this.missingIn(node, depth)
    if (node.node !== 'sum' && node.node !== 'highest') return parts.flatMap(part => this.node(part, depth))
    return parts.flatMap((part, i) => {
      const { words, language } = this.telling
      const heading = `- ${part.title?.[language] ?? words.part(i + 1)}${words.colon}${part.points ?? words.open}`
      if (this.isNothing(part)) return [{ depth, text: `${heading}${words.gap}${words.noRecords}` }]
      return [{ depth, text: heading }, ...this.node(part, depth + 1)]
    })
  }

  /** What a node makes of its parts, with the figure before and after. */
  private after(node: NodeExplanation): string[] {
    const { words, labels } = this.telling
    const { how, points } = node
    if (points === null) return []
    switch (node.node) {
      case 'points':
        return [words.gives(points)]
      case 'rate': {
        const per = how.per === '1' ? null : String(how.per)
        const unit = labels.unit(String(how.measure), per === null)
        // Of what is only counted in wholes anyway there is no part that would have to be left out.
        const count = per === null && !String(how.value).includes('.') ? 'exact' : String(how.count)
        const times = how.units === undefined || per === null ? '' : words.units(String(how.units))
        return [`${words.rate(String(how.points), per, unit, count)}${words.colon}${times}${words.gives(points)}`]
      }
      case 'choice':
        return [
          how.row === null
            ? `${words.noRow}${words.colon}${words.gives(points)}`
            : words.row(labels.code(String(how.row)), words.gives(points)),
        ]
      case 'sum':
        return [`${words.sum}${words.colon}${points}`]
      case 'highest':
        return [`${words.highest}${words.colon}${points}`]
      case 'deduct':
        return [`${words.takenAway}${words.colon}${points}`]
      case 'round':
        return [words.rounded(String(how.mode), String(how.scale), String(how.before), points)]
      case 'limit':
        if (how.applied === 'cap') return [words.cut(String(how.atMost), String(how.before))]
        if (how.applied === 'floor') return [words.raised(String(how.atLeast), String(how.before))]
        return [words.notReached(textOf(how.atMost), textOf(how.atLeast))]
      default:
        return []
    }
  }

  /** The measures that leave it open which case holds, or what it comes to. */
  private missingIn(node: NodeExplanation, depth: number): Line[] {
    const missing = measuresIn(node).filter(name => this.telling.measures[name]?.value === null)
    return missing.flatMap(name => this.measure(name, depth))
  }

  /** No register holds anything and nothing came of it: then there are no steps to tell. */
  private isNothing(node: NodeExplanation): boolean {
    const names = measuresIn(node)
    const empty = (measure: MeasureExplanation | undefined) => measure !== undefined && !measure.attested && measure.evidence.length === 0
    return node.points === '0' && names.length > 0 && names.every(name => empty(this.telling.measures[name]))
  }

  private measure(name: string, depth: number): Line[] {
    if (this.told.has(name)) return []
    this.told.add(name)
    return [{ depth, text: measureText(name, this.telling) }]
  }
}

/** For lack of evidence it is not known which case of a decision holds. */
function isOpen(node: NodeExplanation): boolean {
  return node.node === 'decide' && node.condition?.answer === 'missing'
}

function measuresIn(node: NodeExplanation): string[] {
  const own = typeof node.how.measure === 'string' ? [node.how.measure] : []
  const asked = (condition: NodeExplanation['condition']): string[] => [
    ...(condition?.measure === undefined ? [] : [condition.measure]),
    ...(condition?.parts ?? []).flatMap(asked),
  ]
  return [...new Set([...own, ...asked(node.condition), ...(node.parts ?? []).flatMap(measuresIn)])]
}

function textOf(value: NodeExplanation['how'][string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
