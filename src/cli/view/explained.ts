import { partAt, textsIn, treeOf } from '../../scoring/diff/tree.ts'
import type { Explanation, FreezeExplanation, GateExplanation, ItemExplanation, TotalExplanation } from '../../scoring/explanation.ts'
import type { Prospect } from '../../scoring/prospects.ts'
import type { Scheme } from '../../scoring/scheme/scheme.ts'
import type { Notice, ScoreTexts } from '../../scoring/score.ts'
import type { Vocabulary } from '../../scoring/vocabulary.ts'
import { type Question, questions } from './explained-condition.ts'
import { measureText, uncountedTexts } from './explained-measures.ts'
import { prospectLines } from './explained-prospects.ts'
import { isReference, itemsSum, stepLines, subjectOf } from './explained-steps.ts'
import { labelsOf } from './labels.ts'
import { titleIn } from './rule-text.ts'
import { type Line, ruleText, type Telling } from './telling.ts'
import { displayWidth, padEnd, wrapped } from './width.ts'
import { words as allWords, type Language } from './words.ts'

export type ExplainedOptions = {
  /** Columns of the terminal; 80 unless told, at least 40, and lines are never longer than 100. */
  columns?: number
  /** Gives codes and units their names in the language; without it they stand as in the scheme. That of the scheme, if it is handed in. */
  vocabulary?: Vocabulary
  /** Gives rows, tables, windows, dates and sources their names. */
  scheme?: Scheme
  /** Adds who is eligible, what is missing and what should be looked at. */
  score?: Pick<ScoreTexts, 'eligibleFor' | 'reasons' | 'missing' | 'unused' | 'notices'>
  /** Adds what would change the points. */
  prospects?: readonly Prospect[]
}

/**
 * One applicant's explained score as lines for a terminal: every gate and freeze with its answer, every item with its points, rule, measures, evidence
 * and steps, then the totals and whether they are exact.
 */
export function explainedText(explanation: Explanation, language: Language, options: ExplainedOptions = {}): string {
  const { columns = 80, scheme, vocabulary = scheme?.vocabulary, score, prospects } = options
  const words = allWords[language]
  const telling: Telling = { language, words, labels: labelsOf(explanation, language, vocabulary, scheme), explanation, vocabulary, scheme }
  const width = Math.min(100, Math.max(40, columns))
  const plain = (texts: string[]) => texts.flatMap(text => wrapped(text, width, '  ', '    '))
  const section = (heading: string, lines: string[]) => (lines.length === 0 ? [] : ['', heading, ...lines])
  const { gates, freezes, items, totals, asOf } = explanation
  const { scheme: name, version } = explanation.scheme
  const lines = [
    ...wrapped(scheme ? words.headingOf(scheme.title[language], version, asOf) : words.heading(name, version, asOf), width),
    ...(scheme?.status === 'incomplete' ? plain([words.incomplete(scheme.absent.map(part => part[language]).join(words.semicolon))]) : []),
    ...section(
      words.gates,
      gates.flatMap(gate => answerLines(gate, words.answers, gate.passed, gate.require, telling, width)),
    ),
    ...section(
      words.freezes,
      freezes.flatMap(freeze => answerLines(freeze, words.frozen, freeze.holds, freeze.when, telling, width)),
    ),
    ...section(
      words.points,
      items.flatMap(item => itemLines(item, telling, width)),
    ),
    ...section(words.totals, [
      ...totals.flatMap(total => totalLines(total, score?.eligibleFor[total.total], telling, width)),
      ...plain(summary(score, telling)),
      ...plain(score ? evidenceSummary(score, telling) : []),
    ]),
    ...section(words.notices, plain(score?.notices.map(notice => noticeText(notice, telling)) ?? [])),
    ...section(words.prospects, prospects?.flatMap(prospect => prospectSection(prospect, telling, width)) ?? []),
    ...section(words.sources, plain(sourceTexts(telling))),
  ]
  return `${lines.join('\n')}\n`
}

/** A gate or a freeze: the answer, what it rests on, and what settles it. */
function answerLines(
  { title, rule }: Pick<GateExplanation | FreezeExplanation, 'title' | 'rule'>,
  answers: { [answer: string]: string },
  answer: GateExplanation['passed'],
  condition: GateExplanation['require'],
  telling: Telling,
  width: number,
): string[] {
  const { words, labels, language } = telling
  const answerWidth = Math.max(...Object.values(answers).map(displayWidth)) + 2
  const indent = ' '.repeat(2 + answerWidth)
  const rest: Line[] = [
    ...at(ruleText(rule, telling)),
    ...questions(condition, words, labels).flatMap(question => askedLines(question, telling, 0)),
  ]
  return [
    ...wrapped(title[language], width, `  ${padEnd(answers[answer] as string, answerWidth)}`, indent),
    ...rest.flatMap(({ depth, text }) => wrapped(text, width, indent + '  '.repeat(depth), indent + '  '.repeat(depth + 1))),
  ]
}

function askedLines(question: Question, telling: Telling, depth: number): Line[] {
  const { words } = telling
  const together = (asked: Question[]): Line[] => {
    if (asked.length === 1) return asked.flatMap(one => askedLines(one, telling, depth + 1))
    return [{ depth: depth + 1, text: words.allOf }, ...asked.flatMap(one => askedLines(one, telling, depth + 2))]
  }
  switch (question.about) {
    case 'several':
      return [{ depth, text: words.oneOf }, ...question.oneOf.flatMap(together)]
    case 'row':
      return [{ depth, text: question.test }]
    case 'measure':
      return [
        { depth, text: measureText(question.measure, telling) + words.semicolon + words.asked(question.test) },
        ...uncountedTexts(question.measure, telling).map(text => ({ depth: depth + 1, text })),
      ]
    case 'date':
    case 'points': {
      const steps = question.about === 'points' && !isReference(question.steps) ? stepLines(question.steps, telling) : []
      return [
        ...steps.map(step => ({ ...step, depth: step.depth + depth })),
        { depth, text: subjectOf(question, telling) + words.semicolon + words.asked(question.test) },
      ]
    }
  }
}

function itemLines(item: ItemExplanation, telling: Telling, width: number): string[] {
  const { words, language } = telling
  const { rounding } = item
  const last: string[] = []
  if (rounding) last.push(words.rounded(rounding.mode, String(rounding.scale), rounding.before, item.points ?? ''))
  if (item.known === 'lower-bound') last.push(words.lowerBoundItem)
  if (item.known === 'undetermined') last.push(words.openItem)
  const below = [...at(ruleText(item.rule, telling)), ...stepLines(item.steps, telling, item.rule), ...at(last)]
  return [...headed(item.title[language], pointsText(item, telling), width), ...below.flatMap(line => indented(line, width))]
}

function totalLines(total: TotalExplanation, eligible: ScoreTexts['eligible'] | undefined, telling: Telling, width: number): string[] {
  const { words, language } = telling
  const { rounding, raisedTo, steps } = total
  const last: string[] = []
  if (raisedTo !== null) last.push(words.raisedSum(raisedTo))
  else if (rounding) last.push(words.rounded(rounding.mode, String(rounding.scale), rounding.before, total.points ?? ''))
  if (eligible) last.push(words.eligible[eligible])
  const below = [...at([words.known[total.known]]), ...totalSteps(steps, telling), ...at(last)]
  return [...headed(total.title[language], pointsText(total, telling), width), ...below.flatMap(line => indented(line, width))]
}

/** A total that only adds items is told by their names and points. */
function totalSteps(steps: TotalExplanation['steps'], telling: Telling): Line[] {
  return steps.node === 'items' ? at([itemsSum(steps.how.items as string[], telling)]) : stepLines(steps, telling)
}

function at(texts: string[]): Line[] {
  return texts.map(text => ({ depth: 0, text }))
}

function summary(score: ExplainedOptions['score'], telling: Telling): string[] {
  const { words, language } = telling
  const { gates, freezes } = telling.explanation
  const named = (parts: readonly { title: GateExplanation['title'] }[]) => parts.map(({ title }) => title[language]).join(words.comma)
  const failed = gates.filter(gate => gate.passed === 'no')
  const frozen = freezes.filter(freeze => freeze.holds === 'yes')
  const passed = gates.length > 0 && gates.every(gate => gate.passed === 'yes')
  const open = score ? undecided(score, telling) : []
  const settled = [...(passed ? [words.passed] : []), ...open].join(words.semicolon)
  // A freeze that is a reason why it is open is told as one.
  const missing = [
    ...gates.filter(gate => gate.passed === 'missing'),
    ...freezes.filter(freeze => freeze.holds === 'missing' && open.length === 0),
  ]
  return [
    ...(settled === '' ? [] : [settled.charAt(0).toUpperCase() + settled.slice(1) + words.stop]),
    ...(failed.length > 0 ? [words.failed(named(failed))] : []),
    ...(frozen.length > 0 ? [words.frozenBy(named(frozen))] : []),
    ...(missing.length > 0 ? [words.notKnown(named(missing))] : []),
  ]
}

/** Why it is open whether somebody is eligible, though no gate says so: for each total of which it is. */
function undecided(
  { eligibleFor, reasons }: NonNullable<ExplainedOptions['score']>,
  { words, language, explanation, scheme }: Telling,
): string[] {
  const { totals, items, freezes } = explanation
  const open = totals.filter(({ total }) => eligibleFor[total] === 'undetermined')
  const texts = open.map(({ total, title }) => {
    const used = scheme?.totals.find(one => one.total === total)
    const uses = (list: 'items' | 'freezes', index: number) => used === undefined || used[list].includes(index)
    const unchecked = [
      ...items.filter(({ known }, i) => known === 'undetermined' && uses('items', i)),
      ...freezes.filter(({ holds }, i) => holds === 'missing' && uses('freezes', i)),
    ].map(one => one.title[language])
    const incomplete = reasons.some(({ code }) => code === 'scheme-incomplete')
    return unchecked.length === 0 && !incomplete
      ? []
      : words.undecided(unchecked, incomplete, totals.length > 1 ? title[language] : undefined)
  })
  return texts.flat()
}

function evidenceSummary({ missing, unused }: NonNullable<ExplainedOptions['score']>, { words, labels }: Telling): string[] {
  // What is attested without use stands as attested/<measure>.
  const named = (kinds: readonly string[]) =>
    kinds.map(kind => (kind.startsWith('attested/') ? labels.measure(kind.slice('attested/'.length)) : labels.kind(kind))).join(words.comma)
  return [
    ...(missing.length > 0 ? [words.missingKinds(named(missing))] : []),
    ...(unused.length > 0 ? [words.unusedKinds(named(unused))] : []),
  ]
}

function noticeText(notice: Notice, telling: Telling): string {
  const { words, language, scheme } = telling
  if (notice.code === 'attested-differs') return words.attestedDiffers(measureText(notice.measure, telling))
  const check = scheme && partAt(treeOf(scheme), `/checks/${notice.check}`)
  const measures = textsIn(check, 'same').map(name => measureText(name, telling))
  return words.measuresDiffer(titleIn(check)?.[language] ?? notice.check, measures.join(words.semicolon))
}

function prospectSection(prospect: Prospect, telling: Telling, width: number): string[] {
  const item = telling.explanation.items.find(({ item }) => item === prospect.item)
  const heading = item ? headed(item.title[telling.language], pointsText(item, telling), width) : wrapped(prospect.item, width, '  ')
  return [...heading, ...at(prospectLines(prospect, telling)).flatMap(line => indented(line, width))]
}

/** The sources of the scheme by the names under which rules are told. */
function sourceTexts({ scheme, words }: Telling): string[] {
  return Object.entries(scheme?.sources ?? {}).map(([name, { title, where, mark }]) =>
    [`${name}${words.colon}${title}`, ...(where === undefined ? [] : [where]), words.marks[mark]].join(words.semicolon),
  )
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
  // However deep a step stands, there is room for words beside it.
  const indent = ' '.repeat(Math.min(4 + 2 * depth, Math.floor(width / 2)))
  return wrapped(text, width, indent, `${indent}  `)
}
