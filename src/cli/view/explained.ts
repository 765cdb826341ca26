import type { Explanation, GateExplanation, ItemExplanation, TotalExplanation } from '../../scoring/explanation.ts'
import type { Vocabulary } from '../../scoring/vocabulary.ts'
import { questions } from './explained-condition.ts'
import { type Line, measureText, ruleText, stepLines, type Telling } from './explained-steps.ts'
import { labelsOf } from './labels.ts'
import { displayWidth, padEnd, wrapped } from './width.ts'
import { words as allWords, type Language } from './words.ts'

export type ExplainedOptions = {
  /** Columns of the terminal; 80 unless told, at least 40, and lines are never longer than 100. */
  columns?: number
  /** Gives codes and units their names in the language; without it they stand as in the scheme. */
  vocabulary?: Vocabulary
}

/**
 * One applicant's explained score as lines for a terminal: every gate with its answer, every item with its points, rule, measures, evidence and
 * steps, then the totals and whether they are exact. Made from the tree alone.
 */
export function explainedText(explanation: Explanation, language: Language, { columns = 80, vocabulary }: ExplainedOptions = {}): string {
  const words = allWords[language]
  const telling: Telling = { language, words, labels: labelsOf(explanation, language, vocabulary), measures: explanation.measures }
  const width = Math.min(100, Math.max(40, columns))
  const { scheme, version } = explanation.scheme
  const lines = [
    ...wrapped(words.heading(scheme, version, explanation.asOf), width),
    '',
    words.gates,
    ...explanation.gates.flatMap(gate => gateLines(gate, telling, width)),
    '',
    words.points,
    ...explanation.items.flatMap(item => itemLines(item, telling, width)),
    '',
    words.totals,
    ...explanation.totals.flatMap(total => totalLines(total, telling, width)),
    ...gatesSummary(explanation.gates, telling).flatMap(text => wrapped(text, width, '  ')),
  ]
  return `${lines.join('\n')}\n`
}

function gateLines(gate: GateExplanation, telling: Telling, width: number): string[] {
  const { words, labels, language } = telling
  const answerWidth = Math.max(...Object.values(words.answers).map(displayWidth)) + 2
  const indent = ' '.repeat(2 + answerWidth)
  const asked = questions(gate.require, words, labels).map(({ measure, test }) =>
    measure === undefined ? test : `${measureText(measure, telling)}${words.semicolon}${words.asked(test)}`,
  )
  return [
    ...wrapped(gate.title[language], width, `  ${padEnd(words.answers[gate.passed], answerWidth)}`, indent),
    ...[...ruleText(gate.rule, words), ...asked].flatMap(text => wrapped(text, width, indent, `${indent}  `)),
  ]
}

function itemLines(item: ItemExplanation, telling: Telling, width: number): string[] {
  const { words, language } = telling
  const { rounding } = item
  const last: string[] = []
  if (rounding) last.push(words.rounded(rounding.mode, String(rounding.scale), rounding.before, item.points ?? ''))
  if (item.known === 'lower-bound') last.push(words.lowerBoundItem)
  if (item.known === 'undetermined') last.push(words.openItem)
  const at = (texts: string[]): Line[] => texts.map(text => ({ depth: 0, text }))
  const below = [...at(ruleText(item.rule, words)), ...stepLines(item.steps, telling), ...at(last)]
  return [...headed(item.title[language], pointsText(item, telling), width), ...below.flatMap(line => indented(line, width))]
}

function totalLines(total: TotalExplanation, telling: Telling, width: number): string[] {
  const { words, language } = telling
  const at = (texts: string[]): Line[] => texts.map(text => ({ depth: 0, text }))
  const { rounding, raisedTo, steps } = total
  const last: string[] = []
  if (raisedTo !== null) last.push(words.raisedSum(raisedTo))
  else if (rounding) last.push(words.rounded(rounding.mode, String(rounding.scale), rounding.before, total.points ?? ''))
  const below = [...at([words.known[total.known]]), ...stepLines(steps, telling), ...at(last)]
  return [...headed(total.title[language], pointsText(total, telling), width), ...below.flatMap(line => indented(line, width))]
}

function gatesSummary(gates: readonly GateExplanation[], { words, language }: Telling): string[] {
  const named = (answer: GateExplanation['passed']) =>
    gates
      .filter(gate => gate.passed === answer)
      .map(gate => gate.title[language])
      .join(words.comma)
  const [failed, missing] = [named('no'), named('missing')]
  if (failed === '' && missing === '') return [words.passed]
  return [...(failed === '' ? [] : [words.failed(failed)]), ...(missing === '' ? [] : [words.notKnown(missing)])]
}

/** "20.00 of 50.00", "at least 12.00 of 30.00", "open"; where nothing can be gained, the points alone. */
function pointsText({ points, possible, known }: ItemExplanation | TotalExplanation, { words }: Telling): string {
  if (points === null) return words.open
  const text = possible === null || possible.startsWith('-') || /^0(\.0+)?$/.test(possible) ? points : words.of(points, possible)
  return known === 'lower-bound' ? words.atLeast(text) : text
}

/** A title and what it came to at the right edge, with dots between that lead the eye; on two lines if there is no room. */
function headed(title: string, points: string, width: number): string[] {
  const room = width - 2 - displayWidth(title) - displayWidth(points) - 2
  if (room >= 3) return [`  ${title} ${'.'.repeat(room)} ${points}`]
  return [...wrapped(title, width, '  '), `${' '.repeat(Math.max(2, width - displayWidth(points)))}${points}`]
}

function indented({ depth, text }: Line, width: number): string[] {
  const indent = ' '.repeat(4 + 2 * depth)
  return wrapped(text, width, indent, `${indent}  `)
}
