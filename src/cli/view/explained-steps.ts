import { mapIn, partAt, textIn, textsIn, treeOf } from '../../scoring/diff/tree.ts'
import type { Origin } from '../../scoring/document-parts.ts'
import type { NodeExplanation } from '../../scoring/explanation.ts'
import { flat, type Question, questions } from './explained-condition.ts'
import { eachText } from './explained-each.ts'
import { isEmpty, Measuring, measuresIn } from './explained-measures.ts'
import type { Labels } from './labels.ts'
import { originIn, rowIn } from './rule-text.ts'
import { type Line, ruleText, type Telling } from './telling.ts'
import type { Words } from './words.ts'

/** Items and their points, joined by +. */
export function itemsSum(items: readonly string[], { words, labels, explanation }: Telling): string {
  const pointsOf = (id: string) => explanation.items.find(({ item }) => item === id)?.points ?? words.open
  return items.map(id => `${labels.item(id)} ${pointsOf(id)}`).join(words.plus)
}

/** The steps from the measures to an item's points, in the order of the calculation: what goes in first, caps and rounding last. */
export function stepLines(steps: NodeExplanation, telling: Telling, rule: Origin = {}): Line[] {
  return new Steps(telling, rule).node(steps, 0)
}

/** What a question looks at; of points and rows what they are as well. */
export function subjectOf(question: Single, telling: Telling, kind?: string): string {
  const { words, labels } = telling
  switch (question.about) {
    case 'measure':
      return labels.measure(question.measure, kind)
    case 'date':
      return labels.date(question.date)
    case 'row':
      return question.test
    case 'points': {
      const { node, how } = question.steps
      const value = question.value ?? words.open
      if (node === 'total') return `${labels.total(String(how.total))} ${totalPoints(String(how.total), telling)}`
      if (node !== 'items') return words.pointsOf + words.colon + value
      const sum = itemsSum(how.items as string[], telling)
      return (how.items as string[]).length === 1 ? sum : sum + words.colon + value
    }
  }
}
type Single = Exclude<Question, { about: 'several' }>

/** The points of a total, as far as they are known. */
function totalPoints(name: string, { words, explanation }: Telling): string {
  const { points = null, known } = explanation.totals.find(({ total }) => total === name) ?? {}
  return points === null ? words.open : known === 'lower-bound' ? words.atLeast(points) : points
}

/** Points that stand elsewhere in the explanation. */
export function isReference({ node }: NodeExplanation): boolean {
  return node === 'items' || node === 'total'
}

type Teller = (node: NodeExplanation, steps: Steps) => string[]

/** What each kind of node makes of what goes into it, with the figure before and after. */
const tellers: { [node: string]: Teller } = {
  points: ({ points }, { words }) => [words.gives(points as string)],
  rate: (node, steps) => [rateText(node, steps)],
  bands: () => [],
  table: (node, { telling }) => [cellText(node, telling)],
  choice({ at, how, points }, { words, labels, kind }) {
    const gives = words.gives(points as string)
    if (how.row === null) return [`${words.noRow}${words.colon}${gives}`]
    return [words.row(labels.row(at, String(how.row), String(how.measure), kind), gives)]
  },
  sum: ({ points }, { words }) => [`${words.sum}${words.colon}${points}`],
  highest: ({ points }, { words }) => [`${words.highest}${words.colon}${points}`],
  lowest: ({ points }, { words }) => [`${words.lowest}${words.colon}${points}`],
  limit({ how }, { words }) {
    if (how.applied === 'cap') return [words.cut(String(how.atMost), String(how.before))]
    if (how.applied === 'floor') return [words.raised(String(how.atLeast), String(how.before))]
    return [words.notReached(textOf(how.atMost), textOf(how.atLeast), String(how.before))]
  },
  round: ({ how, points }, { words }) => [words.rounded(String(how.mode), String(how.scale), String(how.before), points as string)],
  percent({ how, points }, { words }) {
    return [`${words.percent(String(how.percent), String(how.before))}${words.colon}${words.gives(points as string)}`]
  },
  share({ how, points }, { words }) {
    const more = how.divisor === 1 ? 0 : Number(how.divisor) - Number(how.value)
    const divided = words.share(String(how.before), String(how.divisor), more > 0 ? String(more) : null)
    return [
      `${divided}${words.clause}${words.roundedTo(String(how.mode), String(how.scale))}${words.colon}${words.gives(points as string)}`,
    ]
  },
  deduct: ({ points }, { words }) => [`${words.takenAway}${words.colon}${points}`],
  decide: () => [],
  each: (node, { words }) => [...eachText(node, words), `${words.sum}${words.colon}${node.points}`],
  items: ({ how, points }, { words, telling }) => [
    `${itemsSum(how.items as string[], telling)}${words.colon}${words.gives(points as string)}`,
  ],
  total: ({ how, points }, { words, labels }) => [`${labels.total(String(how.total))}${words.colon}${words.gives(points as string)}`],
}

/** The kinds of nodes that there are words for. */
export const kindsTold: readonly string[] = Object.keys(tellers)

class Steps {
  readonly telling: Telling
  readonly words: Words
  readonly labels: Labels
  private readonly measures: Measuring
  /** The kind of record while inside `each`. */
  kind: string | undefined

  constructor(telling: Telling, rule: Origin) {
    this.telling = telling
    this.words = telling.words
    this.labels = telling.labels
    this.measures = new Measuring(telling, rule)
  }

  node(node: NodeExplanation, depth: number): Line[] {
    const at = (texts: string[]): Line[] => texts.map(text => ({ depth, text }))
    const rule = at(node.rule ? ruleText(node.rule, this.telling) : [])
    const lines = [...this.before(node, depth), ...this.parts(node, depth), ...at(node.node === 'choice' ? this.rowRule(node) : [])]
    const after = at(this.after(node))
    // What a cap or a rounding rests on stands beside it; what a part rests on stands above it.
    const beside = (node.node === 'limit' || node.node === 'round') && node.title === undefined
    return beside ? [...lines, ...rule, ...after] : [...rule, ...lines, ...after]
  }

  private after(node: NodeExplanation): string[] {
    const { words, labels } = this
    const tell = tellers[node.node]
    if (!tell) throw new Error(`a kind of node without words: ${node.node}`)
    if (node.points !== null) return isSettled(node) ? [words.settled(words.gives(node.points))] : tell(node, this)
    if (node.node === 'items') return [itemsSum(node.how.items as string[], this.telling)]
    const total = String(node.how.total)
    return node.node === 'total' ? [`${labels.total(total)}${words.colon}${totalPoints(total, this.telling)}`] : []
  }

  /** What the row that was taken rests on, if it names a source of its own. */
  private rowRule({ node, at, how }: NodeExplanation): string[] {
    const { scheme } = this.telling
    if (!scheme || how.row === undefined || how.row === null || node === 'table') return []
    const row = node === 'choice' ? rowIn(partAt(treeOf(scheme), at), String(how.row)) : partAt(treeOf(scheme), `${at}/rows/${how.row}`)
    return ruleText(originIn(row), this.telling)
  }

  /** What is looked at before the parts of a node are worked out. */
  private before(node: NodeExplanation, depth: number): Line[] {
    const { words } = this
    const { how } = node
    const names = [how.measure, how.down, how.across].filter(name => typeof name === 'string')
    const lines = names.flatMap(name => this.measures.lines(name, depth, this.kind))
    if (node.node === 'bands' && node.how.value !== null)
      lines.push({ depth, text: how.row === null ? words.outsideBands : words.band(textOf(how.from), textOf(how.below)) })
    if (node.node === 'decide') lines.push(...this.decision(node, depth))
    if (node.node !== 'choice') lines.push(...this.rowRule(node).map(text => ({ depth, text })))
    return lines
  }

  private decision({ how, condition }: NodeExplanation, depth: number): Line[] {
    const { words } = this
    const rows = condition?.parts ?? []
    if (condition?.answer === 'missing') {
      // Measures that are missing are told with the parts.
      const open = flat(questions(rows.at(-1) ?? condition, words, this.labels, this.kind)).filter(one => one.about !== 'measure')
      return [words.notDecided, ...open.map(question => this.reason(question))].map(text => ({ depth, text }))
    }
    const decisive = how.row === null ? rows : rows.slice(-1)
    const asked = decisive.flatMap(row => flat(questions(row, words, this.labels, this.kind)))
    const reasons = asked.map(question => ({
      above: this.lookedAt(question, depth),
      text: (how.row === null ? words.failing : words.because)(this.reason(question)),
    }))
    const lines = reasons.flatMap(({ above, text }) => [...above, { depth, text }])
    return how.row === null ? [...lines, { depth, text: words.otherwise }] : lines
  }

  private reason(question: Single): string {
    const subject = subjectOf(question, this.telling, this.kind)
    if (question.about === 'row') return subject
    return (
      subject + (question.about === 'points' ? this.words.semicolon + this.words.asked(question.test) : this.words.colon + question.test)
    )
  }

  /** How what a question looks at came about. */
  private lookedAt(question: Single, depth: number): Line[] {
    if (question.about === 'measure') return this.measures.lines(question.measure, depth, this.kind)
    return question.about === 'points' && !isReference(question.steps) ? this.node(question.steps, depth) : []
  }

  private parts(node: NodeExplanation, depth: number): Line[] {
    const parts = node.parts ?? []
    if (node.node === 'each') return this.records(node, depth)
    if (node.condition?.answer === 'missing') return this.measures.missingIn(node, depth)
    if (!severalTogether.has(node.node)) return parts.flatMap(part => this.node(part, depth))
    return parts.flatMap((part, i) => {
      const { words } = this
      const heading = `- ${part.title?.[this.telling.language] ?? words.part(i + 1)}${words.colon}${part.points ?? words.open}`
      if (this.isNothing(part)) return [{ depth, text: `${heading}${words.gap}${words.noRecords}` }]
      return [{ depth, text: heading }, ...this.node(part, depth + 1)]
    })
  }

  /** Of `each`: every record with its points. */
  private records(node: NodeExplanation, depth: number): Line[] {
    const outer = this.kind
    this.kind = String(node.how.kind)
    const lines = this.measures.recordsOf(node, depth, (part, below) => this.node(part, below))
    this.kind = outer
    return lines
  }

  /** No register holds anything and nothing came of it: then there are no steps to tell. */
  private isNothing(node: NodeExplanation): boolean {
    const names = measuresIn(node)
    return this.kind === undefined && node.points === '0' && names.length > 0 && names.every(name => isEmpty(name, this.telling))
  }
}
const severalTogether = new Set(['sum', 'highest', 'lowest'])

/** Evidence is missing, and the points are known all the same: then the steps say nothing of how. */
function isSettled({ node, points, branch, how }: NodeExplanation): boolean {
  if (points === null || node === 'items' || node === 'total') return false
  return branch === 'missing' || how.before === null
}

function rateText({ how, points }: NodeExplanation, { words, labels, kind }: Steps): string {
  const measure = String(how.measure)
  const per = how.per === '1' ? null : String(how.per)
  const unit = labels.unit(measure, per === null, kind)
  // Of what is only counted in wholes anyway there is no part that would have to be left out.
  const count = per === null && !String(how.value).includes('.') ? 'exact' : String(how.count)
  const times = how.units === undefined || per === null ? '' : words.units(String(how.units))
  const counted = { after: textOf(how.after), upTo: textOf(how.upTo) }
  return words.rate(String(how.points), per, unit, count, counted) + words.colon + times + words.gives(points as string)
}

/** The place of a table: what its row and its column stand for, or their numbers where the scheme is not at hand. */
function cellText({ at, how, points }: NodeExplanation, { words, labels, scheme }: Telling): string {
  const gives = words.gives(points as string)
  if (how.row === null) return `${words.noCell}${words.colon}${gives}`
  const table = scheme && partAt(treeOf(scheme), at)
  const axis = (name: 'down' | 'across', index: number) => {
    const source = table && mapIn(table, name)
    const measure = textIn(source, 'of')
    const code = textsIn(source, 'codes')[index]
    if (code !== undefined) return labels.code(code, measure)
    const from = textsIn(source, 'from')
    return from[index] === undefined ? words.place(index + 1) : words.range(from[index], from[index + 1] ?? null)
  }
  return words.cell(axis('down', Number(how.row)), axis('across', Number(how.column)), gives)
}

function textOf(value: NodeExplanation['how'][string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
