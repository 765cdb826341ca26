import type { ConditionExplanation, NodeExplanation } from '../../scoring/explanation.ts'
import type { Labels } from './labels.ts'
import type { Words } from './words.ts'

/**
 * One question of a condition. It is about a measure, a date or points, or it looks at the row of a choice; `test` then also tells the row found.
 * `oneOf` holds the questions of which one would have been enough.
 */
export type Question =
  | { about: 'measure'; measure: string; value: string | string[] | null; test: string }
  | { about: 'date'; date: string; test: string }
  | { about: 'points'; steps: NodeExplanation; value: string | null; test: string }
  | { about: 'row'; test: string }
  | { about: 'several'; oneOf: Question[][] }

/** The questions that settle a condition: of parts that are all needed those that fail, of parts of which one is enough the first that holds. */
export function questions(condition: ConditionExplanation, words: Words, labels: Labels, kind?: string): Question[] {
  return settling(condition, false, { words, labels, kind })
}

/** All questions without their order: for a list of reasons. */
export function flat(list: readonly Question[]): Exclude<Question, { about: 'several' }>[] {
  return list.flatMap(question => (question.about === 'several' ? flat(question.oneOf.flat()) : [question]))
}

type Names = { words: Words; labels: Labels; kind: string | undefined }

/** `negated` says that the opposite is asked; the opposite of "all of these" is "one of their opposites". */
function settling(condition: ConditionExplanation, negated: boolean, names: Names): Question[] {
  const { test, parts = [] } = condition
  const part = (one: ConditionExplanation) => settling(one, negated, names)
  if (test === 'not') return parts.flatMap(one => settling(one, !negated, names))
  if (test !== 'all' && test !== 'any') return [question(condition, negated, names)]
  const agreeing = parts.filter(one => one.answer === condition.answer)
  const oneIsEnough = (test === 'any') !== negated
  const holds = condition.answer === (negated ? 'no' : 'yes')
  if (!oneIsEnough) return (holds ? parts : agreeing).flatMap(part)
  if (holds) return agreeing.slice(0, 1).flatMap(part)
  return agreeing.length === 1 ? agreeing.flatMap(part) : [{ about: 'several', oneOf: agreeing.map(part) }]
}

function question(condition: ConditionExplanation, negated: boolean, { words, labels, kind }: Names): Question {
  const { measure, date, steps, value = null, test } = condition
  const asked = (text: string) => (negated ? words.not(text) : text)
  if (measure !== undefined)
    return {
      about: 'measure',
      measure,
      value,
      test: asked(testText(test, words, code => labels.code(code, measure, kind), labels, labels.isAge(measure))),
    }
  if (date !== undefined) return { about: 'date', date, test: asked(testText(test, words, code => code, labels)) }
  if (steps)
    return {
      about: 'points',
      steps,
      value: typeof value === 'string' ? value : null,
      test: asked(testText(test, words, code => code, labels)),
    }
  return { about: 'row', test: rowText(condition, negated, words, labels) }
}

/** "atLeast 12, below 60" or "from 2016-01-01 until reference" in words. */
function testText(test: string, words: Words, code: (code: string) => string, labels: Labels, isAge = false): string {
  const span = /^(?:from (\S+))? ?(?:until (\S+))?$/.exec(test)
  if (span && test !== '') return words.within(span[1] && labels.day(span[1]), span[2] && labels.day(span[2]))
  return test
    .split(', ')
    .map(one => {
      const space = one.indexOf(' ')
      const figure = one.slice(space + 1)
      const word = one.slice(0, space)
      const tell = (isAge ? words.ages[word] : undefined) ?? words.tests[word]
      if (!tell) throw new Error(`a test without words: ${one}`)
      return tell(figure === 'yes' ? words.yes : figure === 'no' ? words.no : code(figure))
    })
    .join(words.comma)
}

/** "education took bachelor" in words. */
function rowText({ test, value, answer }: ConditionExplanation, negated: boolean, words: Words, labels: Labels): string {
  const [item = '', row = ''] = test.split(' took ')
  const asked = negated ? words.not(labels.rowOfItem(item, row)) : labels.rowOfItem(item, row)
  if (answer === 'missing') return words.rowOf(labels.item(item), words.open) + words.semicolon + words.asked(asked)
  const found = words.rowOf(labels.item(item), typeof value === 'string' ? labels.rowOfItem(item, value) : words.none)
  return answer === (negated ? 'no' : 'yes') ? found : found + words.semicolon + words.asked(asked)
}
